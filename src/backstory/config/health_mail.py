"""The examinations of mail behind `backstory doctor`: each mailbox, the listeners, the way out."""

import smtplib
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.conf import settings

from backstory.config.env import env
from backstory.config.health_finding import Finding

if TYPE_CHECKING:
    from backstory.conversations.models import Mailbox


def mail_in() -> Iterator[Finding]:
    from backstory.conversations.models import Mailbox

    mailboxes = list(Mailbox.objects.filter(archived_at=None).select_related("team", "grant").order_by("id"))
    if not any(mailbox.is_active for mailbox in mailboxes):
        words = "None is at work, so all mail is refused or put off."
        yield Finding("fault", "Mailboxes", words, "Run `backstory init`, or switch one on under Mailboxes.")
    for mailbox in mailboxes:
        yield from _mailbox(mailbox)
    for name, port in (("SMTP", env.smtp_port), ("LMTP", env.lmtp_port)):
        if port:
            yield _listening(name, port)


def _mailbox(mailbox: "Mailbox") -> Iterator[Finding]:
    """One mailbox: paused, in trouble, or at work; and its own way out where it has one."""
    from backstory.conversations.actions import missing_to_start
    from backstory.conversations.models import Grant

    at, here = "Mailboxes", mailbox.address
    mend = f"{settings.BASE_URL}/settings/mailboxes/{mailbox.pk}/ says more and tests it."
    grant = getattr(mailbox, "grant", None)
    missing = missing_to_start(mailbox)
    if not mailbox.is_active:
        yield Finding("warning", at, f"{here} is paused: letters to it are put off. {missing}".strip(), mend)
    elif missing:
        yield Finding("fault", at, f"{here}: {missing}", mend)
    elif "grant" in (mailbox.incoming, mailbox.outgoing) and grant and grant.state == Grant.State.REFUSED:
        yield Finding("fault", at, f"{here}: a new consent is needed. {grant.error}", mend)
    elif mailbox.last_error:
        yield Finding("fault", at, f"{here}: {mailbox.last_error}", mend)
    else:
        yield Finding("well", at, f"{here} goes to {mailbox.team.name}.")
    if mailbox.is_active and settings.MAIL_MODE != "outbox" and mailbox.outgoing != mailbox.Outgoing.RELAY:
        yield _way_out(mailbox, mend)


def _way_out(mailbox: "Mailbox", mend: str) -> Finding:
    from backstory.channels.email import provider_sending, ways_out
    from backstory.channels.email.explaining import explain
    from backstory.kernel.errors import BackstoryError

    at, here = "Mailboxes", mailbox.address
    try:
        if mailbox.outgoing == mailbox.Outgoing.PROVIDER:
            provider_sending.connection(mailbox)
            return Finding("well", at, f"{here} sends by {mailbox.provider}; its keys are stored.")
        ways_out.session(mailbox).close()
    except (OSError, smtplib.SMTPException, BackstoryError, ValueError) as error:
        return Finding("fault", at, f"{here} cannot send. {explain(error, mailbox.smtp_host)}", mend)
    return Finding("well", at, f"{mailbox.smtp_host} takes the letters of {here}.")


def _listening(name: str, port: int) -> Finding:
    try:
        with socket.create_connection((env.mail_host, port), 3) as connected:
            banner = connected.recv(200).decode("ascii", "replace").strip()
    except OSError:
        words = f"Nothing answers on port {port}."
        return Finding("warning", f"{name} listener", words, "It runs with `backstory serve` or `backstory mail`.")
    return Finding("well", f"{name} listener", banner)


def mail_out() -> Iterator[Finding]:
    """The way out that mailboxes have unless they say otherwise, and the desk's own letters always."""
    from backstory.channels.email.submission import connect, desk_server

    if settings.MAIL_MODE == "outbox":
        words = "Letters are kept on this machine and sent to nobody."
        yield Finding("warning", "Outgoing mail", words, "Set BACKSTORY_MAIL_MODE=smtp to send them.")
        return
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        connect(desk_server()).close()
    except (OSError, smtplib.SMTPException) as error:
        mend = "Check the BACKSTORY_MAIL_OUT_… settings and that the server lets this machine send."
        yield Finding("fault", "Outgoing mail", f"{server} does not serve us: {error}", mend)
        return
    yield Finding("well", "Outgoing mail", f"{server} takes our letters.")
