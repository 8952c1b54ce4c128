"""The permission table's machinery: every address of the desk, asked by everybody, by every method.

A cell is one letter:

    O  open: the page, or a complaint about what was sent (2xx, 400, 409, 413, 422, 429, a redirect onwards)
    L  log in first (a redirect to the log-in page, or 401)
    R  refused in words (403)
    H  hidden: as if it did not exist (404)
    -  no such method here (405)
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from backstory.conversations.models import Conversation

ROLES = ("anonymous", "charlie", "alice", "bob", "dana")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Address:
    """One pattern of the URL configuration."""

    pattern: str
    name: str


def addresses() -> dict[str, str]:
    """Every pattern that is ours with its name (the administration guards itself, as its own test says)."""
    found = [address for address in _walk(get_resolver()) if not address.pattern.startswith("admin/")]
    return {address.pattern: address.name for address in sorted(found, key=lambda address: address.pattern)}


def _walk(resolver: URLResolver, before: str = "", space: str = "") -> Iterator[Address]:
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, pattern, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            yield Address(pattern, f"{space}{entry.name}")


def letter(response: HttpResponseBase) -> str:
    """What an answer means for whoever asked."""
    status = response.status_code
    to = response.headers.get("Location", "")
    if status == 401 or (status in (301, 302) and to.startswith("/accounts/login/") and "next=" in to):
        return "L"
    return {403: "R", 404: "H", 405: "-"}.get(status, "O" if status < 500 else f"!{status}")


BODIES: dict[str, dict[str, Any]] = {
    "complaints/<pk>/actions": {"serves": "need", "text": "Call her", "due_at": "2030-01-31T16:00:00Z"},
    "complaints/<pk>/close": {"outcome": "upheld", "reason": "We were wrong."},
    "complaints/<pk>/confirmation": {"words": "Yes, that is it."},
    "complaints/<pk>/issues": {"text": "Charged twice."},
    "issues/<pk>": {"cause_id": 1},
    "issues/<pk>/decide": {"outcome": "upheld", "reason": "We were wrong."},
    "complaints/<pk>/remedies": {"kind": "refund", "amount": "5", "currency": "EUR", "reason": "Paid twice."},
    "complaints/<pk>/summary": {"text": "This is what I heard."},
    "followups/<pk>/finish": {"note": "Settled."},
    "followups/<pk>/skip": {"reason": "They wrote."},
    "followups/<pk>/hand-over": {"owner_id": 1},
    "surveys/<pk>/answer": {"score": 5},
    "conversations/<pk>/notes": {"text": "A note."},
    "conversations/<pk>/replies": {"text": "A reply."},
    "messages": {"id": "till-4711", "mailbox": "care@desk.example", "email": "tom@customer.example", "text": "Twice."},
    "promises/<pk>/amend": {"due_at": "2030-01-31T16:00:00Z"},
    "messages/<pk>/reading/<field>": {"value": 3},
    "authority/limits": {"role": "agent", "currency": "EUR", "amount": "50"},
    "authority/second-look": {"currency": "EUR", "amount": "900"},
    "authority/absences": {"user_id": 1, "from_at": "2030-01-31T16:00:00Z", "until_at": "2030-02-28T16:00:00Z"},
    "remedy-policy": {"kind": "credit", "currency": "EUR", "minimum": "5", "usual": "7", "maximum": "9"},
    "remedy-policy/<pk>": {"kind": "credit", "currency": "EUR", "minimum": "5", "usual": "7", "maximum": "9"},
    "remedies/<pk>/answer": {"answer": "accepted"},
    "remedies/<pk>/carried-out": {"evidence": "Parcel 00340"},
    "remedies/<pk>/decline": {"reason": "Not this time."},
    "complaints/<pk>/updates": {"due_at": "2030-01-31T16:00:00Z"},
    "updates/<pk>/skip": {"reason": "She was called."},
}
"""What the API needs to be told before it asks who may."""

CONVERSATION = "a conversation"
FORMS: dict[str, dict[str, str]] = {
    "complaints/<int:pk>/actions/": {"serves": "need", "text": "Call her", "due": "2030-01-31"},
    "followups/<int:pk>/": {"decision": "done"},
    "lost-customers/list/": {"mailbox": "1"},
    "followups/questions/choose/": {"of": "desk"},
    "second-recoveries/<int:pk>/": {"decision": "done", "outcome": "unknown"},
    "complaints/<int:pk>/judge/": {"severity": "3"},
    "phrases/": {"decision": "save", "language": "en", "text": "I am on it."},
    "promises/<int:pk>/": {"decision": "accept"},
    "complaints/<int:pk>/playbook/": {"version": "1"},
    "conduct/<int:pk>/second/": {"decision": "agree"},
    "conduct/<int:pk>/review/": {"decision": "lift", "words": "All calm."},
    "conduct/break/": {"minutes": "15"},
    "addresses/clear/": {"address": "maya@customer.example", "conversation": CONVERSATION},
    "conversations/<int:pk>/merge/": {"target": CONVERSATION},
    "conversations/<int:pk>/person/same/": {"other": CONVERSATION},
    "conversations/<int:pk>/check/": {"text": "I am sorry."},
    "conversations/<int:pk>/send/": {"text": "I am sorry.", "kind": "reply"},
    "causes/add/": {"name": "Noise"},
    "conversations/<int:pk>/propose/": {"kind": "draft"},
    "insight/rising/<int:pk>/": {"state": "seen"},
    "settings/mailboxes/<int:pk>/state/": {"to": "pause"},
    "settings/connectors/<int:pk>/state/": {"to": "pause"},
    "settings/connectors/<int:pk>/service/": {"when": "granted"},
    "transfers/<int:pk>/confirm/": {"evidence": "Statement"},
    "transfers/<int:pk>/stop/": {"reason": "By hand"},
    "transfers/differences/<int:pk>/": {"note": "Found."},
    "remedies/<int:pk>/paid/": {"evidence": "Statement"},
    "settings/mailboxes/<int:pk>/rename/": {"name": "Care"},
    "settings/mailboxes/<int:pk>/letters/": {"sender_name": "Care"},
    "practice/begin/": {"ref": "hot_water.en"},
    "practice/sessions/<int:pk>/say/": {"said": "What happened?", "number": "1"},
    "updates/<int:pk>/decide/": {"decision": "save", "text": "We are on it."},
    "updates/manner/": {"place": "desk", "automatic": "yes"},
    "complaints/<int:pk>/updates/": {"due": "2027-01-29T10:00"},
    "approvals/<int:pk>/": {"decision": "decline", "reason": "Not this time."},
    "approvals/absences/": {"from": "2030-01-31T16:00", "until": "2030-02-28T16:00"},
    "approvals/limits/": {"role": "agent", "period": "complaint", "currency": "EUR", "amount": "50"},
    "approvals/limits/two/": {"currency": "EUR", "amount": "900"},
    "approvals/policy/": {
        "kind": "credit",
        "currency": "EUR",
        "minimum": "5",
        "usual": "7",
        "maximum": "9",
        "least_severity": "0",
        "most_severity": "4",
    },
    "approvals/policy/value/": {"currency": "EUR", "margin": "100"},
    "remedies/<int:pk>/answer/": {"answer": "accepted"},
}
"""What a page's form needs to hold before its view asks who may."""


def form(pattern: str) -> dict[str, str]:
    """The fields of a page's form; a conversation stands for the one that the path of others names."""
    first = str(Conversation.objects.order_by("pk").values_list("pk", flat=True)[0])
    return {name: first if value == CONVERSATION else value for name, value in FORMS[pattern].items()}


def ask(client: Client, method: str, pattern: str, path: str) -> str:
    """Ask once and take back whatever it changed."""
    with transaction.atomic():
        arguments: dict[str, Any] = {"data": form(pattern)} if pattern in FORMS and method == "POST" else {}
        if path.startswith("/api/") and method != "GET":
            body = BODIES.get(pattern.removeprefix("api/v1/"), {})
            arguments = {"data": json.dumps(body), "content_type": "application/json"}
        response = getattr(client, method.lower())(path, **arguments)
        transaction.set_rollback(True)
    return letter(response)
