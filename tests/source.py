"""The project's own Python files, parsed once, for the tests that hold the house to its rules."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "backstory"


@cache
def modules(include_tests: bool = False) -> dict[Path, ast.Module]:
    """Every module by its path below src/backstory, migrations aside."""
    return {
        path: _parsed(path)
        for path in sorted(file.relative_to(SOURCE) for file in SOURCE.rglob("*.py"))
        if "migrations" not in path.parts and (include_tests or "tests" not in path.parts)
    }


def everywhere() -> dict[Path, ast.Module]:
    """Every module of the project by its path below the root, migrations aside."""
    found = {Path("src/backstory") / path: tree for path, tree in modules(include_tests=True).items()}
    for folder in ("tests", "tools", "benchmarks"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            found[file.relative_to(ROOT)] = ast.parse(file.read_text(encoding="utf-8"))
    return found


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse((SOURCE / path).read_text(encoding="utf-8"))


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))
