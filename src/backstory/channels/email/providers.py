"""Mail providers that call the desk and send for it, by django-anymail: which there are and what each has to be told.

Amazon SES is not among them: it hands letters over through two other services of its own and a large library. Its SMTP
server takes letters as any other does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from backstory.conversations.models import Mailbox, ProviderCall
from backstory.kernel.errors import InvalidInput
from backstory.kernel.secret import unseal

LETTERS, EVENTS = ProviderCall.Kind.LETTERS, ProviderCall.Kind.EVENTS
SENDING = "sending"
RAW = "_mime"
"""With this at the end of its address Mailgun sends letters as they came, not taken apart."""


@dataclass(frozen=True, slots=True)
class Key:
    """Something the provider's console shows: `name` as anymail calls it, and what it is needed for."""

    name: str
    label: str
    used: tuple[str, ...]
    secret: bool = True
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider. `views` are anymail's by what they take; `signed` says which calls carry a signature that is
    verified: for the others the secret address is the only proof."""

    key: str
    label: str
    backend: str
    views: Mapping[str, str]
    keys: tuple[Key, ...]
    signed: frozenset[str] = frozenset()
    hint: str = ""

    def keys_for(self, *uses: str) -> list[Key]:
        return [key for key in self.keys if set(key.used) & set(uses)]


def _views(module: str, name: str) -> dict[str, str]:
    return {LETTERS: f"{module}.{name}InboundWebhookView", EVENTS: f"{module}.{name}TrackingWebhookView"}


_BOTH = frozenset({str(LETTERS), str(EVENTS)})
PROVIDERS = {
    provider.key: provider
    for provider in (
        Provider(
            "mailgun",
            "Mailgun",
            "mailgun",
            _views("mailgun", "Mailgun"),
            (
                Key("webhook_signing_key", "HTTP webhook signing key", (LETTERS, EVENTS)),
                Key("api_key", "Sending API key", (SENDING,)),
                Key("sender_domain", "Sending domain", (SENDING,), secret=False, needed=False),
                Key("api_url", "API address (EU: https://api.eu.mailgun.net/v3)", (SENDING,), False, False),
            ),
            _BOTH,
            "Under Receiving, make a route that forwards to this address.",
        ),
        Provider(
            "postmark",
            "Postmark",
            "postmark",
            _views("postmark", "Postmark"),
            (
                Key("server_token", "Server API token", (SENDING,)),
                Key("api_url", "API address", (SENDING,), False, False),
            ),
            hint="Under the inbound stream's settings, set the webhook and choose “Include raw email content”.",
        ),
        Provider(
            "sendgrid",
            "SendGrid",
            "sendgrid",
            _views("sendgrid", "SendGrid"),
            (
                Key(
                    "tracking_webhook_verification_key",
                    "Verification key of the event webhook",
                    (EVENTS,),
                    False,
                    False,
                ),
                Key("api_key", "API key", (SENDING,)),
                Key("api_url", "API address", (SENDING,), False, False),
            ),
            frozenset({str(EVENTS)}),
            "Under Inbound Parse, add host and address and choose “POST the raw, full MIME message”.",
        ),
        Provider(
            "brevo",
            "Brevo",
            "brevo",
            _views("brevo", "Brevo"),
            (Key("api_key", "API key", (LETTERS, SENDING)), Key("api_url", "API address", (SENDING,), False, False)),
            hint="Make the inbound webhook by Brevo's interface; the key is needed to fetch attachments.",
        ),
        Provider(
            "mailjet",
            "Mailjet",
            "mailjet",
            _views("mailjet", "Mailjet"),
            (
                Key("api_key", "API key", (SENDING,)),
                Key("secret_key", "Secret key", (SENDING,)),
                Key("api_url", "API address", (SENDING,), False, False),
            ),
            hint="Make a parse route to this address by Mailjet's interface.",
        ),
        Provider(
            "mailersend",
            "MailerSend",
            "mailersend",
            _views("mailersend", "MailerSend"),
            (
                Key("inbound_secret", "Secret of the inbound route", (LETTERS,)),
                Key("signing_secret", "Signing secret of the webhook", (EVENTS,)),
                Key("api_token", "API token", (SENDING,)),
                Key("api_url", "API address", (SENDING,), False, False),
            ),
            _BOTH,
            "Add an inbound route for the domain that forwards to this address.",
        ),
        Provider(
            "sparkpost",
            "SparkPost",
            "sparkpost",
            _views("sparkpost", "SparkPost"),
            (
                Key("api_key", "API key", (SENDING,)),
                Key("api_url", "API address (EU: https://api.eu.sparkpost.com/api/v1)", (SENDING,), False, False),
            ),
            hint="Make a relay webhook to this address.",
        ),
        Provider(
            "mandrill",
            "Mailchimp Transactional (Mandrill)",
            "mandrill",
            dict.fromkeys((LETTERS, EVENTS), "mandrill.MandrillCombinedWebhookView"),
            (
                Key("webhook_key", "Webhook key", (LETTERS, EVENTS)),
                Key("api_key", "API key", (SENDING,)),
                Key("api_url", "API address", (SENDING,), False, False),
            ),
            _BOTH,
            "Under Inbound, add the domain and a route to this address.",
        ),
    )
}


def provider_of(mailbox: Mailbox) -> Provider:
    """Raises InvalidInput where none is chosen."""
    found = PROVIDERS.get(mailbox.provider)
    if found is None:
        raise InvalidInput("Choose a provider.", "provider")
    return found


def keys_of(mailbox: Mailbox) -> dict[str, str]:
    """What the administrator entered, in the clear: never to be shown or logged. Raises BackstoryError."""
    sealed = unseal(mailbox.provider_settings_sealed)
    return {name: str(value) for name, value in json.loads(sealed).items()} if sealed else {}


def completed(mailbox: Mailbox, provider: str, given: Mapping[str, str], *uses: str) -> dict[str, str]:
    """All keys, those that were left empty taken from what is stored for the same provider. A key goes to the address
    it was given for: with another one it has to be entered again. Raises InvalidInput naming the field."""
    chosen = PROVIDERS.get(provider)
    if chosen is None:
        raise InvalidInput("Choose a provider.", "provider")
    stored = keys_of(mailbox) if mailbox.provider == provider else {}
    url = given.get("api_url", "").strip() if "api_url" in given else stored.get("api_url", "")
    if url and not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise InvalidInput("An address that begins with https:// is needed.", "api_url")
    kept: dict[str, str] = {}
    for key in chosen.keys:
        if key.name == "api_url":
            value = url
        elif key.secret and SENDING in key.used and url != stored.get("api_url", ""):
            value = given.get(key.name, "").strip()
        else:
            value = given.get(key.name, "").strip() or stored.get(key.name, "")
        if key.needed and not value and set(key.used) & set(uses):
            raise InvalidInput(f"{key.label}: this is needed.", key.name)
        if value:
            kept[key.name] = value[:2000]
    return kept


def options(mailbox: Mailbox, use: str) -> dict[str, Any]:
    """What anymail is given for one use."""
    keys = keys_of(mailbox)
    return {key.name: keys[key.name] for key in provider_of(mailbox).keys_for(use) if key.name in keys}


def webhook_key(mailbox: Mailbox) -> str:
    """The secret part of the address that a provider calls: nothing of it is stored, and another version ends it."""
    return salted_hmac("backstory.webhook", f"{mailbox.pk}:{mailbox.webhook_version}", algorithm="sha256").hexdigest()[
        :40
    ]


def is_webhook_key(mailbox: Mailbox, given: str) -> bool:
    return constant_time_compare(given, webhook_key(mailbox))


def webhook_url(mailbox: Mailbox, kind: str) -> str:
    """The whole address to enter at the provider."""
    named = kind + RAW if (mailbox.provider, kind) == ("mailgun", LETTERS) else kind
    return f"{settings.BASE_URL}{reverse('provider_call', args=[mailbox.pk, webhook_key(mailbox), named])}"


def view_for(mailbox: Mailbox, kind: str) -> Any:
    """Anymail's view with this mailbox's keys: it checks a call and reads it. It is never asked to answer one."""
    provider = provider_of(mailbox)
    module, name = provider.views[kind].rsplit(".", 1)
    known = options(mailbox, kind)
    if provider.key == "mandrill":
        known["webhook_url"] = webhook_url(mailbox, kind)  # it signs the address it calls
    if kind not in provider.signed:
        known["webhook_secret"] = webhook_key(mailbox)  # quiets a warning: the address has proved it by now
    return getattr(import_module(f"anymail.webhooks.{module}"), name)(**known)
