"""Which messages count as abuse of whoever reads them. Pure.

The reading's level alone is wrong five times in six on letters of complaint (docs/reading.md). Before a playbook, a
banner or a count rests on it, words have to be quoted that are meant for a person: several of them, a phrase, or one
with a "you" shortly before it. What people said of a message holds as they said it.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from backstory.cases.playbooks.facts import ABUSIVE, NO_ABUSE

AMBIVALENT = 0
LISTED = frozenset({"de", "es", "fr"})
"""Languages whose abuse is read from a list of insults and threats: what stands there is meant for people."""
WITHIN = 24
"""Characters before an abusive word in which the person it is meant for is looked for."""
_PERSON = re.compile(
    r"\b(?:you|your|u|ur|are|dich|du|ihr|euch|sie|vous|tu|tes|usted(?:es)?|eres|sois|sont)\b[^.!?\n]*$", re.IGNORECASE
)
_HARMLESS = frozenset({"silly", "damn", "damned", "hell", "crap", "stupid question"})


def level_of(data: Mapping[str, Any] | None, text: str) -> int:
    """The level that counts, of a stored reading and the message it reads: 1 none, 0 ambivalent, -1 to -3."""
    part = (data or {}).get("abuse") or {}
    level = int(part.get("level", NO_ABUSE))
    if level > ABUSIVE or "abuse" in (data or {}).get("corrected", ()):
        return level
    places = tuple((int(span["start"]), int(span["end"])) for span in part.get("spans", ()))
    is_listed = ((data or {}).get("language") or {}).get("code") in LISTED
    return level if (is_listed and places) or _meant_for_somebody(places, text) else AMBIVALENT


@lru_cache(maxsize=2048)
def _meant_for_somebody(places: tuple[tuple[int, int], ...], text: str) -> bool:
    foul = [(start, end) for start, end in places if text[start:end].casefold() not in _HARMLESS]
    if len(foul) > 1 or any(" " in text[start:end].strip() for start, end in foul):
        return True
    return any(_PERSON.search(text[max(0, start - WITHIN) : start]) for start, _ in foul)
