"""Setting connectors up: only an administrator says which systems are called, and how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q

from backstory.kernel import clock, money
from backstory.kernel.errors import Conflict, InvalidInput, NotFound
from backstory.kernel.money import CURRENCIES
from backstory.kernel.secret import seal
from backstory.kernel.text import storable
from backstory.live.actions import record
from backstory.people.models import Team, User
from backstory.recovery import policy
from backstory.recovery.connectors import Misconfigured, check_settings
from backstory.recovery.models import Connector, ConnectorTest, Remedy

SILENT = timedelta(minutes=3)
Kind = Connector.Kind


@dataclass(frozen=True)
class Serves:
    """Which remedies a connector carries out. No team: all. `press_above` "": no button is needed."""

    kinds: Sequence[str] = ()
    currencies: Sequence[str] = ()
    team_id: int | None = None
    when: str = Connector.When.GRANTED
    recipient_is: str = Connector.Recipient.ASKED
    press_above: str | Decimal = ""


def _tell(kind: str, connector: Connector, viewer: User) -> None:
    record(f"connector.{kind}", actor=viewer, team_id=None, subject=("connector", connector.pk), name=connector.name)


def _locked(viewer: User, pk: int) -> Connector:
    policy.require_administering(viewer)
    found = Connector.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such connector.")
    return found


@transaction.atomic
def add_connector(viewer: User, kind: str, name: str) -> Connector:
    """A new connector that does nothing yet: what it needs is said on its page."""
    policy.require_administering(viewer)
    if kind not in Kind.values:
        raise InvalidInput("Choose one of the kinds of connector.", "kind")
    connector = Connector.objects.create(kind=kind, name=_named(name))
    _tell("added", connector, viewer)
    return connector


def _named(name: str) -> str:
    found = storable(name).strip()[:100]
    if not found:
        raise InvalidInput("Give the connector a name.", "name")
    return found


@transaction.atomic
def set_up_connector(viewer: User, pk: int, name: str, settings: Mapping[str, Any], secret: str = "") -> Connector:
    """How the other system is reached. An empty secret keeps the stored one, but only for the same host: a stored
    secret goes to the system it was given for and to no other."""
    connector = _locked(viewer, pk)
    try:
        check_settings(connector.kind, settings)
    except Misconfigured as error:
        raise InvalidInput(str(error), error.field) from None
    if secret:
        connector.secret_sealed = seal(storable(secret).strip())
    elif _hosts(settings) != _hosts(connector.settings):
        connector.secret_sealed = ""
    connector.name, connector.settings = _named(name), dict(settings)
    connector.save(update_fields=["name", "settings", "secret_sealed"])
    _tell("changed", connector, viewer)
    return connector


def _hosts(settings: Mapping[str, Any]) -> set[str]:
    """Every host (and database user) that the secret could be shown to."""
    named = [settings.get("api", ""), *(_url(settings, part) for part in ("carry_out", "look_up"))]
    found = {urlsplit(str(url)).netloc for url in named if url}
    return found | {f"{settings.get(part)}" for part in ("host", "user", "port") if settings.get(part)}


def _url(settings: Mapping[str, Any], part: str) -> str:
    one = settings.get(part)
    return str(one.get("url", "")) if isinstance(one, Mapping) else ""


@transaction.atomic
def set_service(viewer: User, pk: int, serves: Serves) -> Connector:
    """Which remedies the connector carries out, and when."""
    connector = _locked(viewer, pk)
    kinds = [kind for kind in Remedy.Kind.values if kind in serves.kinds]
    currencies = sorted({each.strip().upper() for each in serves.currencies if each.strip()})
    unknown = [each for each in currencies if each not in CURRENCIES]
    if unknown:
        raise InvalidInput(f"“{unknown[0]}” is not an ISO 4217 currency such as EUR or GBP.", "currencies")
    if serves.when not in Connector.When.values:
        raise InvalidInput("Say when remedies are carried out.", "when")
    if serves.recipient_is not in Connector.Recipient.values:
        raise InvalidInput("Say how the other system knows the customer.", "recipient_is")
    if serves.team_id is not None and not Team.objects.filter(pk=serves.team_id).exists():
        raise InvalidInput("There is no such team.", "team")
    text = str(serves.press_above).strip()
    connector.press_above = money.parse(text, (currencies or ["EUR"])[0]).amount if text else None
    connector.remedy_kinds, connector.currencies = kinds, currencies
    connector.team_id, connector.carry_out_when = serves.team_id, serves.when
    connector.recipient_is = serves.recipient_is
    connector.save()
    _tell("changed", connector, viewer)
    return connector


@transaction.atomic
def resume_connector(viewer: User, pk: int) -> Connector:
    """Switch it on. Remedies that were decided before it was first switched on are none of its business."""
    connector = _locked(viewer, pk)
    missing = missing_to_serve(connector)
    if missing:
        raise Conflict(missing)
    connector.is_active, connector.archived_at = True, None
    connector.serves_since = connector.serves_since or clock.now()
    connector.save(update_fields=["is_active", "archived_at", "serves_since"])
    _tell("resumed", connector, viewer)
    return connector


def missing_to_serve(connector: Connector) -> str:
    """What has to be said before the connector can be switched on, in words; empty when nothing has."""
    try:
        check_settings(connector.kind, connector.settings)
    except Misconfigured:
        return "First say how the other system is reached."
    if connector.kind == Kind.STRIPE and not connector.secret_sealed:
        return "First enter Stripe's secret key."
    if connector.kind != Kind.SQL and not (connector.remedy_kinds and connector.currencies):
        return "First say which remedies it carries out, in which currencies."
    return ""


@transaction.atomic
def pause_connector(viewer: User, pk: int) -> Connector:
    """Carry nothing out for now: what is on its way waits."""
    connector = _locked(viewer, pk)
    connector.is_active = False
    connector.save(update_fields=["is_active"])
    _tell("paused", connector, viewer)
    return connector


@transaction.atomic
def archive_connector(viewer: User, pk: int) -> Connector:
    """For good: it carries nothing out any more, and its secret is forgotten. What it did stays on record."""
    connector = _locked(viewer, pk)
    connector.is_active, connector.archived_at = False, clock.now()
    connector.secret_sealed = ""
    connector.save(update_fields=["is_active", "archived_at", "secret_sealed"])
    _tell("archived", connector, viewer)
    return connector


@transaction.atomic
def request_connector_test(viewer: User, pk: int) -> ConnectorTest:
    """Ask for a trial, which carries nothing out. Raises Conflict while one is under way."""
    connector = _locked(viewer, pk)
    busy = connector.tests.exclude(state=ConnectorTest.State.DONE).filter(created_at__gt=clock.now() - SILENT)
    if busy.exists():
        raise Conflict("This connector is being tested already.")
    test = ConnectorTest.objects.create(connector=connector, requested_by=viewer)
    record("connector_test.requested", actor=viewer, subject=("connector_test", test.pk), name=connector.name)
    return test


def claim_connector_test(test_id: int) -> ConnectorTest | None:
    """The test for the worker that makes it; None when another does or has."""
    moment = clock.now()
    lost = Q(state=ConnectorTest.State.RUNNING, claimed_at__lt=moment - SILENT)
    free = ConnectorTest.objects.filter(Q(state=ConnectorTest.State.WAITING) | lost, pk=test_id)
    if not free.update(state=ConnectorTest.State.RUNNING, claimed_at=moment):
        return None
    return ConnectorTest.objects.select_related("connector").get(pk=test_id)


def finish_connector_test(test: ConnectorTest, steps: Sequence[tuple[str, bool, str]]) -> None:
    """Keep what a trial found."""
    test.steps = [{"step": step, "good": good, "words": words[:500]} for step, good, words in steps]
    test.state = ConnectorTest.State.DONE
    test.save(update_fields=["steps", "state"])
    bad = [words for _, good, words in steps if not good]
    moment = clock.now()
    news = {"last_error": bad[0][:500], "last_error_at": moment} if bad else {"last_error": "", "last_good_at": moment}
    Connector.objects.filter(pk=test.connector_id).update(**news)
