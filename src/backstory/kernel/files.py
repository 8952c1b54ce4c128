"""Files by content: the same bytes are stored once, under their SHA-256, through Django's storage."""

import hashlib
import os
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from backstory.kernel import clock

PARTIAL = "partial"
"""The folder of files that are being written; what a crash leaves there is cleared after a day."""


def put(folder: str, data: bytes) -> tuple[str, str]:
    """Store bytes durably (flushed to disk where storage is a disk); returns (path, SHA-256 in hexadecimal).

    All or nothing: whatever ends the process or fills the disk meanwhile, there is never a part of them under the path.
    """
    digest = hashlib.sha256(data).hexdigest()
    path = f"{folder}/{digest[:2]}/{digest[2:4]}/{digest}"
    local = _local(path)
    if local is None:
        if not default_storage.exists(path):
            default_storage.save(path, ContentFile(data))
    elif not local.is_file() or local.stat().st_size != len(data):
        _write(local, data)
    return path, digest


def _local(path: str) -> Path | None:
    """Where a file lies on the disk; None for object storage, which answers only when the whole object is safe."""
    try:
        return Path(default_storage.path(path))
    except NotImplementedError:
        return None


def _write(target: Path, data: bytes) -> None:
    """Write under another name, and give it its own once all of it is on the disk."""
    partial = Path(default_storage.path(PARTIAL))
    partial.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=partial)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh = [folder for folder in target.parents if not folder.exists()]
        target.parent.mkdir(parents=True, exist_ok=True)
        Path(name).replace(target)
    except BaseException:  # whatever it is: what was written is of no use
        Path(name).unlink(missing_ok=True)
        raise
    for folder in dict.fromkeys((target.parent, *(one.parent for one in fresh))):
        _flush(folder)


def _flush(folder: Path) -> None:
    """Make sure that the names in a folder are on the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def clear_partial(older_than: timedelta) -> int:
    """Remove what a crash cut off while it was written; how many there were. Object storage keeps no such thing."""
    folder = _local(PARTIAL)
    if folder is None or not folder.is_dir():
        return 0
    oldest = clock.now().timestamp() - older_than.total_seconds()
    gone = 0
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # finished, or removed by somebody else, this very moment
            if path.stat().st_mtime < oldest:
                path.unlink()
                gone += 1
    return gone


def exists(path: str) -> bool:
    """Whether there are bytes under a path that `put` returned."""
    return bool(path) and default_storage.exists(path)


def get(path: str) -> bytes:
    """The bytes stored under a path that `put` returned."""
    with default_storage.open(path, "rb") as file:
        data: bytes = file.read()
    return data


def head(path: str, size: int) -> bytes:
    """The first `size` bytes stored under a path that `put` returned; none if there is nothing any more."""
    if not exists(path):
        return b""
    with default_storage.open(path, "rb") as file:
        data: bytes = file.read(size)
    return data


def remove(path: str) -> None:
    """Remove a file for good; one that is not there is fine. Only for bytes nobody else can have stored too."""
    if path:
        default_storage.delete(path)
