"""By which way the letters of a mailbox leave: the desk's own relay, the mailbox's server, or a provider."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from functools import partial

from backstory.channels.email import oauth, provider_sending
from backstory.channels.email.submission import MailServer, Outcome, Route, connect, desk_server, submit
from backstory.conversations import actions
from backstory.conversations.models import Delivery, Mailbox
from backstory.kernel.secret import unseal

Outgoing = Mailbox.Outgoing


def server_of(mailbox: Mailbox, *, other_than: str = "") -> MailServer:
    """The server that takes this mailbox's letters. Raises BackstoryError where there is no token for it."""
    if mailbox.outgoing == Outgoing.RELAY:
        return desk_server()
    place = (mailbox.smtp_host, mailbox.smtp_port, mailbox.smtp_security)
    if mailbox.outgoing == Outgoing.GRANT:
        token = oauth.access_token(mailbox, other_than=other_than)
        return MailServer(*place, mailbox.smtp_user or mailbox.imap_user or mailbox.address, token=token)
    return MailServer(*place, mailbox.smtp_user, unseal(mailbox.smtp_password_sealed))


def session(mailbox: Mailbox) -> smtplib.SMTP:
    """A session with the mailbox's server; a token that is refused before its time is renewed once.

    Raises OSError, SMTPException or BackstoryError.
    """
    server = server_of(mailbox)
    try:
        return connect(server)
    except smtplib.SMTPAuthenticationError:
        if not server.token:
            raise
        return connect(server_of(mailbox, other_than=server.token))


def hand_over(delivery: Delivery, sender: str, wanted: Mapping[str, str], data: bytes) -> Outcome:
    """Send a letter of its mailbox to the `wanted` addresses (as the server knows them). Never raises for what others
    do; without a token the letter waits."""
    mailbox = delivery.message.conversation.mailbox
    may_hand_over = partial(actions.begin_handing_over, delivery)
    if mailbox.outgoing == Outgoing.PROVIDER:
        return provider_sending.submit(delivery, data, list(wanted), may_hand_over)
    return submit(sender, list(wanted), data, may_hand_over, by=_route(mailbox))


def _route(mailbox: Mailbox) -> Route | None:
    """The mailbox's own way, None for the desk's. Nothing of one mailbox ever shares a log-in with another."""
    if mailbox.outgoing == Outgoing.RELAY:
        return None
    place = (mailbox.pk, mailbox.outgoing, mailbox.smtp_host, mailbox.smtp_port, mailbox.smtp_user)
    return Route((*place, mailbox.smtp_password_sealed), partial(session, mailbox))
