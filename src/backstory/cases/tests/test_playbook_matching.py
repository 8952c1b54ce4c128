"""Which playbook fits: the most specific one, and safety before all."""

from dataclasses import replace
from itertools import permutations

import pytest

from backstory.cases.playbooks import matching, shipped
from backstory.cases.playbooks.matching import Matter
from backstory.cases.playbooks.texts import parse

MATTER = Matter(causes=("double-charge", "billing"), channel="email", severity=2, words="The Kestrel 24 is cold.")
SHIPPED = [parse(source) for source in shipped.sources().values()]


def plan(name: str, **when: object):
    step = {"key": "one", "title": {"en": "One"}, "evidence": [{"rule": "feeling_named"}]}
    from backstory.cases.playbooks.schema import Playbook

    return Playbook.model_validate({"id": name, "name": {"en": name}, "when": when, "steps": [step]})


def winner(matter: Matter, *plans) -> str:
    found = {best.id for order in permutations(plans) if (best := matching.best(order, matter))}
    assert len(found) == 1, "the order in which they stand must not matter"
    return found.pop()


def test_the_general_playbook_is_for_whatever_no_other_fits() -> None:
    assert matching.best(SHIPPED, Matter()).id == "general"
    assert matching.best(SHIPPED, MATTER).id == "billing-error"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"silent_days": 7}, "silent-customer"),
        ({"silent_days": 6}, "billing-error"),
        ({"silent_days": 30, "broken_promise": True}, "broken-promise"),
        ({"broken_promise": True, "abuse": -1}, "abusive-contact"),
        ({"abuse": 0}, "billing-error"),
        ({"abuse": -3, "vulnerable": True}, "vulnerable-customer"),
        ({"vulnerable": True, "safety": True, "abuse": -3, "broken_promise": True}, "safety-hazard"),
    ],
)
def test_what_happens_to_a_person_goes_before_what_the_matter_is_about(change, expected: str) -> None:
    assert matching.best(SHIPPED, replace(MATTER, **change)).id == expected


def test_whoever_names_more_conditions_is_more_specific() -> None:
    two = plan("two", causes=["billing"], channels=["email"])
    three = plan("three", causes=["billing"], channels=["email"], severity_at_least=2)
    assert winner(MATTER, plan("one", causes=["billing"]), two, three) == "three"
    assert winner(replace(MATTER, severity=1), plan("one", causes=["billing"]), two, three) == "two"


def test_the_narrower_cause_then_the_higher_severity_then_the_id_decide() -> None:
    assert winner(MATTER, plan("a", causes=["billing"]), plan("b", causes=["double-charge"])) == "b"
    assert winner(MATTER, plan("a", severity_at_least=1), plan("b", severity_at_least=2)) == "b"
    assert winner(MATTER, plan("b", channels=["email"]), plan("a", channels=["email"])) == "a"


def test_a_product_is_found_in_the_customers_words_from_the_beginning_of_a_word() -> None:
    kestrel = plan("kestrel", mentions=["kestrel 24"])
    assert matching.best([kestrel], MATTER) is kestrel
    assert matching.best([kestrel], replace(MATTER, words="My oldkestrel 24")) is None


def test_a_condition_that_does_not_hold_keeps_a_playbook_out_whatever_else_holds() -> None:
    assert matching.best([plan("phone", causes=["billing"], channels=["phone"])], MATTER) is None


def test_a_fit_tells_what_met_each_condition() -> None:
    found = matching.fit(plan("x", causes=["billing"], severity_at_least=1, mentions=["Kestrel"]).when, MATTER)
    assert found and found.reasons == {"causes": "billing", "mentions": "Kestrel", "severity": "2"}
