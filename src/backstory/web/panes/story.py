"""What is at stake, as the panes show it: the fields with the customer's own words beside them, what was told before,
and what had to be told again."""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from backstory.cases import actions as case_actions
from backstory.cases import policy, rules
from backstory.cases import queries as cases
from backstory.cases.models import Backstory, Complaint, Reading, Retelling
from backstory.cases.own_words import Quote
from backstory.cases.verdicts import LARGE_GAP
from backstory.conversations.models import Conversation, Message
from backstory.people.models import User
from backstory.web.formats import short_date
from backstory.web.panes.belonging import Button, Notice

LABELS = {
    "stated_problem": (gettext_noop("Stated problem"), gettext_noop("What they say is wrong, in their words")),
    "demand": (gettext_noop("Demand"), gettext_noop("What they ask for")),
    "backstory": (gettext_noop("Backstory"), gettext_noop("What the failure means in their life")),
    "need": (gettext_noop("Need behind it"), gettext_noop("What would truly help")),
    "make_right": (gettext_noop("What would make it right"), gettext_noop("Often less than the demand")),
    "constraints": (gettext_noop("Constraints"), gettext_noop("When they can be reached, what they cannot do")),
    "affected": (gettext_noop("Who else is affected"), gettext_noop("Family, neighbours, their customers")),
    "cost": (gettext_noop("What it cost them"), gettext_noop("Money, time, sleep")),
    "matters_by": (gettext_noop("When it matters"), gettext_noop("Until when a solution helps, and why")),
}
NEEDS = {
    "safety": gettext_noop("Safety for them and theirs"),
    "respect": gettext_noop("To be treated with respect and believed"),
    "certainty": gettext_noop("To be able to rely on what we say"),
    "control": gettext_noop("Control over what is theirs"),
    "fairness": gettext_noop("To be treated fairly"),
    "rest": gettext_noop("That it stops taking their time"),
}
GROUNDS = {
    Retelling.Ground.SAYS_SO: gettext_noop("They had to tell it again, and say so: “%(quote)s”."),
    Retelling.Ground.SAME_FACTS: gettext_noop("They had to tell it again: the same particulars as on %(day)s."),
    Retelling.Ground.SAME_WORDS: gettext_noop("They had to tell it again: the same words as on %(day)s."),
}


@dataclass(frozen=True)
class StoryField:
    """One field; `offered` are the customer's words that are not in it yet, `rests_on` those that are."""

    name: str
    label: str
    hint: str
    value: str
    offered: list[Quote] = field(default_factory=list)
    rests_on: list[Quote] = field(default_factory=list)


@dataclass(frozen=True)
class Story:
    """The backstory's block of the right pane; `core` are the four fields of CARE, `more` the consequences."""

    core: list[StoryField]
    more: list[StoryField]
    needs: list[str]
    confirmed_at: datetime | None
    erased_at: datetime | None
    may_confirm: bool
    may_summarise: bool
    answer: Message | None


@dataclass(frozen=True)
class Gap:
    """The reaction and the stated matter in the customer's words, where the first is far larger."""

    reaction: str
    matter: str


def story(viewer: User, complaint: Complaint) -> Story | None:
    """None for who may not read it. Showing it records that it was read."""
    if not policy.may_read_backstory(viewer, complaint):
        return None
    row = case_actions.read_backstory(viewer, complaint)
    is_open = complaint.state == Complaint.State.OPEN
    offer = cases.offered_words(complaint) if is_open else cases.Offer({}, [])
    fields = [_field(name, row, offer.quotes.get(name, [])) for name in rules.PERSONAL_FIELDS]
    size = len(rules.CORE_FIELDS)
    summarised = row is not None and row.summary_message_id is not None and row.confirmed_at is None
    return Story(
        core=fields[:size],
        more=fields[size:],
        needs=[_(NEEDS[name]) for name in offer.needs],
        confirmed_at=row.confirmed_at if row else None,
        erased_at=row.erased_at if row else None,
        may_confirm=summarised,
        may_summarise=is_open and row is not None and any(f.value for f in fields),
        answer=cases.answer_to_summary(row),
    )


def _field(name: str, row: Backstory | None, offered: list[Quote]) -> StoryField:
    """Until somebody has written it, a field holds the customer's words; the need is understood, never quoted."""
    label, hint = LABELS[name]
    if row is not None:
        value = str(getattr(row, name))
        rests_on = [Quote(**quote) for quote in row.quotes.get(name, [])]
        left = [quote for quote in offered if quote.text not in value]
        return StoryField(name, _(label), _(hint), value, left, rests_on)
    value = "\n".join(quote.text for quote in offered)
    return StoryField(name, _(label), _(hint), value, [], offered)


def gap(messages: list[Message], readings: dict[int, Reading]) -> Gap | None:
    """The latest letter in which more was felt than the matter explains, unless we have answered since."""
    for message in reversed(messages):
        if message.direction == Message.Direction.OUT:
            return None
        found = readings[message.pk].data.get("gap") if message.pk in readings else None
        if found and found["score"] >= LARGE_GAP:
            return Gap(*((found[side] or {}).get("text", "") for side in ("reaction", "matter")))
    return None


def notices(viewer: User, conversation: Conversation, *, may_write: bool) -> list[Notice]:
    """What had to be told again."""
    return [_retold(row, may_write) for row in cases.retellings(viewer, conversation.pk)[-1:]]


def _retold(row: Retelling, may_write: bool) -> Notice:
    words = {"quote": row.quote, "day": short_date(row.earlier.created_at) if row.earlier else ""}
    text = _(GROUNDS[Retelling.Ground(row.ground)]) % words
    to = _("Somebody else here heard it first.") if row.other_agent else ""
    to = _("It came through another channel then.") if row.other_channel else to
    buttons = [Button(_("Not so"), reverse("web:deny_retelling", args=[row.pk]))] if may_write else []
    return Notice(f"retold-{row.pk}", "warn", "refresh", f"{text} {to}".strip(), buttons)
