"""How people commit themselves in English, German, Spanish and French. Data for `promises`.

Each commitment is (who, pattern, needs_deadline): `who` is the party bound, `needs_deadline` marks present-tense forms
that are promises only with a time to come ("Ich rufe Sie morgen an").
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
    reported: re.Pattern[str]
    joint: re.Pattern[str]
    from_agent: re.Pattern[str]


def rule(party: Party, pattern: str, needs_deadline: bool = False) -> Commitment:
    return party, re.compile(pattern, re.IGNORECASE), needs_deadline


def words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
