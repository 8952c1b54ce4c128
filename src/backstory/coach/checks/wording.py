"""Single words and tone: concrete nouns and times, "I" for "we", shouting, hedging, feeling where facts are wanted."""

import re
from collections import Counter
from collections.abc import Iterator

from backstory.coach import books
from backstory.coach.registry import Hit, rule
from backstory.coach.situation import Situation
from backstory.language.replies import evidence, lexicon

MANY_HEDGES = 2
_SHOUT = re.compile(r"\b[A-ZÄÖÜ]{4,}(?:[ ]+[A-ZÄÖÜ]{2,})*\b|!{2,}")
_DATED = {"en": "by [day and time]", "de": "bis [Tag und Uhrzeit]"}
_OWNED = {
    "en": re.compile(r"\b(?:my|our|the) (?P<noun>[a-z]+(?: [a-z]+)?)\b", re.IGNORECASE),
}


@rule("vague_thing")
def vague_thing(case: Situation) -> Iterator[Hit]:
    noun = _thing(case)
    for match in case.draft.all("vague_thing"):
        lead = match["lead"]
        fitting = noun and case.draft.language == "en" and match["noun"].lower().startswith(("item", "product"))
        yield Hit(*match.span(), f"{lead} {noun}" if fitting else None)


def _thing(case: Situation) -> str | None:
    """The thing the customer writes about, in the customer's own word; None where it is not plain."""
    pattern = _OWNED.get(case.message.language)
    named: Counter[str] = Counter()
    for match in pattern.finditer(case.message.plain) if pattern else ():
        words = match["noun"].lower().split()
        if words[0] in books.load("goods"):
            named[words[0]] += 1
        elif words[-1] in books.load("goods"):
            named[" ".join(words)] += 1
    return named.most_common(1)[0][0] if named else None


@rule("vague_time")
def vague_time(case: Situation) -> Iterator[Hit]:
    rewrite = _DATED.get(case.draft.language)
    for one in case.draft.body:
        if not lexicon.has("specific_time", case.draft.language, one.text):
            for match in lexicon.pattern("vague_time", case.draft.language).finditer(one.text):
                yield Hit(one.start + match.start(), one.start + match.end(), rewrite)


@rule("rule_quoted")
def rule_quoted(case: Situation) -> Iterator[Hit]:
    for one in case.draft.body:
        found = evidence.rule_in(one.text, case.draft.language)
        if found:
            yield Hit(one.start + found[0], one.start + found[1])


@rule("rebuttal")
def rebuttal(case: Situation) -> Iterator[Hit]:
    for one in case.draft.body:
        found = evidence.rebuttal_in(one.text, case.draft.language)
        if found:
            yield Hit(one.start + found[0], one.start + found[1])


@rule("shouting")
def shouting(case: Situation) -> Iterator[Hit]:
    for match in _SHOUT.finditer(case.draft.plain):
        words = match.group()
        if words.startswith("!"):
            yield Hit(*match.span(), "." if case.complained else "!")
        elif " " in words or (len(words) > 5 and not any(mark.isdigit() for mark in words)):
            yield Hit(*match.span(), words.lower())


@rule("no_clear_stand")
def no_clear_stand(case: Situation) -> Iterator[Hit]:
    if case.style == "driver":
        found = case.draft.all("hedge")
        if len(found) >= MANY_HEDGES:
            yield from (Hit(*match.span()) for match in found)


@rule("emotional_reply")
def emotional_reply(case: Situation) -> Iterator[Hit]:
    if case.style == "analytic":
        for match in case.draft.all("gush"):
            yield Hit(*match.span(), "." if match.group() == "!" else None)
