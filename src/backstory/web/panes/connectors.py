"""Connectors as an administrator sees them: how each is doing, and its settings as a form."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from backstory.kernel.errors import InvalidInput
from backstory.recovery import actions
from backstory.recovery.models import Connector

Kind = Connector.Kind
KINDS: tuple[tuple[str, StrPromise, StrPromise], ...] = (
    (
        Kind.STRIPE,
        gettext_lazy("Stripe refunds"),
        gettext_lazy("Pays back to the card or account a customer paid with."),
    ),
    (
        Kind.CSV,
        gettext_lazy("File to finance"),
        gettext_lazy("Collects payments in a file; finance answers with another."),
    ),
    (
        Kind.HTTP,
        gettext_lazy("Any service by HTTP"),
        gettext_lazy("Your own shop, ledger or bank, as you describe it."),
    ),
    (
        Kind.SQL,
        gettext_lazy("Read from a database"),
        gettext_lazy("Shows orders and payments beside a case. Carries nothing out."),
    ),
)
EXAMPLE_BODY = """{
  "reference": "{{key}}",
  "account": "{{recipient}}",
  "amount": "{{amount}}",
  "currency": "{{currency}}"
}"""
SAMPLE_STATEMENT = "select number, day, total, payment from orders where email = :email order by day desc"


@dataclass(frozen=True)
class ConnectorState:
    """The state of a connector in words."""

    label: str
    tone: str
    icon: str


def state(row: Connector) -> ConnectorState:
    if row.archived_at:
        return ConnectorState(_("Archived"), "plain", "archive")
    if not row.is_active:
        return ConnectorState(_("Paused") if row.serves_since else _("Not switched on yet"), "warn", "hand-stop")
    if row.last_error:
        return ConnectorState(_("On, with trouble"), "bad", "alert-triangle")
    return ConnectorState(_("On"), "good", "circle-check")


def typed(row: Connector) -> dict[str, Any]:
    """What stands in the form: the settings in the fields an administrator sees."""
    given = row.settings
    act, look, reading = (given.get(name) or {} for name in ("carry_out", "look_up", "reading"))
    found = given.get("found_reading") or {}
    headers = act.get("headers") or {}
    return {
        **{name: value for name, value in given.items() if isinstance(value, str | int | float | bool)},
        "private_hosts": ", ".join(given.get("private_hosts") or ()),
        "url": act.get("url", ""),
        "method": act.get("method", "POST"),
        "form": act.get("form", "json"),
        "headers": _lines(headers),
        "body": json.dumps(act["body"], indent=2, ensure_ascii=False) if act.get("body") is not None else "",
        "look_url": look.get("url", ""),
        **{f"reading_{name}": value for name, value in reading.items() if isinstance(value, str)},
        "reading_states": _lines(reading.get("states") or {}),
        **{f"found_{name}": value for name, value in found.items() if isinstance(value, str)},
        "openapi": json.dumps(given["openapi"], ensure_ascii=False) if given.get("openapi") else "",
    }


def _lines(pairs: Mapping[str, str]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in pairs.items())


def _pairs(text: str, field: str) -> dict[str, str]:
    """Lines such as `name: value`; raises InvalidInput for another line."""
    found = {}
    for each in filter(None, (part.strip() for part in text.splitlines())):
        name, colon, value = each.partition(":")
        if not colon or not name.strip():
            raise InvalidInput(_("Write one a line, as in “name: value”."), field)
        found[name.strip()] = value.strip()
    return found


def _json(text: str, field: str) -> Any:
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except ValueError:
        raise InvalidInput(_("This is not JSON."), field) from None


_READING = ("state", "reference", "amount", "currency", "recipient", "message")


def settings_of(kind: str, given: Mapping[str, str]) -> dict[str, Any]:
    """The settings that a form's fields stand for. Raises InvalidInput naming the field."""
    hosts = [each.strip() for each in given.get("private_hosts", "").replace("\n", ",").split(",") if each.strip()]
    if kind == Kind.STRIPE:
        return {"api": given.get("api") or "https://api.stripe.com", "private_hosts": hosts}
    if kind == Kind.SQL:
        names = ("database", "host", "name", "user", "statement")
        numbers = {name: given[name] for name in ("port", "most_rows", "seconds") if given.get(name)}
        return {**{name: given.get(name, "") for name in names}, **numbers, "private_hosts": hosts}
    return {} if kind == Kind.CSV else _http(given, hosts)


def _http(given: Mapping[str, str], hosts: list[str]) -> dict[str, Any]:
    headers = _pairs(given.get("headers", ""), "headers")
    reading: dict[str, Any] = {name: given.get(f"reading_{name}", "") for name in _READING}
    reading["amount_is"] = given.get("reading_amount_is") or "text"
    reading["states"] = _pairs(given.get("reading_states", ""), "reading_states")
    found = {**reading, **{name: given.get(f"found_{name}", "") for name in _READING}}
    look = given.get("look_url", "")
    return {
        "carry_out": {
            "method": given.get("method") or "POST",
            "url": given.get("url", ""),
            "headers": headers,
            "body": _json(given.get("body", ""), "body"),
            "form": given.get("form") or "json",
        },
        "look_up": {"method": "GET", "url": look, "headers": headers} if look else None,
        "reading": reading,
        "found": given.get("found", ""),
        "found_reading": found if any(given.get(f"found_{name}") for name in _READING) else None,
        "idempotency_header": given.get("idempotency_header", ""),
        "honours_keys": bool(given.get("honours_keys")),
        "key_hours": given.get("key_hours") or 24,
        "seconds": given.get("seconds") or 20,
        "private_hosts": hosts,
        "openapi": _json(given.get("openapi", ""), "openapi"),
    }


def missing(row: Connector) -> str:
    """What has to be said before it can be switched on, in words."""
    return actions.missing_to_serve(row)
