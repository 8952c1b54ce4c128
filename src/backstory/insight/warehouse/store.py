"""The files of the read model, and how they change hands.

DuckDB lets one process write a database file, or many read it, never both. So no file here is ever changed: the
writer puts new ones beside the old and then swaps a small manifest by an atomic rename; whoever reads opens what the
manifest named when they looked, needs no lock and never waits. One writer at a time holds `writer.lock`.

    manifest.json         which files are the read model now
    parts/                the base: one file per table and range of conversations (or events)
    recent/               the same tables for conversations that changed since; they replace their rows in the base
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from backstory.insight.warehouse.schema import TABLES, VERSION
from backstory.kernel import clock

KEPT_SECONDS = 120
"""How long a file that no manifest names stays: readers who looked before may still be at it."""
FOLLOWED = timedelta(seconds=60)


class InUse(Exception):
    """Another process writes the read model."""


def home() -> Path:
    """The folder, made on first use and readable by its owner only."""
    folder = Path(settings.WAREHOUSE_DIR)
    for each in (folder, folder / "parts", folder / "recent", folder / "work"):
        each.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


@dataclass(frozen=True)
class Part:
    """A range of ids and the files that hold it: `parts/NAME-TABLE.parquet`."""

    name: str
    low: int
    high: int

    def path(self, table: str) -> Path:
        return home() / "parts" / f"{self.name}-{table}.parquet"


@dataclass(frozen=True)
class Manifest:
    """What the read model is at one moment. `position` is the newest event that it knows of."""

    version: str
    generation: int
    position: int
    built_at: str
    updated_at: str
    parts: list[Part] = field(default_factory=list)
    event_parts: list[Part] = field(default_factory=list)
    recent: str = ""  # prefix of the files in recent/
    changed: int = 0  # conversations in there

    def files(self, table: str) -> list[str]:
        """The base files of a table."""
        parts = self.event_parts if table == "events" else self.parts
        return [str(part.path(table)) for part in parts]

    def recent_file(self, table: str) -> str:
        return str(home() / "recent" / f"{self.recent}-{table}.parquet")

    def names(self) -> Iterator[str]:
        """All files, to know which can go."""
        for table in TABLES:
            yield from self.files(table)
            yield self.recent_file(table)
        yield self.recent_file("changed")


def read() -> Manifest | None:
    """The manifest, or None where there is none that this version understands."""
    try:
        data = json.loads((home() / "manifest.json").read_text())
        if data["version"] != VERSION:
            return None
        parts, event_parts = ([Part(**part) for part in data.pop(name)] for name in ("parts", "event_parts"))
        return Manifest(**data, parts=parts, event_parts=event_parts)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def publish(manifest: Manifest) -> None:
    """Swap the manifest, then let go of files that neither it nor a reader of late can need."""
    folder = home()
    _write(folder / "manifest.json", asdict(manifest))
    needed = set(manifest.names())
    old = time.time() - KEPT_SECONDS
    for path in (*(folder / "parts").iterdir(), *(folder / "recent").iterdir()):
        with suppress(OSError):
            if str(path) not in needed and path.stat().st_mtime < old:
                path.unlink()


def _write(path: Path, data: dict[str, Any]) -> None:
    fresh = path.with_suffix(".fresh")
    fresh.write_text(json.dumps(data))
    fresh.replace(path)


@contextmanager
def writing() -> Iterator[None]:
    """Be the one who writes; raises InUse where another process is."""
    with (home() / "writer.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InUse from None
        yield


def say_progress(stage: str, done: int, total: int) -> None:
    """Leave word of how far a rebuild is."""
    _write(home() / "progress.json", {"stage": stage, "done": done, "total": total, "at": clock.now().isoformat()})


def end_progress() -> None:
    (home() / "progress.json").unlink(missing_ok=True)


def ask_for_rebuild() -> None:
    """Whoever follows the desk builds everything anew, soon."""
    (home() / "rebuild.wanted").touch()


def rebuild_is_wanted() -> bool:
    return (home() / "rebuild.wanted").exists()


def rebuild_is_done() -> None:
    (home() / "rebuild.wanted").unlink(missing_ok=True)


def heartbeat() -> None:
    """Leave word that somebody follows the desk."""
    path = home() / "followed"
    path.touch()
    os.utime(path)


@dataclass(frozen=True)
class Status:
    """How the read model is doing. `progress` is (stage, done, total) while it is being built."""

    ready: bool
    wanted: bool
    followed: bool
    built_at: datetime | None = None
    updated_at: datetime | None = None
    progress: tuple[str, int, int] | None = None

    @property
    def percent(self) -> int:
        if not self.progress or not self.progress[2]:
            return 0
        return round(100 * self.progress[1] / self.progress[2])


def status() -> Status:
    manifest = read()
    return Status(
        ready=manifest is not None,
        wanted=rebuild_is_wanted(),
        followed=_is_followed(),
        built_at=datetime.fromisoformat(manifest.built_at) if manifest else None,
        updated_at=datetime.fromisoformat(manifest.updated_at) if manifest else None,
        progress=_progress(),
    )


def _is_followed() -> bool:
    with suppress(OSError):
        return time.time() - (home() / "followed").stat().st_mtime < FOLLOWED.total_seconds()
    return False


def _progress() -> tuple[str, int, int] | None:
    with suppress(OSError, ValueError, KeyError):
        data = json.loads((home() / "progress.json").read_text())
        return data["stage"], data["done"], data["total"]
    return None
