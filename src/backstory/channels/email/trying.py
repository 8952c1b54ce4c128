"""Trying a mailbox: each step in plain words, whether letters can come in and go out."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from backstory.channels.email import imap, provider_sending, providers, ways_out
from backstory.channels.email.auto import LOOP_HEADER
from backstory.channels.email.explaining import explain
from backstory.channels.email.ingest import loop_token
from backstory.channels.email.submission import MailServer, connect
from backstory.conversations import actions
from backstory.conversations.models import Mailbox, MailboxTest
from backstory.kernel import clock

log = structlog.get_logger(__name__)

Incoming, Outgoing = Mailbox.Incoming, Mailbox.Outgoing
Outcome = tuple[actions.Ending, str]


def run(test_id: int) -> None:
    """Make one trial that was asked for. Nothing of the mailbox changes, and no letter of it is touched."""
    test = actions.claim_mailbox_test(test_id)
    if test is None:
        return
    mailbox = test.mailbox
    _step(test, _("Letters come in"), _place_in(mailbox), lambda: _try_incoming(mailbox))
    _step(test, _("Letters go out"), _place_out(mailbox), lambda: _try_outgoing(mailbox))
    if test.sends_letter and test.requested_by is not None:
        to = test.requested_by.email
        _step(test, _("A letter to %(address)s") % {"address": to}, _place_out(mailbox), lambda: _send(mailbox, to))
    actions.finish_mailbox_test(test)


def _step(test: MailboxTest, name: str, server: str, attempt: Callable[[], Outcome]) -> None:
    actions.note_step(test, name, "running")
    try:
        ending, words = attempt()
    except Exception as error:
        log.info("a mailbox did not pass its test", mailbox_id=test.mailbox_id, error=type(error).__name__)
        ending, words = "bad", explain(error, server)
    actions.note_step(test, name, ending, words)


def _place_in(mailbox: Mailbox) -> str:
    if mailbox.incoming == Incoming.LISTENER:
        return f"{settings.MAIL_HOST}:{settings.MAIL_SMTP_PORT or settings.MAIL_LMTP_PORT}"
    return f"{mailbox.imap_host}:{mailbox.imap_port}"


def _place_out(mailbox: Mailbox) -> str:
    if mailbox.outgoing == Outgoing.RELAY:
        return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    return f"{mailbox.smtp_host}:{mailbox.smtp_port}"


def _try_incoming(mailbox: Mailbox) -> Outcome:
    if mailbox.incoming == Incoming.LISTENER:
        return _try_listener(mailbox)
    if mailbox.incoming == Incoming.WEBHOOK:
        return _try_webhook(mailbox)
    with imap.connected(mailbox) as remote:
        found = remote.folder.status(mailbox.imap_folder, ["MESSAGES"])["MESSAGES"]
    known = {"server": mailbox.imap_host, "folder": mailbox.imap_folder, "count": found}
    return "good", _("%(server)s let the desk in; %(folder)s holds %(count)s letters.") % known


def _try_listener(mailbox: Mailbox) -> Outcome:
    """Ask our own listener as a mail server would, up to the point where a letter would follow."""
    if not settings.MAIL_SMTP_PORT:
        port = settings.MAIL_LMTP_PORT
        if not port:
            return "bad", _("The desk listens on no port: set BACKSTORY_SMTP_PORT or BACKSTORY_LMTP_PORT.")
        return "note", _("Your mail server hands letters to port %(port)s by LMTP; that cannot be tried from here.") % {
            "port": port
        }
    with connect(MailServer(settings.MAIL_HOST, settings.MAIL_SMTP_PORT, "none")) as server:
        server.mail("")
        code, reply = server.rcpt(mailbox.address)
    if code in (250, 251):
        known = {"address": mailbox.address, "port": settings.MAIL_SMTP_PORT}
        words = _("The listener takes letters for %(address)s on port %(port)s. Point your mail server there.")
        return "good", words % known
    if not mailbox.is_active:
        return "note", _("The listener answers. It will take letters once the mailbox is switched on.")
    return "bad", _("The listener refused the address: %(reply)s") % {"reply": reply.decode("utf-8", "replace")[:200]}


def _try_webhook(mailbox: Mailbox) -> Outcome:
    provider = providers.provider_of(mailbox)
    providers.view_for(mailbox, providers.LETTERS)
    last = mailbox.provider_calls.order_by("-id").first()
    known = {"provider": provider.label}
    if last is None:
        return "note", _(
            "All is ready, but %(provider)s has not called yet. Enter the address there, then write to it."
        ) % known
    if last.state == last.State.FAILED:
        return "bad", last.error
    return "good", _("%(provider)s has called, and was understood.") % known


def _try_outgoing(mailbox: Mailbox) -> Outcome:
    if settings.MAIL_MODE == "outbox":
        return "note", _("The desk keeps all letters on this machine (BACKSTORY_MAIL_MODE is outbox).")
    if mailbox.outgoing == Outgoing.PROVIDER:
        provider_sending.connection(mailbox)
        return "note", _(
            "The keys are stored. Whether they are right shows with the first letter: have one sent to you."
        )
    server = ways_out.session(mailbox)
    try:
        code, reply = server.mail(mailbox.address)
    finally:
        server.close()
    words = reply.decode("utf-8", "replace")[:200]
    if code != 250:
        return "bad", _("The server let the desk in, but will not send for %(address)s: %(reply)s") % {
            "address": mailbox.address,
            "reply": f"{code} {words}",
        }
    return "good", _("%(server)s lets the desk send for %(address)s.") % {
        "server": _place_out(mailbox),
        "address": mailbox.address,
    }


def _send(mailbox: Mailbox, to: str) -> Outcome:
    if settings.MAIL_MODE == "outbox":
        return "note", _("Not sent: the desk keeps all letters on this machine.")
    data = _letter(mailbox, to)
    if mailbox.outgoing == Outgoing.PROVIDER:
        with provider_sending.connection(mailbox) as provider:
            provider.send_messages([provider_sending.message_for(data, [to])])
    else:
        server = ways_out.session(mailbox)
        try:
            server.sendmail(mailbox.address, [to], data)
        finally:
            server.close()
    return "good", _("It was taken. Look whether it arrives, and whether it is taken for spam.")


def _letter(mailbox: Mailbox, to: str) -> bytes:
    letter = EmailMessage(policy=SMTP)
    letter["From"] = f"{mailbox.sender_name} <{mailbox.address}>" if mailbox.sender_name.isalnum() else mailbox.address
    letter["To"] = to
    letter["Subject"] = _("Test of %(address)s") % {"address": mailbox.address}
    letter["Date"] = format_datetime(clock.now())
    letter["Message-ID"] = make_msgid(domain=mailbox.address.rpartition("@")[2])
    letter["Auto-Submitted"] = "auto-generated"
    letter[LOOP_HEADER] = loop_token()
    words = _("This letter was sent by your complaint desk to see whether %(address)s can send.")
    letter.set_content((words % {"address": mailbox.address}) + "\n")
    return letter.as_bytes()
