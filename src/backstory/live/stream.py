"""Server-Sent Events: one thread per process follows the log and hands hints to every open page.

A hint says only that something changed; the page refetches through its ordinary view, so who may
see what is decided in one place.
"""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable

import structlog
from django.db import DatabaseError, connection

from backstory.live.queries import Hint, Tail

POLL_SECONDS = 0.4
HEARTBEAT_SECONDS = 15
LIFETIME_SECONDS = 600  # then the browser reconnects, and log-in and teams are checked again
BACKLOG = 100

log = structlog.get_logger(__name__)


class Hub:
    """Delivers hints to the pages of this process. Follows the log only while somebody listens."""

    def __init__(self) -> None:
        self._listeners: dict[asyncio.Queue[Hint], asyncio.AbstractEventLoop] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def listen(self) -> asyncio.Queue[Hint]:
        queue: asyncio.Queue[Hint] = asyncio.Queue(BACKLOG)
        with self._lock:
            self._listeners[queue] = asyncio.get_running_loop()
            if self._thread is None:
                self._thread = threading.Thread(target=self._follow, name="live-tail", daemon=True)
                self._thread.start()
        return queue

    def leave(self, queue: asyncio.Queue[Hint]) -> None:
        with self._lock:
            self._listeners.pop(queue, None)

    def _follow(self) -> None:
        tail: Tail | None = None
        pause = threading.Event()
        while self._has_listeners():
            try:
                tail = tail or Tail()
                for hint in tail.fresh():
                    self._deliver(hint)
            except DatabaseError as error:
                log.warning("live.tail", error=str(error))
                connection.close()
            pause.wait(POLL_SECONDS)
        connection.close()

    def _has_listeners(self) -> bool:
        with self._lock:
            if not self._listeners:
                self._thread = None
            return bool(self._listeners)

    def _deliver(self, hint: Hint) -> None:
        with self._lock:
            listeners = list(self._listeners.items())
        for queue, loop in listeners:
            try:
                loop.call_soon_threadsafe(_offer, queue, hint)
            except RuntimeError:  # that loop has ended
                self.leave(queue)


def _offer(queue: asyncio.Queue[Hint], hint: Hint) -> None:
    # A page that does not keep up loses hints, not data: the next hint makes it refetch all the same.
    if not queue.full():
        queue.put_nowait(hint)


hub = Hub()


def _frame(hint: Hint) -> str:
    data = json.dumps({"kind": hint.kind, "conversation": hint.conversation_id})
    return f"id: {hint.id}\nevent: changed\ndata: {data}\n\n"


async def frames(visible: Callable[[Hint], bool]) -> AsyncIterator[str]:
    """The text of one page's event stream, with a comment as heartbeat when nothing happens."""
    queue = hub.listen()
    loop = asyncio.get_running_loop()
    end = loop.time() + LIFETIME_SECONDS
    try:
        yield "retry: 1000\nevent: ready\ndata: {}\n\n"
        while loop.time() < end:
            try:
                hint = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if visible(hint):
                yield _frame(hint)
    finally:
        hub.leave(queue)
