"""Holding a playbook against what really happened."""

from backstory.cases.playbooks.evidence import RULES, Found, Wanted
from backstory.cases.playbooks.facts import CareFacts, Evidence, Step
from backstory.cases.playbooks.schema import Playbook, StepPlan
from backstory.cases.playbooks.words import say


def judge(playbook: Playbook, facts: CareFacts, language: str = "en", customers: str = "en") -> list[Step]:
    """The steps in order, each with its evidence and advice for the first thing that is missing.

    `language` is the reader's; phrases to use come in the customer's.
    """
    return [_step(plan, facts, language, customers) for plan in playbook.steps]


def _step(plan: StepPlan, facts: CareFacts, language: str, customers: str) -> Step:
    found = [(wanted, RULES[wanted.rule].find(facts, wanted)) for wanted in plan.wanted()]
    entry = tuple(_evidence(each, RULES[each.rule].find(facts, each), language) for each in plan.entry)
    missing = [_advice(wanted, each, language) for wanted, each in found if not each.done]
    return Step(
        key=plan.key,
        title=say(plan.title, language),
        done=not missing,
        evidence=tuple(_evidence(wanted, each, language) for wanted, each in found),
        guidance=missing[0] if missing else "",
        how=say(plan.guidance, language),
        phrases=tuple(plan.phrases.get(customers) or plan.phrases.get("en") or ()),
        entered=all(each.done for each in entry),
        entry=entry,
    )


def _evidence(wanted: Wanted, found: Found, language: str) -> Evidence:
    words = wanted.sentence or found.sentence or RULES[wanted.rule].sentence(wanted)
    return Evidence(say(words, language), found.done, found.quote, found.message_id)


def _advice(wanted: Wanted, found: Found, language: str) -> str:
    return say(wanted.advice or found.advice or RULES[wanted.rule].advice(wanted), language)
