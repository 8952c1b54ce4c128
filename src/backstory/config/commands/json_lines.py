"""One JSON object a line in, one a line out: the shape of the commands that other programs drive."""

import json
import sys
from collections.abc import Callable, Iterable
from typing import Any

from backstory.kernel.errors import BackstoryError, InvalidInput

Answer = dict[str, Any]
_MARK = "\ufeff"


def answer_each(lines: Iterable[bytes], answer: Callable[[Answer], Answer]) -> bool:
    """Prints the answer to each line that is not empty; True when every one could be read.

    A line that cannot be used is answered by its `id` (where it has one) and an `error`; the rest is answered too.
    """
    well = True
    for number, line in enumerate(lines, start=1):
        if line.strip():
            answered = _answered(line, number, answer)
            well = well and "error" not in answered
            put(answered)
    return well


def put(answer: Answer) -> None:
    """Writes one line of JSON: UTF-8, with lone surrogates escaped."""
    try:
        encoded = json.dumps(answer, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        encoded = json.dumps(answer).encode("ascii")
    sys.stdout.buffer.write(encoded + b"\n")
    sys.stdout.buffer.flush()


def text(row: Answer, field: str) -> str:
    """The text in that field, "" where it is null or absent; raises InvalidInput for anything else."""
    value = row.get(field)
    if value is not None and not isinstance(value, str):
        raise InvalidInput(f"{field} must be text", field)
    return value or ""


def _answered(line: bytes, number: int, answer: Callable[[Answer], Answer]) -> Answer:
    try:
        row = json.loads(line.decode("utf-8", "replace").lstrip(_MARK))
    except (ValueError, RecursionError):
        return {"line": number, "error": "not a line of JSON"}
    if not isinstance(row, dict):
        return {"line": number, "error": "not a JSON object"}
    known = {"id": row["id"]} if "id" in row else {}
    try:
        return {**known, **answer(row)}
    except BackstoryError as problem:
        return {**known, "line": number, "error": str(problem)}
