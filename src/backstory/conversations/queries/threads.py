"""Reading conversations. Every function takes the viewer and returns only what they may see."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from backstory.conversations.models import Attachment, Conversation, Draft, Message, ThreadMove
from backstory.kernel.errors import NotFound
from backstory.people import policy
from backstory.people.models import Identity, User
from backstory.people.policy import Permission
from backstory.people.rules import normalise_email

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
    """The conversations a viewer may know of, without those that were merged into another."""
    return _knowable(viewer).filter(merged_into=None)


def _knowable(viewer: User) -> QuerySet[Conversation]:
    if policy.sees_all_teams(viewer, Permission.VIEW_CONVERSATIONS):
        return Conversation.objects.all()
    return Conversation.objects.filter(team_id__in=policy.team_ids(viewer))


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
    """One conversation with the people around it, or the one that it was merged into; NotFound for one of another
    team, as for none at all."""
    found = _knowable(viewer).select_related("customer", "mailbox", "team", "assignee", "place").filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such conversation.")
    return get_conversation(viewer, found.merged_into_id) if found.merged_into_id else found


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
    visible_there = Q(message__conversation__in=visible(viewer)) | Q(draft__user=viewer)
    attachment = Attachment.objects.filter(visible_there, pk=pk).first()
    if attachment is None:
        raise NotFound("There is no such file.")
    return attachment


def others_of_customer(viewer: User, conversation: Conversation, limit: int = 8) -> list[Conversation]:
    """The same customer's other conversations that the viewer may see, newest first."""
    rows = visible(viewer).filter(customer_id=conversation.customer_id).exclude(pk=conversation.pk)
    return list(rows.order_by("-last_message_at")[:limit])


def moves_of(conversation: Conversation) -> list[ThreadMove]:
    """How messages of a conversation the viewer was given came to be elsewhere or here, oldest first; what was taken
    back is left out."""
    rows = ThreadMove.objects.filter(Q(source=conversation) | Q(target=conversation), undone_at=None)
    return list(rows.select_related("source", "target", "user").order_by("id"))


def draft_of(viewer: User, conversation: Conversation) -> Draft | None:
    return Draft.objects.filter(conversation=conversation, user=viewer).prefetch_related("attachments").first()


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
