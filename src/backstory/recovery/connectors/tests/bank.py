"""A payment service on this machine that keeps a ledger, and misbehaves as it is told."""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

SECRET = "sk_test_4eC39HqLyjWDarjtT1zdp7dc"
FAULTS = (
    "fails_before",
    "fails_after",
    "closes_before",
    "closes_after",
    "garbage_after",
    "redirects",
    "busy",
    "late",
    "pending",
)
"""What can go wrong with one request, and yet must never move money twice."""


@dataclass
class Movement:
    id: str
    key: str
    amount: int
    currency: str
    recipient: str
    status: str = "succeeded"


@dataclass
class Bank:
    """`faults` are taken from the front, one a request that moves money; `look_faults` likewise for look-ups."""

    honours_keys: bool = True
    faults: list[str] = field(default_factory=list)
    look_faults: list[str] = field(default_factory=list)
    payments: dict[str, str] = field(default_factory=lambda: defaultdict(lambda: "eur"))  # currency by payment
    ledger: list[Movement] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""
    lock: threading.RLock = field(default_factory=threading.RLock)
    late: list[threading.Thread] = field(default_factory=list)

    def move(self, key: str, amount: int, currency: str, recipient: str, status: str = "succeeded") -> Movement:
        """Move money; with keys that are honoured the same key moves once."""
        with self.lock:
            if self.honours_keys:
                for movement in self.ledger:
                    if movement.key == key:
                        return movement
            movement = Movement(f"re_{len(self.ledger) + 1}", key, amount, currency, recipient, status)
            self.ledger.append(movement)
            return movement

    def moved(self, key: str) -> list[Movement]:
        with self.lock:
            return [each for each in self.ledger if each.key == key and each.status in {"succeeded", "pending"}]

    def settle(self) -> None:
        """Wait for what acts late."""
        for thread in list(self.late):
            thread.join()


@contextmanager
def running(**given: Any) -> Iterator[Bank]:
    bank = Bank(**given)

    class Handler(_Handler):
        service = bank

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    bank.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield bank
    finally:
        bank.settle()
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    service: Bank
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        return

    def answer(self, status: int, body: Any, **headers: str) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)
        self.close_connection = True

    def hang_up(self) -> None:
        self.close_connection = True
        self.connection.close()

    def note(self, body: bytes = b"") -> None:
        self.service.asked.append((self.command, self.path, dict(self.headers), body))

    def turned_away(self) -> bool:
        if SECRET in self.headers.get("Authorization", ""):
            return False
        self.answer(
            401, {"error": {"type": "invalid_request_error", "message": f"No: {self.headers.get('Authorization')}"}}
        )
        return True

    def do_GET(self) -> None:
        self.note()
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if self.turned_away():
            return
        fault = self.service.look_faults.pop(0) if self.service.look_faults else ""
        if fault == "closes":
            self.hang_up()
        elif fault == "fails":
            self.answer(500, {"error": {"type": "api_error", "message": "oh"}})
        elif parts.path == "/payments":
            rows = [plain(each) for each in self.service.ledger if each.key == query.get("key")]
            self.answer(200, {"payments": rows})
        elif parts.path == "/v1/refunds":
            self.answer(200, self.page(query))
        elif parts.path.startswith(("/v1/payment_intents/", "/v1/charges/")):
            self.payment(parts.path.rsplit("/", 1)[1])
        else:
            self.answer(404, {"error": {"message": "No such thing."}})

    def payment(self, name: str) -> None:
        if name not in self.service.payments:
            self.answer(404, {"error": {"type": "invalid_request_error", "message": f"No such payment: {name}"}})
        else:
            self.answer(200, {"id": name, "object": "payment_intent", "currency": self.service.payments[name]})

    def page(self, query: dict[str, str]) -> dict[str, Any]:
        """Two refunds a page, newest first, as Stripe would with a limit of 2."""
        wanted = query.get("payment_intent") or query.get("charge")
        rows = [each for each in reversed(self.service.ledger) if each.recipient == wanted]
        if after := query.get("starting_after"):
            rows = rows[[each.id for each in rows].index(after) + 1 :]
        return {"object": "list", "data": [refund(each) for each in rows[:2]], "has_more": len(rows) > 2}

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.note(body)
        if self.turned_away():
            return
        with self.service.lock:
            fault = self.service.faults.pop(0) if self.service.faults else ""
        stripe = self.path.startswith("/v1/refunds")
        given = _form(body) if stripe else json.loads(body)
        self.act(fault, given, stripe=stripe)

    def act(self, fault: str, given: dict[str, Any], *, stripe: bool) -> None:
        bank, key = self.service, self.headers.get("Idempotency-Key", "")
        key = key or str(given.get("metadata[backstory_key]") or given.get("key"))
        amount, recipient = int(given["amount"]), str(given.get("payment_intent") or given.get("recipient"))
        currency = bank.payments[recipient] if stripe else str(given["currency"]).lower()
        if fault == "fails_before":
            self.answer(500, {"error": {"type": "api_error", "message": "oh"}})
        elif fault == "closes_before":
            self.hang_up()
        elif fault == "redirects":
            self.answer(307, b"", Location=f"{bank.url}/elsewhere")
        elif fault == "busy":
            self.answer(429, {"error": {"type": "invalid_request_error", "code": "rate_limit"}}, Retry_After="1")
        elif fault == "conflict":
            self.answer(409, {"error": {"type": "idempotency_error", "message": "in use"}})
        elif fault == "refuses":
            self.answer(402, {"error": {"type": "card_error", "message": "No such account."}, "message": "No."})
        elif fault == "late":
            self.hang_up()
            thread = threading.Thread(target=self.move_late, args=(key, amount, currency, recipient))
            bank.late.append(thread)
            thread.start()
        elif fault == "lies_done":
            self.answer(200, shape(Movement("re_0", key, amount, currency, recipient), stripe))
        else:
            self.move(fault, Movement("", key, amount, currency, recipient), stripe)

    def move_late(self, key: str, amount: int, currency: str, recipient: str) -> None:
        time.sleep(0.02)
        self.service.move(key, amount, currency, recipient)

    def move(self, fault: str, wanted: Movement, stripe: bool) -> None:
        """Move first, and misbehave afterwards."""
        bank = self.service
        amount = wanted.amount * 2 if fault == "other_amount" else wanted.amount
        currency = "usd" if fault == "other_currency" else wanted.currency
        recipient = "pi_other" if fault == "other_payment" else wanted.recipient
        status = "pending" if fault == "pending" else "succeeded"
        movement = bank.move(wanted.key, amount, currency, recipient, status)
        if fault == "acts_twice":
            bank.ledger.append(Movement("re_twice", wanted.key, amount, currency, recipient))
        if fault == "fails_after":
            self.answer(500, {"error": {"type": "api_error", "message": "oh"}})
        elif fault == "closes_after":
            self.hang_up()
        elif fault == "times_out_after":
            time.sleep(1.4)
            self.hang_up()
        elif fault == "garbage_after":
            self.answer(200, b"<html>everything is fine</html>")
        elif fault == "answers_twice":
            self.answer(200, shape(movement, stripe))
            self.answer(500, {"error": {"message": "again"}})
        else:
            self.answer(200, shape(movement, stripe))


