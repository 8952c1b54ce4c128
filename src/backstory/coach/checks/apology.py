"""Apology: early, short, once, and with something tangible."""

from collections.abc import Iterator

from backstory.coach.registry import Hit, rule
from backstory.coach.situation import Situation
from backstory.language.replies.draft import Sentence
from backstory.language.replies.lexicon import has

EARLY_SENTENCES = 3
SHORT_WORDS = 60
_SORRY = {
    "en": "I am sorry about what happened. ",
    "de": "Es tut mir leid, was passiert ist. ",
    "es": "Siento lo ocurrido. ",
    "fr": "Je suis désolé de ce qui s'est passé. ",
}
_THANKS = {"en": "thank you for your patience", "de": "vielen Dank für Ihre Geduld"}


def apologies(case: Situation) -> list[Sentence]:
    """The sentences before the sign-off that apologise."""
    return [one for one in case.draft.body if has("apology", case.draft.language, one.text)]


@rule("apology_missing")
def missing(case: Situation) -> Iterator[Hit]:
    if case.harmed and not apologies(case):
        at = case.draft.greeting_end
        yield Hit(at, at, _SORRY[case.draft.language])


@rule("apology_late")
def late(case: Situation) -> Iterator[Hit]:
    first = next(iter(apologies(case)), None)
    if first and case.complained and case.draft.body.index(first) >= EARLY_SENTENCES:
        start = case.draft.body[0].start
        before = case.draft.text[start : first.start].rstrip()
        yield Hit(start, first.end, f"{case.draft.text[first.start : first.end]} {before}")


@rule("apology_repeated")
def repeated(case: Situation) -> Iterator[Hit]:
    """From the third apology on, or a second one that does not stand beside the first."""
    found = apologies(case)
    body = case.draft.body
    for count, one in enumerate(found[1:], start=2):
        if count > 2 or body.index(one) - body.index(found[0]) > 1:
            start, end = case.sentence_around(one.start, one.end)
            yield Hit(start, end, "" if len(one.text.split()) <= 14 else None)


@rule("apology_long")
def long(case: Situation) -> Iterator[Hit]:
    found = apologies(case)
    if found and sum(len(one.text.split()) for one in found) > SHORT_WORDS:
        yield Hit(found[0].start, found[0].end)


@rule("apology_without_action")
def without_action(case: Situation) -> Iterator[Hit]:
    found = apologies(case)
    acted = case.promises or case.draft.has("done") or case.draft.has("option")
    if case.harmed and found and not acted and not any(one.asks for one in case.draft.body):
        yield Hit(found[0].start, found[0].end)


@rule("patience_instead")
def patience(case: Situation) -> Iterator[Hit]:
    if case.only_a_wait and case.draft.language in _THANKS:
        for match in case.draft.all("sorry_for_delay"):
            thanks = _THANKS[case.draft.language]
            yield Hit(*match.span(), thanks[0].upper() + thanks[1:] if match.group()[0].isupper() else thanks)


@rule("patience_in_serious_harm")
def patience_misplaced(case: Situation) -> Iterator[Hit]:
    if not case.severe:
        return
    for match in case.draft.all("thanks_for_patience"):
        start, end = case.sentence_around(*match.span())
        yield Hit(start, end, "")
