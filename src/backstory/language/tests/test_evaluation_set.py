"""The evaluation set keeps to its guide: schema, ranges, exact quotes, and no text on both sides of the split."""

from collections import Counter
from typing import Any

import pytest

from backstory.language.evaluation_set import (
    ABUSE,
    ASKS,
    CAUSES,
    CHANNELS,
    DRIVERS,
    EMOTIONS,
    HARMS,
    LABELS,
    PARTS,
    POLITENESS,
    STYLES,
    THREATS,
    lines,
)

LENGTHS = ((5, "words"), (30, "short"), (110, "paragraph"))
CHOICES = {"style": STYLES, "politeness": POLITENESS, "emotion": EMOTIONS, "abuse": ABUSE, "cause": CAUSES}
LEVELS = {"severity": 4, "urgency": 3, "intensity": 3}
QUOTED = {"asks": ("kind", ASKS), "harms": ("kind", HARMS), "vulnerability": ("driver", DRIVERS)}
MESSAGES = [one for part in PARTS for one in lines(part)]


def _length(text: str) -> str:
    words = len(text.split())
    return next((name for most, name in LENGTHS if words <= most), "letter")


def _faults(message: dict[str, Any]) -> list[str]:
    """What is wrong with one line, in words; nothing where it keeps to the guide."""
    text, labels = message["text"], message["labels"]
    faults = [f"labels are {sorted(labels)}"] if set(labels) != set(LABELS) else []
    faults += [f"{name} is {labels[name]}" for name, choice in CHOICES.items() if labels[name] not in choice]
    faults += [f"{name} is {labels[name]}" for name, most in LEVELS.items() if labels[name] not in range(most + 1)]
    faults += [
        f"{name}: {one}"
        for name, (key, kinds) in QUOTED.items()
        for one in labels[name]
        if one[key] not in kinds or not one["quote"] or one["quote"] not in text
    ]
    faults += [f"threat {one}" for one in labels["threats"] if one not in THREATS]
    if labels["by_when"] is not None and labels["by_when"] not in text:
        faults.append(f"by_when {labels['by_when']}")
    if labels["complaint"] is not (labels["cause"] != "none"):
        faults.append("a complaint has a cause and nothing else has")
    if (labels["emotion"] == "neutral") is not (labels["intensity"] == 0):
        faults.append("neutral goes with intensity 0")
    if message["length"] != _length(text) or message["channel"] not in CHANNELS:
        faults.append(f"length {message['length']}, channel {message['channel']}")
    return faults


@pytest.mark.parametrize("part", PARTS)
def test_every_message_keeps_to_the_guide(part: str) -> None:
    assert {one["id"]: faults for one in lines(part) if (faults := _faults(one))} == {}


def test_ids_and_texts_are_unique_over_both_parts() -> None:
    for key in ("id", "text"):
        twice = [value for value, count in Counter(one[key].strip().lower() for one in MESSAGES).items() if count > 1]
        assert twice == []


def test_the_set_is_as_varied_as_it_claims() -> None:
    develop = lines("develop")
    assert Counter(one["language"] for one in develop).keys() == {"en", "de", "es", "fr"}
    assert min(Counter(one["language"] for one in develop).values()) >= 80
    assert len({one["trade"] for one in develop}) >= 25
    assert {one["channel"] for one in develop} == set(CHANNELS)
    assert 0.25 <= sum(not one["labels"]["complaint"] for one in develop) / len(develop) <= 0.45