def _form(body: bytes) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


def shape(movement: Movement, stripe: bool) -> dict[str, Any]:
    return refund(movement) if stripe else {"payment": plain(movement)}


def plain(movement: Movement) -> dict[str, Any]:
    return {
        "id": movement.id,
        "key": movement.key,
        "amount_minor": movement.amount,
        "currency": movement.currency.upper(),
        "to": movement.recipient,
        "status": movement.status,
    }


def refund(movement: Movement) -> dict[str, Any]:
    """As https://docs.stripe.com/api/refunds/object shows it."""
    return {
        "id": movement.id,
        "object": "refund",
        "amount": movement.amount,
        "charge": None,
        "currency": movement.currency,
        "metadata": {"backstory_key": movement.key},
        "payment_intent": movement.recipient,
        "status": movement.status,
    }


def http_settings(bank: Bank, **more: Any) -> dict[str, Any]:
    """The generic connector's settings for this service."""
    reading = {
        "state": "/payment/status",
        "states": {"succeeded": "done", "pending": "pending", "failed": "refused"},
        "reference": "/payment/id",
        "amount": "/payment/amount_minor",
        "amount_is": "minor",
        "currency": "/payment/currency",
        "recipient": "/payment/to",
        "message": "/message",
    }
    headers = {"Authorization": "Bearer {{secret}}"}
    body = {
        "key": "{{key}}",
        "amount": "{{amount_minor}}",
        "currency": "{{currency}}",
        "recipient": "{{recipient}}",
        "note": "Complaint {{case}}",
    }
    return {
        "carry_out": {"method": "POST", "url": f"{bank.url}/payments", "headers": headers, "body": body},
        "look_up": {"method": "GET", "url": f"{bank.url}/payments?key={{{{key}}}}", "headers": headers},
        "reading": reading,
        "found": "/payments",
        "found_reading": {
            name: path.replace("/payment/", "/") if "/payment/" in str(path) else path for name, path in reading.items()
        },
        "honours_keys": bank.honours_keys,
        "seconds": 5,
        "private_hosts": ["127.0.0.1"],
        **more,
    }
