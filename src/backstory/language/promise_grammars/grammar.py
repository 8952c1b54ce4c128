"""The shape of what `promises` knows of one language.

Each commitment is (who, pattern, needs_deadline): `who` is the party bound, `needs_deadline` marks forms that are
promises only with a time to come ("Ich rufe Sie morgen an").
"""

import re
from dataclasses import dataclass
from typing import Literal

Party = Literal["agent", "company", "customer"]
Commitment = tuple[Party, re.Pattern[str], bool]


@dataclass(frozen=True)
class Grammar:
    """One language: what commits, what rules a sentence or a clause out, and where clauses part."""

    commitments: tuple[Commitment, ...]
    barred_sentence: re.Pattern[str]
    barred_clause: re.Pattern[str]
    general: re.Pattern[str]  # customs and rules ("most", "usually", "the same day"): never a promise
    small_talk: re.Pattern[str]  # done at once or a formula ("one moment", "happy to help"): a promise only with a date
    future: re.Pattern[str]  # without which "every day" tells of a habit
    reported: re.Pattern[str]
    joint: re.Pattern[str]
    from_agent: re.Pattern[str]


def rule(party: Party, pattern: str, needs_deadline: bool = False) -> Commitment:
    return party, re.compile(pattern, re.IGNORECASE), needs_deadline


def words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
