"""Small mail servers on free ports for tests: an SMTP server with scripted answers and an IMAP server with a folder."""

from __future__ import annotations

import base64
import re
import socketserver
import threading
from dataclasses import dataclass, field
from typing import Any

_USUAL = {"EHLO": "250 sink", "DATA": "354 go on", "QUIT": "221 bye"}


class _Threaded(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    desk: Any


class _Running:
    """Starts a server in a thread when entered and ends it when left."""

    handler: type[socketserver.BaseRequestHandler]

    def __enter__(self) -> Any:
        self._server = _Threaded(("127.0.0.1", 0), self.handler)
        self._server.desk = self
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _SmtpDialogue(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        sink: Sink = self.server.desk  # type: ignore[attr-defined]
        greeting = sink.answers.get("GREETING", "220 sink")
        if greeting == "HANG":
            sink.released.wait(20)
            return
        self._say(greeting)
        for line in self.rfile:
            verb = line[:4].decode().strip().upper()
            sink.commands.append(line.decode("utf-8", "replace").strip().upper())
            usual = _USUAL.get(verb, "250 ok")
            named = next((sink.answers[one] for one in sink.answers if one and sink.commands[-1].startswith(one)), "")
            answer = named or sink.answers.get(verb, usual)
            if answer == "HANG":
                sink.released.wait(20)
                return
            if answer == "DROP":
                return
            self._say(answer)
            if verb == "QUIT":
                return
            if verb == "DATA" and answer.startswith("354") and not self._content(sink):
                return

    def _content(self, sink: Sink) -> bool:
        lines: list[bytes] = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b".") else line)
        answer = sink.answers.get("CONTENT", "250 taken")
        if answer == "HANG":
            sink.released.wait(20)
            return False
        if answer != "DROP":
            self._say(answer)
        if answer == "DROP" or answer.startswith("2"):
            sink.letters.append(b"".join(lines))
        return answer != "DROP"

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


@dataclass
class Sink(_Running):
    """An outgoing mail server. `answers` maps a verb, GREETING, CONTENT or the start of a command to its answer, to
    DROP or to HANG (until `released`)."""

    handler = _SmtpDialogue
    answers: dict[str, str] = field(default_factory=dict)
    letters: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def __exit__(self, *_: object) -> None:
        self.released.set()
        super().__exit__()


class _ImapDialogue(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        folder: ImapFolder = self.server.desk  # type: ignore[attr-defined]
        folder.sessions += 1
        self._say("* OK [CAPABILITY IMAP4rev1 IDLE] ready")
        for line in self.rfile:
            tag, _, command = line.decode().strip().partition(" ")
            folder.commands.append(command)
            if command.upper().startswith("IDLE"):
                self._idle(tag, folder)
            elif not self._answer(tag, command, folder):
                return

    def _answer(self, tag: str, command: str, folder: ImapFolder) -> bool:
        verb = command.upper().split(" ")[0]
        if verb in folder.drop_at:
            folder.drop_at.remove(verb)
            return False
        if verb == "AUTHENTICATE":
            self._by_token(tag, folder)
            return True
        if verb == "LOGIN" and ("secret" not in command or folder.tokens):
            self._say(f"{tag} NO [AUTHENTICATIONFAILED] wrong")
            return True
        for line in folder.untagged(verb, command):
            self._say(line)
        self._say(f"{tag} OK done")
        return verb != "LOGOUT"

    def _by_token(self, tag: str, folder: ImapFolder) -> None:
        """XOAUTH2: a refusal comes as a challenge that the client answers before the server says NO."""
        self._say("+ ")
        answer = base64.b64decode(self.rfile.readline()).decode()
        found = re.fullmatch("user=([^\x01]+)\x01auth=Bearer ([^\x01]+)\x01\x01", answer)
        if found and found[2] in folder.tokens:
            folder.users.append(found[1])
            self._say(f"{tag} OK welcome")
            return
        self._say("+ " + base64.b64encode(b'{"status":"401"}').decode())
        self.rfile.readline()
        self._say(f"{tag} NO [AUTHENTICATIONFAILED] Invalid credentials")

    def _idle(self, tag: str, folder: ImapFolder) -> None:
        self._say("+ idling")
        folder.idling.set()
        folder.news.wait(timeout=20)
        folder.news.clear()
        self._say(f"* {len(folder.messages)} EXISTS")
        self.rfile.readline()
        self._say(f"{tag} OK done")

    def _say(self, line: str | bytes) -> None:
        self.wfile.write((line.encode() if isinstance(line, str) else line) + b"\r\n")


@dataclass
class ImapFolder(_Running):
    """An IMAP server with one folder: UID -> bytes. `drop_at` names verbs at which it hangs up once; with `tokens` it
    lets in by XOAUTH2 alone."""

    handler = _ImapDialogue
    messages: dict[int, bytes] = field(default_factory=dict)
    uidvalidity: int = 7
    seen: list[int] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    drop_at: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    users: list[str] = field(default_factory=list)
    sessions: int = 0
    idling: threading.Event = field(default_factory=threading.Event)
    news: threading.Event = field(default_factory=threading.Event)

    def untagged(self, verb: str, command: str) -> list[str | bytes]:
        if verb == "CAPABILITY":
            return ["* CAPABILITY IMAP4rev1 IDLE"]
        if verb == "LOGOUT":
            return ["* BYE"]
        if verb == "SELECT":
            return [f"* {len(self.messages)} EXISTS", f"* OK [UIDVALIDITY {self.uidvalidity}]"]
        if verb == "STATUS":
            following = max(self.messages, default=0) + 1
            return [
                f'* STATUS "INBOX" (MESSAGES {len(self.messages)} UIDVALIDITY {self.uidvalidity} UIDNEXT {following})'
            ]
        return self._uid(command) if verb == "UID" else []

    def _uid(self, command: str) -> list[str | bytes]:
        if found := re.search(r"SEARCH UID (\d+):\*", command):
            highest = max(self.messages, default=0)  # "n:*" always names the last one, even when n is beyond it
            return ["* SEARCH " + " ".join(str(u) for u in self.messages if u >= min(int(found[1]), highest))]
        uid = int(re.search(r"(?:FETCH|STORE) (\d+)", command)[1])  # type: ignore[index]
        if "STORE" in command:
            self.seen.append(uid)
            return []
        data = self.messages[uid]
        if "RFC822.SIZE" in command:
            return [f"* 1 FETCH (UID {uid} RFC822.SIZE {len(data)})"]
        if "HEADER" in command:
            data = data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        return [b"* 1 FETCH (UID %d BODY[] {%d}\r\n%s)" % (uid, len(data), data)]
