"""`backstory check`: the coach's advice on a draft, as one line of JSON."""

import sys
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
    """The advice on one draft. Also read: `style`, `language`, `channel`, `regime`, `dismissed`."""
    from backstory import coach
    from backstory.language import read

    if "draft" not in row:
        from backstory.kernel.errors import InvalidInput

        raise InvalidInput("draft is missing", "draft")
    context = coach.Context(
        message=text(row, "message"),
        channel=text(row, "channel") or "email",
        style=text(row, "style") or None,
        language=text(row, "language") or None,
    )
    return coach.check(text(row, "draft"), context).to_dict()
