"""Each evidence rule with facts that prove it and facts that do not."""

import pytest

from backstory.cases.playbooks.evidence import RULES
from backstory.cases.playbooks.evidence.said import limit_in
from backstory.cases.tests.evidence_examples import EXAMPLES, SETTINGS


def wanted(name: str):
    return RULES[name].wanted.model_validate({"rule": name, **SETTINGS.get(name, {})})


def test_every_rule_has_an_example_of_both_kinds() -> None:
    assert EXAMPLES.keys() == RULES.keys()


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_a_rule_is_proven_by_what_happened_and_not_by_what_did_not(name: str) -> None:
    proven, unproven = EXAMPLES[name]
    assert RULES[name].find(proven, wanted(name)).done
    assert not RULES[name].find(unproven, wanted(name)).done


@pytest.mark.parametrize(
    "reply",
    [
        "Please write to me without insults. Then I can put all my attention to this.",
        "I cannot accept threats against me or my colleagues.",
        "Please stop calling me names; I want to help you.",
        "Bitte schreiben Sie mir ohne Beleidigungen.",
        "Drohungen gegen mich kann ich nicht hinnehmen. Bitte bleiben Sie sachlich.",
    ],
)
def test_a_limit_is_known_by_its_words(reply: str) -> None:
    assert limit_in(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "I understand that you are angry, and you have every reason.",
        "The threat of frost is over; we will not come today.",
        "Es tut mir leid, dass der Ton des Kessels Sie gestört hat.",
        "Nobody came. I am sorry.",
    ],
)
def test_friendly_words_are_no_limit(reply: str) -> None:
    assert limit_in(reply) is None
