"""What the chips below a message say, and the words they rest on."""

import json
from typing import Any

from backstory.cases.models import Reading
from backstory.cases.taxonomy import DEFAULT_CAUSES
from backstory.web.panes.chips import Chip, chips

TEXT = "Charged twice. Just tell me the result, now."


def shown(*, is_complaint: bool = True, **data: Any) -> dict[str, Chip]:
    reading = Reading(is_complaint=is_complaint, complaint_p=0.9, emotion="", intensity=0, severity=0, data=data)
    causes = {cause.slug: cause.name for cause in DEFAULT_CAUSES}
    return {chip.text: chip for chip in chips(reading, TEXT, causes)}


def words(chip: Chip) -> list[str]:
    return [TEXT[start:end] for start, end in json.loads(chip.spans)]


def test_the_likely_cause_stands_with_the_words_it_rests_on() -> None:
    evidence = {"cause": [{"start": 0, "end": 13, "weight": 2.0}, {"start": 15, "end": 19, "weight": 0.1}]}
    found = shown(cause=[{"label": "billing", "p": 0.88}], evidence=evidence)
    assert words(found["Billing"]) == ["Charged twice"], "what hardly counts is not marked"
    assert found["Billing"].title == "Likely cause: 88 %"


def test_a_cause_that_is_a_guess_or_no_complaint_at_all_is_not_shown() -> None:
    assert "Billing" not in shown(cause=[{"label": "billing", "p": 0.2}])
    assert "Billing" not in shown(cause=[{"label": "billing", "p": 0.9}], is_complaint=False)
    assert "Unheard of" not in shown(cause=[{"label": "unheard-of", "p": 0.9}])


def test_the_social_style_says_how_to_talk_and_stays_silent_when_unsure() -> None:
    style = {"driver": 0.7, "expressive": 0.1, "analytic": 0.1, "amiable": 0.1, "abstain": False}
    evidence = {"style": [{"start": 40, "end": 43, "weight": 1.0}]}
    chip = shown(style=style, evidence=evidence)["Driver style"]
    assert words(chip) == ["now"] and "by when" in chip.title
    assert "Driver style" not in shown(style={**style, "abstain": True})
