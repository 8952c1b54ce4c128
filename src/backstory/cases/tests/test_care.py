"""The golden case, step by step: the landlord who listened."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backstory.cases.care import ActionFact, CareFacts, FollowUpFact, Letter, PromiseFact, RemedyFact, Step, care
from backstory.cases.tests.golden_facts import situations

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
COMPLAINT = "There is never enough hot water in the night! It is a danger to my family. Move us at once!"
LISTENING = (
    "You told me that there is not enough hot water in the night and that it is a danger to your family. "
    "That must have been frightening. What happened in the night when the hot water ran out?"
)
NOTHING = CareFacts(
    received=(Letter(1, COMPLAINT, 0),),
    sent=(),
    recorded=frozenset(),
    summary_message_id=None,
    confirmed=False,
    actions=(),
    promises=(),
    cause="",
    now=NOW,
)


def steps(facts: CareFacts) -> dict[str, Step]:
    return {step.key: step for step in care(facts)}


def replied(*texts: str) -> CareFacts:
    return replace(NOTHING, sent=tuple(Letter(10 + n, text, 1 + n) for n, text in enumerate(texts)))


def test_nothing_is_done_before_anybody_has_answered() -> None:
    found = care(NOTHING)
    assert [step.title for step in found] == ["Connect", "Ask", "Resolve", "Ensure"]
    assert not any(step.done for step in found)
    assert all(step.guidance for step in found)


def test_listening_connects_and_the_words_that_prove_it_are_quoted() -> None:
    step = steps(replied(LISTENING))["connect"]
    assert step.done and step.guidance == ""
    restated, named = step.evidence[:2]
    assert restated.quote in LISTENING and "hot water" in restated.quote and restated.message_id == 10
    assert named.quote in LISTENING and named.quote


def test_a_rule_held_against_the_customer_undoes_the_connection() -> None:
    step = steps(replied(LISTENING, "Our policy is that moving is not possible."))["connect"]
    assert not step.done
    rule = next(evidence for evidence in step.evidence if not evidence.done)
    assert "policy" in rule.quote and rule.message_id == 11


def test_a_slip_is_made_good_by_the_next_letter() -> None:
    slip = "That is not true, the tank is large enough."
    assert not steps(replied(LISTENING, slip))["connect"].done
    assert steps(replied(LISTENING, slip, "I am sorry, I should have listened. I will come today."))["connect"].done


def test_asking_needs_question_problem_backstory_need_and_the_customers_yes() -> None:
    facts = replace(
        replied(LISTENING), recorded=frozenset({"stated_problem", "backstory", "need"}), summary_message_id=11
    )
    assert not steps(facts)["ask"].done
    assert "answer" in steps(facts)["ask"].guidance
    assert steps(replace(facts, confirmed=True))["ask"].done
    without_need = replace(facts, confirmed=True, recorded=frozenset({"stated_problem", "backstory", "demand"}))
    assert not steps(without_need)["ask"].done


NEED = ActionFact("need", "Visit the family", "Alice", False)
CAUSE = ActionFact("cause", "Put in a second tank", "Bob", False)
GRANTED = RemedyFact("Goodwill €50.00", "granted")


def test_resolving_needs_both_kinds_of_steps_and_a_decided_remedy() -> None:
    both = replace(NOTHING, actions=(NEED, CAUSE), remedies=(GRANTED,))
    assert steps(both)["resolve"].done
    assert not steps(replace(both, actions=(CAUSE,)))["resolve"].done
    assert not steps(replace(both, remedies=()))["resolve"].done
    waiting = replace(both, remedies=(GRANTED, RemedyFact("Refund €500.00", "requested")))
    assert not steps(waiting)["resolve"].done
    assert "approval" in steps(waiting)["resolve"].guidance
    nobody = ActionFact("need", "Visit the family", "", False)
    assert not steps(replace(both, actions=(nobody, CAUSE)))["resolve"].done


def test_ensuring_needs_kept_promises_finished_steps_the_survey_and_the_cause() -> None:
    done = replace(
        replied(LISTENING),
        actions=(replace(NEED, done=True), replace(CAUSE, done=True)),
        promises=(PromiseFact("I will come today", 10, "kept", NOW), PromiseFact("perhaps", 10, "dismissed", None)),
        cause="Installation",
        survey_sent=True,
        followups=(FollowUpFact("call", "done"),),
    )
    assert steps(done)["ensure"].done
    broken = replace(done, promises=(*done.promises, PromiseFact("I will call", 12, "broken", NOW)))
    step = steps(broken)["ensure"]
    assert not step.done and step.evidence[0].quote == "I will call" and step.evidence[0].message_id == 12
    missing_parts = ({"cause": ""}, {"survey_sent": False}, {"actions": (NEED, CAUSE)}, {"followups": ()})
    for missing in (replace(done, **part) for part in missing_parts):
        assert not steps(missing)["ensure"].done


SINCE = ("We came back to ask whether it holds",)
GOLDEN = json.loads((Path(__file__).parent / "golden_care.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "facts"), situations(), ids=lambda value: value if isinstance(value, str) else "")
def test_the_general_playbook_says_word_for_word_what_the_desk_said_when_the_steps_were_code(name, facts) -> None:
    said = [
        {
            "key": step.key,
            "title": step.title,
            "done": step.done,
            "guidance": step.guidance,
            "evidence": [
                [line.text, line.done, line.quote, line.message_id]
                for line in step.evidence
                if line.text not in SINCE  # asked for since; it is done wherever the step was done before
            ],
        }
        for step in care(facts)
    ]
    assert said == GOLDEN[name]
