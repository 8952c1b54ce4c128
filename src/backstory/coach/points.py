"""Each question, request and harm of the customer held against the draft: answered, acknowledged or missed.

A draft sentence *meets* a point when they share enough of what they are about (stems, numbers, topics). It *answers* a
question when it carries the kind of thing asked for (a time, an amount, a reason, a yes or no), and a request when it
grants, has done or refuses it. Talk of the question ("I understand you want to know") only acknowledges it.
"""

from collections.abc import Iterable

from backstory.coach import books
from backstory.coach.advice import Point, PointStatus
from backstory.coach.asks import Ask
from backstory.language.replies import evidence, lexicon
from backstory.language.replies.draft import Letter, Sentence

ENOUGH = 0.3
TYPED_ENOUGH = 0.15
TOPIC_WEIGHT = 2.0


_ASKING = frozenset({"#cause", "happe", "happen", "reaso", "reason", "long", "much", "many", "grund", "pass"})


def hold_against(asks: Iterable[Ask], draft: Letter) -> list[Point]:
    """One Point for each ask, in order."""
    sentences = [(sentence, lexicon.terms(sentence.text, draft.language)) for sentence in draft.body]
    return [_point(ask, sentences, draft.language) for ask in asks]


def _point(ask: Ask, sentences: list[tuple[Sentence, frozenset[str]]], language: str) -> Point:
    wanted = _wanted(ask, language)
    ranked = [(overlap(wanted, terms), place) for place, (_, terms) in enumerate(sentences)]
    met = sorted(((score, -place) for score, place in ranked if score >= ENOUGH), reverse=True)
    if ask.kind == "harm":
        met = [(score, place) for score, place in met if not _denies(sentences[-place][0].text, language)]
    for _, place in met:
        quote = sentences[-place][0].text
        if ask.kind != "harm" and _settles(ask, quote, language):
            return Point(ask.kind, ask.quote, "answered", quote)
    if met:
        at = -met[0][1]
        following = sentences[at + 1][0].text if at + 1 < len(sentences) else ""
        status: PointStatus = "acknowledged"
        if ask.kind == "question" and following and _settles(ask, following, language, strict=True):
            return Point(ask.kind, ask.quote, "answered", following)
        near = _typed_answer(ask, wanted, sentences, language)
        return Point(ask.kind, ask.quote, "answered" if near else status, near or sentences[at][0].text)
    answer = _plain_answer(ask, wanted, sentences, language)
    return Point(ask.kind, ask.quote, "answered" if answer else "missed", answer)


def _wanted(ask: Ask, language: str) -> frozenset[str]:
    """What the ask is about; a question's own asking words ("what happened", "the reason") are not part of it."""
    terms = lexicon.terms(ask.quote, language)
    return terms - _ASKING if ask.kind == "question" else terms


def _denies(sentence: str, language: str) -> bool:
    """A rule, a contradiction or blame takes up the words of a harm without acknowledging it."""
    return bool(
        evidence.rule_in(sentence, language)
        or evidence.rebuttal_in(sentence, language)
        or lexicon.has("blaming", language, sentence)
    )


def _typed_answer(
    ask: Ask, wanted: frozenset[str], sentences: list[tuple[Sentence, frozenset[str]]], language: str
) -> str | None:
    """A sentence that shares little with the question but carries exactly the kind of thing it asks for."""
    if ask.kind != "question":
        return None
    for sentence, terms in sentences:
        if overlap(wanted, terms) >= TYPED_ENOUGH and _settles(ask, sentence.text, language, strict=True):
            return sentence.text
    return None


def _plain_answer(
    ask: Ask, wanted: frozenset[str], sentences: list[tuple[Sentence, frozenset[str]]], language: str
) -> str | None:
    """ "When will you do something?" names no topic: any dated commitment answers it."""
    if ask.kind == "harm" or len(wanted) > 1:
        return None
    typed = _kind_asked_for(lexicon.straight(ask.quote)) is not None
    for sentence, _ in sentences:
        committed = _grants(sentence.text, language)
        if committed and (ask.kind == "request" or typed) and _settles(ask, sentence.text, language, strict=True):
            return sentence.text
    return None


def overlap(wanted: frozenset[str], offered: frozenset[str]) -> float:
    """The share of what is wanted that is offered, 0 to 1; topics weigh more than words."""
    total = sum(_weight(term) for term in wanted)
    if not total:
        return 0.0
    return sum(_weight(term) for term in wanted & offered) / min(total, 6.0)


def _weight(term: str) -> float:
    return TOPIC_WEIGHT if term.startswith("#") else 1.0


def _kind_asked_for(question: str) -> str | None:
    """The pattern of the kind of thing asked for: a time, an amount, a reason, a place; None for yes or no."""
    kinds: list[dict[str, str]] = books.load("answers")
    return next((kind["answer"] for kind in kinds if lexicon.compiled(kind["question"]).search(question)), None)


def _settles(ask: Ask, sentence: str, language: str, strict: bool = False) -> bool:
    if sentence.rstrip().endswith("?"):
        return False
    deferred = bool(lexicon.has("deferred", language, sentence))
    if ask.kind == "request" and _handed_over(ask, sentence, language):
        return True
    if ask.kind == "request":
        return _grants(sentence, language) and not (deferred and not lexicon.has("done", language, sentence))
    asked = lexicon.straight(ask.quote)
    kind = _kind_asked_for(asked)
    if kind:
        return bool(lexicon.compiled(kind).search(sentence)) and not deferred
    return not strict and not deferred and lexicon.has("yes_no", language, sentence)


def _grants(sentence: str, language: str) -> bool:
    return any(lexicon.has(name, language, sentence) for name in ("grant", "refusal"))


def _handed_over(ask: Ask, sentence: str, language: str) -> bool:
    """ "Send me the tracking number": the sentence that holds it is the answer."""
    return lexicon.has("handed_over", language, ask.quote) and lexicon.has("is_given", language, sentence)
