"""What suits the customer's likely style, and their state: what to do, beside what not to do (those are phrases)."""

from collections.abc import Iterator

from backstory.coach.registry import Hit, rule
from backstory.coach.situation import Situation
from backstory.language.replies import lexicon

FIRST_SENTENCES = 3
BRIEF_WORDS = 25


@rule("driver_waits")
def driver_waits(case: Situation) -> Iterator[Hit]:
    body = case.draft.body
    if case.style == "driver" and len(body) > FIRST_SENTENCES and case.fix_at is not None:
        first = next(number for number, one in enumerate(body) if one.start == case.fix_at)
        if first >= FIRST_SENTENCES:
            yield Hit(body[first].start, body[first].end)


@rule("expressive_without_why")
def expressive_without_why(case: Situation) -> Iterator[Hit]:
    if case.style != "expressive" or case.draft.has("why"):
        return
    for one in case.draft.body:
        if lexicon.has("refusal", case.draft.language, one.text):
            yield Hit(*case.sentence_around(one.start, one.end))
            return


@rule("analytic_without_facts")
def analytic_without_facts(case: Situation) -> Iterator[Hit]:
    told = any(mark.isdigit() for mark in case.message.text)
    if case.style == "analytic" and (case.complained or told) and not any(mark.isdigit() for mark in case.draft.text):
        yield Hit(case.draft.greeting_end, case.draft.greeting_end)


@rule("amiable_not_invited")
def amiable_not_invited(case: Situation) -> Iterator[Hit]:
    if case.style == "amiable" and case.complained and not any(one.asks for one in case.draft.body):
        yield Hit(case.draft.sign_off_start, case.draft.sign_off_start)


@rule("too_brief_for_upset")
def too_brief(case: Situation) -> Iterator[Hit]:
    words = sum(len(one.text.split()) for one in case.draft.body)
    if case.aroused and words < BRIEF_WORDS:
        yield Hit(case.draft.greeting_end, case.draft.greeting_end)
