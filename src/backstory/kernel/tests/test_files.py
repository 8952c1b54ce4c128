"""Bytes are stored whole or not at all."""

import errno
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage

from backstory.kernel import clock, files

LETTER = b"The heating is off.\n" * 500


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(files, "default_storage", FileSystemStorage(location=tmp_path))
    return tmp_path


def test_the_same_bytes_are_one_file(disk: Path) -> None:
    assert files.put("raw", LETTER) == files.put("raw", LETTER)
    path, _ = files.put("raw", LETTER)
    assert files.get(path) == LETTER
    assert [one for one in disk.rglob("*") if one.is_file()] == [disk / path]


def test_a_full_disk_leaves_nothing_under_the_name_of_the_bytes(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            files.put("raw", LETTER)
    assert not [one for one in disk.rglob("*") if one.is_file()]
    path, _ = files.put("raw", LETTER)
    assert files.get(path) == LETTER


def test_what_an_earlier_crash_cut_off_is_written_whole(disk: Path) -> None:
    path, _ = files.put("raw", LETTER)
    (disk / path).write_bytes(LETTER[:100])
    assert files.put("raw", LETTER)[0] == path
    assert files.get(path) == LETTER


def test_what_a_crash_cut_off_is_cleared_after_a_day_and_nothing_else(disk: Path) -> None:
    path, _ = files.put("raw", LETTER)
    old, young = disk / files.PARTIAL / "old", disk / files.PARTIAL / "young"
    for one in (old, young):
        one.write_bytes(LETTER[:100])
    yesterday = clock.now().timestamp() - 25 * 3600
    os.utime(old, (yesterday, yesterday))
    os.utime(disk / path, (yesterday, yesterday))
    assert files.clear_partial(timedelta(days=1)) == 1
    assert young.exists()
    assert files.get(path) == LETTER
