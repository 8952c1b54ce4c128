"""Transactions whose outcome survives a power cut once they are over.

SQLite runs with `synchronous=NORMAL`: in WAL mode a power cut leaves the database whole, but may take the newest
commits with it, since the log is flushed to disk only now and then (https://sqlite.org/pragma.html#pragma_synchronous).
That is right for work that is found again and done anew. It is wrong where somebody outside is told that all is safe:
a mail server that deletes its copy, a provider, a customer with a number in hand. There the commit is flushed, and with
it, since the log is one file read from its beginning, every commit before it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def durable() -> Iterator[None]:
    """One transaction, flushed to disk before this returns.

    Inside another transaction it is part of that one, which decides. PostgreSQL flushes each commit by itself, unless
    its `synchronous_commit` has been switched off.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    _flush_commits("FULL")
    try:
        with transaction.atomic():
            yield
    finally:
        _flush_commits("NORMAL")


def _flush_commits(how: str) -> None:
    """Set when SQLite flushes its log, for this connection; outside a transaction only."""
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous={how}")
