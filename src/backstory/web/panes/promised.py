"""Promises as pages show them: what is broken and what to say, who may keep one, how many are kept."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from backstory.cases import mending
from backstory.cases import queries as cases
from backstory.cases.models import Promise
from backstory.conversations.models import Conversation, Message
from backstory.people import policy
from backstory.people import queries as people
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.web.formats import short_date
from backstory.web.panes.belonging import Button, Notice


@dataclass(frozen=True)
class Keeper:
    """Somebody who may keep a promise."""

    id: int
    name: str


@dataclass(frozen=True)
class Row:
    """One promise of the page, and who of its team may keep it."""

    promise: Promise
    may_decide: bool
    keepers: list[Keeper]


def keepers(conversation: Conversation) -> list[Keeper]:
    return [Keeper(each.pk, each.name) for each in people.colleagues(conversation.team)]


def rows(viewer: User, found: Iterable[Promise]) -> list[Row]:
    """The promises of a page; a team's people are looked up once."""
    teams: dict[int, list[Keeper]] = {}
    shown = []
    for each in found:
        team = each.conversation.team_id
        may_decide = policy.can(viewer, Permission.HANDLE_COMPLAINTS, team)
        if may_decide and team not in teams:
            teams[team] = keepers(each.conversation)
        shown.append(Row(each, may_decide, teams.get(team, [])))
    return shown


def notices(viewer: User, conversation: Conversation, *, may_write: bool) -> list[Notice]:
    """Promises of this conversation that were broken and not written about since, with what could be said."""
    rows = cases.promises(viewer).filter(cases.unmended(), conversation_id=conversation.pk)
    return [_broken(row, conversation, may_write=may_write) for row in rows]


def _broken(promise: Promise, conversation: Conversation, *, may_write: bool) -> Notice:
    day = short_date(promise.due_at) if promise.due_at else _("no date")
    text = _("A promise was broken: “%(quote)s” (%(day)s). Nobody has told the customer yet.") % {
        "quote": promise.quote,
        "day": day,
    }
    customer = conversation.customer
    words = mending.suggested(
        customer.language,
        customer.name,
        promise.quote,
        spoken=promise.message.direction == Message.Direction.NOTE,
    )
    tell = [Button(_("Tell them"), "", key="b", is_primary=True, inserts=words)] if may_write else []
    return Notice(f"broken-{promise.pk}", "bad", "calendar-due", text, tell)
