"""Telling the customer that a complaint is closed, and making the links sent so far worthless."""

import structlog
from django.db import transaction
from django.db.models import F

from backstory.cases.actions import lock, lock_for, tell
from backstory.cases.models import Complaint
from backstory.conversations.actions import send_notice
from backstory.kernel.errors import BackstoryError
from backstory.people.models import User
from backstory.recovery import queries, wording
from backstory.recovery.actions.letters import letter_to
from backstory.recovery.actions.updates import absorb_updates, with_news
from backstory.recovery.models import ClosingNotice

log = structlog.get_logger(__name__)


@transaction.atomic
def send_closing_notice(complaint_id: int) -> ClosingNotice | None:
    """Write to the customer that the complaint is closed, with the status link: once for each closing.

    None where there is nothing to tell (open again, or told already). Where nobody can be written to, that is
    kept as a notice without a message.
    """
    complaint = lock(complaint_id)
    if complaint.state != Complaint.State.CLOSED or complaint.closed_at is None:
        return None
    notice, new = ClosingNotice.objects.get_or_create(complaint=complaint, closed_at=complaint.closed_at)
    if not new:
        return None
    letter = with_news(letter_to(wording.CLOSING, complaint, queries.status_link(complaint)), absorb_updates(complaint))
    try:
        with transaction.atomic():
            notice.message = send_notice(complaint.conversation, letter.text, subject=letter.subject)
    except BackstoryError as error:
        log.warning("closing notice not sent", complaint_id=complaint_id, reason=str(error))
        return notice
    notice.save(update_fields=["message"])
    return notice


@transaction.atomic
def revoke_status_links(viewer: User, complaint_id: int) -> Complaint:
    """Make every status link sent so far worthless; the next letter carries a new one."""
    complaint = lock_for(viewer, complaint_id)
    Complaint.objects.filter(pk=complaint.pk).update(link_version=F("link_version") + 1)
    complaint.refresh_from_db(fields=["link_version"])
    tell("links.revoked", complaint, viewer)
    return complaint
