"""Files by content: the same bytes are stored once, under their SHA-256, through Django's storage."""

import hashlib
import os
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


def put(folder: str, data: bytes) -> tuple[str, str]:
    """Store bytes durably (flushed to disk where storage is a disk); returns (path, SHA-256 in hexadecimal)."""
    digest = hashlib.sha256(data).hexdigest()
    path = f"{folder}/{digest[:2]}/{digest[2:4]}/{digest}"
    if not default_storage.exists(path):
        path = default_storage.save(path, ContentFile(data))
        _flush(path)
    return path, digest


def _flush(path: str) -> None:
    try:
        local = Path(default_storage.path(path))
    except NotImplementedError:  # object storage has answered only when the object is safe
        return
    for part in (local, local.parent):
        handle = os.open(part, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


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
