"""Ctrl-K: conversations, customers, places and actions in one list."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from backstory.conversations import queries as conversations
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.web import shell
from backstory.web.views.common import open_conversation, signed_in, viewer

MOST = 6


@dataclass(frozen=True)
class Hit:
    """One thing to go to (`href`) or to do (`do`: the key that does it)."""

    icon: str
    label: str
    detail: str
    href: str = ""
    do: str = ""


def _actions() -> list[Hit]:
    done = _("Action")
    return [
        Hit("arrow-back-up", _("Write a reply"), done, do="r"),
        Hit("note", _("Write an internal note"), done, do="n"),
        Hit("user-check", _("Take it yourself"), done, do="a"),
        Hit("flag", _("Make a complaint of it"), done, do="c"),
        Hit("archive", _("Close or reopen"), done, do="e"),
        Hit("keyboard", _("Keyboard shortcuts"), done, do="?"),
    ]


def _places(request: HttpRequest) -> list[Hit]:
    there = _("Go to")
    return [Hit(item.icon, str(item.label), there, href=href) for item, href in shell.for_request(request).nav]


def _conversations(user: User, words: str) -> list[Hit]:
    rows = conversations.rows(conversations.queue(user, "all", words)[:MOST])
    return [
        Hit("message", row.subject or _("No subject"), row.customer_name, reverse("web:conversation", args=[row.id]))
        for row in rows
    ]


def _originals(user: User, words: str) -> list[Hit]:
    """For administrators, what arrived: by sender, recipient, subject, Message-ID or hash."""
    if not policy.can(user, Permission.VIEW_QUARANTINE):
        return []
    rows, what = conversations.originals(user, conversations.Asked(words))[:3], _("Original")
    return [
        Hit("history", raw.subject or raw.sender or what, what, reverse("web:original_entry", args=[raw.pk]))
        for raw in rows
    ]


def _customers(user: User, words: str) -> list[Hit]:
    named = conversations.visible(user).filter(customer__name__icontains=words)
    names = named.order_by("customer__name").values_list("customer__name", flat=True).distinct()[:3]
    queue = reverse("web:queue")
    return [Hit("user", name, _("Customer"), f"{queue}?{urlencode({'view': 'all', 'q': name})}") for name in names]


@require_GET
@signed_in
def palette(request: HttpRequest) -> HttpResponse:
    """What fits the words typed; without any, the actions and places."""
    words = request.GET.get("q", "").strip()[:200]
    actions = _actions() if open_conversation(request) is not None else _actions()[-1:]
    hits = [hit for hit in [*actions, *_places(request)] if words.casefold() in hit.label.casefold()]
    if words:
        user = viewer(request)
        hits = [*_conversations(user, words), *_customers(user, words), *hits, *_originals(user, words)]
    return render(request, "web/_palette.html", {"hits": hits, "words": words})
