"""How a message treats its reader: abuse with the words that are abuse, and politeness.

English has trained heads (`conduct.npz`). All four languages have a list of insults and threats with a level each
(`data/rules/abuse.json`), which a team can read and change; only English politeness is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path

from backstory.language import findings, text, weights
from backstory.language.reading import Abuse, Span
from backstory.language.text import Document
from backstory.language.weights import Scores

FILE = "conduct.npz"
# ConvAbuse's names of the kinds, in the reading's words.
KINDS = {
    "intellectual": "insult",
    "sexist": "sexist",
    "racist": "racist",
    "homophobic": "homophobic",
    "transphobic": "homophobic",
    "ableist": "ableist",
    "sex_harassment": "sexual",
}
AMBIVALENT = 0.75
# Without an abusive word: the most tokens that a message may have, and how likely abuse must be.
SHORT, UNWORDED = 12, 0.6
MOST = 40
_LISTED = Path(__file__).parent / "data" / "rules" / "abuse.json"


def abuse(document: Document, scores: Scores | None, language: str) -> Abuse | None:
    """The level, the kinds and the words: the list's where it holds one, else the trained heads' with `scores`.

    The heads learned from short turns of talk; without a word that is abuse by itself they are heard on those alone.
    """
    listed = _listed_abuse(document, language) if language in _lists() else None
    if scores is None or (listed and listed.level < 0):
        return listed
    level, spans = _level(scores), _spans(document, toxic)
    if not spans and (len(document.tokens) > SHORT or scores.probability("abuse/-1") < UNWORDED):
        level = 1
    if level >= 0:
        return Abuse(level, (), ())
    named = {name for kind, name in KINDS.items() if _reaches(scores, f"kind/{kind}")}
    return Abuse(level, tuple(sorted(named or {"insult"})), spans)


def politeness(scores: Scores) -> float:
    """Probability that the message is polite: how a reader of Wikipedia's discussions would take it (TyDiP)."""
    return round(scores.probability("politeness/polite"), 4)


def _level(scores: Scores) -> int:
    if not _reaches(scores, "abuse/-1"):
        return 0 if _reaches(scores, "abuse/-1", AMBIVALENT) else 1
    return -3 if _reaches(scores, "abuse/-3") else -2 if _reaches(scores, "abuse/-2") else -1


def _reaches(scores: Scores, column: str, share: float = 1.0) -> bool:
    return scores.probability(column) >= share * scores.model.limit(column)


def toxic(word: str) -> bool:
    """Whether a folded English word is abuse by itself, as the head trained on single words says."""
    return word[0].isalpha() and _is_toxic(word)


@lru_cache(maxsize=10_000)
def _is_toxic(word: str) -> bool:
    scores = weights.load(FILE).score_units([(text.neutral(word), 0, 1)])
    return scores.probability("span/toxic") >= scores.model.limit("span/toxic")


def _spans(document: Document, holds: Callable[[str], bool]) -> tuple[Span, ...]:
    """Neighbouring abusive words together, in the order of the text."""
    places: list[tuple[int, int]] = []
    for at, token in enumerate(document.model_tokens()):
        if not holds(token.word):
            continue
        if places and places[-1][1] == at:
            places[-1] = (places[-1][0], at + 1)
        else:
            places.append((at, at + 1))
    read = document.model_tokens()
    whole = [(read[first].start, read[last - 1].end) for first, last in places[:MOST]]
    return tuple(Span("abuse", document.text[start:end], start, end) for start, end in whole)


@cache
def _lists() -> dict[str, dict[str, int]]:
    """Language -> folded word or phrase -> level."""
    listed = json.loads(_LISTED.read_text(encoding="utf-8"))
    return {
        code: {phrase: int(level) for level, phrases in levels.items() for phrase in phrases}
        for code, levels in listed.items()
    }


def _listed_abuse(document: Document, language: str) -> Abuse:
    listed = _lists()[language]
    tokens, others = document.tokens, findings.quoted(document)
    found: list[tuple[int, int, int]] = []
    for at in range(len(tokens)):
        for size in (4, 3, 2, 1):
            level = listed.get(" ".join(token.word for token in tokens[at : at + size]))
            if level is not None and at + size <= len(tokens) and at not in others:
                found.append((at, at + size, level))
                break
    spans = [(tokens[first].start, tokens[last - 1].end) for first, last, _ in found[:MOST]]
    quoted = tuple(Span("abuse", document.text[start:end], start, end) for start, end in spans)
    return Abuse(min((level for _, _, level in found), default=1), ("insult",) if found else (), quoted)
