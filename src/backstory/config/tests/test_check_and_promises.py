"""`backstory check` and `backstory promises` as other programs drive them."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from backstory.config.commands.check import check
from backstory.config.commands.promises import promises

HOURS = {"tz": "Europe/Berlin", "days": [0, 1, 2, 3, 4], "open": "09:00", "close": "17:00"}


class Stdin:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


def drive(command: Any, capsysbinary: Any, monkeypatch: Any, *lines: bytes) -> tuple[int, list[dict[str, Any]]]:
    monkeypatch.setattr(sys, "stdin", Stdin(b"\n".join(lines)))
    with pytest.raises(typer.Exit) as ended:
        command()
    return ended.value.exit_code, [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]


def test_each_line_of_promises_gets_its_line(capsysbinary, monkeypatch):
    row = {
        "id": 7,
        "text": "I will call you by Friday. I'll keep you posted.",
        "sent_at": "2026-03-10T10:00:00+01:00",
        "business_hours": HOURS,
    }
    code, (answer,) = drive(promises, capsysbinary, monkeypatch, json.dumps(row).encode())
    assert code == 0
    assert answer["id"] == 7
    assert [promise["due"] for promise in answer["promises"]] == ["2026-03-13T17:00:00+01:00", "open"]
    assert answer["promises"][0] | {"due": ""} == {
        "quote": "I will call you by Friday",
        "start": 0,
        "end": 25,
        "by": "agent",
        "due": "",
    }


@pytest.mark.parametrize(
    "bad",
    [
        b"no json",
        b"[1]",
        b"\xff\xfe",
        b'{"id": 1, "text": 5, "sent_at": "2026-03-10T10:00:00Z"}',
        b'{"id": 1, "text": "x"}',
        b'{"id": 1, "text": "x", "sent_at": "0001-01-01T00:00:00+14:00"}',
        b'{"id": 1, "text": "x", "sent_at": "2026-03-10T10:00:00Z", "business_hours": {"tz": "Mars"}}',
        b'{"id": 1, "text": "x", "sent_at": "2026-03-10T10:00:00Z", "business_hours": 5}',
        b"[" * 100_000,
    ],
)
def test_a_bad_line_is_answered_by_its_error_and_the_rest_all_the_same(bad, capsysbinary, monkeypatch):
    good = json.dumps({"id": 2, "text": "I will call.", "sent_at": "2026-03-10T10:00:00Z", "business_hours": HOURS})
    code, answers = drive(promises, capsysbinary, monkeypatch, bad, b"", good.encode())
    assert code == 1
    assert answers[0]["error"]
    assert answers[1]["promises"][0]["due"] == "open"


def test_each_draft_gets_its_advice(capsysbinary, monkeypatch):
    rows = [
        {"id": 1, "message": "When does my sofa arrive?", "draft": "Please calm down."},
        {"id": 2, "message": None, "draft": "A lone \ud800 surrogate."},
    ]
    code, (first, second) = drive(check, capsysbinary, monkeypatch, *(json.dumps(row).encode() for row in rows))
    assert code == 0
    assert first["verdict"] == "stop"
    assert {"id", "findings", "points", "empathy", "verdict"} == set(first)
    assert {"id", "level", "quote", "start", "end", "message", "rewrite", "source", "key"} == set(first["findings"][0])
    assert second["id"] == 2


def test_a_row_without_a_draft_is_an_error(capsysbinary, monkeypatch):
    code, (answer,) = drive(check, capsysbinary, monkeypatch, b'{"id": 3, "message": "hi"}')
    assert (code, answer["id"], answer["error"]) == (1, 3, "draft is missing")


def test_two_files_give_one_line(capsysbinary, tmp_path: Path):
    (tmp_path / "message.txt").write_text("Where is my lamp?", encoding="utf-8")
    (tmp_path / "draft.txt").write_bytes(b"\xef\xbb\xbfYour lamp is in the depot. \xff")
    check(tmp_path / "message.txt", tmp_path / "draft.txt")
    answer = json.loads(capsysbinary.readouterr().out)
    assert answer["points"][0]["status"] == "answered"


def test_a_file_that_is_not_there_is_an_error_line(capsysbinary, tmp_path: Path):
    with pytest.raises(typer.Exit) as ended:
        check(None, tmp_path / "nothing.txt")
    assert ended.value.exit_code == 1
    assert "cannot be read" in json.loads(capsysbinary.readouterr().out)["error"]
