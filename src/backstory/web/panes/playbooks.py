"""Playbooks as the pages show them: what they say, in the reader's language, and how two versions differ."""

import difflib
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from backstory.cases.playbooks.evidence import RULES, Wanted
from backstory.cases.playbooks.schema import FollowUpPlan, Playbook, StepPlan
from backstory.cases.playbooks.words import say
from backstory.cases.queries import Held

SITUATIONS = {
    "safety": gettext_noop("somebody's safety is at stake"),
    "vulnerability": gettext_noop("the customer is vulnerable"),
    "abuse": gettext_noop("a message is abusive"),
    "broken-promise": gettext_noop("a promise was broken"),
    "silence": gettext_noop("the customer has been silent for %(days)d days"),
}
MARKS = {
    "S": gettext_noop("as commissioned"),
    "V": gettext_noop("seen in a published source"),
    "R": gettext_noop("recalled from the literature"),
    "G": gettext_noop("our own judgement"),
}


def reader_language() -> str:
    """Two letters of the reader's language, as playbooks name languages."""
    return (translation.get_language() or "en")[:2]


@dataclass(frozen=True)
class StepShown:
    """One step of a playbook in the reader's language; phrases by language."""

    key: str
    title: str
    guidance: str
    phrases: list[tuple[str, list[str]]]
    entry: list[str]
    evidence: list[str]


@dataclass(frozen=True)
class PlanShown:
    """A playbook in the reader's language."""

    slug: str
    name: str
    about: str
    when: list[str]
    mark: str
    source: str
    languages: list[str]
    steps: list[StepShown]
    followups: list[str]
    survey: str


def shown(plan: Playbook) -> PlanShown:
    language = reader_language()
    return PlanShown(
        slug=plan.id,
        name=say(plan.name, language),
        about=say(plan.about, language),
        when=conditions(plan),
        mark=_(MARKS[plan.mark]),
        source=plan.source,
        languages=sorted(set(plan.name) | {code for step in plan.steps for code in step.guidance}),
        steps=[_step(step, language) for step in plan.steps],
        followups=[_followup(each, language) for each in plan.followups],
        survey=plan.survey.kind if plan.survey else "",
    )


FOLLOWUPS = {
    ("closing", "call"): gettext_noop("%(days)d days after closing, a call: %(words)s"),
    ("closing", "letter"): gettext_noop("%(days)d days after closing, a letter: %(words)s"),
    ("closing", "check"): gettext_noop("%(days)d days after closing, a check: %(words)s"),
    ("remedy", "call"): gettext_noop("%(days)d days after a remedy was carried out, a call: %(words)s"),
    ("remedy", "letter"): gettext_noop("%(days)d days after a remedy was carried out, a letter: %(words)s"),
    ("remedy", "check"): gettext_noop("%(days)d days after a remedy was carried out, a check: %(words)s"),
}


def _followup(plan: FollowUpPlan, language: str) -> str:
    sentence = _(FOLLOWUPS[plan.counted_from, plan.kind])
    said = sentence % {"days": plan.after_days, "words": say(plan.words, language)}
    conditions = []
    if plan.when.severity_at_least:
        conditions.append(_("the severity is at least %(level)d of 4") % {"level": plan.when.severity_at_least})
    if plan.when.causes:
        conditions.append(_("the cause is %(names)s, or one below it") % {"names": _(" or ").join(plan.when.causes)})
    return f"{said} ({_('where')} {', '.join(conditions)})" if conditions else said


def conditions(plan: Playbook) -> list[str]:
    """When it applies, one sentence part a condition; empty for one that fits everything."""
    when = plan.when
    found = [_(SITUATIONS[name]) % {"days": when.silent_days} for name in when.situations]
    parts = [_(" or ").join(found)] if found else []
    if when.causes:
        parts.append(_("the cause is %(names)s, or one below it") % {"names": _(" or ").join(when.causes)})
    if when.mentions:
        parts.append(_("the customer writes of %(names)s") % {"names": _(" or ").join(when.mentions)})
    if when.channels:
        parts.append(_("it came by %(names)s") % {"names": _(" or ").join(when.channels)})
    if when.severity_at_least:
        parts.append(_("the severity is at least %(level)d of 4") % {"level": when.severity_at_least})
    return parts


