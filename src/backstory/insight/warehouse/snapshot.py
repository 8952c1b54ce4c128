"""Reading the read model: a DuckDB in memory whose views stand on the files of one generation."""

import atexit
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
from django.utils.translation import gettext as _
from duckdb import DuckDBPyConnection

from backstory.insight.warehouse import store
from backstory.insight.warehouse.schema import FACTS
from backstory.insight.warehouse.store import Manifest
from backstory.kernel.errors import BackstoryError

MEMORY = "1GB"
Values = Sequence[Any] | dict[str, Any]


class NotReady(BackstoryError):
    """The read model is being built, or its files are broken."""


@dataclass(frozen=True)
class Snapshot:
    """The desk as it was at `updated_at`; every question to one snapshot sees the same moment."""

    manifest: Manifest
    con: DuckDBPyConnection

    @property
    def updated_at(self) -> datetime:
        return datetime.fromisoformat(self.manifest.updated_at)

    def rows(self, question: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """All rows of an answer. Raises NotReady, and asks for a rebuild, where a file is broken or gone."""
        with self.session() as session:
            return session.rows(question, values)

    @contextmanager
    def session(self) -> Iterator["Session"]:
        """Several questions that build on one another."""
        with self.con.cursor() as cursor:
            yield Session(cursor)


@dataclass(frozen=True)
class Session:
    """What is held in it is gone with it, and nobody else sees it."""

    cursor: DuckDBPyConnection

    def rows(self, question: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """As `Snapshot.rows`."""
        try:
            return self.cursor.execute(question, values).fetchall()
        except (duckdb.IOException, duckdb.InvalidInputException, duckdb.SerializationException) as error:
            raise _broken() from error

    def hold(self, name: str, question: str, values: Values = ()) -> None:
        """Keep an answer in memory as a table that later questions can ask."""
        self.rows(f"CREATE OR REPLACE TEMP TABLE {name} AS {question}", values)


_latest: Snapshot | None = None
_lock = threading.Lock()


def snapshot() -> Snapshot:
    """The newest one, shared within the process. Raises NotReady where there is none."""
    global _latest  # noqa: PLW0603 - one per process, guarded by the lock
    manifest = store.read()
    if manifest is None:
        raise NotReady(_("The figures are being prepared."))
    with _lock:
        if _latest is None or _latest.manifest != manifest:
            _latest = _opened(manifest)
        return _latest


@atexit.register
def forget() -> None:
    """Let go of the newest one: DuckDB wants to be closed before the interpreter is."""
    global _latest  # noqa: PLW0603 - as above
    with _lock:
        _latest = None


def _broken() -> NotReady:
    store.ask_for_rebuild()
    return NotReady(_("The files of the reports are damaged. They are being built anew; nothing else is affected."))


def _opened(manifest: Manifest) -> Snapshot:
    con = duckdb.connect(":memory:", config={"memory_limit": MEMORY, "threads": 2})
    try:
        con.execute("SET TimeZone = 'UTC'")
        con.execute(f"CREATE TABLE changed AS FROM '{manifest.recent_file('changed')}'")
        for table in FACTS:
            con.execute(_view(manifest, table))
        con.execute(_events_view(manifest))
    except duckdb.Error as error:
        raise _broken() from error
    return Snapshot(manifest, con)


def _view(manifest: Manifest, table: str) -> str:
    """The base without the conversations that changed since, and those as they are now."""
    return (
        f"CREATE VIEW {table} AS FROM read_parquet({manifest.files(table)}) ANTI JOIN changed USING (conversation_id) "
        f"UNION ALL BY NAME FROM '{manifest.recent_file(table)}'"
    )


def _events_view(manifest: Manifest) -> str:
    """Of a conversation that was erased its events are left out too."""
    recent = manifest.recent_file("events")
    gone = f"SELECT conversation_id FROM changed ANTI JOIN '{manifest.recent_file('cases')}' USING (conversation_id)"
    return (
        f"CREATE VIEW events AS WITH gone AS ({gone}), known AS (SELECT event_id FROM '{recent}') "
        f"SELECT * FROM (FROM read_parquet({manifest.files('events')}) ANTI JOIN known USING (event_id) "
        f"UNION ALL BY NAME FROM '{recent}') ANTI JOIN gone USING (conversation_id)"
    )
