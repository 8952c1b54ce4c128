"""`backstory read [FILE…]`: what each message says, as one line of JSON."""

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

LINES = {".jsonl", ".ndjson"}
MAIL = {".eml"}
# How far into a file without a telling name JSON lines are looked for.
_PEEK_LINES = 20
Answer = dict[str, Any]


def read(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Text, .eml or JSON lines of {id, text}; - or none is stdin.")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Add the places each verdict rests on.")] = False,
) -> None:
    """Read customers' messages and print one line of JSON for each.

    A JSON line with `"author": "agent"` is an agent's reply, and `answers` the message it replies to: its reading has
    `reply`. What cannot be read gives a line with its `error`; the rest is read all the same and the exit code is 1.
    """
    failed = False
    for file in files or [Path("-")]:
        for answer in _answers(file, explain):
            failed = failed or "error" in answer
            _print(answer)
    raise typer.Exit(1 if failed else 0)


def _answers(file: Path, explain: bool) -> Iterator[Answer]:
    if str(file) == "-":
        yield from _from_stream(sys.stdin.buffer, file, explain)
        return
    try:
        with file.open("rb") as stream:
            yield from _from_stream(stream, file, explain)
    except OSError as problem:
        yield {"file": str(file), "error": f"cannot be read: {problem.strerror or problem}"}


def _from_stream(stream: BinaryIO, file: Path, explain: bool) -> Iterator[Answer]:
    if file.suffix.lower() in MAIL:
        yield _reading({"file": str(file)}, _reply(stream.read()), explain)
        return
    opening = list(islice(stream, _PEEK_LINES))
    if file.suffix.lower() in LINES or _holds_json_lines(opening):
        yield from _from_lines(chain(opening, stream), explain)
        return
    yield _reading({"file": str(file)}, _decode(b"".join(opening) + stream.read()), explain)


def _holds_json_lines(opening: Iterable[bytes]) -> bool:
    written = [line for line in opening if line.strip()]
    return any(isinstance(_object(line), dict) for line in written) or bool(
        written and written[0].lstrip(b"\xef\xbb\xbf \t").startswith(b'{"')
    )


def _object(line: bytes) -> Any:
    """The JSON value of a line, None where it holds none."""
    try:
        return json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


def _from_lines(lines: Iterable[bytes], explain: bool) -> Iterator[Answer]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        entry = _object(line)
        if not isinstance(entry, dict):
            yield {"id": None, "line": number, "error": "not a JSON object"}
        elif not isinstance(entry.get("text"), str):
            yield {"id": entry.get("id"), "line": number, "error": "`text` is missing or no string"}
        else:
            yield _reading({"id": entry.get("id", number)}, entry["text"], explain, _answered(entry))


def _answered(entry: Answer) -> str | None:
    """The message that an agent's line answers, empty where it is not given; None for a customer's line."""
    answers = entry.get("answers")
    if isinstance(answers, str):
        return answers
    return "" if entry.get("author") == "agent" else None


def _reply(data: bytes) -> str:
    """What the writer newly wrote in a letter; of a bare forward, which adds nothing, the whole text."""
    from backstory.channels.email.parse import parse_bytes

    parsed = parse_bytes(data)
    return parsed.parts.reply or parsed.text


def _decode(data: bytes) -> str:
    """UTF-8, and Windows-1252 for what is no UTF-8: every byte gives some character."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _reading(name: Answer, text: str, explain: bool, answers: str | None = None) -> Answer:
    from backstory.language import ModelError
    from backstory.language import read as read_message

    try:
        return {**read_message(text, explain=explain, answers=answers).to_dict(), **name}
    except ModelError as problem:
        return {**name, "error": str(problem)}


def _print(answer: Answer) -> None:
    try:
        line = json.dumps(answer, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        # Half of a character pair cannot be written as UTF-8; escaped it survives.
        line = json.dumps(answer).encode("ascii")
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()
