"""Making the read model, and keeping it with the desk.

A rebuild reads everything by ranges of ids. An update asks the event log which conversations changed and derives
those anew. Both use the same questions (`schema.FACTS`), so that following the log equals building from nothing;
what changed while a rebuild was reading stands in the log behind the position noted at its start, and is done again.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from duckdb import DuckDBPyConnection

from backstory.insight.warehouse import derive, extract, store
from backstory.insight.warehouse.extract import Between, These
from backstory.insight.warehouse.schema import FACTS, TABLES, VERSION
from backstory.insight.warehouse.store import Manifest, Part
from backstory.kernel import clock
from backstory.kernel.ids import token
from backstory.live.queries import Tail, newest_id

CONVERSATIONS_A_PART = 50_000
EVENTS_A_PART = 500_000
AT_ONCE = 500  # changed conversations that are read together
MOST_CHANGED = 20_000  # then the changed ones are folded into the base
TOO_FAR = 200_000  # events behind: building anew is quicker
MEMORY = "1GB"

Progress = Callable[[str, int, int], None]


class Behind(Exception):
    """There is no read model yet, or it is too far behind to follow: build it anew."""


@contextmanager
def workbench() -> Iterator[tuple[DuckDBPyConnection, Path]]:
    """A DuckDB of one's own, and a folder for what is on its way."""
    with TemporaryDirectory(dir=store.home() / "work") as folder:
        con = duckdb.connect(":memory:", config={"memory_limit": MEMORY, "temp_directory": folder, "threads": 2})
        try:
            con.execute("SET TimeZone = 'UTC'")
            yield con, Path(folder)
        finally:
            con.close()


def rebuild(progress: Progress = store.say_progress) -> Manifest:
    """Build everything anew; the old files serve until the new ones are whole. Raises store.InUse."""
    with store.writing(), workbench() as (con, folder):
        position, moment, build = newest_id(), clock.now().isoformat(), token()[:10]
        parts = list(ranges(build, 0, extract.highest("conversations_conversation"), CONVERSATIONS_A_PART))
        event_parts = list(ranges(f"{build}e", 0, position, EVENTS_A_PART))
        total = len(parts) + len(event_parts)
        for number, part in enumerate(parts):
            progress("conversations", number, total)
            write_part(con, part, folder)
        for number, part in enumerate(event_parts, len(parts)):
            progress("events", number, total)
            derive.events(con, Between(part.low, part.high), folder)
            _copy(con, "FROM new_events", part.path("events"))
        _empty_recent(con, folder)
        before = store.read()
        generation = before.generation + 1 if before else 1
        manifest = _publish(con, Manifest(VERSION, generation, position, moment, moment, parts, event_parts))
    store.end_progress()
    store.rebuild_is_done()
    return manifest


def ranges(build: str, low: int, high: int, size: int) -> Iterator[Part]:
    """At least one part, so that there is always a file to read."""
    for number, start in enumerate(range(low, max(high, low + 1), size)):
        yield Part(f"{build}-{number:04}", start, min(start + size, max(high, low + 1)))


def write_part(con: DuckDBPyConnection, part: Part, folder: Path) -> None:
    """Read a range of conversations from the operational tables into the files of a part."""
    derive.facts(con, Between(part.low, part.high), folder)
    for table in FACTS:
        _copy(con, f"FROM new_{table} ORDER BY conversation_id", part.path(table))


def _copy(con: DuckDBPyConnection, question: str, path: Path) -> None:
    con.execute(f"COPY ({question}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")


def _empty_recent(con: DuckDBPyConnection, folder: Path) -> None:
    """Tables without a row, of the right columns: what nobody's ids give."""
    derive.facts(con, These(()), folder)
    derive.events(con, These(()), folder)
    for table in TABLES:
        con.execute(f"CREATE OR REPLACE TABLE recent_{table} AS FROM new_{table}")
    con.execute("CREATE OR REPLACE TABLE changed (conversation_id BIGINT)")


def _load_recent(con: DuckDBPyConnection, manifest: Manifest) -> None:
    for table in TABLES:
        con.execute(f"CREATE OR REPLACE TABLE recent_{table} AS FROM '{manifest.recent_file(table)}'")
    con.execute(f"CREATE OR REPLACE TABLE changed AS FROM '{manifest.recent_file('changed')}'")


def _publish(con: DuckDBPyConnection, manifest: Manifest) -> Manifest:
    """Write what is recent, then swap the manifest."""
    fresh = replace(manifest, recent=f"{manifest.generation:08}-{token()[:6]}")
    for table in TABLES:
        _copy(con, f"FROM recent_{table}", Path(fresh.recent_file(table)))
    _copy(con, "FROM changed", Path(fresh.recent_file("changed")))
    store.publish(fresh)
    return fresh


