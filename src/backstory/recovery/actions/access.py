"""Letters that open the status page: a code for its sensitive parts, a fresh link in place of an old one."""

from typing import Literal

import structlog
from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare

from backstory.cases.actions import lock, tell
from backstory.cases.models import Complaint
from backstory.conversations.actions import send_notice
from backstory.kernel import clock
from backstory.kernel.errors import BackstoryError, Conflict, InvalidInput
from backstory.kernel.ids import token
from backstory.people.queries import email_of
from backstory.recovery import queries, telling
from backstory.recovery.models import AccessCode, StatusOpenings
from backstory.recovery.rules import access as rules

log = structlog.get_logger(__name__)

Verdict = Literal["right", "wrong", "spent"]


@transaction.atomic
def send_code(complaint_id: int) -> AccessCode:
    """Send six digits to the customer's address on record, in a letter of their own.

    Only whoever holds the row's id (the browser session that asked) can use them. Conflict after too many in an hour,
    InvalidInput where there is no address.
    """
    complaint = lock(complaint_id)
    if queries.codes_since(complaint, clock.now() - rules.CODES_WINDOW) >= rules.MOST_CODES:
        raise Conflict("Too many codes were sent within an hour. Please wait a while.")
    address = email_of(complaint.conversation.customer)
    if not address:
        raise InvalidInput("This customer has no e-mail address to write to.")
    salt = token(32)
    code = AccessCode(
        complaint=complaint,
        salt=salt,
        digest=queries.digest_of(salt, queries.code_of(salt)),
        expires_at=clock.now() + rules.CODE_LASTS,
    )
    letter = telling.code_letter(
        queries.language_of(complaint),
        number=complaint.number,
        name=complaint.conversation.customer.name,
        code=rules.MASK,
        minutes=int(rules.CODE_LASTS.total_seconds() // 60),
    )
    code.message = send_notice(complaint.conversation, letter.text, subject=letter.subject, address=address)
    code.save()
    tell("code.sent", complaint)
    return code


@transaction.atomic
def try_code(code_id: int, complaint_id: int, typed: str) -> Verdict:
    """Compare what somebody typed, in constant time: right once, wrong a few times, then spent.

    Raises InvalidInput, without counting it, for anything but six digits.
    """
    digits = rules.digits(typed)
    code = AccessCode.objects.select_for_update().filter(pk=code_id, complaint=complaint_id).first()
    if code is None or code.used_at is not None or code.tries >= rules.MOST_TRIES or code.expires_at < clock.now():
        return "spent"
    code.tries += 1
    right = constant_time_compare(queries.digest_of(code.salt, digits), code.digest)
    if right:
        code.used_at = clock.now()
        tell("code.used", Complaint.objects.select_related("conversation").get(pk=complaint_id))
    code.save(update_fields=["tries", "used_at"])
    return "right" if right else "spent" if code.tries >= rules.MOST_TRIES else "wrong"


def send_fresh_link(old: str) -> bool:
    """In place of a link that we once signed, however old or revoked, send a fresh one to the address on record.

    Whether there was anything to send is told to nobody: the caller answers the same for any text.
    """
    complaint_id = queries.once_signed_for(old)
    if complaint_id is None:
        return False
    try:
        return _send_fresh(complaint_id)
    except BackstoryError as error:
        log.warning("fresh link not sent", complaint_id=complaint_id, reason=str(error))
        return False


@transaction.atomic
def _send_fresh(complaint_id: int) -> bool:
    complaint = lock(complaint_id)
    customer = complaint.conversation.customer
    link = queries.status_link(complaint)
    letter = telling.fresh_link_letter(
        queries.language_of(complaint), number=complaint.number, name=customer.name, link=link
    )
    address = email_of(customer)
    if not address or queries.written_lately(complaint, letter.subject, clock.now() - rules.CODES_WINDOW):
        return False
    send_notice(complaint.conversation, letter.text, subject=letter.subject, address=address)
    tell("links.fresh", complaint)
    return True


def count_opening(complaint: Complaint) -> None:
    """The status page was opened once more; nothing is kept of who or when."""
    row, _ = StatusOpenings.objects.get_or_create(complaint=complaint)
    StatusOpenings.objects.filter(pk=row.pk).update(count=F("count") + 1)
