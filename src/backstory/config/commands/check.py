"""`backstory check`: the coach's advice on a draft, as one line of JSON."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from backstory.config.commands.json_lines import Answer, answer_each, put, text


def check(
    message: Annotated[
        Path | None, typer.Option(help="The customer's message, a text file; left out: none is known.")
    ] = None,
    draft: Annotated[Path | None, typer.Option(help="The draft of the reply, a text file.")] = None,
) -> None:
    """Check a draft against the message it answers, or JSON lines of {id, message, draft} from standard input.

    One line of JSON for each: findings, points, empathy, verdict. What cannot be used gets a line with
    its `error`, and the exit code is 1.
    """
    if message is None and draft is None:
        raise typer.Exit(0 if answer_each(sys.stdin.buffer, _advice) else 1)
    if draft is None:
        raise typer.BadParameter("name the draft with --draft", param_hint="--draft")
    try:
        row: Answer = {"message": _read(message) if message else "", "draft": _read(draft)}
    except OSError as problem:
        put({"error": f"{problem.filename} cannot be read: {problem.strerror}"})
        raise typer.Exit(1) from None
    put(_advice(row))


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig", "replace")


def _advice(row: Answer) -> Answer:
    """The advice on one draft. Also read: `style`, `language`, `channel`, `regime`."""
    from backstory import coach
    from backstory.coach.checks.law import regimes
    from backstory.coach.situation import STYLES
    from backstory.kernel.errors import InvalidInput
    from backstory.language import read

    if "draft" not in row:
        raise InvalidInput("draft is missing", "draft")
    message, style, regime = text(row, "message"), text(row, "style") or None, text(row, "regime") or None
    _known("style", style, STYLES)
    _known("regime", regime, regimes())
    context = coach.Context(
        message=message,
        reading=read(message) if message.strip() else None,
        channel=text(row, "channel") or "email",
        style=style,
        language=text(row, "language") or None,
        regime=regime,
    )
    return coach.check(text(row, "draft"), context).to_dict()


def _known(field: str, value: str | None, values: Iterable[str]) -> None:
    from backstory.kernel.errors import InvalidInput

    if value is not None and value not in values:
        raise InvalidInput(f"{field} is not known: {value}; known are {', '.join(values)}", field)
