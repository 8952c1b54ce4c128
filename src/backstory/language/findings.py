"""From phrase finds to quoted verdicts: questions, requests and demands; and the spans all of them are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from backstory.language.phrases import Found, rules
from backstory.language.reading import Span
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
_QUOTES = frozenset('"“”„«»')
_LONGEST_QUOTE = 60
_SHORTEST_QUESTION, _LONGEST_QUESTION = 3, 25


def span(document: Document, kind: str, first: int, last: int) -> Span:
    """The quoted stretch of the tokens `first` up to and without `last`."""
    start, end = document.span(first, last)
    return Span(kind, document.text[start:end], start, end)


def span_of(document: Document, kind: str, start: int, end: int) -> Span:
    """The quoted stretch between two offsets."""
    return Span(kind, document.text[start:end], start, end)


def spans(document: Document, found: Iterable[Found]) -> tuple[Span, ...]:
    """The finds that are not negated, as spans: of overlapping ones of a kind the longer, at most 40."""
    kept: list[Found] = []
    for find in sorted((one for one in found if not one.negated), key=lambda one: (one.first, -one.last)):
        if not any(other.kind == find.kind and find.first < other.last for other in kept[-8:]):
            kept.append(find)
    return tuple(span(document, find.kind, find.first, find.last) for find in kept[:MOST])


def asks(document: Document, found: list[Found], complains: bool) -> tuple[Span, ...]:
    """Questions, requests and demands, one a clause, in the order of the text, at most 40.

    A bare imperative or "I want" is a demand where something failed (`complains`), else a request.
    """
    by_sentence: dict[int, list[Found]] = {}
    rhetorical: set[int] = set()
    for find in found:
        if find.rule != "ask":
            continue
        number = document.tokens[find.first].sentence
        if find.kind == "rhetorical":
            rhetorical.add(number)
        elif _counts(document, find):
            kind = _kind(find, complains)
            by_sentence.setdefault(number, []).append(
                find if kind == find.kind else Found("ask", kind, 1.0, find.first, find.last, False)
            )
    result: list[Span] = []
    for number, sentence in enumerate(document.sentences):
        if number in rhetorical and not any(find.kind == "request" for find in by_sentence.get(number, [])):
            continue
        asked = sentence.asks or _opens_as_question(document, sentence)
        if number in by_sentence or asked:
            result.extend(_asks_of(document, replace(sentence, asks=asked), by_sentence.get(number, [])))
        if len(result) >= MOST:
            break
    return tuple(result[:MOST])


def _kind(find: Found, complains: bool) -> str:
    if find.kind in ("imperative", "wish"):
        return "demand" if complains else "request"
    return find.kind


def _opens_as_question(document: Document, sentence: Sentence) -> bool:
    """Whether a sentence without a closing mark begins as a question does, as in a chat: "how many seats are left"."""
    tokens = document.tokens[sentence.first : sentence.last]
    if not _SHORTEST_QUESTION <= len(tokens) <= _LONGEST_QUESTION or tokens[-1].word[0] in ".!…":
        return False
    opening = [token.word for token in tokens[:5] if token.word not in _openings("greetings")][:2]
    if len(opening) < 2 or opening[0] not in _openings("question words"):
        return False
    return opening[0] not in _openings("auxiliaries") or opening[1] in _openings("subjects")


@cache
def _openings(name: str) -> frozenset[str]:
    """Words that a question, or a formula such as "please note", may begin with."""
    return frozenset(rules("openings")[name].split())


def _counts(document: Document, find: Found) -> bool:
    """Whether an ask is meant: not "I don't want to", not "how can you", and an imperative only where it leads."""
    if find.negated and find.kind != "imperative":
        return False
    if find.kind == "imperative":
        return _leads(document, find)
    if (
        find.kind == "request"
        and find.last < len(document.tokens)
        and document.tokens[find.last].word in _openings("formulas")
    ):
        return False
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


def quoted(document: Document) -> frozenset[int]:
    """The indices of the tokens between quotation marks, at most sixty in a row: what somebody else is quoted with."""
    inside: list[int] = []
    found: set[int] = set()
    opened = False
    for at, token in enumerate(document.tokens):
        if token.word in _QUOTES:
            if opened and len(inside) <= _LONGEST_QUOTE:
                found.update(inside)
            opened, inside = not opened, []
        elif opened:
            inside.append(at)
    return frozenset(found)
