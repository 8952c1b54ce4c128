"""Warm – solve – warm: how a reply opens and closes, and acknowledgement before the fix."""

from collections.abc import Iterator

from backstory.coach.registry import Hit, rule
from backstory.coach.situation import Situation
from backstory.language.replies import evidence, lexicon

OPENING = 2
CLOSING = 2
SHORT_BODY = 3


@rule("warm_opening_missing")
def opening(case: Situation) -> Iterator[Hit]:
    body = case.draft.body
    if not case.complained or not body:
        return
    start = body[0].start
    words = case.draft.plain[start : body[min(OPENING, len(body)) - 1].end]
    warm = any(lexicon.has(name, case.draft.language, words) for name in ("warm", "understand", "emotion", "apology"))
    if not warm:
        yield Hit(body[0].start, body[0].end)


@rule("warm_close_missing")
def closing(case: Situation) -> Iterator[Hit]:
    body = case.draft.body
    if not case.complained or len(body) < SHORT_BODY:
        return
    words = case.draft.plain[body[-min(CLOSING, len(body))].start : body[-1].end]
    if not lexicon.has("warm", case.draft.language, words) and not body[-1].asks:
        yield Hit(body[-1].start, body[-1].end)


@rule("acknowledge_first")
def acknowledge(case: Situation) -> Iterator[Hit]:
    """High arousal, and nothing before the fix names the feeling, restates the matter or shows understanding."""
    if not (case.aroused and case.fix_at is not None):
        return
    before = [one for one in case.draft.body if one.start < case.fix_at]
    words = " ".join(one.text for one in before)
    first_fix = next(one for one in case.draft.body if one.start == case.fix_at)
    language = case.draft.language
    if any(lexicon.has(name, language, words) for name in ("understand", "emotion")) or lexicon.has(
        "understand", language, first_fix.text
    ):
        return
    if words and evidence.restates(case.message.text, words):
        return
    yield Hit(first_fix.start, first_fix.end)


@rule("survey_before_fix")
def survey(case: Situation) -> Iterator[Hit]:
    """A survey is asked for while nothing has been solved yet."""
    if case.draft.has("done"):
        return
    for one in case.draft.sentences:
        match = lexicon.pattern("survey", case.draft.language).search(one.text)
        if match:
            start, end = case.sentence_around(one.start, one.end)
            yield Hit(start, end, "")
