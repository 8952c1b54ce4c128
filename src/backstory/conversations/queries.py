"""Reading conversations. Every function takes the viewer and returns only what they may see."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from backstory.conversations.letters import Inbound
from backstory.conversations.models import (
    Attachment,
    Conversation,
    Delivery,
    Draft,
    Mailbox,
    Message,
    Outgoing,
    RawMessage,
    ServiceLetter,
)
from backstory.conversations.rules import named_parents
from backstory.kernel.errors import NotFound
from backstory.people import policy
from backstory.people.models import Identity, User
from backstory.people.policy import Permission
from backstory.people.rules import normalise_email

Letter = TypeVar("Letter", bound=Outgoing)
VIEWS = ("mine", "unassigned", "open", "waiting", "closed", "all")


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue, read without building model objects."""

    id: int
    subject: str
    snippet: str
    state: str
    channel: str
    last_message_at: datetime
    waiting_since: datetime | None
    customer_id: int
    customer_name: str
    assignee_name: str | None


_ROW_FIELDS = (
    "id",
    "subject",
    "snippet",
    "state",
    "channel",
    "last_message_at",
    "waiting_since",
    "customer_id",
    "customer__name",
    "assignee__name",
)


def visible(viewer: User) -> QuerySet[Conversation]:
    """The conversations a viewer may know of."""
    rows = Conversation.objects.all()
    if policy.sees_all_teams(viewer, Permission.VIEW_CONVERSATIONS):
        return rows
    return rows.filter(team_id__in=policy.team_ids(viewer))


def queue(viewer: User, view: str = "open", search: str = "") -> QuerySet[Conversation]:
    """The conversations of one view of the queue, newest first."""
    rows = visible(viewer)
    if view == "mine":
        rows = rows.filter(assignee=viewer).exclude(state=Conversation.State.CLOSED)
    elif view == "unassigned":
        rows = rows.filter(assignee=None, state=Conversation.State.OPEN)
    elif view in Conversation.State.values:
        rows = rows.filter(state=view)
    if search.strip():
        rows = rows.filter(_matches(search.strip()))
    return rows.order_by("-last_message_at", "-id")


def _matches(words: str) -> Q:
    said = Message.objects.filter(conversation=OuterRef("pk"), text__icontains=words)
    known_as = Identity.objects.filter(customer=OuterRef("customer_id"), value__icontains=words)
    named = Q(subject__icontains=words) | Q(customer__name__icontains=words)
    return named | Q(Exists(known_as)) | Q(Exists(said))


def rows(conversations: QuerySet[Conversation]) -> list[QueueRow]:
    """Queue lines of an (already limited) queue query: one SQL statement."""
    return [QueueRow(*values) for values in conversations.values_list(*_ROW_FIELDS)]


def get_conversation(viewer: User, pk: int) -> Conversation:
    """One conversation with the people around it; NotFound for one of another team, as for none at all."""
    found = visible(viewer).select_related("customer", "mailbox", "team", "assignee").filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such conversation.")
    return found


def thread(conversation: Conversation) -> list[Message]:
    """The messages of a conversation the viewer was given, oldest first, with files and deliveries."""
    return list(
        conversation.messages.select_related("author", "delivery", "raw").prefetch_related(
            Prefetch("attachments", queryset=Attachment.objects.order_by("id"))
        )
    )


def get_message(viewer: User, pk: int) -> Message:
    message = (
        Message.objects.select_related("conversation", "raw").filter(pk=pk, conversation__in=visible(viewer)).first()
    )
    if message is None:
        raise NotFound("There is no such message.")
    return message


def get_attachment(viewer: User, pk: int) -> Attachment:
    attachment = Attachment.objects.filter(pk=pk, message__conversation__in=visible(viewer)).first()
    if attachment is None:
        raise NotFound("There is no such file.")
    return attachment


def get_delivery(viewer: User, pk: int) -> Delivery:
    delivery = (
        Delivery.objects.select_related("message__conversation")
        .filter(pk=pk, message__conversation__in=visible(viewer))
        .first()
    )
    if delivery is None:
        raise NotFound("There is no such letter.")
    return delivery


def others_of_customer(viewer: User, conversation: Conversation, limit: int = 8) -> list[Conversation]:
    """The same customer's other conversations that the viewer may see, newest first."""
    rows = visible(viewer).filter(customer_id=conversation.customer_id).exclude(pk=conversation.pk)
    return list(rows.order_by("-last_message_at")[:limit])


def draft_of(viewer: User, conversation: Conversation) -> Draft | None:
    return Draft.objects.filter(conversation=conversation, user=viewer).first()


