"""The addresses the desk answers under."""

from django.db import transaction

from backstory.conversations.models import Mailbox
from backstory.kernel.errors import InvalidInput
from backstory.live.actions import record
from backstory.people.models import Team
from backstory.people.rules import is_email, normalise_email


@transaction.atomic
def add_mailbox(name: str, address: str, team: Team, sender_name: str = "") -> Mailbox:
    """A new mailbox, or the one that already has this address; raises InvalidInput for a bad address."""
    wanted = normalise_email(address)
    if not is_email(wanted) or "+" in wanted.partition("@")[0]:
        raise InvalidInput(f"“{address}” cannot be a mailbox address.", "address")
    defaults = {"name": name, "team": team, "sender_name": sender_name or name}
    mailbox, created = Mailbox.objects.get_or_create(address=wanted, defaults=defaults)
    if created:
        record("mailbox.added", subject=("mailbox", mailbox.pk), team_id=team.pk, address=wanted)
    return mailbox


def note_imap_position(mailbox_id: int, uidvalidity: int, last_uid: int) -> None:
    """How far a remote mailbox has been fetched: every message up to this UID is stored here."""
    Mailbox.objects.filter(pk=mailbox_id).update(imap_uidvalidity=uidvalidity, imap_last_uid=last_uid, last_error="")


def note_mailbox_error(mailbox_id: int, error: str) -> None:
    """Why fetching fails, for the administrator to read; empty when all is well."""
    Mailbox.objects.filter(pk=mailbox_id).exclude(last_error=error[:2000]).update(last_error=error[:2000])
