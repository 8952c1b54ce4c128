"""Files in a form, held to their limits while they stream in: what is too much never fills the disk."""

from typing import Any, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from backstory.channels.email.charsets import one_line
from backstory.channels.form.wire import Upload
from backstory.portal.rules import Problem

MOST_FILES = 5
TOGETHER = 2  # all files of a form, in multiples of the largest single one
MOST_READ = 12  # a request larger than this many largest files is refused without reading it
FIELD = "files"


def largest_file() -> int:
    """Bytes that one file may have."""
    return int(settings.UPLOAD_MAX_BYTES)


def largest_total() -> int:
    """Bytes that the files of one form may have together."""
    return largest_file() * TOGETHER


def largest_request() -> int:
    """Bytes of a request that is still read, so that its sender gets a form back rather than a shut door."""
    return largest_file() * MOST_READ


class LimitedUploads(FileUploadHandler):
    """Drops a file as soon as it passes a limit and remembers why; the other fields are read all the same."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.refused: list[Problem] = []
        self.count = self.total = self.size = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.count, self.size = self.count + 1, 0
        if self.count > MOST_FILES:
            self._refuse("error.files.too_many")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.size += len(raw_data)
        if self.size > largest_file():
            self._refuse("error.file.too_large")
        if self.total + self.size > largest_total():
            self._refuse("error.files.too_large")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        self.total += file_size

    def _refuse(self, phrase: str) -> None:
        self.refused.append(Problem(FIELD, phrase, {"name": one_line(self.file_name or "")[:80]}))
        raise SkipFile


def refused(request: HttpRequest) -> list[Problem]:
    """Why files were dropped or cannot be taken, in words of the phrase file."""
    dropped = [handler.refused for handler in request.upload_handlers if isinstance(handler, LimitedUploads)]
    empty = [
        Problem(FIELD, "error.file.empty", {"name": one_line(file.name or "")[:80]})
        for file in _files(request)
        if not file.size
    ]
    return [*(problem for problems in dropped for problem in problems), *empty]


def _files(request: HttpRequest) -> list["UploadedFile[Any]"]:
    return cast("list[UploadedFile[Any]]", request.FILES.getlist(FIELD))


def taken(request: HttpRequest) -> tuple[Upload, ...]:
    """The files as the browser sent them, read into memory (`largest_total` bytes at most)."""
    return tuple(Upload(file.name or "", file.content_type or "", file.read()) for file in _files(request))
