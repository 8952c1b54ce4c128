"""Decisions about carrying remedies out, pure: which connector serves, and what follows from what it found.

The rule above all others: money never moves twice. Once a request may have reached the other side, it is only looked
up; the desk repeats it only where the other side promises to act once for one key, and after a look-up that found
nothing. Everything else is for a person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from backstory.kernel.errors import InvalidInput
from backstory.kernel.text import storable
from backstory.recovery.connectors.interface import Outcome, State

TRIES = (0.5, 2, 10, 30, 120, 360)
"""Minutes before the next attempt after one that reached nobody."""
LOOKS = (0.2, 1, 5, 15, 60, 240, 720)
"""Minutes before the next look-up of what is uncertain; then only a person can tell."""
PENDING_LOOKS = (1, 5, 15, 60, 240, 720, *([1440] * 14))
"""Minutes before the next look at what the other side has taken on; after two weeks a person looks."""
RECONCILED_AFTER = (1, 24, 24 * 7, 24 * 30)
"""Hours after the end of a transfer at which it is compared with the other side's own record."""
LONGEST_RECIPIENT = 200


class Phase(StrEnum):
    """What becomes of a transfer; `ACT` is no state but says that it is to be carried out now."""

    WAITING = "waiting"
    PENDING = "pending"
    DONE = "done"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides. `perhaps`: an earlier attempt may have acted; `pending`: the other side had taken it on;
    `refused_last`: the last attempt to carry out was answered with no; `cleared`: a person said that nothing moved."""

    attempts: int
    look_ups: int
    perhaps: bool = False
    pending: bool = False
    refused_last: bool = False
    cleared: bool = False
    honours_keys: bool = False
    in_key_hours: bool = False
    can_look_up: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What follows: the phase, minutes until the next try (None: only a person can go on), whether money may have
    moved, and words where the outcome's own do not say why."""

    phase: Phase
    minutes: float | None = None
    perhaps: bool = False
    words: str = ""


def after_carrying_out(outcome: Outcome, facts: Facts) -> Step:
    """What follows from an attempt to carry out."""
    match outcome.state:
        case State.DONE:
            return Step(Phase.DONE)
        case State.PENDING:
            return Step(Phase.PENDING, PENDING_LOOKS[0] if facts.can_look_up else None, perhaps=True)
        case State.REFUSED if not facts.perhaps:
            return Step(Phase.REFUSED)
        case State.REFUSED:  # an attempt before may have acted all the same
            return _uncertain(outcome, facts)
        case State.ABSENT if facts.perhaps:
            return _uncertain(outcome, facts)
        case State.ABSENT:
            return _again(outcome, facts)
        case _:
            return _uncertain(outcome, facts)


def _again(outcome: Outcome, facts: Facts) -> Step:
    """Nothing was reached, nothing moved: another try, or none."""
    if outcome.hopeless:
        return Step(Phase.FAILED)
    if facts.attempts > len(TRIES):
        return Step(Phase.FAILED, words=f"Given up after {facts.attempts} tries: nothing moved.")
    wait = TRIES[facts.attempts - 1] if facts.attempts else 0
    return Step(Phase.WAITING, max(wait, (outcome.retry_after or 0) / 60))


def _uncertain(outcome: Outcome, facts: Facts) -> Step:
    if outcome.hopeless or not facts.can_look_up or facts.look_ups >= len(LOOKS):
        return Step(Phase.UNCERTAIN, None, perhaps=True)
    wait = max(LOOKS[facts.look_ups], (outcome.retry_after or 0) / 60)
    return Step(Phase.UNCERTAIN, wait, perhaps=True)


def after_look_up(outcome: Outcome, facts: Facts) -> Step:
    """What follows from asking what became of an attempt that may have acted."""
    match outcome.state:
        case State.DONE:
            return Step(Phase.DONE)
        case State.REFUSED:
            return Step(Phase.REFUSED)
        case State.PENDING:
            return _pending(facts)
        case State.ABSENT if facts.pending:
            return Step(Phase.UNCERTAIN, None, True, "It was taken on there, and now nobody knows of it.")
        case State.ABSENT if facts.refused_last and not facts.cleared:
            return Step(Phase.REFUSED)
        case State.ABSENT if facts.cleared or _may_repeat(facts):
            return Step(Phase.ACT, perhaps=True)
        case State.UNKNOWN if facts.cleared and not outcome.hopeless:
            return Step(Phase.ACT, perhaps=True)
        case State.UNKNOWN if facts.pending and not outcome.hopeless:
            return _pending(facts)
        case _:
            return _uncertain(outcome, facts)


def _may_repeat(facts: Facts) -> bool:
    """Whether asking again with the same key cannot move money twice: the other side's own promise."""
    return facts.honours_keys and facts.in_key_hours and facts.attempts <= len(TRIES)


def _pending(facts: Facts) -> Step:
    if not facts.can_look_up:
        return Step(Phase.PENDING, None, perhaps=True)
    if facts.look_ups >= len(PENDING_LOOKS):
        return Step(Phase.UNCERTAIN, None, True, "It was taken on two weeks ago and is still not finished.")
    return Step(Phase.PENDING, PENDING_LOOKS[facts.look_ups], perhaps=True)


@dataclass(frozen=True, slots=True)
class Service:
    """What a connector serves; no team means every team."""

    pk: int
    kinds: Sequence[str]
    currencies: Sequence[str]
    team_id: int | None


def serving(services: Iterable[Service], kind: str, currency: str, team_id: int) -> Service | None:
    """The connector for a remedy: one of its own team before one for all, else the older one; None: by hand."""
    fit = [
        each
        for each in services
        if kind in each.kinds and currency in each.currencies and each.team_id in {None, team_id}
    ]
    return min(fit, key=lambda each: (each.team_id is None, each.pk), default=None)


def needs_button(amount: Decimal, above: Decimal | None) -> bool:
    """Whether a person has to press the button for this amount."""
    return above is not None and amount > above


def recipient(text: str) -> str:
    """What the other system knows the customer's payment by; InvalidInput for nothing or what is no reference."""
    found = storable(text).strip()
    if not found or len(found) > LONGEST_RECIPIENT or not found.isprintable():
        raise InvalidInput(
            "Say which payment or account: the reference that the other system knows it by.", "recipient"
        )
    return found


def reconcile_hours(rounds: int) -> float | None:
    """Hours from the end of a transfer to its next comparison; None after the last."""
    return RECONCILED_AFTER[rounds] if rounds < len(RECONCILED_AFTER) else None


def difference(moved: bool, outcome: Outcome) -> tuple[str, str] | None:
    """In what the other side's record differs from ours, as (kind, words); None where it agrees or cannot tell.

    `moved` is what we believe. `outcome` is what `believed` made of the look-up's answer.
    """
    if outcome.hopeless and outcome.state == State.UNKNOWN:
        return "contradicts", outcome.words
    if moved and outcome.state == State.ABSENT:
        return "missing", "We believe that it was carried out; the other side knows of nothing."
    if moved and outcome.state == State.REFUSED:
        return "undone", f"The other side says now that it failed. {outcome.words}".strip()
    if not moved and outcome.state in {State.DONE, State.PENDING}:
        return "moved", "We believe that nothing moved; the other side says that it did."
    return None


def wait_for_answer(look_ups: int) -> Step:
    """What follows when the other side could not be asked about a former key: nothing is carried out before."""
    return Step(Phase.WAITING, LOOKS[min(look_ups, len(LOOKS) - 1)])
