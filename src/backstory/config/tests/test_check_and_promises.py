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


GOLDEN = (
    "You are the worst person in the world. I want you to move my family to another house at once! "
    "There is never enough hot water and it is a danger to my family. When will you do something?"
)
RULES = (
    "Dear Tom,\n\naccording to our policy the tank's capacity is 80 litres, which is more than sufficient. "
    "You should have used less water. It is not possible to move you.\n\nKind regards"
)
CLOSING = (
    "Dear Tom,\n\nI am sorry that your family had no hot water in the night and that your baby could not breathe in "
    "steam. You were afraid for your child, and I understand why you were angry.\n\n"
    "The second tank was put in on Tuesday, so there is hot water all night. I will call you on Friday at 10 to hear "
    "how the nights are. I cannot promise another house; should this not be enough, I will look for one with you.\n\n"
    "Call me at any time, I am here for you.\nAlice"
)


def test_the_golden_reply_passes_and_one_that_quotes_rules_is_stopped(capsysbinary, monkeypatch):
    lines = [json.dumps({"id": name, "message": GOLDEN, "draft": draft}).encode() for name, draft in
             (("closing", CLOSING), ("rules", RULES))]  # fmt: skip
    code, (closing, rules) = drive(check, capsysbinary, monkeypatch, *lines)
    assert code == 0
    assert closing["verdict"] == "ready"
    assert not {"missed"} & {point["status"] for point in closing["points"]}
    assert rules["verdict"] == "stop"
    assert {"rule_quoted", "rebuttal", "blame", "cannot_be_done"} <= {finding["id"] for finding in rules["findings"]}
    offered = " ".join(finding["rewrite"] or "" for finding in rules["findings"])
    assert not {"tank", "tank's", "litres", "capacity"} & set(offered.lower().split())


def test_a_missing_legal_content_is_the_only_thing_that_stops_sending(capsysbinary, monkeypatch):
    draft = "This is our final response. We reject your complaint because the terms were met."
    rows = [{"id": 1, "draft": draft, "regime": "uk-fca-disp"}, {"id": 2, "draft": draft}]
    _, (bound, free) = drive(check, capsysbinary, monkeypatch, *(json.dumps(row).encode() for row in rows))
    (blocker,) = [finding for finding in bound["findings"] if finding["level"] == "blocker"]
    assert "Ombudsman" in blocker["message"] and "six months" in blocker["rewrite"]
    assert not [finding for finding in free["findings"] if finding["level"] == "blocker"]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"no json", "not a line of JSON"),
        (b"[1]", "not a JSON object"),
        (b'{"id": 1, "message": "x"}', "draft is missing"),
        (b'{"id": 1, "message": 5, "draft": "x"}', "message must be text"),
        (b'{"id": 1, "draft": "x", "style": "grumpy"}', "style is not known: grumpy"),
        (b'{"id": 1, "draft": "x", "regime": "mars"}', "regime is not known: mars"),
    ],
)
def test_a_line_that_cannot_be_checked_says_why_the_others_are_answered(line, error, capsysbinary, monkeypatch):
    code, (bad, good) = drive(check, capsysbinary, monkeypatch, line, b'{"id": 2, "draft": "Hello."}')
    assert code == 1
    assert bad["error"].startswith(error)
    assert good["verdict"] == "ready"
