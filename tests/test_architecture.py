"""The rules of the house that no linter knows."""

import ast
import re
from pathlib import Path

from backstory.config.env import Environment
from tests.source import ROOT, SOURCE, calls, everywhere, modules

LONGEST_FUNCTION = 50
LONGEST_FILE = 400
QUERYSET_WRITES = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "delete",
    "get_or_create",
    "update_or_create",
}
STORAGE = {Path("kernel/files.py"), Path("kernel/models.py")}
PURE = {"language", "coach", "measures"}  # no database in there: import-linter sees to it


def is_write(call: ast.Call) -> bool:
    """Whether a call looks like a write through Django's ORM. `update` counts with keywords only: as on a
    queryset, while dictionaries are updated by position here."""
    if not isinstance(call.func, ast.Attribute):
        return False
    name = call.func.attr
    if name == "update":
        return bool(call.keywords) and not call.args
    return name in QUERYSET_WRITES


def test_rows_are_written_only_by_actions() -> None:
    wrong = [
        f"{path}:{call.lineno} {ast.unparse(call)[:80]}"
        for path, tree in modules().items()
        if "actions" not in path.with_suffix("").parts and path not in STORAGE and path.parts[0] not in PURE
        for call in calls(tree)
        if is_write(call)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_function_is_longer_than_fifty_lines() -> None:
    wrong = [
        f"{path}:{node.lineno} {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for path, tree in everywhere().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not wrong, "\n".join(wrong)


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    files = [*SOURCE.rglob("*.py"), *(ROOT / "tests").rglob("*.py"), *(ROOT / "tools").rglob("*.py")]
    files += [
        *SOURCE.rglob("jinja2/**/*.html"),
        *SOURCE.glob("*/static/*/*.js"),
        *(ROOT / "benchmarks").rglob("*.py"),
    ]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    wrong = [
        f"{path.relative_to(ROOT)} has {length} lines"
        for path, length in lengths.items()
        if length > LONGEST_FILE and "migrations" not in path.parts
    ]
    assert not wrong, "\n".join(wrong)


def test_migrations_import_no_code_of_ours() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for path in SOURCE.rglob("migrations/*.py")
        if re.search(r"^\s*(import|from) backstory", path.read_text(), re.M)
    ]
    assert not wrong, wrong


def test_the_time_is_asked_of_the_clock_only() -> None:
    wrong = [
        f"{path}:{call.lineno} {ast.unparse(call)}"
        for path, tree in modules().items()
        if path != Path("kernel/clock.py")
        for call in calls(tree)
        if ast.unparse(call.func) in {"datetime.now", "datetime.utcnow", "timezone.now", "date.today", "datetime.today"}
    ]
    assert not wrong, "\n".join(wrong)


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    missing = [name for name in Environment.model_fields if f"`BACKSTORY_{name.upper()}`" not in text]
    assert not missing, missing


def recorded_kinds() -> set[str]:
    """The kinds of events that the code records under a constant name."""
    kinds = set()
    for tree in modules().values():
        for call in calls(tree):
            if ast.unparse(call.func) in {"record", "_changed", "tell"} and call.args:
                first = call.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    kinds.add(first.value)
    return kinds


def test_every_kind_of_event_reads_as_a_sentence() -> None:
    from backstory.live import phrases

    kinds = recorded_kinds()
    assert len(kinds) > 20
    assert not kinds - phrases.known(), sorted(kinds - phrases.known())


INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE)


def test_no_template_needs_a_weaker_content_security_policy() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in SOURCE.rglob("jinja2/**/*.html")
        for match in INLINE.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not wrong, "\n".join(wrong)


def test_every_room_says_what_its_modules_are_for() -> None:
    wrong = [
        str(path)
        for path, tree in modules().items()
        if tree.body and not ast.get_docstring(tree) and path.name not in {"__init__.py", "apps.py"}
    ]
    assert not wrong, wrong
