"""Who is woken by which event. Rooms above subscribe a huey task once, in their `apps.ready`.

Rows are the truth and the queue only wakes workers: a wake-up may be lost, and every subscriber
has a sweep that finds its due rows again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Task = Callable[[int], Any]

_subscribers: defaultdict[str, list[Task]] = defaultdict(list)


def subscribe(kind: str, task: Task) -> None:
    """After an event of this kind commits, `task(subject_id)` is enqueued."""
    if task not in _subscribers[kind]:
        _subscribers[kind].append(task)


def wake(kind: str, subject_id: int) -> None:
    for task in _subscribers[kind]:
        task(subject_id)


@contextmanager
def quiet() -> Iterator[None]:
    """Inside the block, in this process, events wake nobody: for whoever does the subscribers' work themselves."""
    subscribed = dict(_subscribers)
    _subscribers.clear()
    try:
        yield
    finally:
        _subscribers.update(subscribed)
