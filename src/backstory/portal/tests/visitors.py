"""A browser at the portal: it solves the proof of work as the page's script does, in the altcha package's code."""

import re
from datetime import timedelta
from typing import Any

import altcha
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from backstory.channels.form.actions import accept
from backstory.conversations.models import Message, RawMessage
from backstory.kernel import clock

HIDDEN = re.compile(r'name="(\w+)" value="([^"]*)"')


def solve(challenge: dict[str, Any]) -> str:
    """The payload that the page's script would put into the form."""
    parsed = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(parsed)
    assert solution is not None
    return altcha.Payload(parsed, solution).to_base64()


class Visitor:
    """Somebody with a browser; CSRF is checked as in real life, and a page is read before it is sent."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)

    def open(self, path: str = "/help/", seconds: int = 60, **extra: Any) -> dict[str, str]:
        """The hidden fields of a page that was opened so many seconds ago."""
        with clock.travel(clock.now() - timedelta(seconds=seconds)):
            page = self.client.get(path, **extra)
        return dict(HIDDEN.findall(page.content.decode()))

    def proof(self) -> str:
        return solve(self.client.get("/help/challenge/").json())

    def filled(self, path: str = "/help/", **fields: Any) -> dict[str, Any]:
        """A form of Maya's, ready to be sent; fields can be overwritten."""
        words = {"email": "maya@customer.example", "name": "Maya Lind", "happened": "The kettle broke on day two."}
        return {**self.open(path), **words, "altcha": self.proof(), **fields}

    def send(self, path: str = "/help/", **fields: Any) -> HttpResponse:
        response: HttpResponse = self.client.post(path, self.filled(path, **fields))
        return response


def file(name: str = "receipt.pdf", size: int = 1000, content_type: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7\n".ljust(size, b"x"), content_type)


def take_in() -> list[Message]:
    """What the worker makes of the originals that wait."""
    waiting = RawMessage.objects.filter(state=RawMessage.State.RECEIVED)
    return [message for raw in waiting if (message := accept(raw))]
