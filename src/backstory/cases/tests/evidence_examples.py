"""For each evidence rule: parameters where it needs any, facts that prove it, and facts that do not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from backstory.cases.care import ActionFact, CareFacts, DecisionFact, FollowUpFact, Letter, PromiseFact, RemedyFact
from backstory.cases.tests.golden_facts import CAUSE, FIELDS, GRANTED, LISTENING, NEED, NOTHING, NOW, RULE, WAITING

SETTINGS: dict[str, dict[str, Any]] = {
    "words_said": {"any_of": ["turn it off", "Notruf"]},
    "field_recorded": {"field": "need"},
    "step_agreed": {"serves": "need", "within_hours": 24},
    "answered_within": {"hours": 4},
    "asked_again": {"days": 5},
    "one_voice": {"at_most": 1},
    "abuse_seen": {"at_least": 2},
}
LIMIT = "Please write to me without insults. Then I can help you with the boiler."
FIRST = NOTHING.received[0]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STARTED = replace(NOTHING, received_at=NOW)


def sent(*texts: str, start: int = 1, every: timedelta = DAY, author: str = "Alice") -> tuple[Letter, ...]:
    return tuple(
        Letter(10 + number, text, start + number, NOW + HOUR + number * every, author)
        for number, text in enumerate(texts)
    )


def abused(*positions: int) -> tuple[Letter, ...]:
    return (FIRST, *(Letter(100 + at, "You idiot.", at, NOW, abuse=-2) for at in positions))


def decided(kind: str, **more: Any) -> tuple[DecisionFact, ...]:
    return (DecisionFact(kind, more.pop("state", "standing"), more.pop("seconded", False), NOW + DAY, **more),)


def says(text: str, **more: Any) -> CareFacts:
    return replace(STARTED, sent=sent(text), **more)


SOON = replace(NEED, agreed_at=NOW + 3 * HOUR)
BROKEN = PromiseFact("on Tuesday", 10, "broken", NOW)
AGAIN = PromiseFact("on Thursday", 11, "open", NOW + DAY)
DONE = ActionFact("need", "Visit", "Alice", True)

EXAMPLES: dict[str, tuple[CareFacts, CareFacts]] = {
    "problem_restated": (says(LISTENING), says("Thank you for your letter.")),
    "feeling_named": (says(LISTENING), says("Thank you for your letter.")),
    "no_rule_quoted": (says(LISTENING), says(RULE)),
    "not_contradicted": (says(LISTENING), says("That is not true, the tank is large enough.")),
    "open_question_asked": (says(LISTENING), says("Is it cold?")),
    "apologised": (says("I am sorry that nobody came."), says("Nobody came.")),
    "amount_named": (says("You were charged £84.90 twice."), says("You were charged twice.")),
    "words_said": (says("Please turn it off now."), says("Please wait.")),
    "limit_set": (says(LIMIT), says("I understand that you are angry.")),
    "field_recorded": (replace(NOTHING, recorded=FIELDS), replace(NOTHING, recorded=frozenset({"demand"}))),
    "summary_confirmed": (replace(NOTHING, confirmed=True), replace(NOTHING, summary_message_id=3)),
    "cause_confirmed": (replace(NOTHING, cause="Delay"), NOTHING),
    "owner_named": (replace(NOTHING, owner="Alice"), NOTHING),
    "step_agreed": (
        replace(STARTED, actions=(SOON,)),
        replace(STARTED, actions=(replace(SOON, agreed_at=NOW + 2 * DAY),)),
    ),
    "remedy_decided": (
        replace(NOTHING, remedies=(GRANTED,)),
        replace(NOTHING, remedies=(WAITING, RemedyFact("Refund", "granted"))),
    ),
    "promises_kept": (says(LISTENING), says(LISTENING, promises=(BROKEN,))),
    "date_promised": (
        says(LISTENING, promises=(AGAIN,)),
        says(LISTENING, promises=(BROKEN, PromiseFact("soon", 10, "open", None))),
    ),
    "promise_renewed": (
        replace(STARTED, sent=sent("On Tuesday.", "On Thursday."), promises=(BROKEN, AGAIN)),
        replace(STARTED, sent=sent("On Tuesday."), promises=(BROKEN, PromiseFact("on Friday", 10, "kept", NOW))),
    ),
    "steps_done": (replace(NOTHING, actions=(DONE,)), replace(NOTHING, actions=(DONE, CAUSE))),
    "followup_done": (
        replace(NOTHING, followups=(FollowUpFact("call", "done"), FollowUpFact("check", "done", held=True))),
        replace(NOTHING, followups=(FollowUpFact("call", "done"), FollowUpFact("check", "done", held=False))),
    ),
    "satisfaction_asked": (replace(NOTHING, survey_sent=True), NOTHING),
    "answered_within": (says(LISTENING), replace(STARTED, sent=(Letter(10, "Late.", 1, NOW + 5 * HOUR),))),
    "nothing_unanswered": (says(LISTENING), says(LISTENING, received=(FIRST, Letter(2, "And?", 5)))),
    "asked_again": (
        replace(STARTED, sent=sent("Hello?", "Still there?", every=6 * DAY)),
        replace(STARTED, sent=sent("Hello?", "Still there?", every=2 * DAY)),
    ),
    "customer_came_back": (says(LISTENING, received=(FIRST, Letter(2, "Yes.", 5))), says(LISTENING)),
    "one_voice": (
        replace(STARTED, sent=sent("One.", "Two.")),
        replace(STARTED, sent=(*sent("One."), *sent("Two.", start=4, author="Bob"))),
    ),
    "abuse_seen": (replace(NOTHING, received=abused(1, 2)), replace(NOTHING, received=abused(1))),
    "abuse_after_limit": (says(LIMIT, received=abused(4)), replace(STARTED, received=abused(0), sent=sent(LIMIT))),
    "abuse_after_warning": (
        says("A warning.", received=abused(4), decisions=decided("warning", message_id=10)),
        says("A warning.", received=abused(0), decisions=decided("warning", message_id=10)),
    ),
    "warning_given": (
        replace(NOTHING, decisions=decided("warning")),
        replace(NOTHING, decisions=decided("warning", state="lifted")),
    ),
    "handed_over": (replace(NOTHING, decisions=decided("handover")), NOTHING),
    "contact_ended": (
        replace(NOTHING, decisions=decided("ending")),
        replace(NOTHING, decisions=decided("ending", state="proposed")),
    ),
    "second_pair_of_eyes": (
        replace(NOTHING, decisions=decided("ending", seconded=True)),
        replace(NOTHING, decisions=decided("ending")),
    ),
}
