"""Who takes up what was not enough, and what came of the second attempt. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the team: whether they lead it, and how many second attempts they have under way."""

    pk: int
    is_lead: bool
    under_way: int = 0


def second_owner(team: Sequence[Colleague], before: int | None) -> int | None:
    """Who a second attempt begins with: a lead with the least under way, never silently whoever the low score was
    about. None where nobody else leads; then the team's list shows it without an owner."""
    leads = [each for each in team if each.is_lead and each.pk != before]
    return min(leads, key=lambda each: (each.under_way, each.pk)).pk if leads else None


def outcome_of(score: int, low: int) -> str:
    """What the customer's next answer says of the second attempt."""
    return "not_recovered" if score <= low else "recovered"
