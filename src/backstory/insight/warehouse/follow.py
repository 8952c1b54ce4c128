"""Keeping the read model at the desk's heels: one thread of a worker, a look at the event log each second."""

import threading
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import structlog
from django.conf import settings
from django.db import DatabaseError, connection

from backstory.insight.warehouse import build, store
from backstory.kernel import clock
from backstory.live.queries import Tail

POLL_SECONDS = 1.0
TURN_SECONDS = 15.0
"""How long to wait where another worker has the turn; it takes over when that one ends."""

OLD = timedelta(hours=20)
NIGHT = range(2, 5)

log = structlog.get_logger(__name__)


class Follower:
    """Each `step` brings the read model to the newest event, building it first where there is none."""

    def __init__(self) -> None:
        self._tail: Tail | None = None

    def step(self) -> float:
        """Do what is to be done now; returns the seconds to wait before the next step."""
        try:
            if store.rebuild_is_wanted() or self._is_night_and_old():
                self._rebuild()
            build.update(self._following())
            store.heartbeat()
            return POLL_SECONDS
        except build.Behind:
            self._rebuild()
        except store.InUse:
            self._tail = None
            return TURN_SECONDS
        except duckdb.Error as error:
            log.error("warehouse.damaged", error=str(error))
            store.ask_for_rebuild()
        except (DatabaseError, OSError) as error:
            log.warning("warehouse.follow", error=str(error))
            connection.close()
        self._tail = None  # what it has seen may not have been written: look again from where the files are
        return POLL_SECONDS

    def _is_night_and_old(self) -> bool:
        """Once a night all is built anew: what no event told of, such as signs whose time was over, is gone then."""
        manifest = store.read()
        if manifest is None:
            return False
        age = clock.now() - datetime.fromisoformat(manifest.built_at)
        hour = clock.now().astimezone(ZoneInfo(settings.DESK_TIME_ZONE)).hour
        return age > OLD and (hour in NIGHT or age > 2 * OLD)

    def _following(self) -> Tail:
        if self._tail is None:
            manifest = store.read()
            if manifest is None:
                raise build.Behind
            self._tail = Tail(start=manifest.position)
        return self._tail

    def _rebuild(self) -> None:
        started = time.monotonic()
        manifest = build.rebuild()
        self._tail = None
        log.info("warehouse.built", position=manifest.position, seconds=round(time.monotonic() - started, 1))


def follow(stop: threading.Event) -> None:
    """Until told to stop."""
    follower = Follower()
    pause = 0.0
    while not stop.wait(pause):
        pause = follower.step()
    connection.close()


def start() -> threading.Event:
    """Follow in a thread of this process; setting the event that comes back ends it."""
    stop = threading.Event()
    threading.Thread(target=follow, args=(stop,), name="warehouse", daemon=True).start()
    return stop
