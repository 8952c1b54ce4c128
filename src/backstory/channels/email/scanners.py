"""Asking a spam filter and a virus scanner about a letter, each in its own protocol over a socket.

`rspamd://host:11333` (HTTP), `spamd://host:783` (SpamAssassin), `clamd://host:3310` or `clamd:///path/of/socket`.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import SplitResult, urlsplit

from backstory.kernel.errors import BackstoryError

TIMEOUT = 30  # seconds for one letter
_CHUNK = 1 << 18


class ScannerError(BackstoryError):
    """The scanner did not answer, or not in its protocol: nothing is known about the letter."""


@dataclass(frozen=True, slots=True)
class SpamVerdict:
    """`score` and `limit` as the filter counts them; `rules` are the names of what spoke for or against."""

    is_spam: bool
    score: float
    limit: float
    rules: tuple[str, ...] = ()


def spam_verdict(url: str, data: bytes, envelope: Mapping[str, Any]) -> SpamVerdict:
    """What the filter at `url` says; raises ScannerError."""
    place = urlsplit(url)
    asks = {"rspamd": _ask_rspamd, "spamd": _ask_spamd}
    if place.scheme not in asks:
        raise ScannerError(f"A spam filter is named rspamd://… or spamd://…, not {url[:100]}")
    try:
        return asks[place.scheme](place, data, envelope)
    except (OSError, HTTPException, ValueError, KeyError) as error:
        raise ScannerError(f"The spam filter did not answer: {type(error).__name__}: {error}") from error


def _ask_rspamd(place: SplitResult, data: bytes, envelope: Mapping[str, Any]) -> SpamVerdict:
    connection = HTTPConnection(place.hostname or "127.0.0.1", place.port or 11333, timeout=TIMEOUT)
    told = {"From": envelope.get("sender"), "Ip": envelope.get("peer"), "Helo": envelope.get("helo")}
    headers = {name: str(value) for name, value in told.items() if value and str(value).isascii()}
    try:
        connection.request("POST", "/checkv2", data, headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
    finally:
        connection.close()
    if response.status != 200:
        raise ValueError(f"status {response.status}")
    rules = sorted(answer.get("symbols", {}).values(), key=lambda one: -abs(one.get("score", 0)))
    return SpamVerdict(
        is_spam=answer["action"] in ("reject", "add header", "rewrite subject"),
        score=float(answer["score"]),
        limit=float(answer["required_score"]),
        rules=tuple(str(one["name"]) for one in rules[:10]),
    )


def _ask_spamd(place: SplitResult, data: bytes, envelope: Mapping[str, Any]) -> SpamVerdict:
    with socket.create_connection((place.hostname or "127.0.0.1", place.port or 783), TIMEOUT) as connection:
        connection.sendall(b"SYMBOLS SPAMC/1.5\r\nContent-length: %d\r\n\r\n" % len(data) + data)
        connection.shutdown(socket.SHUT_WR)
        answer = _all_of(connection).decode("utf-8", "replace")
    head, _, body = answer.partition("\r\n\r\n")
    if " 0 EX_OK" not in head.partition("\r\n")[0]:
        raise ValueError(head[:200])
    spam = next(line for line in head.split("\r\n") if line.lower().startswith("spam:"))
    verdict, _, numbers = spam.partition(":")[2].partition(";")
    score, _, limit = numbers.partition("/")
    rules = tuple(one for one in body.strip().split(",") if one)
    return SpamVerdict(verdict.strip().lower() in ("true", "yes"), float(score), float(limit), rules[:10])


def virus_name(url: str, data: bytes) -> str:
    """The name of what clamd finds in `data`, or ""; raises ScannerError."""
    place = urlsplit(url)
    if place.scheme != "clamd":
        raise ScannerError(f"A virus scanner is named clamd://host:port or clamd:///path, not {url[:100]}")
    try:
        with _to_clamd(place) as connection:
            # It answers and hangs up when a letter is larger than it takes: then its answer tells more than our error.
            with suppress(BrokenPipeError, ConnectionResetError):
                _stream(connection, data)
            answer = _all_of(connection).decode("utf-8", "replace").strip("\0\r\n ")
    except OSError as error:
        raise ScannerError(f"The virus scanner did not answer: {type(error).__name__}: {error}") from error
    if answer.endswith(" OK"):
        return ""
    if answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerError(f"The virus scanner said: {answer[:200]}")


def _to_clamd(place: SplitResult) -> socket.socket:
    if place.hostname:
        return socket.create_connection((place.hostname, place.port or 3310), TIMEOUT)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(TIMEOUT)
    connection.connect(place.path)
    return connection


def _stream(connection: socket.socket, data: bytes) -> None:
    """INSTREAM: chunks, each after its length in network order; a length of 0 ends."""
    connection.sendall(b"zINSTREAM\0")
    for start in range(0, len(data), _CHUNK):
        chunk = data[start : start + _CHUNK]
        connection.sendall(struct.pack("!L", len(chunk)) + chunk)
    connection.sendall(struct.pack("!L", 0))


def _all_of(connection: socket.socket) -> bytes:
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)
