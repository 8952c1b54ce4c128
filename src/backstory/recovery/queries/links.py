"""The signed links of the status page."""

from datetime import datetime

from django.conf import settings
from django.core import signing

from backstory.cases.models import Complaint
from backstory.kernel import clock
from backstory.kernel.errors import NotFound
from backstory.recovery import rules

NO_LINK = "This link is not valid, or no longer."
_signer = signing.Signer(salt="backstory.recovery.status", sep=".")


def status_token(complaint: Complaint) -> str:
    """A signed, dated pass to the status page, worthless once `link_version` is raised or after 180 days."""
    content = {"c": complaint.pk, "v": complaint.link_version, "t": int(clock.now().timestamp())}
    return _signer.sign_object(content)


def status_link(complaint: Complaint) -> str:
    return f"{settings.BASE_URL}/status/{status_token(complaint)}/"


def complaint_by_status_token(token: str) -> Complaint:
    """The complaint that a link opens; NotFound, without saying why, if it is forged, revoked or too old."""
    try:
        content = _signer.unsign_object(token)
        signed_at = datetime.fromtimestamp(content["t"], clock.now().tzinfo)
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        raise NotFound(NO_LINK) from None
    if not rules.link_is_fresh(signed_at, clock.now()):
        raise NotFound(NO_LINK)
    rows = Complaint.objects.select_related("conversation__customer", "conversation__mailbox")
    found = rows.filter(pk=content["c"], link_version=content["v"]).first()
    if found is None:
        raise NotFound(NO_LINK)
    return found


def letter_language(complaint: Complaint) -> str:
    """In which language (ISO 639-1) the desk writes to a customer: their own, else their mailbox's, else ""."""
    talk = complaint.conversation
    return talk.customer.language or talk.mailbox.language


def once_signed_for(token: str) -> int | None:
    """The complaint that a link was signed for, whether or not it still opens; None for what we never signed."""
    try:
        content = _signer.unsign_object(token)
        found = Complaint.objects.filter(pk=content["c"]).values_list("pk", flat=True).first()
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        return None
    return found