def update(tail: Tail | None = None) -> int:
    """Bring the read model to where the event log is; returns how many events were new to it.

    `tail` remembers between calls which events were seen; without one the last of them are looked at again. Raises
    Behind where there is nothing to follow from, store.InUse where another process is at it.
    """
    with store.writing():
        manifest = store.read()
        if manifest is None or newest_id() - manifest.position > TOO_FAR:
            raise Behind
        tail = tail or Tail(start=manifest.position)
        events, conversations = _news(tail)
        if not events:
            return 0
        with workbench() as (con, folder):
            _load_recent(con, manifest)
            refresh(con, folder, conversations)
            _append_events(con, folder, events)
            moment = clock.now().isoformat()
            manifest = replace(manifest, generation=manifest.generation + 1, position=tail.position, updated_at=moment)
            if _count(con, "changed") > MOST_CHANGED:
                manifest = _fold(con, folder, manifest)
            _publish(con, manifest)
        return len(events)


def _news(tail: Tail) -> tuple[list[int], list[int]]:
    """Ids of the new events, and of the conversations that they tell of."""
    events: list[int] = []
    conversations: set[int] = set()
    while hints := tail.fresh():
        events += [hint.id for hint in hints]
        conversations |= {hint.conversation_id for hint in hints if hint.conversation_id}
    return events, sorted(conversations)


def in_portions(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))


def refresh(con: DuckDBPyConnection, folder: Path, conversations: list[int]) -> None:
    """Derive these conversations anew, among what is recent. One that is gone leaves no row."""
    for some in in_portions(conversations, AT_ONCE):
        derive.facts(con, These(some), folder)
        ids = ", ".join(map(str, some))
        for table in FACTS:
            con.execute(f"DELETE FROM recent_{table} WHERE conversation_id IN ({ids})")
            con.execute(f"INSERT INTO recent_{table} FROM new_{table}")
        con.execute(f"DELETE FROM changed WHERE conversation_id IN ({ids})")
        con.execute(f"INSERT INTO changed SELECT unnest([{ids}])")


def _append_events(con: DuckDBPyConnection, folder: Path, events: list[int]) -> None:
    """Events never change: those that are known already stay as they are."""
    for some in in_portions(events, 5_000):
        derive.events(con, These(some), folder)
        con.execute("DELETE FROM recent_events WHERE event_id IN (SELECT event_id FROM new_events)")
        con.execute("INSERT INTO recent_events FROM new_events")


def _count(con: DuckDBPyConnection, table: str) -> int:
    row = con.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0


def _fold(con: DuckDBPyConnection, folder: Path, manifest: Manifest) -> Manifest:
    """Move what is recent into the base: the parts it touches are written anew, the others stay."""
    build = token()[:10]
    parts = [_folded(con, part, f"{build}-{number:04}") for number, part in enumerate(manifest.parts)]
    end = parts[-1].high
    newest = con.execute("SELECT coalesce(max(conversation_id), 0) FROM changed").fetchone()
    if newest and newest[0] > end:
        for part in ranges(f"{build}n", end, int(newest[0]), CONVERSATIONS_A_PART):
            _copy_range(con, part)
            parts.append(part)
    first = max(each.high for each in manifest.event_parts)
    event_part = Part(f"{build}e", first, max(manifest.position, first))
    known = f"SELECT event_id FROM read_parquet({manifest.files('events')})"
    _copy(con, f"FROM recent_events WHERE event_id NOT IN ({known})", event_part.path("events"))
    _empty_recent(con, folder)
    return replace(manifest, parts=parts, event_parts=[*manifest.event_parts, event_part])


def _folded(con: DuckDBPyConnection, part: Part, name: str) -> Part:
    touched = f"SELECT count(*) FROM changed WHERE conversation_id > {part.low} AND conversation_id <= {part.high}"
    found = con.execute(touched).fetchone()
    if not found or not found[0]:
        return part
    fresh = replace(part, name=name)
    for table in FACTS:
        kept = f"FROM '{part.path(table)}' ANTI JOIN changed USING (conversation_id)"
        _copy(con, f"{kept} UNION ALL BY NAME ({_recent(table, part)}) ORDER BY conversation_id", fresh.path(table))
    return fresh


def _copy_range(con: DuckDBPyConnection, part: Part) -> None:
    for table in FACTS:
        _copy(con, f"{_recent(table, part)} ORDER BY conversation_id", part.path(table))


def _recent(table: str, part: Part) -> str:
    return f"FROM recent_{table} WHERE conversation_id > {part.low} AND conversation_id <= {part.high}"
