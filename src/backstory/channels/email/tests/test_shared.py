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
    assert passed >= 120, f"{passed} of {len(lines)}"


def headers(tree: dict[str, Any], name: str) -> Any:
    return next((one["value"] for one in tree["parts"][0]["headers"] if one["name"] == name), None)


def test_subjects_and_attachments_agree_with_another_parser(shared: Path) -> None:
    subjects = attachments = 0
    paths = sorted((shared / "mail" / "mime").rglob("*.eml"))
    for path in paths:
        tree = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        parsed = parse_bytes(path.read_bytes())
        subject = (headers(tree, "subject") or {}).get("Text", "")
        subjects += squeezed(parsed.subject) == squeezed(subject)
        attachments += len(parsed.attachments) == len(tree["attachments"])
    assert (subjects >= 59, attachments) == (True, len(paths)), (subjects, attachments)


@pytest.fixture
def bounces(shared: Path) -> list[tuple[Parsed, list[dict[str, Any]]]]:
    folder = shared / "mail" / "bounces"
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return [(parse_bytes((folder / name).read_bytes()), wanted) for name, wanted in expected.items()]


def test_bounces_are_known_as_such(bounces: list[tuple[Parsed, list[dict[str, Any]]]]) -> None:
    right = 0
    for parsed, wanted in bounces:
        kind = "auto-reply" if wanted[0]["reason"] == "vacation" else "bounce"
        right += parsed.auto == kind
    assert right >= 300, f"{right} of {len(bounces)}"


def test_bounced_recipients_are_counted_and_judged(bounces: list[tuple[Parsed, list[dict[str, Any]]]]) -> None:
    failed = [(p, w) for p, w in bounces if w[0]["reason"] not in {"vacation", "feedback"}]
    counted = [(p, w) for p, w in failed if len(p.bounced) == len(w)]
    pairs = [(one, want) for p, w in counted for one, want in zip(p.bounced, w, strict=True)]
    permanent = sum(one.permanent == bool(want["hard"]) for one, want in pairs)
    assert len(counted) >= 275, len(counted)
    assert permanent >= 0.8 * len(pairs), f"{permanent} of {len(pairs)}"
