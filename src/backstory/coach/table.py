"""The table of checks in `docs/coach.md`: `python -m backstory.coach.table [--write FILE]`."""

import sys
from pathlib import Path

from backstory.coach.registry import Check, checks

BEGIN = "<!-- checks: written by python -m backstory.coach.table -->"
END = "<!-- end of checks -->"
HEAD = "| check | level | says | evidence | strength | languages |\n|---|---|---|---|---|---|\n"


def table() -> str:
    """Every check as a Markdown table, in the order of the data."""
    return HEAD + "".join(_row(one) for one in checks())


def renewed(document: str) -> str:
    """The document with the table between its two marks written anew; raises ValueError where a mark is missing."""
    before, rest = document.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    return f"{before}{BEGIN}\n{table()}{END}{after}"


def _row(one: Check) -> str:
    level = one.level + (f" (one more for {', '.join(one.styles)})" if one.styles else "")
    cells = (f"`{one.id}` {one.title}", level, one.message, one.source, f"[{one.strength}]", " ".join(one.languages))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        path = Path(sys.argv[2])
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        sys.stdout.write(table())
