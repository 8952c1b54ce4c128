"""How well a sentence of the draft takes up something the customer said: features, and a logistic score over them.

The features are the evidence a reader would name: shared words and topics, the kind of thing asked for (a time, a sum,
a reason …), an act or a refusal, the place in the order of answers, and whether the sentence fits another point better.
The weights (`data/matching.json`) are fitted on the labelled pairs by `python -m backstory.coach.fit`.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from backstory.coach import books
from backstory.coach.asks import Ask
from backstory.language.replies import lexicon
from backstory.language.replies.draft import Letter, Sentence
from backstory.language.replies.meanings import nearness
from backstory.language.text import fold

CONTEXT_SHARE = 0.5
LONG_ENOUGH = 4
PREFIX = 5
FREE_BELOW = 0.3
LEAST_CLAUSE = 3
_JOINT = re.compile(
    r"\s*[;:–,]\s+(?:(?:and|but|so|und|aber|denn|y|pero|et|mais)\s+)?"
    r"|\s+(?:and|but|und|aber|sondern|y|pero|et|mais)\s+",
    re.IGNORECASE,
)
_PLAIN = ("time", "amount", "reason", "place", "person", "manner")
_ASKING = frozenset({"#cause", "#plan", "happe", "happen", "reaso", "reason", "long", "much", "many", "grund", "pass"})


@dataclass(frozen=True)
class Told:
    """A clause of the draft and what it is about; `place` is its rank among the clauses, 0 to 1."""

    sentence: Sentence
    words: frozenset[str]
    terms: frozenset[str]
    place: float
    beside: int = 1


@dataclass(frozen=True)
class Wanted:
    """An ask and what it is about; `place` is its rank among the asks, 0 to 1."""

    ask: Ask
    words: frozenset[str]
    terms: frozenset[str]
    context: frozenset[str]
    type: str
    place: float


def told(draft: Letter) -> list[Told]:
    """The clauses before the sign-off: one sentence may settle several things."""
    clauses = [clause for one in draft.body for clause in _clauses(one)]
    last = max(1, len(clauses) - 1)
    return [
        Told(
            one, content(one.text, draft.language), lexicon.terms(one.text, draft.language), place / last, len(clauses)
        )
        for place, one in enumerate(clauses)
    ]


def _clauses(sentence: Sentence) -> Iterator[Sentence]:
    at = 0
    for joint in _JOINT.finditer(sentence.text):
        before, after = sentence.text[at : joint.start()], sentence.text[joint.end() :]
        if min(len(before.split()), len(after.split())) >= LEAST_CLAUSE:
            yield Sentence(before, sentence.start + at, sentence.start + joint.start(), False)
            at = joint.end()
    yield Sentence(sentence.text[at:], sentence.start + at, sentence.end, sentence.asks)


def wanted(asks: Sequence[Ask], language: str) -> list[Wanted]:
    """The asks with what they are about."""
    last = max(1, len(asks) - 1)
    return [
        Wanted(
            one,
            content(one.quote, language),
            lexicon.terms(one.quote, language) - _ASKING,
            lexicon.terms(one.context, language),
            kind_asked_for(one),
            place / last,
        )
        for place, one in enumerate(asks)
    ]


def content(text: str, language: str) -> frozenset[str]:
    """The folded content words and numbers."""
    stops = lexicon.stop_words(language)
    words = (fold(raw).split("'")[-1] for raw in lexicon.words(text))
    return frozenset(word for word in words if word not in stops and (len(word) > 2 or word.isdigit()))


def kind_asked_for(ask: Ask) -> str:
    """time, amount, reason, place, person, manner, thing; `yes` for a yes-or-no question; else the ask's own kind."""
    if ask.kind != "question":
        return ask.kind
    asked = lexicon.straight(ask.quote)
    kinds: list[dict[str, str]] = books.load("answers")["kinds"]
    return next((kind["name"] for kind in kinds if lexicon.compiled(kind["question"]).search(asked)), "yes")


@cache
def _answer(kind: str) -> str:
    kinds: list[dict[str, str]] = books.load("answers")["kinds"]
    return next((one["answer"] for one in kinds if one["name"] == kind), "")


