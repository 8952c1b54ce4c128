"""A problem record as Markdown. Pure; whatever people wrote is text, never markup."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&-])")
_NUMBERED = re.compile(r"^(\s*\d+)([.)])", re.MULTILINE)


def plain(text: object) -> str:
    """Text with everything escaped that Markdown or HTML would take for markup."""
    return _NUMBERED.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", str(text)))


def _line(text: object) -> str:
    return " ".join(plain(text).split())


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    body = [f"| {' | '.join(_line(cell) for cell in row)} |" for row in rows]
    return [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *body, ""]


def markdown(report: Mapping[str, Any]) -> str:
    """The record in the order of its pages."""
    lines = [f"# {_line(report['title'])}", "", _line(report["about"]), ""]
    if report["description"]:
        lines += [plain(report["description"]), ""]
    lines += ["## Whom it hits", "", *(f"- {_line(one)}" for one in report["facts"]), ""]
    lines += _table(("Week from", "Complaints"), report["weeks"])
    if report["chains"]:
        lines += ["## Why it happens", ""]
        for chain in report["chains"]:
            lines += [*(f"- {_line(step)}" for step in chain), ""]
    if report["evidence"]:
        lines += ["### Evidence", "", *(f"- {_line(one)}" for one in report["evidence"]), ""]
    if any(items for _, items in report["bones"]):
        lines += ["## Fishbone", ""]
        lines += [
            f"- **{_line(name)}**: {'; '.join(_line(one) for one in items)}" for name, items in report["bones"] if items
        ]
        lines.append("")
    if report["failures"]:
        lines += [
            "## How bad it may get",
            "",
            *_table(("What may fail", "Effect", "S", "O", "D", "S·O·D", ""), report["failures"]),
        ]
    if report["fixes"]:
        lines += ["## What is done", "", *_table(("Fix", "Who", "By", "State"), report["fixes"])]
    if report["proof"]:
        lines += ["## Did it work?", "", *(f"- {_line(one)}" for one in report["proof"]), ""]
    if report["decisions"]:
        lines += ["## Decision log", "", *_table(("When", "Who", "What", "Why", "Not chosen"), report["decisions"])]
    return "\n".join([*lines, "---", "", _line(report["foot"]), ""])
