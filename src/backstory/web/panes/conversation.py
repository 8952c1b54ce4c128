"""Everything the middle and right panes show of one conversation, gathered in a fixed number of queries."""

from dataclasses import dataclass
from itertools import chain

from backstory.cases import actions as case_actions
from backstory.cases import queries as cases
from backstory.cases.models import Complaint, Promise, Reading
from backstory.conversations import queries as conversations
from backstory.conversations.models import Conversation, Message, Place
from backstory.live import queries as live
from backstory.people import policy
from backstory.people import queries as people
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.web.panes import advice, composing, conduct, followups, panel, promised, story, thread
from backstory.web.panes.belonging import Belonging, Notice, belonging
from backstory.web.panes.mood import Mood, mood


@dataclass(frozen=True)
class Colleague:
    """Somebody a conversation can be given to."""

    id: int
    name: str
    is_me: bool


@dataclass(frozen=True)
class View:
    """One conversation as its panes show it."""

    id: int
    subject: str
    state: str
    state_label: str
    mailbox: str
    place: Place | None
    assignee: User | None
    complaint: Complaint | None
    customer: panel.Person
    composer: composing.Composer
    may_write: bool
    assignees: list[Colleague]
    draft: str
    draft_mode: str
    items: list[thread.Item]
    notices: list[Notice]
    may_move: bool
    panel: panel.Panel
    newest_received: int
    mood: Mood | None = None
    earlier: int = 0
    is_summary: bool = False


LATEST = 60
"""How many messages and events are shown before one asks for all."""


def view(viewer: User, pk: int, *, draft: str | None = None, everything: bool = False) -> View:
    """The conversation for this viewer; NotFound for one they may not see. `draft` replaces the saved one."""
    conversation = conversations.get_conversation(viewer, pk)
    pk = conversation.pk  # it may have been merged into another one
    messages = conversations.thread(conversation)
    complaint = cases.complaint_for(viewer, pk)
    promises = list(cases.promises(viewer).filter(conversation_id=pk))
    readings = cases.readings_for(pk)
    asking = panel.Asking(advice.questions(conversation, messages, readings, complaint), story.gap(messages, readings))
    shown = panel.panel(viewer, conversation, complaint, promises, asking)
    may_write = policy.can(viewer, Permission.REPLY, conversation.team_id)
    saved = conversations.draft_of(viewer, conversation)
    about = belonging(viewer, conversation, messages)
    items = _items(viewer, conversation, messages, promises, readings, may_write=may_write, about=about)
    earlier = 0 if everything else max(len(items) - LATEST, 0)
    return View(
        id=conversation.pk,
        subject=conversation.subject,
        state=conversation.state,
        state_label=conversation.get_state_display(),
        mailbox=conversation.mailbox.name,
        place=conversation.place,
        assignee=conversation.assignee,
        complaint=complaint,
        customer=shown.customer,
        composer=composing.composer(viewer, conversation, messages, saved),
        may_write=may_write,
        assignees=_colleagues(viewer, conversation),
        draft=draft if draft is not None else saved.text if saved else "",
        draft_mode=saved.mode if saved and draft is None else "reply",
        items=items[earlier:],
        notices=[
            *conduct.notices(viewer, conversation, messages, readings, may_write=may_write),
            *promised.notices(viewer, conversation, may_write=may_write),
            *followups.notices(shown.after),
            *about.notices,
            *story.notices(viewer, conversation, may_write=may_write),
        ],
        may_move=about.may_move,
        earlier=earlier,
        panel=shown,
        newest_received=newest_received(messages),
        mood=mood(conversation, messages, readings, promises),
        is_summary=draft is not None,
    )


def _items(
    viewer: User,
    conversation: Conversation,
    messages: list[Message],
    promises: list[Promise],
    readings: dict[int, Reading],
    *,
    may_write: bool,
    about: Belonging,
) -> list[thread.Item]:
    offers: dict[int, list[Promise]] = {}
    for promise in promises:
        if promise.state == Promise.State.SUGGESTED and may_write:
            offers.setdefault(promise.message_id, []).append(promise)
    around = thread.Around(
        readings,
        offers,
        may_write,
        viewer.pk if may_write else 0,
        about.origins,
        about.lines,
        case_actions.open_sensitive(viewer, conversation),
        cases.replies_read(conversation.pk),
        cases.cause_names() if readings else {},
    )
    events = chain.from_iterable(live.timeline(pk) for pk in (*about.merged_ids, conversation.pk))
    return thread.items(conversation, messages, events, around)


def _colleagues(viewer: User, conversation: Conversation) -> list[Colleague]:
    return [Colleague(each.pk, each.name, each.pk == viewer.pk) for each in people.colleagues(conversation.team)]


def newest_received(messages: list[Message]) -> int:
    """The id of the customer's latest message, 0 for none: what the agent has seen when they answer."""
    return max((each.pk for each in messages if each.direction == Message.Direction.IN), default=0)