@lru_cache(maxsize=8192)
def says(name: str, sentence: str) -> bool:
    """Whether a sentence matches the pattern of that name in `data/answers.json`."""
    return bool(lexicon.compiled(books.load("answers")[name]).search(lexicon.straight(sentence)))


@lru_cache(maxsize=8192)
def carries(kind: str, sentence: str) -> bool:
    """Whether a sentence carries that kind of thing: a time, an amount …"""
    pattern = _answer(kind)
    return bool(pattern) and bool(lexicon.compiled(pattern).search(lexicon.straight(sentence)))


@lru_cache(maxsize=8192)
def shared(asked: frozenset[str], offered: frozenset[str]) -> float:
    """The share of the words asked about that are offered, in this form, another form or a compound; 0 to 1."""
    if not asked:
        return 0.0
    return sum(max((_alike(one, other) for other in offered), default=0.0) for one in asked) / len(asked)


def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    if len(short) < LONG_ENOUGH:
        return 0.0
    common = 0
    for a, b in zip(short, long, strict=False):
        if a != b:
            break
        common += 1
    if common >= PREFIX or (common >= LONG_ENOUGH and common >= len(short) - 2):
        return 0.8
    return 0.7 if len(short) > LONG_ENOUGH and short in long else 0.0


def topics(asked: frozenset[str], offered: frozenset[str]) -> float:
    """The share of the topics asked about that are offered, 0 to 1."""
    own = {term for term in asked if term.startswith("#")}
    return len(own & offered) / len(own) if own else 0.0


def features(one: Wanted, others: Sequence[Wanted], sentence: Told) -> dict[str, float]:
    """The evidence that this sentence takes up this ask; numbers, most of them 0 to 1."""
    text = sentence.sentence.text
    words, about = shared(one.words, sentence.words), topics(one.terms, sentence.terms)
    rivals = [max(shared(each.words, sentence.words), topics(each.terms, sentence.terms)) for each in others]
    near, nearest, cosine = nearness(one.words, sentence.words)
    rival_nearness = max((nearness(each.words, sentence.words)[0] for each in others), default=0.0)
    found = {
        "words": words,
        "topics": about,
        "near": near,
        "nearest": nearest,
        "cosine": cosine,
        "nearer to another": max(0.0, rival_nearness - near),
        "several": float(len(one.words) >= 2 and words * len(one.words) >= 1.5),
        "context": topics(one.context, sentence.terms) * (1.0 if len(one.words) < 2 else CONTEXT_SHARE),
        "rival": max(0.0, max(rivals, default=0.0) - max(words, about)),
        "order": (1.0 - abs(one.place - sentence.place)) * min(1.0, sentence.beside / (1 + len(others))),
        "bare": float(not one.words),
        "boiler": float(says("boiler", text)),
        "general": float(says("general", text)),
        "asks back": float(sentence.sentence.asks),
        "defers": float(says("defers", text)),
        "feels": float(feels(text)),
        "tells to": float(says("tells to", text)),
        "short": float(len(text.split()) <= 3),
        "numbers": float(any(mark.isdigit() for mark in text)),
        "to you": float(lexicon.compiled(_YOU).search(text) is not None),
    }
    kind = one.ask.kind
    found |= {name: float(value) for name, value in _by_kind(one, others, text, found).items()}
    for name in ("acts", "typed", "says yes or no", "asserts", "regrets"):
        if name in found:
            found[f"{name} and words"] = found[name] * max(words, about, near)
    return {f"{kind}: {name}": value for name, value in found.items()}


def _by_kind(one: Wanted, others: Sequence[Wanted], text: str, found: Mapping[str, float]) -> dict[str, bool]:
    """The evidence that is looked for in a harm, a request or a question alone."""
    kind, typed = one.ask.kind, carries(one.type, text)
    if kind == "harm":
        return {"regrets": lexicon.has("apology", "any", text) or says("regrets", text)}
    if kind == "request":
        return {"acts": says("acts", text), "refuses": says("refuses", text)}
    return {
        "typed": typed and one.type in _PLAIN,
        "typed alone": typed and one.type in _PLAIN and all(each.type != one.type for each in others),
        "typed unrivalled": typed and one.type in _PLAIN and not found["rival"],
        "told how": one.type == "manner" and found["tells to"] > 0,
        "told whether": one.type == "yes" and found["tells to"] > 0,
        f"typed {one.type}": typed,
        "untyped": bool(_answer(one.type)) and not typed,
        "says yes or no": one.type == "yes" and says("yes", text),
        "asserts": one.type == "yes" and says("asserts", text),
        "refuses": says("refuses", text),
    }


