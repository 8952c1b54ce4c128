"""Services on free ports for tests, over real HTTP: one that gives consent and tokens, one that sends letters."""

from __future__ import annotations

import hashlib
import json
import threading
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    service: Any


class _Running:
    handler: type[BaseHTTPRequestHandler]

    def __enter__(self) -> Any:
        self._server = _Http(("127.0.0.1", 0), self.handler)
        self._server.service = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()  # type: ignore[attr-defined]
        self._server.shutdown()
        self._server.server_close()


class _Quiet(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def sent(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def answer(self, status: int, body: dict[str, Any], **headers: str) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


class _OAuthDialogue(_Quiet):
    def do_GET(self) -> None:
        service: OAuthService = self.server.service  # type: ignore[attr-defined]
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        service.asked.append(asked)
        if service.refuses:
            back = {"error": "access_denied", "error_description": service.refuses, "state": asked["state"]}
        else:
            back = {"code": f"code-{len(service.asked)}", "state": asked["state"]}
            service.challenges[back["code"]] = asked["code_challenge"]
        self.answer(302, {}, Location=f"{asked['redirect_uri']}?{urlencode(back)}")

    def do_POST(self) -> None:
        service: OAuthService = self.server.service  # type: ignore[attr-defined]
        form = {name: values[0] for name, values in parse_qs(self.sent().decode()).items()}
        service.requests.append(form)
        service.reached.set()
        if service.holds:
            service.released.wait(20)
        self.answer(*service.token_for(form))


@dataclass
class OAuthService(_Running):
    """Consents to everybody (unless `refuses`), checks PKCE, rotates refresh tokens and lets none serve twice.

    With `holds` it answers when `released`; `error` is what it answers instead of a token.
    """

    handler = _OAuthDialogue
    secret: str = "client secret"
    refuses: str = ""
    error: tuple[int, str] | None = None
    holds: bool = False
    lasts: int = 3600
    asked: list[dict[str, str]] = field(default_factory=list)
    requests: list[dict[str, str]] = field(default_factory=list)
    challenges: dict[str, str] = field(default_factory=dict)
    refresh_token: str = ""
    access_tokens: set[str] = field(default_factory=set)
    reached: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def token_for(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if self.error is not None:
            return self.error[0], {"error": self.error[1], "error_description": "Because the test says so."}
        if form.get("client_secret") != self.secret:
            return 401, {"error": "invalid_client"}
        if form["grant_type"] == "authorization_code":
            proof = hashlib.sha256(form["code_verifier"].encode()).digest()
            if self.challenges.pop(form["code"], "") != urlsafe_b64encode(proof).decode().rstrip("="):
                return 400, {"error": "invalid_grant"}
        elif form["refresh_token"] != self.refresh_token:
            return 400, {"error": "invalid_grant", "error_description": "This refresh token was used already."}
        number = len(self.requests)
        self.refresh_token, access = f"refresh-{number}", f"access-{number}"
        self.access_tokens.add(access)
        given = {"access_token": access, "refresh_token": self.refresh_token, "token_type": "Bearer"}
        return 200, {**given, "expires_in": self.lasts}


class _SendingDialogue(_Quiet):
    def do_POST(self) -> None:
        service: SendingService = self.server.service  # type: ignore[attr-defined]
        service.letters.append(json.loads(self.sent()))
        service.keys.append(self.headers.get("X-Postmark-Server-Token", ""))
        if service.holds:
            service.released.wait(20)
            return
        self.answer(service.status, service.body)


@dataclass
class SendingService(_Running):
    """A provider that sends letters, speaking as Postmark does."""

    handler = _SendingDialogue
    status: int = 200
    body: dict[str, Any] = field(
        default_factory=lambda: {"ErrorCode": 0, "Message": "OK", "MessageID": "pm-1", "To": "maya@customer.example"}
    )
    holds: bool = False
    letters: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
