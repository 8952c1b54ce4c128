"""Pure decisions about what a person typed: what is missing, what is too long, what a file is called."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from backstory.people.rules import is_email, normalise_email

LONGEST = {"name": 200, "email": 254, "subject": 200, "happened": 20_000, "wish": 5_000, "order": 200}
"""Characters each field of the form may hold."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a form cannot be taken: the field it is about ("" for the whole), a phrase and what fills it."""

    field: str
    phrase: str
    values: dict[str, object] = dataclasses.field(default_factory=dict)


def problems(typed: Mapping[str, str]) -> list[Problem]:
    """What has to be mended before the form can be sent, in the order of its fields."""
    found = [
        Problem(name, "error.too_long", {"longest": longest})
        for name, longest in LONGEST.items()
        if len(typed.get(name, "")) > longest
    ]
    if not typed.get("email", "").strip():
        found.append(Problem("email", "error.email.missing"))
    elif not _reachable(typed["email"]):
        found.append(Problem("email", "error.email.invalid"))
    return found + message_problems(typed.get("happened", ""), "happened")


def message_problems(words: str, name: str) -> list[Problem]:
    return [] if words.strip() else [Problem(name, "error.happened.missing")]


def _reachable(address: str) -> bool:
    """Stricter than the rule for mail: on the open internet a domain has a dot, so “maya@gmail” is a slip."""
    domain = normalise_email(address).rpartition("@")[2]
    return is_email(normalise_email(address)) and "." in domain.strip(".")
