"""What the SMTP and LMTP listener does in the database: find the mailbox, keep the bytes.

Called in threads of the listener's own; each call closes its database connection, so that none is left behind in a
thread that may never be used again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, ParamSpec, TypeVar

from django.db import connections

from backstory.conversations.actions import store_raw
from backstory.conversations.models import Channel
from backstory.conversations.queries import mailbox_for, paused_mailbox_for

P = ParamSpec("P")
R = TypeVar("R")
Standing = Literal["taken", "later", "unknown"]


def own_connection(function: Callable[P, R]) -> Callable[P, R]:
    """Give a function that runs in a thread a database connection that ends with it."""

    @wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        finally:
            connections.close_all()

    return wrapped


@own_connection
def standing(address: str) -> Standing:
    """Whether mail to this address is for a mailbox of the desk, and whether that takes any just now."""
    if mailbox_for(address) is not None:
        return "taken"
    return "later" if paused_mailbox_for(address) is not None else "unknown"


@own_connection
def keep(data: bytes, recipients: list[str], envelope: dict[str, Any]) -> list[str]:
    """Store a letter once for each mailbox among its recipients; the recipients it could not be stored for."""
    by_mailbox: dict[int, list[str]] = {}
    mailboxes = {}
    missing: list[str] = []
    for address in recipients:
        found = mailbox_for(address)
        if found is None:
            missing.append(address)
            continue
        mailboxes[found[0].pk] = found[0]
        by_mailbox.setdefault(found[0].pk, []).append(address)
    for key, addresses in by_mailbox.items():
        store_raw(Channel.EMAIL, mailboxes[key], data, {**envelope, "recipients": addresses})
    return missing