def answered(conversation: Conversation, *, only_customer: bool = False) -> Message | None:
    """The latest message received: what a letter of ours answers, and whom. `only_customer` leaves out what others
    wrote into the thread, since a status link or a survey is for the customer alone."""
    received = conversation.messages.filter(direction=Message.Direction.IN)
    if not only_customer:
        return received.last()
    known = set(conversation.customer.identities.values_list("value", flat=True))
    return next((each for each in received.reverse() if normalise_email(each.sender_address) in known), None)


def unanswered_text(messages: list[Message]) -> str:
    """What the customer has said since our last reply: what a draft has to answer."""
    waiting: list[str] = []
    for message in reversed(messages):
        if message.direction == Message.Direction.OUT:
            break
        if message.direction == Message.Direction.IN:
            waiting.append(message.text)
    return "\n\n".join(reversed(waiting))


def mailbox_for(address: str) -> tuple[Mailbox, str] | None:
    """The active mailbox an address belongs to and the reply token it carries (`support+TOKEN@…`), if any."""
    wanted = normalise_email(address)
    local, _, domain = wanted.rpartition("@")
    name, _, reply_token = local.partition("+")
    mailboxes = Mailbox.objects.filter(is_active=True)
    exact = mailboxes.filter(address__iexact=wanted).first()
    if exact:
        return exact, ""
    plain = mailboxes.filter(address__iexact=f"{name}@{domain}").first()
    return (plain, reply_token) if plain else None


def thread_for(inbound: Inbound, mailbox: Mailbox) -> Conversation | None:
    """The conversation a message answers: by reply address, else by the Message-IDs it names."""
    if inbound.reply_token:
        found = Conversation.objects.filter(reply_token=inbound.reply_token).first()
        if found:
            return found
    parents = named_parents(inbound)
    if not parents:
        return None
    by_id = {
        message.message_id: message.conversation
        for message in Message.objects.select_related("conversation").filter(
            message_id__in=parents, conversation__team_id=mailbox.team_id
        )
    }
    return next((by_id[parent] for parent in parents if parent in by_id), None)


def repeated(inbound: Inbound, mailbox: Mailbox) -> Message | None:
    """The message this one repeats: same Message-ID, sender and words in the same mailbox (RFC 5322, 3.6.4)."""
    if not inbound.message_id:
        return None
    return Message.objects.filter(
        message_id=inbound.message_id,
        direction=Message.Direction.IN,
        conversation__mailbox=mailbox,
        sender_address=inbound.from_address,
        text=inbound.text,
    ).first()


def sent_message(message_id: str) -> Message | None:
    """Our own letter with this Message-ID, as a bounce names it."""
    return Message.objects.filter(message_id=message_id, direction=Message.Direction.OUT).first()


def quarantined(viewer: User) -> QuerySet[RawMessage]:
    policy.require(viewer, Permission.VIEW_QUARANTINE)
    return (
        RawMessage.objects.select_related("mailbox")
        .filter(state__in=[RawMessage.State.QUARANTINED, RawMessage.State.IGNORED])
        .order_by("-created_at")
    )


def get_raw(viewer: User, pk: int) -> RawMessage:
    """The stored original; for administrators, and for whoever may see the message it became."""
    raw = RawMessage.objects.select_related("mailbox").filter(pk=pk).first()
    if raw and policy.can(viewer, Permission.VIEW_QUARANTINE):
        return raw
    if raw and Message.objects.filter(raw=raw, conversation__in=visible(viewer)).exists():
        return raw
    raise NotFound("There is no such original.")


def due_raw(moment: datetime, limit: int = 500) -> list[int]:
    """Originals still waiting to be understood, oldest first."""
    waiting = RawMessage.objects.filter(state=RawMessage.State.RECEIVED)
    due = waiting.filter(Q(next_attempt_at=None) | Q(next_attempt_at__lte=moment))
    return list(due.order_by("id").values_list("id", flat=True)[:limit])


def due_deliveries(moment: datetime, limit: int = 500) -> list[int]:
    """Letters to customers to send now, oldest first."""
    return _due(Delivery.objects.all(), moment, limit)


def due_service_letters(moment: datetime, limit: int = 500) -> list[int]:
    """Letters of the desk itself to send now, oldest first."""
    return _due(ServiceLetter.objects.all(), moment, limit)


def desk_sender() -> Mailbox | None:
    """The mailbox that letters of the desk itself come from: the oldest one in use."""
    return Mailbox.objects.filter(is_active=True).order_by("id").first()


def _due(letters: QuerySet[Letter], moment: datetime, limit: int) -> list[int]:
    waiting = letters.filter(state__in=[Outgoing.State.WAITING, Outgoing.State.DEFERRED])
    due = waiting.filter(Q(next_attempt_at=None) | Q(next_attempt_at__lte=moment))
    return list(due.order_by("id").values_list("id", flat=True)[:limit])
