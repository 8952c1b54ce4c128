"""From phrase finds to verdicts: asks, harms, severity, urgency, vulnerability, threats. Pure and quick."""

from __future__ import annotations

from collections.abc import Iterable

from backstory.language.phrases import Found, rules
from backstory.language.reading import Severity, Span, Urgency
from backstory.language.text import Document, Sentence

MOST = 40
_CLAUSE_MARKS = frozenset(",;:.!?—–(")
_CLAUSE_WORDS = frozenset(["and", "or", "but", "und", "oder", "aber", "y", "o", "pero", "et", "ou", "mais"])
_LEADS = _CLAUSE_WORDS | frozenset(
    ["please", "just", "then", "now", "so", "alors", "donc", "bitte", "kindly", "¡", "-"]
)
_RHETORICAL = frozenset(["how", "why", "wie", "warum", "como", "comment", "pourquoi"])
_KINDS = ("question", "request", "demand", "request", "question")
_POLITE, _TELL_ME = 3, 4


def span(document: Document, kind: str, first: int, last: int) -> Span:
    """The quoted stretch of the tokens `first` up to and without `last`."""
    start, end = document.span(first, last)
    return Span(kind, document.text[start:end], start, end)


def spans(document: Document, found: Iterable[Found]) -> tuple[Span, ...]:
    """The finds that are not negated, as spans: of overlapping ones of a kind the longer, at most 40."""
    kept: list[Found] = []
    for find in sorted((one for one in found if not one.negated), key=lambda one: (one.first, -one.last)):
        if not any(other.kind == find.kind and find.first < other.last for other in kept[-8:]):
            kept.append(find)
    return tuple(span(document, find.kind, find.first, find.last) for find in kept[:MOST])


def asks(document: Document, found: list[Found]) -> tuple[Span, ...]:
    """Questions, requests and demands, one a clause, in the order of the text, at most 40."""
    by_sentence: dict[int, list[Found]] = {}
    for find in found:
        if find.rule == "ask" and _counts(document, find):
            by_sentence.setdefault(document.tokens[find.first].sentence, []).append(find)
    result: list[Span] = []
    for number, sentence in enumerate(document.sentences):
        if number in by_sentence or sentence.asks:
            result.extend(_asks_of(document, sentence, by_sentence.get(number, [])))
        if len(result) >= MOST:
            break
    return tuple(result[:MOST])


def _counts(document: Document, find: Found) -> bool:
    """Whether an ask is meant: not "I don't want to", not "how can you", and an imperative only where it leads."""
    if find.negated:
        return False
    if find.kind == "imperative":
        return _leads(document, find)
    return not (find.first and document.tokens[find.first - 1].word in _RHETORICAL)


def _leads(document: Document, find: Found) -> bool:
    """Whether the find opens a clause, as an imperative does."""
    if find.first == 0 or document.tokens[find.first - 1].sentence != document.tokens[find.first].sentence:
        return True
    before = document.tokens[find.first - 1].word
    return before[0] in _CLAUSE_MARKS or before in _LEADS


def _asks_of(document: Document, sentence: Sentence, found: list[Found]) -> list[Span]:
    ranks: dict[int, tuple[int, int]] = {}
    polite = False
    for find in found:
        first, last = _clause(document, sentence, find)
        rank = _rank(find, asked=sentence.asks)
        if last == find.last and find.kind == "request" and rank == _POLITE and last < sentence.last - 1:
            # A lone "please," asks for nothing by itself but makes a request of what follows.
            polite = True
            continue
        start, known = ranks.get(last, (first, rank))
        ranks[last] = (min(start, first), max(known, rank))
    spans_found = []
    for last, (first, rank) in sorted(ranks.items()):
        kind = _KINDS[max(rank, _POLITE) if polite and rank else rank]
        spans_found.append(span(document, kind, first, last))
    if sentence.asks and not any(one.kind in ("question", "request") for one in spans_found):
        spans_found.append(span(document, "question", sentence.first, sentence.last))
    return sorted(spans_found, key=lambda one: one.start)


def _rank(find: Found, *, asked: bool) -> int:
    """Place in `_KINDS`: politeness makes a request of a demand, asking to be told makes a question of a request."""
    if find.kind == "question":
        return _TELL_ME if find.weight >= 2 else 0
    if find.kind == "request" and find.weight >= 2:
        return _POLITE
    if asked:
        return 0
    return 1 if find.kind == "request" else 2


def _clause(document: Document, sentence: Sentence, find: Found) -> tuple[int, int]:
    """From the find to the end of its clause."""
    last = find.last
    while last < sentence.last:
        word = document.tokens[last].word
        if word[0] in _CLAUSE_MARKS or (word in _CLAUSE_WORDS and last - find.first > 2):
            break
        last += 1
    if sentence.asks and last == sentence.last - 1:
        last = sentence.last
    return find.first, last


def severity(
    document: Document, found: list[Found], complains: bool, cause: str = ""
) -> tuple[Severity, tuple[Span, ...]]:
    """The highest level any find stands for, at least what its likeliest cause usually weighs; 0 where none complains.

    What a cause weighs stands in `data/rules/blend.json`: its most frequent level among our training messages.
    """
    usual = usual_severity(cause) if complains else 0
    signs = [find for find in found if find.rule == "severity" and not find.negated]
    danger = [find for find in signs if find.kind == "danger"]
    if not complains:
        signs = [find for find in danger if find.weight >= 4]
    if max((find.weight for find in signs), default=0) < usual or not signs:
        return Severity(usual, False, _usual_reason(cause, usual)), ()
    level = int(max(find.weight for find in signs))
    top = [span(document, find.kind, find.first, find.last) for find in signs if int(find.weight) == level]
    told = (complains and danger) or [find for find in danger if find.weight >= 4]
    quotes = ", ".join(dict.fromkeys(f"“{one.text}”" for one in top[:3]))
    return Severity(level, bool(told), quotes), tuple(top[:MOST])


def usual_severity(cause: str) -> int:
    """The level that a complaint of this cause has where it states nothing graver."""
    blend = rules("blend")["severity"]
    return int(blend["causes"].get(cause, blend["default"]))


def _usual_reason(cause: str, level: int) -> str:
    if level < 1:
        return ""
    if level == 1:
        return "it complains, and nothing graver is stated"
    return f"{cause.replace('-', ' ')} is usually of this weight, and nothing graver is stated"


def urgency(document: Document, found: list[Found]) -> tuple[Urgency, tuple[Span, ...]]:
    """The highest level found and the words that say by when."""
    signs = [find for find in found if find.rule == "urgency" and not find.negated]
    if not signs:
        return Urgency(0, None), ()
    top = max(signs, key=lambda find: (find.weight, -find.first))
    quote = span(document, top.kind, top.first, top.last)
    return Urgency(int(top.weight), quote.text), (quote,)