def _step(step: StepPlan, language: str) -> StepShown:
    return StepShown(
        key=step.key,
        title=say(step.title, language),
        guidance=say(step.guidance, language),
        phrases=sorted(step.phrases.items(), key=lambda one: (one[0] != language, one[0])),
        entry=[_sentence(wanted, language) for wanted in step.entry],
        evidence=[_sentence(wanted, language) for wanted in step.evidence],
    )


def _sentence(wanted: Wanted, language: str) -> str:
    return say(wanted.sentence or RULES[wanted.rule].sentence(wanted), language)


@dataclass(frozen=True)
class RuleShown:
    """One evidence rule for the list beside the editor."""

    id: str
    sentence: str
    parameters: str


EXAMPLES: dict[str, object] = {
    "field": "need",
    "serves": "need",
    "hours": 4,
    "days": 5,
    "at_most": 1,
    "at_least": 2,
    "any_of": ["turn it off"],
}


def rules() -> list[RuleShown]:
    """Every evidence rule with its sentence in the reader's language and the names of its parameters."""
    language, found = reader_language(), []
    for rule in RULES.values():
        given = {name: EXAMPLES[name] for name in rule.parameters if name in EXAMPLES}
        wanted = rule.wanted.model_validate({"rule": rule.id, **given})
        found.append(RuleShown(rule.id, _sentence(wanted, language), ", ".join(rule.parameters)))
    return sorted(found, key=lambda one: one.id)


@dataclass(frozen=True)
class Line:
    """One line of a comparison; `tone` is same, gone, new or skip."""

    tone: str
    text: str
    before: int | None = None
    after: int | None = None


def differences(before: str, after: str) -> list[Line]:
    """The lines of two texts with three of their neighbours, as a unified comparison."""
    lines: list[Line] = []
    old, new = before.splitlines(), after.splitlines()
    for number, group in enumerate(difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(3)):
        lines += [Line("skip", "")] if number else []
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                pairs = zip(range(old_from, old_to), range(new_from, new_to), strict=True)
                lines += [Line("same", old[at], at + 1, to + 1) for at, to in pairs]
                continue
            lines += [Line("gone", old[at], before=at + 1) for at in range(old_from, old_to)]
            lines += [Line("new", new[at], after=at + 1) for at in range(new_from, new_to)]
    return lines


@dataclass(frozen=True)
class HeldShown:
    """The playbook of a complaint above its steps, and another one on offer."""

    name: str
    about: str
    number: int | None
    better_id: int | None = None
    better_name: str = ""
    better_why: str = ""
    is_newer: bool = False


REASONS = {
    "causes": gettext_noop("the cause is %(what)s"),
    "mentions": gettext_noop("they write of %(what)s"),
    "channels": gettext_noop("it came by %(what)s"),
    "severity": gettext_noop("the severity is %(what)s of 4"),
}


def held(found: Held) -> HeldShown:
    language = reader_language()
    name, about = say(found.plan.name, language), say(found.plan.about, language)
    number = found.version.number if found.version else None
    if found.better is None or found.better_plan is None:
        return HeldShown(name, about, number)
    why = [_reason(condition, what, found.better_plan) for condition, what in found.reasons]
    return HeldShown(
        name=name,
        about=about,
        number=number,
        better_id=found.better.pk,
        better_name=say(found.better_plan.name, language),
        better_why=", ".join(why),
        is_newer=found.is_newer,
    )


def _reason(condition: str, what: str, plan: Playbook) -> str:
    if condition == "situations":
        return _(SITUATIONS[what]) % {"days": plan.when.silent_days}
    return _(REASONS[condition]) % {"what": what}
