"""The policy in force, what it says about an offer, and whether practice has left a rule behind."""

from dataclasses import dataclass

from django.db.models import Count, Q

from backstory.cases.models import Cause, Complaint
from backstory.kernel.money import Money
from backstory.measures.intervals import Share
from backstory.people.models import User
from backstory.recovery import policy
from backstory.recovery.models import PolicyRule, RecoveryValue, Remedy
from backstory.recovery.rules import policies
from backstory.recovery.rules.policies import Rule
from backstory.recovery.rules.precedent import Matter


def rule_of(row: PolicyRule) -> Rule:
    return Rule(
        row.pk or 0,
        row.cause_id,
        row.least_severity,
        row.most_severity,
        row.kind,
        row.currency,
        row.minimum,
        row.maximum,
        row.usual,
        row.rank,
        row.why,
    )


def active_rules() -> list[Rule]:
    return [rule_of(row) for row in PolicyRule.objects.filter(is_active=True)]


def cause_paths() -> dict[int, tuple[int, ...]]:
    """Each cause with all above it, root first."""
    parents = dict(Cause.objects.values_list("pk", "parent_id"))

    def path(pk: int) -> tuple[int, ...]:
        found: list[int] = []
        at: int | None = pk
        while at is not None and at not in found:
            found.append(at)
            at = parents.get(at)
        return tuple(reversed(found))

    return {pk: path(pk) for pk in parents}


def matter_of(complaint: Complaint, paths: dict[int, tuple[int, ...]] | None = None) -> Matter:
    """What a complaint is about, as policy and precedent see it."""
    known = cause_paths() if paths is None else paths
    return Matter(known.get(complaint.cause_id or 0, ()), complaint.severity)


def policy_for(complaint: Complaint, kind: str, money: Money) -> tuple[Rule | None, str]:
    """The rule that speaks about this offer, and whether the amount is "above" or "below" it or fits ("")."""
    rule = policies.rule_for(active_rules(), matter_of(complaint), kind, money.currency)
    return rule, policies.verdict(rule, money.amount)


@dataclass(frozen=True)
class RuleUse:
    """A rule with how often it was offered under and departed from."""

    row: PolicyRule
    exceptions: Share
    above: int
    is_doubtful: bool


def rule_uses(viewer: User, *, retired: bool = False) -> list[RuleUse]:
    """Every rule with its exceptions among all that was offered under it, by cause and rank."""
    policy.require_editing_policy(viewer)
    offered = Count("remedies", distinct=True)
    departed = Count("remedies", filter=Q(remedies__is_exception=True), distinct=True)
    rows = PolicyRule.objects.select_related("cause").filter(is_active=not retired)
    rows = rows.annotate(offered=offered, departed=departed)
    ordered = rows.order_by("cause__position", "cause__name", "rank", "id")
    above = _above()
    return [
        RuleUse(row, Share(row.departed, row.offered), above.get(row.pk, 0), _is_doubtful(row.departed, row.offered))
        for row in ordered
    ]


def _is_doubtful(departed: int, offered: int) -> bool:
    return policies.is_doubtful(departed, offered) if offered else False


def _above() -> dict[int, int]:
    """By rule, how many exceptions gave more than it says."""
    rows = Remedy.objects.filter(is_exception=True).values_list("policy_rule", "amount", "policy_rule__maximum")
    counted: dict[int, int] = {}
    for rule, amount, maximum in rows:
        if rule is not None and amount > maximum:
            counted[rule] = counted.get(rule, 0) + 1
    return counted


def recovery_value(currency: str) -> RecoveryValue | None:
    return RecoveryValue.objects.filter(currency=currency).first()
