"""The only source of the current time: aware UTC, and injectable for tests and the demo company."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_travelled: ContextVar[datetime | None] = ContextVar("travelled", default=None)


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return _travelled.get() or datetime.now(UTC)


def ahead(**parts: float) -> datetime:
    """The moment so many seconds, minutes, hours or days from now (keywords of `timedelta`)."""
    return now() + timedelta(**parts)


@contextmanager
def travel(moment: datetime) -> Iterator[None]:
    """Inside the block, `now()` answers `moment` (which must be aware)."""
    if moment.tzinfo is None:
        raise ValueError("travel() needs an aware moment")
    token = _travelled.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _travelled.reset(token)
