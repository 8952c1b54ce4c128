"""What the portal reads beyond `recovery.queries`: who can be written to, and what a complaint brought."""

from dataclasses import dataclass

from backstory.cases.models import Complaint
from backstory.conversations.models import Mailbox
from backstory.kernel.money import Money
from backstory.recovery.models import Remedy


@dataclass(frozen=True, slots=True)
class Granted:
    """A remedy the customer gets: its kind and, unless it has no price, its value."""

    kind: str
    money: Money | None


def mailboxes() -> list[Mailbox]:
    """The mailboxes a form can be sent to, oldest first."""
    return list(Mailbox.objects.filter(is_active=True).order_by("id"))


def granted(complaint: Complaint) -> list[Granted]:
    """What was granted to the customer who holds the link, oldest first; never what was asked for or declined."""
    rows = complaint.remedies.filter(state=Remedy.State.GRANTED).order_by("decided_at", "id")
    return [Granted(row.kind, row.money if row.amount else None) for row in rows]


def carer(complaint: Complaint) -> str:
    """The first name of whoever cares for the complaint, "" for nobody yet."""
    person = complaint.owner or complaint.conversation.assignee
    return person.get_short_name() if person else ""
