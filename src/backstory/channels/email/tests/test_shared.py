"""The reader against other projects' test letters; `docs/mail.md` tells the figures. Floors, so that they only rise."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from backstory.channels.email.markup import to_text
from backstory.channels.email.parse import Parsed, parse_bytes
from backstory.channels.email.quote import Split, split
from backstory.channels.email.quote_html import split_html
from backstory.channels.email.tests.letters import read
from benchmarks import mail_gold


def squeezed(text: str | None) -> str:
    return re.sub(r"\s+", "", text or "")


def test_every_letter_is_read_without_a_fault(shared: Path) -> None:
    letters = sorted((shared / "mail").rglob("*.eml"))
    assert len(letters) > 300
    for path in letters:
        parsed = parse_bytes(path.read_bytes())
        json.dumps(parsed.to_dict(), ensure_ascii=False).encode()
        assert not [problem for problem in parsed.problems if "could not be read (" in problem], path


def quoted_case_passes(case: dict[str, Any]) -> bool:
    """Whether the reply, with or without the signature, is what the suite calls visible."""
    parts: Split = (split if case["kind"] == "text" else split_html)(case["input"])
    visible = case["visible"]
    if visible and case["kind"] == "html" and "<" in visible:
        visible = to_text(visible)
    return any(
        (visible is None or squeezed(reading) == squeezed(visible))
        and all(squeezed(part) in squeezed(reading) for part in case["contains"])
        and not any(squeezed(part) in squeezed(reading) for part in case["absent"])
        for reading in (parts.reply, parts.reply + parts.signature)
    )


def test_replies_are_told_from_history(shared: Path) -> None:
    lines = (shared / "mail" / "quoted_replies.jsonl").read_text(encoding="utf-8").splitlines()
    passed = sum(quoted_case_passes(json.loads(line)) for line in lines)
    assert passed >= 125, f"{passed} of {len(lines)}"


def test_every_field_agrees_with_another_parser_where_that_one_is_right(shared: Path) -> None:
    letters = list(mail_gold.letters(shared / "mail" / "mime"))
    assert len(letters) == 128
    for letter in letters:
        differing = mail_gold.disagreements(letter, mail_gold.fields_of(parse_bytes(letter.data)))
        assert all(mail_gold.is_gold_wrong(letter, name) for name in differing), (letter.name, differing)


def test_no_ordinary_letter_is_taken_for_a_bounce(shared: Path) -> None:
    for path in sorted((shared / "mail" / "mime").rglob("*.eml")):
        assert parse_bytes(path.read_bytes()).auto == "none", path
    for line in (shared / "mail" / "quoted_replies.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        assert read(case["input"].encode(), more=b"Content-Type: text/plain; charset=utf-8\r\n").auto == "none", case[
            "id"
        ]


@pytest.fixture
def bounces(shared: Path) -> list[tuple[Parsed, list[dict[str, Any]]]]:
    folder = shared / "mail" / "bounces"
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return [(parse_bytes((folder / name).read_bytes()), wanted) for name, wanted in expected.items()]


def test_bounces_are_known_as_such(bounces: list[tuple[Parsed, list[dict[str, Any]]]]) -> None:
    for parsed, wanted in bounces:
        assert parsed.auto == ("auto-reply" if wanted[0]["reason"] == "vacation" else "bounce"), parsed.subject


def test_bounced_recipients_are_counted_and_judged(bounces: list[tuple[Parsed, list[dict[str, Any]]]]) -> None:
    right = sum(
        [one.permanent for one in parsed.bounced] == [bool(one["hard"]) for one in wanted]
        for parsed, wanted in bounces
        if wanted[0]["reason"] != "vacation"
    )
    assert right >= 0.97 * (len(bounces) - 3), right
