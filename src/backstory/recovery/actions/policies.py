"""Editing what is given for what, and what is known of a customer's value."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.utils.text import slugify

from backstory.cases.models import Cause
from backstory.kernel import money
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.kernel.ids import token
from backstory.live.actions import record
from backstory.people.models import User
from backstory.recovery import policy, queries
from backstory.recovery.models import PolicyRule, RecoveryValue, Remedy
from backstory.recovery.rules import policies

DEFAULTS = Path(__file__).parent.parent / "policy_defaults.yaml"
LONGEST_WHY = 300
SHARES = ("retention", "discount", "stay_gain")
AMOUNTS = ("margin", "word_of_mouth", "handling_cost")


@transaction.atomic
def save_rule(viewer: User, rule_id: int | None = None, **given: Any) -> PolicyRule:
    """Add a rule or change one. Fields: cause_id (None for any), least_severity, most_severity, kind, currency,
    minimum, usual, maximum, why, rank; what is not given stays."""
    policy.require_editing_policy(viewer)
    row = _rule(rule_id) if rule_id is not None else PolicyRule(slug="", rank=50)
    before = _range(row) if rule_id is not None else ""
    _take(row, given)
    problem = policies.ensure_fits(queries.rule_of(row))
    if problem:
        raise InvalidInput(problem, "usual" if "usual" in problem else "least_severity")
    row.slug = row.slug or f"{slugify(row.kind)}-{token()[:12].lower()}"
    row.save()
    where = row.cause.name if row.cause else "any cause"
    record(
        "policy.saved",
        actor=viewer,
        subject=("policy", row.pk),
        where=where,
        kind_of=row.kind,
        before=before,
        now=_range(row),
    )
    return row


def _rule(rule_id: int) -> PolicyRule:
    row = PolicyRule.objects.select_for_update(of=("self",)).select_related("cause").filter(pk=rule_id).first()
    if row is None:
        raise NotFound("There is no such rule.")
    return row


def _range(row: PolicyRule) -> str:
    return f"{row.minimum:.2f}–{row.maximum:.2f} {row.currency}, usually {row.usual:.2f}"


def _take(row: PolicyRule, given: dict[str, Any]) -> None:
    if "cause_id" in given:
        row.cause = _cause(given["cause_id"])
    if given.get("kind", row.kind) not in Remedy.Kind.values:
        raise InvalidInput("Choose one of the kinds of remedy.", "kind")
    row.kind = given.get("kind", row.kind)
    row.currency = str(given.get("currency", row.currency or settings.CURRENCY)).strip().upper()
    for name in ("minimum", "usual", "maximum"):
        value = given.get(name, getattr(row, name))
        row_value = money.parse("0" if value is None else value, row.currency).amount
        setattr(row, name, row_value)
    for name in ("least_severity", "most_severity", "rank"):
        setattr(row, name, int(given.get(name, getattr(row, name))))
    row.why = " ".join(str(given.get("why", row.why)).split())[:LONGEST_WHY]


def _cause(cause_id: int | None) -> Cause | None:
    if cause_id is None:
        return None
    found = Cause.objects.filter(pk=cause_id).first()
    if found is None:
        raise InvalidInput("Choose one of the causes.", "cause")
    return found


@transaction.atomic
def retire_rule(viewer: User, rule_id: int) -> PolicyRule:
    """Propose it no longer and hold nothing against it; what was held against it stays counted."""
    policy.require_editing_policy(viewer)
    row = _rule(rule_id)
    if row.is_active:
        row.is_active = False
        row.save(update_fields=["is_active"])
        record("policy.retired", actor=viewer, subject=("policy", row.pk), kind_of=row.kind, before=_range(row))
    return row


@transaction.atomic
def seed_policy() -> int:
    """Add the shipped rules to a desk that has none, in its own currency; returns how many."""
    if PolicyRule.objects.exists():
        return 0
    causes = {cause.slug: cause for cause in Cause.objects.all()}
    found = yaml.safe_load(DEFAULTS.read_text(encoding="utf-8"))
    rows = [_shipped(raw, causes) for raw in found if raw["cause"] == "any" or raw["cause"] in causes]
    PolicyRule.objects.bulk_create(rows)
    return len(rows)


def _shipped(raw: dict[str, Any], causes: dict[str, Cause]) -> PolicyRule:
    minimum, usual, maximum = raw["range"]
    least, most = raw["severity"]
    return PolicyRule(
        slug=raw["slug"],
        cause=causes.get(raw["cause"]),
        least_severity=least,
        most_severity=most,
        kind=raw["kind"],
        currency=settings.CURRENCY,
        minimum=Decimal(minimum),
        usual=Decimal(usual),
        maximum=Decimal(maximum),
        rank=raw["rank"],
        why=raw["why"],
    )


@transaction.atomic
def save_value(viewer: User, currency: str, **given: str | None) -> RecoveryValue:
    """What a lead knows of a customer's worth in one currency; None or "" is not known. Shares are 0 to 1 (`stay_gain`
    may be below 0), amounts are money; the margin and both rates are per year."""
    policy.require_editing_policy(viewer)
    code = money.parse("0", currency).currency
    row = RecoveryValue.objects.select_for_update().filter(currency=code).first() or RecoveryValue(currency=code)
    for name in SHARES:
        if name in given:
            setattr(row, name, _share(name, given[name]))
    for name in AMOUNTS:
        if name in given:
            value = given[name]
            setattr(row, name, None if value in (None, "") else money.parse(str(value), code).amount)
    row.save()
    record("value.set", actor=viewer, subject=("value", row.pk), currency=code)
    return row


def _share(name: str, given: str | None) -> Decimal | None:
    if given is None or not given.strip():
        return None
    try:
        value = Decimal(given.strip().replace(",", "."))
    except InvalidOperation:
        raise InvalidInput(f"“{given}” is no share such as 0.8.", name) from None
    if not value.is_finite() or not (-1 if name == "stay_gain" else 0) <= value <= 1:
        raise InvalidInput("A share lies between 0 and 1.", name)
    return value
