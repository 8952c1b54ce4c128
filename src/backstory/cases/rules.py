"""Decisions about complaints, pure: numbers, what may be closed, what a promise may become, trees of
causes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backstory.kernel.errors import Conflict, InvalidInput

MAXIMUM_SEVERITY = 4
REMIND_BEFORE = timedelta(hours=24)
MEND_WITHIN = timedelta(days=14)
"""How long a broken promise calls for a word to the customer."""
CORE_FIELDS = ("stated_problem", "demand", "backstory", "need")
"""The four that CARE asks for."""
PERSONAL_FIELDS = (*CORE_FIELDS, "make_right", "constraints", "affected", "cost", "matters_by")

# From which states a step leads, and where to. A broken promise may turn out to have been kept: people forget
# to say so.
PROMISE_STEPS: Mapping[str, tuple[frozenset[str], str]] = {
    "accept": (frozenset({"suggested"}), "open"),
    "amend": (frozenset({"open"}), "open"),
    "dismiss": (frozenset({"suggested", "open"}), "dismissed"),
    "keep": (frozenset({"suggested", "open", "broken"}), "kept"),
    "break": (frozenset({"open"}), "broken"),
}


def complaint_number(year: int, sequence: int) -> str:
    """The number a customer quotes, such as C-2026-00001; five digits or as many as it takes."""
    if not 1 <= year <= 9999 or sequence < 1:
        raise InvalidInput("A complaint number needs a year from 1 to 9999 and a sequence from 1.", "number")
    return f"C-{year:04}-{sequence:05}"


def severity(value: int) -> int:
    """The value, if it is on the scale 0 (trifle) to 4 (danger); else InvalidInput."""
    if not 0 <= value <= MAXIMUM_SEVERITY:
        raise InvalidInput("Severity goes from 0 to 4.", "severity")
    return value


def promise_after(state: str, step: str) -> str:
    """The state a promise has after `accept`, `dismiss`, `keep` or `break`; Conflict where that cannot be."""
    sources, target = PROMISE_STEPS[step]
    if state not in sources:
        raise Conflict(f"A promise that is {state} cannot become {target}.")
    return target


def reminder_at(made_at: datetime, due_at: datetime) -> datetime:
    """When to remind the owner: a day ahead, or half-way where the promise was made for sooner than two
    days."""
    return due_at - min(REMIND_BEFORE, max((due_at - made_at) / 2, timedelta()))


def is_unsettled(closed_at: datetime | None, written_at: datetime, complains: bool) -> bool:
    """Whether a message says that a closed complaint is not over: it complains, and came after the closing."""
    return closed_at is not None and written_at > closed_at and complains


@dataclass(frozen=True)
class ClosingFacts:
    """What is known of a complaint that somebody wants to close."""

    outcomes: frozenset[str]
    outcome: str
    reason: str
    cause_confirmed: bool
    overdue_promises: int


def obstacles_to_closing(facts: ClosingFacts) -> list[tuple[str, str]]:
    """What is still missing, as (field, sentence), empty when the complaint may be closed."""
    found = []
    if facts.outcome not in facts.outcomes:
        found.append(("outcome", "say whether the complaint is upheld, partly upheld or not upheld"))
    if not facts.reason.strip():
        found.append(("reason", "give the reason for the outcome"))
    if not facts.cause_confirmed:
        found.append(("cause", "confirm the cause"))
    if facts.overdue_promises:
        number = "a promise is" if facts.overdue_promises == 1 else f"{facts.overdue_promises} promises are"
        found.append(("promises", f"{number} overdue: keep it or say that it was broken"))
    return found


def ensure_closable(facts: ClosingFacts) -> None:
    """Raises InvalidInput naming everything that is missing before a complaint can be closed."""
    found = obstacles_to_closing(facts)
    if found:
        missing = "; ".join(sentence for _, sentence in found)
        raise InvalidInput(f"Before closing: {missing}.", found[0][0])


def ensure_no_loop(parents: Mapping[int, int | None], moved: int, parent: int | None) -> None:
    """Raises InvalidInput if `moved` would come to lie under itself; `parents` maps each cause to its
    parent."""
    seen = set()
    while parent is not None and parent not in seen:
        if parent == moved:
            raise InvalidInput("A cause cannot be moved below itself.", "parent")
        seen.add(parent)
        parent = parents.get(parent)


def depth_first(parents: Mapping[int, int | None], order: Iterable[int]) -> list[tuple[int, int]]:
    """(id, depth) of a forest, parents before their children, siblings as in `order`.

    A node whose parent is unknown counts as a root, so nothing is ever left out of a list.
    """
    children: dict[int | None, list[int]] = {}
    for pk in order:
        parent = parents[pk]
        children.setdefault(parent if parent in parents else None, []).append(pk)
    found: list[tuple[int, int]] = []
    waiting = [(pk, 0) for pk in reversed(children.get(None, []))]
    while waiting:
        pk, depth = waiting.pop()
        found.append((pk, depth))
        waiting.extend((child, depth + 1) for child in reversed(children.get(pk, [])))
    return found


def required(text: str, field: str, name: str, maximum: int = 20_000) -> str:
    """The text without surrounding space; InvalidInput if there is none or far too much of it."""
    text = text.strip()
    if not text:
        raise InvalidInput(f"Please fill in {name}.", field)
    if len(text) > maximum:
        raise InvalidInput(f"Please keep {name} below {maximum} characters.", field)
    return text


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Names of the fields whose value differs, in order."""
    return [name for name, value in after.items() if before.get(name, "") != value]


SENSITIVE_PARTS = frozenset({"vulnerability"})
"""Parts of a reading that stand apart: signs of somebody's ill health or hardship are for those who need them."""


def kept_reading(data: Mapping[str, Any]) -> dict[str, Any]:
    """A reading as it may be seen by whoever sees the message, with the words it rests on."""
    kept = {name: value for name, value in data.items() if name not in SENSITIVE_PARTS}
    if kept.get("evidence"):
        kept["evidence"] = {
            name: spans for name, spans in kept["evidence"].items() if name.partition(".")[0] not in SENSITIVE_PARTS
        }
    return kept


def sensitive_parts(data: Mapping[str, Any]) -> dict[str, Any]:
    """What `kept_reading` leaves out, for the table of its own; empty where nothing was found."""
    return {name: data[name] for name in sorted(SENSITIVE_PARTS) if data.get(name)}


def strongest_emotion(ekman: Mapping[str, float] | None) -> str:
    """The likeliest of Ekman's six (or neutral), or "" where the engine abstains."""
    return max(ekman, key=lambda name: ekman[name]) if ekman else ""


def suggested_cause(data: Mapping[str, Any]) -> str:
    """The slug of the likeliest cause in a stored reading, or ""."""
    labels = data.get("cause") or []
    return str(max(labels, key=lambda label: label["p"])["label"]) if labels else ""


def engine_name(models: Mapping[str, str]) -> str:
    """What a reading was made with, such as "rules:1 service:3f2a", at most 60 characters."""
    return " ".join(f"{name}:{version}" for name, version in sorted(models.items()))[:60] or "rules"
