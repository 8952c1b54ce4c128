"""How letters of a mailbox come in and go out: the forms, and consent at Google, Microsoft and others."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backstory.channels.email import oauth, providers
from backstory.conversations import actions, queries
from backstory.conversations.models import Mailbox
from backstory.conversations.services import SERVICES, Service
from backstory.kernel.errors import InvalidInput
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.web.panes import mailboxes as pane
from backstory.web.views.common import back_to, page, requires, viewer
from backstory.web.views.forms import number_of, text_of
from backstory.web.views.mailboxes import is_guided, page_or_refusal

Incoming, Outgoing = Mailbox.Incoming, Mailbox.Outgoing
SECURITIES = (("tls", "TLS"), ("starttls", "STARTTLS"), ("none", gettext_lazy("None: only inside your own network")))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_MAILBOXES)
def incoming(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose how letters come in."""
    error: InvalidInput | None = None
    if request.method == "POST":
        try:
            _set_incoming(request, viewer(request), queries.get_mailbox(viewer(request), pk))
        except InvalidInput as refused:
            error = refused
        else:
            return _onward(request, pk, "web:mailbox_incoming", "web:mailbox_outgoing")
    return _way_page(request, pk, "incoming", error)


def _set_incoming(request: HttpRequest, user: User, mailbox: Mailbox) -> None:
    way = text_of(request, "way")
    if way == Incoming.IMAP:
        folder, old = text_of(request, "imap_folder"), bool(text_of(request, "old_letters"))
        actions.set_incoming(user, mailbox.pk, way, _server(request, "imap"), folder=folder, old_letters=old)
    elif way == Incoming.GRANT:
        _set_grant(request, user, mailbox)
    elif way == Incoming.WEBHOOK:
        _set_provider(request, user, mailbox, providers.LETTERS)
        actions.set_incoming(user, mailbox.pk, way)
    else:
        actions.set_incoming(user, mailbox.pk, way)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_MAILBOXES)
