"""Files that come with a request: more than the desk takes is refused before any of it is read."""

import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

FIELDS = 1024 * 1024
"""Bytes that the other fields of a form may have beside its files."""
MACHINES = ("/api/", "/hooks/")
"""Beginnings of paths at which other programs hand over whole letters."""


def largest_request(request: HttpRequest) -> int:
    """Bytes of a request with files that is still read. The portal has limits of its own, before this one."""
    if request.path.startswith(MACHINES):
        return int(settings.MAIL_MAX_BYTES) * 2 + FIELDS
    match = request.resolver_match
    if match is not None and "portal" in match.namespaces:
        return sys.maxsize
    return int(settings.ATTACHMENTS_MAX_BYTES) + FIELDS


class BoundedUploads(FileUploadHandler):
    """The first of all upload handlers. A request announces its length, and no more than that is ever read of it."""

    request: HttpRequest

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **kwargs: Any) -> None:
        if content_length > largest_request(self.request):
            raise RequestDataTooBig("more than the desk takes in one request")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers that follow keep the file."""
