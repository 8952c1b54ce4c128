"""What a reply holds: options, an owner, a dated next step, every point, a readable length."""

import re
from collections.abc import Iterator

from backstory.coach.registry import Hit, rule
from backstory.coach.situation import Situation
from backstory.language.replies import lexicon

LONG_WORDS = 350
LONG_PARAGRAPH_WORDS = 120
PARAGRAPH_WORDS = 45


@rule("next_step_missing")
def next_step(case: Situation) -> Iterator[Hit]:
    """No promise with a date, nothing already done, and nothing asked: the customer does not know what happens next."""
    if not (case.complained or any(ask.kind == "request" for ask in case.asks)):
        return
    dated = any(promise.due and promise.by != "customer" for promise in case.promises)
    if not dated and not case.draft.has("done"):
        yield Hit(case.draft.sign_off_start, case.draft.sign_off_start)


@rule("one_option_only")
def one_option(case: Situation) -> Iterator[Hit]:
    """A remedy is offered or a request refused, without a choice."""
    wanted = [ask for ask in case.asks if ask.kind == "request"]
    refused = case.draft.first("refusal")
    if case.harmed and wanted and refused and not case.draft.has("option"):
        yield Hit(*refused.span())


@rule("points_missed")
def points_missed(case: Situation) -> Iterator[Hit]:
    missed = [point.quote for point in case.points if point.status == "missed" and point.kind != "harm"]
    if missed:
        listed = "; ".join(f"“{quote[:80]}”" for quote in missed[:4])
        end = case.draft.sign_off_start
        yield Hit(end, end, None, f"Not answered yet: {listed}", said=missed[0])


@rule("harm_unacknowledged")
def harm_unacknowledged(case: Situation) -> Iterator[Hit]:
    harms = [point for point in case.points if point.kind == "harm"]
    if harms and all(point.status == "missed" for point in harms):
        at = case.draft.greeting_end
        said = harms[0].quote
        yield Hit(at, at, None, f"Nothing in the draft takes up what happened: “{said[:80]}”", said=said)


@rule("too_long")
def too_long(case: Situation) -> Iterator[Hit]:
    if case.draft.words > LONG_WORDS:
        yield Hit(0, 0)


@rule("wall_of_text")
def wall_of_text(case: Situation) -> Iterator[Hit]:
    for match in re.finditer(r"\S(?:.|\n(?!\s*\n))*", case.draft.text):
        if len(match.group().split()) > LONG_PARAGRAPH_WORDS:
            yield Hit(*match.span(), _broken(case, *match.span()))


def _broken(case: Situation, start: int, end: int) -> str | None:
    """The paragraph in shorter ones of some sentences each; None where it is a single sentence."""
    inside = [one for one in case.draft.sentences if start <= one.start and one.end <= end]
    text, words = "", 0
    at = start
    for one in inside[:-1]:
        words += len(one.text.split())
        if words >= PARAGRAPH_WORDS:
            text += case.draft.text[at : one.end] + "\n\n"
            at, words = one.end + len(case.draft.text[one.end :]) - len(case.draft.text[one.end :].lstrip()), 0
    return text + case.draft.text[at:end] if text else None


@rule("no_outcome")
def no_outcome(case: Situation) -> Iterator[Hit]:
    """Something was asked for, and nothing is granted, refused or promised."""
    wanted = [point for point in case.points if point.kind == "request"]
    decided = any(point.status == "answered" for point in wanted)
    acted = case.promises or case.draft.has("done") or case.draft.has("refusal") or case.draft.has("option")
    if case.complained and wanted and not decided and not acted:
        yield Hit(case.draft.sign_off_start, case.draft.sign_off_start)


@rule("asks_again")
def asks_again(case: Situation) -> Iterator[Hit]:
    """Asks for a number that the message already gives."""
    if not case.message.has("order_number"):
        return
    for one in case.draft.body:
        match = lexicon.pattern("asks_number", case.draft.language).search(one.text)
        if match and lexicon.has("give_number", case.draft.language, one.text):
            yield Hit(one.start + match.start(), one.start + match.end())