def outgoing(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose how letters go out."""
    error: InvalidInput | None = None
    if request.method == "POST":
        try:
            _set_outgoing(request, viewer(request), queries.get_mailbox(viewer(request), pk))
        except InvalidInput as refused:
            error = refused
        else:
            return _onward(request, pk, "web:mailbox_outgoing", "web:mailbox_manner")
    return _way_page(request, pk, "outgoing", error)


def _set_outgoing(request: HttpRequest, user: User, mailbox: Mailbox) -> None:
    way = text_of(request, "way")
    server = _server(request, "smtp") if way == Outgoing.SMTP else None
    if way == Outgoing.GRANT:
        server = _server_of_service(mailbox)
    if way == Outgoing.PROVIDER:
        _set_provider(request, user, mailbox, providers.SENDING, providers.EVENTS)
    actions.set_outgoing(user, mailbox.pk, way, server)


def _server_of_service(mailbox: Mailbox) -> actions.Server | None:
    """Where the service that has consented takes letters; None leaves what is stored."""
    grant = queries.grant_of(mailbox)
    if grant is None:
        raise InvalidInput(_("First choose Google or Microsoft under “Letters in”."), "way")
    service = SERVICES.get(grant.service)
    if service is None or not service.smtp_host:
        return None
    return actions.Server(service.smtp_host, 587, "starttls", mailbox.imap_user)


def _server(request: HttpRequest, kind: str) -> actions.Server:
    return actions.Server(
        host=text_of(request, f"{kind}_host"),
        port=number_of(request, f"{kind}_port") or 0,
        security=text_of(request, f"{kind}_security"),
        user=text_of(request, f"{kind}_user"),
        password=str(request.POST.get(f"{kind}_password", "")),
    )


def _set_provider(request: HttpRequest, user: User, mailbox: Mailbox, *uses: str) -> None:
    chosen = text_of(request, "provider")
    other = mailbox.outgoing == Outgoing.PROVIDER if providers.LETTERS in uses else mailbox.incoming == Incoming.WEBHOOK
    if other and mailbox.provider and chosen != mailbox.provider:
        words = _("Letters come in and go out by one provider: this mailbox has %(name)s already.")
        raise InvalidInput(words % {"name": providers.provider_of(mailbox).label}, "provider")
    given = {
        name.removeprefix(f"{chosen}."): str(value)
        for name, value in request.POST.items()
        if name.startswith(f"{chosen}.")
    }
    actions.set_provider(user, mailbox.pk, chosen, providers.completed(mailbox, chosen, given, *uses))


def _set_grant(request: HttpRequest, user: User, mailbox: Mailbox) -> None:
    service = SERVICES.get(text_of(request, "service"))
    if service is None:
        raise InvalidInput(_("Choose the service."), "service")
    known = _of_service(request, service)
    login = text_of(request, "grant_user") or mailbox.address
    client = actions.Client(
        service=service.key,
        client_id=text_of(request, "client_id"),
        client_secret=text_of(request, "client_secret"),
        authorize_url=known["authorize_url"],
        token_url=known["token_url"],
        scope=known["scope"],
    )
    imap = actions.Server(
        known["imap_host"], number_of(request, "grant_imap_port") or 993, _secured(request, "imap", "tls"), login
    )
    smtp = actions.Server(
        known["smtp_host"], number_of(request, "grant_smtp_port") or 587, _secured(request, "smtp", "starttls"), login
    )
    sends = bool(text_of(request, "grant_sends"))
    old = bool(text_of(request, "grant_old_letters"))
    actions.set_client(user, mailbox.pk, client, imap, smtp=smtp if sends else None, old_letters=old)


def _secured(request: HttpRequest, kind: str, usual: str) -> str:
    return text_of(request, f"grant_{kind}_security") or usual


PRESETS = ("authorize_url", "token_url", "scope", "imap_host", "smtp_host")


def _of_service(request: HttpRequest, service: Service) -> dict[str, str]:
    """The service's addresses as typed; what is empty, or another service's, becomes this one's own."""
    known = {}
    for name in PRESETS:
        typed = text_of(request, f"grant_{name}")
        foreign = any(typed == getattr(other, name) for other in SERVICES.values() if other != service)
        known[name] = getattr(service, name) if not typed or foreign else typed
    return known


def _onward(request: HttpRequest, pk: int, here: str, after: str) -> HttpResponse:
    """To the next step while a mailbox is set up, else back here; consent and a provider's address come first."""
    mailbox = queries.get_mailbox(viewer(request), pk)
    stays = here == "web:mailbox_incoming" and mailbox.incoming in (Incoming.GRANT, Incoming.WEBHOOK)
    back = back_to(request, "web:mailboxes", _("Saved."))
    guide = "?guide=1" if is_guided(request) else ""
    back["Location"] = reverse(after if guide and not stays else here, args=[pk]) + guide
    return back


def _way_page(request: HttpRequest, pk: int, here: str, error: InvalidInput | None) -> HttpResponse:
    line = pane.line(viewer(request), pk)
    mailbox, typed = line.mailbox, request.POST
    uses = [providers.LETTERS] if here == "incoming" else [providers.SENDING, providers.EVENTS]
    context: dict[str, Any] = {
        "line": line,
        "mailbox": mailbox,
        "here": here,
        "guide": is_guided(request),
        "error": error,
        "typed": typed,
        "ways": pane.WAYS_IN if here == "incoming" else pane.WAYS_OUT,
        "chosen": typed.get("way", getattr(mailbox, here)),
        "securities": SECURITIES,
        "parts": pane.provider_parts(mailbox, {} if error is None else typed.dict(), *uses),
        "grant": pane.consent(mailbox),
        "services": [(service.key, service.label) for service in SERVICES.values()],
        "redirect_uri": oauth.redirect_uri(),
        "provider_chosen": typed.get("provider", mailbox.provider),
        "letters_url": providers.webhook_url(mailbox, providers.LETTERS) if mailbox.provider else "",
        "events_url": providers.webhook_url(mailbox, providers.EVENTS) if mailbox.provider else "",
    }
    return page_or_refusal(request, f"web/mailbox_{here}.html", context, error)


@require_POST
@requires(Permission.MANAGE_MAILBOXES)
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A new secret address for the provider."""
    actions.renew_webhook(viewer(request), pk)
    back = back_to(request, "web:mailboxes", _("The address is new: enter it at the provider. The old one is dead."))
    back["Location"] = reverse("web:mailbox_incoming", args=[pk])
    return back


@require_POST
@requires(Permission.MANAGE_MAILBOXES)
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the question for consent. The page holds a link and no redirect: forms may lead to our own pages only."""
    question = actions.ask_consent(viewer(request), pk)
    line = pane.line(viewer(request), pk)
    service = SERVICES.get(question.grant.service)
    context = {
        "line": line,
        "here": "incoming",
        "guide": is_guided(request),
        "service": service.label if service else question.grant.service,
        "url_of_service": oauth.authorization_url(question),
        "back": reverse("web:mailbox_incoming", args=[pk]),
        "error": None,
    }
    response = page(request, "web/mailbox_consent.html", "mailboxes", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@requires(Permission.MANAGE_MAILBOXES)
def consent_answer(request: HttpRequest) -> HttpResponse:
    """Where the service sends the person back to: what it said is kept, a worker redeems it."""
    refusal = request.GET.get("error_description") or request.GET.get("error", "")
    state, code = request.GET.get("state", "")[:200], request.GET.get("code", "")[:4000]
    grant = actions.answer_consent(viewer(request), state, code, refusal)
    response = HttpResponseRedirect(reverse("web:mailbox_settings", args=[grant.mailbox_id]))
    response["Referrer-Policy"] = "no-referrer"
    return response
