"""One HTTP call to an address that may be called: no redirects, no proxies, an end in time, an answer of limited size.

Connecting and asking are apart, because the difference decides about money: before the first byte was sent nothing can
have happened, after it anything may have.
"""

import hashlib
import json
import re
import socket
import ssl
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from backstory.kernel.errors import BackstoryError
from backstory.recovery.connectors.addresses import Target, permitted, target
from backstory.recovery.connectors.interface import Evidence, Misconfigured, Outcome, State

LARGEST_ANSWER = 512 * 1024
CONNECT_SECONDS = 10.0
_FAILURES = (OSError, HTTPError, HTTPException)


class NotReached(BackstoryError):
    """The other side was not reached: nothing was sent."""


class NoAnswer(BackstoryError):
    """The question was sent, and no whole answer came back."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request. `headers` may hold secrets and is in no digest, log or evidence."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = b""

    @property
    def digest(self) -> str:
        """SHA-256 of method, address and body: the same question has the same digest."""
        return hashlib.sha256(b"\n".join([self.method.encode(), self.url.encode(), self.body])).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


def ask(call: Call, private_hosts: Sequence[str] = (), seconds: float = 20.0) -> Answer:
    """Send one request and read its answer, all within `seconds`. Raises Misconfigured, NotReached or NoAnswer."""
    goal = target(call.url, private_hosts)
    connection = _connected(goal, private_hosts, min(CONNECT_SECONDS, seconds))
    clock = threading.Timer(seconds, _cut, [connection])
    clock.daemon = True
    clock.start()
    try:
        return _asked(connection, goal, call, seconds)
    except _FAILURES as error:
        raise NoAnswer(f"No answer came back ({type(error).__name__}).") from None
    finally:
        clock.cancel()
        connection.close()


def _connected(goal: Target, private_hosts: Sequence[str], seconds: float) -> HTTPConnection:
    try:
        addresses = permitted(goal.host, goal.port, private_hosts)
    except OSError:
        raise NotReached(f"The name {goal.host} is not known.") from None
    error: Exception | None = None
    for address in addresses[:4]:
        connection = _connection(goal, address, seconds)
        try:
            connection.connect()
        except _FAILURES as failed:
            connection.close()
            error = failed
        else:
            return connection
    raise NotReached(f"{goal.host} could not be reached ({type(error).__name__}).")


def _connection(goal: Target, address: str, seconds: float) -> HTTPConnection:
    if not goal.secure:
        return HTTPConnection(address, goal.port, timeout=seconds)
    context = ssl.create_default_context()
    return HTTPSConnection(address, goal.port, timeout=seconds, ssl_context=context, server_hostname=goal.host)


def _cut(connection: HTTPConnection) -> None:
    """End a call that lasts too long, even one whose answer drips in byte by byte."""
    sock = connection.sock
    if sock is not None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


def _asked(connection: HTTPConnection, goal: Target, call: Call, seconds: float) -> Answer:
    if connection.sock is not None:
        connection.sock.settimeout(seconds)
    headers = {"Host": goal.named, "Accept-Encoding": "identity", "Connection": "close", **call.headers}
    body = call.body or (b"" if call.method in {"POST", "PUT", "PATCH"} else None)
    connection.request(call.method, goal.path, body=body, headers=headers, preload_content=False)
    response = connection.getresponse()
    read = b"".join(_limited(response.stream(16_384, decode_content=False)))
    return Answer(response.status, {name.lower(): value for name, value in response.headers.items()}, read)


def _limited(chunks: Iterable[bytes]) -> Iterable[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > LARGEST_ANSWER:
            raise HTTPException("answer too large")
        yield chunk


def reached(call: Call, private_hosts: Sequence[str], seconds: float) -> Answer | Outcome:
    """The answer, or where there is none what that means for a question that may move money."""
    asked = Evidence(request_digest=call.digest)
    try:
        return ask(call, private_hosts, seconds)
    except Misconfigured as error:
        return Outcome(State.ABSENT, words=str(error), hopeless=True, evidence=asked)
    except NotReached as error:
        return Outcome(State.ABSENT, words=str(error), evidence=asked)
    except NoAnswer as error:
        return Outcome(State.UNKNOWN, words=str(error), evidence=asked)


def retry_after(answer: Answer) -> float | None:
    """Seconds the other side asks us to wait (RFC 9110, section 10.2.3), an hour at most; None where it does not."""
    text = answer.headers.get("retry-after", "").strip()
    return min(float(text), 3600.0) if text.isascii() and text.isdigit() and len(text) < 9 else None


LONGEST_EVIDENCE = 2000
_SECRETS = (
    re.compile(r"\b(?:sk|rk|pk|whsec)_[A-Za-z0-9_]{6,}"),
    re.compile(r"(?i)\b(?:bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"),
    re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"),  # JSON web tokens
    re.compile(r"\b\d(?:[ -]?\d){12,18}\b"),  # as long as the number of a card
    re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"),  # IBAN
    re.compile(r"""(?i)"[a-z_-]*(?:password|secret|token|api_?key|authorization|cvc|cvv)[a-z_-]*"\s*:\s*"[^"]*\""""),
)


def shown(text: str, secrets: Iterable[str] = ()) -> str:
    """An answer as it may be kept: without secrets and card or account numbers, cut to 2000 characters."""
    for secret in secrets:
        if len(secret) >= 4:
            text = text.replace(secret, "•••")
    for pattern in _SECRETS:
        text = pattern.sub("•••", text)
    return text if len(text) <= LONGEST_EVIDENCE else text[:LONGEST_EVIDENCE] + " …"


def evidence(call: Call, answer: Answer, secrets: Iterable[str] = ()) -> Evidence:
    """What is kept of a question and its answer."""
    return Evidence(call.digest, answer.status, shown(answer.body.decode("utf-8", "replace"), secrets))
