"""The register of checks: each is an entry in `data/checks.json` and, where phrases alone cannot say it, one function.

An entry holds id, level, message, source and its strength mark ([V] published, [R] recalled, [G] own judgement, [S] the
service-recovery teaching the product rests on), languages, and examples of good and bad drafts that are run as tests.
Entries of phrases: `{language: [{"find": pattern, "rewrite": text or null, "whole": sentence?}]}`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from backstory.coach import books
from backstory.coach.advice import LEVELS, Finding, Level
from backstory.coach.situation import Situation
from backstory.language.replies import lexicon


@dataclass(frozen=True)
class Hit:
    """Where a check bites: a stretch of the draft (empty where something is missing) and what could stand there.

    `said` are words of the customer that the offered wording may quote; `level`, `source`: if its own.
    """

    start: int
    end: int
    rewrite: str | None = None
    message: str | None = None
    said: str = ""
    level: Level | None = None
    source: str | None = None


Rule = Callable[[Situation], Iterable[Hit]]
RULES: dict[str, Rule] = {}


@dataclass(frozen=True)
class Check:
    """One check as its entry describes it. `styles`: customers' styles for which it weighs one level more.

    `offer`: wording by language for a find without one of its own, in place of its "words" or its "sentence" (`scope`);
    `{quote}` is what stood there, `{said}` what the customer said, `[…]` is for the agent to fill.
    """

    id: str
    level: Level
    title: str
    message: str
    source: str
    strength: str
    languages: tuple[str, ...]
    good: tuple[dict[str, Any], ...]
    bad: tuple[dict[str, Any], ...]
    phrases: dict[str, list[dict[str, Any]]]
    styles: tuple[str, ...] = ()
    yields_to: tuple[str, ...] = ()
    offer: Mapping[str, str] = field(default_factory=dict)


def rule(check_id: str) -> Callable[[Rule], Rule]:
    """Registers the function of the check with that id."""

    def register(function: Rule) -> Rule:
        RULES[check_id] = function
        return function

    return register


@cache
def checks() -> tuple[Check, ...]:
    """Every check, in the order of the data."""
    return tuple(_check(entry) for entry in books.load("checks"))


def _check(entry: dict[str, Any]) -> Check:
    def listed(name: str) -> tuple[Any, ...]:
        return tuple(entry.get(name, ()))

    return Check(
        id=entry["id"],
        level=entry["level"],
        title=entry["title"],
        message=entry["message"],
        source=entry["source"],
        strength=entry["strength"],
        languages=listed("languages"),
        good=listed("good"),
        bad=listed("bad"),
        phrases=entry.get("phrases", {}),
        styles=listed("styles"),
        yields_to=listed("yields_to"),
        offer=entry.get("offer", {}),
    )


def run(check: Check, situation: Situation) -> Iterator[Finding]:
    """The findings of one check on one draft, in order of place."""
    language = situation.draft.language
    off = situation.context.adjusted.get(check.id, 0) is None and check.level != "blocker"
    if language not in check.languages or off:
        return
    hits = list(_phrase_hits(check, situation))
    if check.id in RULES:
        hits.extend(RULES[check.id](situation))
    for hit in sorted(hits, key=lambda hit: (hit.start, hit.end)):
        yield _finding(check, _offered(check, hit, situation), situation)


def _phrase_hits(check: Check, situation: Situation) -> Iterator[Hit]:
    for phrase in check.phrases.get(situation.draft.language, ()):
        for match in lexicon.compiled(phrase["find"]).finditer(situation.draft.plain):
            start, end = match.span()
            if phrase.get("whole"):
                start, end = situation.sentence_around(start, end)
            rewrite = phrase.get("rewrite")
            if start < end:
                yield Hit(start, end, _cased(rewrite, situation.draft.text[start]) if rewrite else rewrite)


def _cased(rewrite: str, first: str) -> str:
    return rewrite[0].upper() + rewrite[1:] if first.isupper() else rewrite


def _offered(check: Check, hit: Hit, situation: Situation) -> Hit:
    """The hit with the check's own wording where the rule offers none."""
    template = check.offer.get(situation.draft.language)
    if hit.rewrite is not None or template is None:
        return hit
    start, end = hit.start, hit.end
    if check.offer["scope"] == "sentence":
        start, end = situation.sentence_around(start, end)
    quote = situation.draft.text[start:end]
    if not template.startswith("{quote}"):
        quote = quote[:1].upper() + quote[1:]
    words = template.replace("{quote}", quote).replace("{said}", hit.said)
    return replace(hit, start=start, end=end, rewrite=words)


def _finding(check: Check, hit: Hit, situation: Situation) -> Finding:
    quote = situation.draft.text[hit.start : hit.end]
    source = hit.source or f"{check.source} [{check.strength}]"
    level = hit.level or _level(check, situation)
    return Finding(check.id, level, quote, hit.start, hit.end, hit.message or check.message, hit.rewrite, source)


def _level(check: Check, situation: Situation) -> Level:
    """The check's level, one more for the styles it weighs more for, and as the team adjusted it; never a blocker."""
    if check.level == "blocker":
        return check.level
    louder = (situation.context.adjusted.get(check.id) or 0) + int(situation.style in check.styles)
    return LEVELS[min(max(LEVELS.index(check.level) + louder, 0), LEVELS.index("warning"))]
