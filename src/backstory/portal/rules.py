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


LONGEST_WHEN = 200


def is_phone(text: str) -> bool:
    """Whether this may be a telephone number: 5 to 20 digits among the usual signs, whatever the country."""
    digits = sum(each.isdigit() for each in text)
    return 5 <= digits <= 20 and len(text) <= 40 and all(each.isdigit() or each in "+-/(). \u00a0" for each in text)


def _reachable(address: str) -> bool:
    """Stricter than the rule for mail: on the open internet a domain has a dot, so “maya@gmail” is a slip."""
    domain = normalise_email(address).rpartition("@")[2]
    return is_email(normalise_email(address)) and "." in domain.strip(".")


def brand_sheet(color: str) -> str:
    """The style sheet for a brand's colour (#rrggbb), "" for none: a band at the head of each page, and buttons and
    links by day where white stands out from it well enough (WCAG 2.2, 1.4.3)."""
    if not color:
        return ""
    band = f"body {{ border-block-start: .45rem solid {color}; }}\n"
    if contrast_with_white(color) < READABLE:
        return band
    return band + f"@media (prefers-color-scheme: light) {{ :root {{ --accent: {color}; --on-accent: #ffffff; }} }}\n"


READABLE = 4.5


def contrast_with_white(color: str) -> float:
    """The contrast ratio of a colour (#rrggbb) and white, 1 to 21 (WCAG 2.2, relative luminance)."""
    parts = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
