"""What the portal reads beyond `recovery.queries`: who can be written to, and what a complaint brought."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from backstory.cases.models import Complaint
from backstory.conversations.models import Attachment, Delivery, Mailbox, Message
from backstory.kernel import files
from backstory.kernel.errors import NotFound
from backstory.kernel.money import Money
from backstory.people.rules import normalise_email
from backstory.recovery.models import Remedy
from backstory.recovery.rules import WITHOUT_MONEY


@dataclass(frozen=True, slots=True)
class Offer:
    """A remedy that was granted to the customer: its kind, its value unless it has no price, and what became of it."""

    id: int
    kind: str
    money: Money | None
    given_by: str  # the named person of an apology
    answer: str  # accepted, declined, or "" while it waits
    is_done: bool
    needs_answer: bool
    needs_code: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """One message between the customer and us."""

    at: datetime
    is_ours: bool
    text: str
    files: tuple[Attachment, ...]


def mailboxes() -> list[Mailbox]:
    """The mailboxes a form can be sent to, oldest first."""
    return list(Mailbox.objects.filter(is_active=True).order_by("id"))


def offers(complaint: Complaint) -> list[Offer]:
    """What was granted to the customer who holds the link, oldest first; never what was asked for or declined by us."""
    rows = complaint.remedies.filter(state=Remedy.State.GRANTED).order_by("decided_at", "id")
    return [_offer(row) for row in rows]


def _offer(row: Remedy) -> Offer:
    done = row.carried_out_at is not None
    return Offer(
        id=row.pk,
        kind=row.kind,
        money=row.money if row.amount else None,
        given_by=row.given_by,
        answer=row.answer,
        is_done=done,
        needs_answer=not row.answer and row.kind not in WITHOUT_MONEY,
        needs_code=bool(row.amount),
    )


def letters(complaint: Complaint) -> list[Letter]:
    """What the customer wrote and what was sent to them, oldest first. Not what others wrote into the thread, no notes,
    and nothing that can still be taken back."""
    rows = _between(complaint).prefetch_related("attachments").order_by("created_at", "id")
    own = set(complaint.conversation.customer.identities.values_list("value", flat=True))
    return [_letter(row) for row in rows if _is_theirs(row, own)]


def _between(complaint: Complaint) -> QuerySet[Message]:
    held = Q(direction=Message.Direction.OUT, delivery__state=Delivery.State.HELD)
    rows = Message.objects.filter(conversation=complaint.conversation_id).exclude(held)
    return rows.exclude(direction=Message.Direction.NOTE)


def _is_theirs(message: Message, own: set[str]) -> bool:
    if message.direction == Message.Direction.IN:
        return normalise_email(message.sender_address) in own
    return bool(own & {normalise_email(str(row.get("email", ""))) for row in message.to})


def _letter(row: Message) -> Letter:
    ours = row.direction == Message.Direction.OUT
    return Letter(row.created_at, ours, row.text, tuple(row.attachments.all()))


def file_of(complaint: Complaint, pk: int) -> Attachment:
    """A file of those letters; NotFound for any other."""
    for letter in letters(complaint):
        for file in letter.files:
            if file.pk == pk and files.exists(file.path):
                return file
    raise NotFound("There is no such file.")


def carer(complaint: Complaint) -> str:
    """The first name of whoever cares for the complaint, "" for nobody yet."""
    person = complaint.owner or complaint.conversation.assignee
    return person.get_short_name() if person else ""
