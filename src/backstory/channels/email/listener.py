"""The door for mail: SMTP (RFC 5321) and LMTP (RFC 2033) servers that answer 250 only when the bytes are safe.

Takes mail for the desk's own mailboxes and nobody else's: it never relays. Whatever goes wrong inside is answered
with 451, so that the sending server keeps the letter and tries again.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings

from backstory.channels.email import accepting
from backstory.channels.email.charsets import clean, one_line

log = structlog.get_logger(__name__)

MAX_CONNECTIONS = 100
MAX_RECIPIENTS = 100  # per letter; RFC 5321, 4.5.3.1.8 asks for at least this
_IDLE_SECONDS = 300  # RFC 5321, 4.5.3.2.7
_LONGEST_LINE = 4 * 1024 * 1024  # bytes; the standard says 998, but refusing would lose real letters
_THREADS = 8

TRY_AGAIN = "451 4.3.0 Temporary fault here, please try again later"
PAUSED = "450 4.2.1 This mailbox is paused, please try again later"
UNKNOWN = "550 5.1.1 There is no such mailbox here"
MALFORMED = "553 5.1.3 That is no address"
TOO_MANY = "452 4.5.3 Too many recipients in one letter"
KEPT = "250 2.0.0 Kept"


class Door:
    """aiosmtpd's handler: decides about recipients and keeps the content."""

    def __init__(self, pool: ThreadPoolExecutor, each_recipient: bool) -> None:
        self._pool, self._each_recipient = pool, each_recipient

    async def _in_thread(self, function: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._pool, function, *args)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept addresses of active mailboxes, plus addresses included; those of paused ones are put off."""
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return TOO_MANY
        if address != clean(address):
            return MALFORMED
        try:
            standing = await self._in_thread(accepting.standing, address)
        except Exception:  # whatever it is, the sending server keeps the letter and asks again
            log.exception("recipient could not be looked up")
            return TRY_AGAIN
        if standing != "taken":
            return PAUSED if standing == "later" else UNKNOWN
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Store the bytes; the answer says whether they are safe, in LMTP for each recipient."""
        recipients = list(envelope.rcpt_tos)
        origin = {
            "sender": one_line(envelope.mail_from or ""),
            "peer": str(session.peer[0]) if isinstance(session.peer, tuple) and session.peer else "",
            "helo": one_line(str(session.host_name or ""))[:255],
            "protocol": "lmtp" if self._each_recipient else "smtp",
        }
        data = envelope.original_content
        if not isinstance(data, bytes):
            return self._answer(recipients, lambda _: TRY_AGAIN)
        try:
            missing = set(await self._in_thread(accepting.keep, data, recipients, origin))
        except Exception:  # no 250 without the bytes and their row, whatever the disk or the database say
            log.exception("letter could not be stored", size=len(data))
            return self._answer(recipients, lambda _: TRY_AGAIN)
        log.info("letter kept", size=len(data), recipients=len(recipients))
        return self._answer(recipients, lambda one: TRY_AGAIN if one in missing else KEPT)

    def _answer(self, recipients: list[str], status: Callable[[str], str]) -> str:
        """SMTP has one answer for all recipients, LMTP one for each (RFC 2033, section 4.2)."""
        answers = [status(one) for one in recipients]
        if self._each_recipient:
            return "\r\n".join(answers)
        return next((one for one in answers if one != KEPT), KEPT)

    async def handle_exception(self, error: Exception) -> str:
        """A fault in the dialogue itself: the sender keeps the letter."""
        log.error("fault in a mail dialogue", error=type(error).__name__)
        return TRY_AGAIN


class _Counted:
    """Counts open connections in a shared set, by mixing into a protocol of aiosmtpd."""

    line_length_limit = _LONGEST_LINE
    open_connections: set[Any]

    def connection_made(self, transport: Any) -> None:
        self.open_connections.add(self)
        super().connection_made(transport)  # type: ignore[misc]

    def connection_lost(self, error: Exception | None) -> None:
        self.open_connections.discard(self)
        super().connection_lost(error)  # type: ignore[misc]


class _Smtp(_Counted, SMTP):
    pass


class _Lmtp(_Counted, LMTP):
    async def push(self, status: str) -> None:  # type: ignore[override]
        """A refusal of the content is due once for each recipient, too."""
        if status.startswith(("552 Error: Too much mail", "500 Line too long")) and self.envelope:
            status = "\r\n".join([status] * max(1, len(self.envelope.rcpt_tos)))
        await super().push(status)


class _Busy(asyncio.Protocol):
    """Turns a connection away when there are too many (RFC 5321, section 3.8)."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(b"421 4.3.2 Too many connections, please try again later\r\n")
        transport.close()


class Listener:
    """One listening socket in a thread of its own. `port` 0 takes a free port; read `port` after `start`."""

    def __init__(self, host: str, port: int, *, lmtp: bool = False, max_connections: int = MAX_CONNECTIONS) -> None:
        self.host, self.port, self.lmtp = host, port, lmtp
        self._max_connections = max_connections
        self._open: set[Any] = set()
        self._loop = asyncio.new_event_loop()
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="mail")
        self._thread = threading.Thread(target=self._run, name="lmtp" if lmtp else "smtp", daemon=True)
        self._ready = threading.Event()
        self._fault: OSError | None = None

    def start(self) -> None:
        """Listen; raises OSError when the address cannot be had."""
        self._thread.start()
        self._ready.wait()
        if self._fault is not None:
            raise self._fault

    def stop(self) -> None:
        """Close the socket and open connections; letters without an answer are sent again by their senders."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(timeout=10)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            server = self._loop.run_until_complete(self._loop.create_server(self._protocol, self.host, self.port))
            self.port = server.sockets[0].getsockname()[1]
        except OSError as fault:
            self._fault = fault
            self._loop.close()
            return
        finally:
            self._ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(self._end_connections())
        self._loop.close()

    async def _end_connections(self) -> None:
        for protocol in list(self._open):
            if protocol.transport is not None:
                protocol.transport.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _protocol(self) -> asyncio.BaseProtocol:
        if len(self._open) >= self._max_connections:
            return _Busy()
        kind = _Lmtp if self.lmtp else _Smtp
        protocol = kind(
            Door(self._pool, each_recipient=self.lmtp),
            data_size_limit=settings.MAIL_MAX_BYTES,
            enable_SMTPUTF8=True,
            hostname=urlsplit(settings.BASE_URL).hostname or "localhost",
            ident="Backstory",
            timeout=_IDLE_SECONDS,
            loop=self._loop,
        )
        protocol.open_connections = self._open
        answer: asyncio.BaseProtocol = protocol
        return answer