_YOU = (
    r"\b(?:you|your|yours|ihnen|ihr|ihre\w*|sie|dir|dein\w*|du|euch|usted|su|sus|le|te|tu|tus|vous|votre|vos|it|they"
    r"|es|lo|la)\b"
)


def whole(scores: Sequence[Sequence[float]], kinds: Sequence[str], idle: Sequence[bool], at: int) -> dict[str, float]:
    """What the draft as a whole says about ask number `at`; `scores[ask][sentence]`, `idle`: sentences that say little.

    A sentence that settles another ask is no evidence for this one; a draft that answers the others may answer this.
    """
    own, sentences = scores[at], range(len(idle))
    rivals = [row for row, kind in _besides(scores, kinds, at) if kind != "harm" or kinds[at] == "harm"]
    taken = [max((row[place] for row in rivals), default=0.0) for place in sentences]
    free = [own[place] for place in sentences if not idle[place] and taken[place] < FREE_BELOW]
    asked = [max(row, default=0.0) for row, kind in _besides(scores, kinds, at) if kind != "harm"]
    harmed = [max(row, default=0.0) for row, kind in _besides(scores, kinds, at) if kind == "harm"]
    found = {
        "best": _logit(max(own, default=0.0)),
        "taken": max(taken, default=0.0),
        "best alone": max((own[place] * (1 - taken[place]) for place in sentences), default=0.0),
        "best shared": max((_share(own[place], taken[place]) for place in sentences), default=0.0),
        "fits no better": float(any(own[place] >= max(taken[place], 0.1) for place in sentences)),
        "free": float(bool(free)),
        "free sentences": min(3, len(free)) / 3,
        "best free": max(free, default=0.0),
        "others answered": _mean(asked, 0.4),
        "only ask": float(not asked),
        "harms taken up": _mean(harmed, 0.4),
        "idle": _mean([float(one) for one in idle], 1.0),
        "sentences": min(6, len(idle)) / 6,
        "sentences for each": min(2.0, len(idle) / len(scores)),
    }
    return {f"{kinds[at]} whole: {name}": value for name, value in found.items()}


def _share(own: float, taken: float) -> float:
    """A score, less the more another ask outbids it."""
    return own * own / max(own, taken, 0.001)


def _besides(scores: Sequence[Sequence[float]], kinds: Sequence[str], at: int) -> list[tuple[Sequence[float], str]]:
    return [(row, kind) for number, (row, kind) in enumerate(zip(scores, kinds, strict=True)) if number != at]


def _mean(values: Sequence[float], empty: float) -> float:
    return sum(values) / len(values) if values else empty


def _logit(p: float) -> float:
    held = min(max(p, 0.001), 0.999)
    return math.log(held / (1 - held))


def is_idle(sentence: Told) -> bool:
    """Courtesy, sympathy, advertisement or a general statement: words that settle nothing."""
    text = sentence.sentence.text
    return says("boiler", text) or says("general", text) or feels(text)


def feels(sentence: str) -> bool:
    """Regret or understanding, and nothing done, told or offered with it."""
    return says("regrets", sentence) and not any(mark.isdigit() for mark in sentence) and not says("does", sentence)


@cache
def _weights() -> dict[str, float]:
    return books.load("matching")["weights"]  # type: ignore[no-any-return]


def threshold(kind: str) -> float:
    """The least probability at which an ask of that kind counts as taken up."""
    return float(books.load("matching")["thresholds"][kind])


def score(found: dict[str, float]) -> float:
    """The probability, 0 to 1, that the weights give to these features (all of one kind)."""
    weights = _weights()
    head = next(iter(found)).split(":")[0]
    logit = weights.get(f"{head}: bias", 0.0) + sum(weights.get(name, 0.0) * value for name, value in found.items())
    return 1.0 / (1.0 + math.exp(-logit))
