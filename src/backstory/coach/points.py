"""Each question, request and harm of the customer held against the draft: answered, acknowledged or missed.

Whether a point is taken up at all is a score over the evidence (`matching`); whether what takes it up also settles it
is a rule: words that put off ("I will look into …"), a question back, or a *when* without any time only acknowledge it.
"""

from collections.abc import Sequence

from backstory.coach import matching
from backstory.coach.advice import Point
from backstory.coach.asks import Ask
from backstory.language.replies import evidence, lexicon
from backstory.language.replies.draft import Letter

_MUST_CARRY = ("time", "amount")


def hold_against(asks: Sequence[Ask], draft: Letter, language: str | None = None) -> list[Point]:
    """One Point for each ask, in order. `language` is the message's, where it is not the draft's."""
    wanted = matching.wanted(asks, language or draft.language)
    told = matching.told(draft)
    scores = [[_score(one, wanted, each, draft.language) for each in told] for one in wanted]
    kinds = [one.ask.kind for one in wanted]
    idle = [matching.is_idle(each) for each in told]
    points = []
    for number, one in enumerate(wanted):
        taken_up = matching.score(matching.whole(scores, kinds, idle, number)) if told else 0.0
        if taken_up < matching.threshold(one.ask.kind):
            points.append(Point(one.ask.kind, one.ask.quote, "missed", None))
        else:
            points.append(_taken_up(one, told, scores[number]))
    return points


def _score(one: matching.Wanted, wanted: list[matching.Wanted], each: matching.Told, language: str) -> float:
    found = matching.features(one, [other for other in wanted if other is not one], each)
    if one.ask.kind == "harm" and (_denies(each.sentence.text, language) or _is_stock(found)):
        return 0.0
    if one.ask.kind == "request" and (found["request: feels"] or _is_foreign(one, found)):
        return 0.0
    if one.type in _MUST_CARRY and _leaves_open(one, each.sentence.text):
        return OPEN_SHARE * matching.score(found)
    return matching.score(found)


def _taken_up(one: matching.Wanted, told: list[matching.Told], scores: list[float]) -> Point:
    """Answered by the best sentence that settles the ask, else acknowledged by the best of all."""
    best = max(range(len(told)), key=lambda place: scores[place])
    if one.ask.kind != "harm":
        for place in sorted(range(len(told)), key=lambda place: -scores[place]):
            if scores[place] < SETTLES_ABOVE * scores[best]:
                break
            if settles(one, told[place].sentence.text):
                return Point(one.ask.kind, one.ask.quote, "answered", told[place].sentence.text)
    return Point(one.ask.kind, one.ask.quote, "acknowledged", told[best].sentence.text)


FULL_REQUEST = 2
OPEN_SHARE = 0.3
NAMES_IT = 0.1
"""A regret acknowledges a harm when it shares at least this much with it, 0 to 1."""
SETTLES_ABOVE = 0.5
"""Another sentence may settle an ask when its score is at least this share of the best one's."""


def settles(one: matching.Wanted, sentence: str) -> bool:
    """Whether a sentence that takes an ask up also answers it."""
    if sentence.rstrip().endswith("?") or matching.says("defers", sentence):
        return False
    return one.type not in _MUST_CARRY or matching.carries(one.type, sentence) or matching.says("refuses", sentence)


def _is_foreign(one: matching.Wanted, found: dict[str, float]) -> bool:
    """An act that has nothing to do with what was asked for."""
    near = max(found[f"request: {name}"] for name in ("words", "topics", "near", "context", "cosine"))
    return len(one.words) >= FULL_REQUEST and near < NAMES_IT


def _leaves_open(one: matching.Wanted, sentence: str) -> bool:
    """Neither the time or sum that was asked for, nor a word on when it will be known."""
    says = matching.says
    return not (matching.carries(one.type, sentence) or says("defers", sentence) or says("refuses", sentence))


def _is_stock(found: dict[str, float]) -> bool:
    """Sorry for nothing in particular."""
    near = max(found[f"harm: {name}"] for name in ("words", "topics", "near", "context"))
    return bool(found["harm: regrets"]) and near < NAMES_IT


def _denies(sentence: str, language: str) -> bool:
    """A rule, a contradiction or blame takes up the words of a harm without acknowledging it."""
    return bool(
        evidence.rule_in(sentence, language)
        or evidence.rebuttal_in(sentence, language)
        or lexicon.has("blaming", language, sentence)
    )
