"""Holding a remedy against the policy: outside of it it may be given, knowingly, with a reason, and is counted."""

from backstory.kernel.errors import InvalidInput
from backstory.recovery import queries
from backstory.recovery.models import Remedy
from backstory.recovery.rules.policies import Rule


def hold_against_policy(remedy: Remedy, reason: str, field: str = "exception_reason") -> None:
    """Set the rule that speaks about the remedy and whether it departs from it; the caller saves.

    InvalidInput, naming `field`, where it departs without a reason.
    """
    rule, outside = queries.policy_for(remedy.complaint, remedy.kind, remedy.money)
    why = reason.strip()[:2000]
    if outside and not why:
        raise InvalidInput(outside_in_words(rule, outside), field)
    remedy.policy_rule_id = rule.id if rule else None
    remedy.is_exception = bool(outside) or (rule is None and bool(why))
    remedy.exception_reason = why if remedy.is_exception else ""


def outside_in_words(rule: Rule | None, outside: str) -> str:
    """What to do about an offer outside the policy."""
    if rule is None or not outside:
        return ""
    side = "more" if outside == "above" else "less"
    span = f"{rule.minimum:.2f} to {rule.maximum:.2f} {rule.currency}"
    return (
        f"This is {side} than our policy gives here ({span}). It may be right: say why, and it is kept as an exception."
    )
