"""What a message puts at stake: severity and safety, urgency, harms, vulnerability and threats, each quoted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from backstory.kernel.calendars import BusinessHours
from backstory.language import deadlines, findings, situations
from backstory.language.phrases import CUE, Found, rules
from backstory.language.reading import Severity, Span, Urgency
from backstory.language.situations import Situation
from backstory.language.text import Document

Spans = tuple[Span, ...]
SURE = 0.5
_LONGEST_CLAUSE = 14
_MOST_REASONS = 3
_BREAKS = frozenset(',;:.!?…—–()"“”„«»')


def severity(document: Document, found: list[Found], situation: Situation, complains: bool) -> tuple[Severity, Spans]:
    """The level that the situation reaches, at least what a present danger weighs; and the words it rests on.

    Safety needs a danger told in words that does not look harmless as a whole, or a situation that is sure of one.
    """
    dangers = [find for find in _cues(found) if find.kind in rules("situations")["danger"]]
    safety = situation.holds("safety/yes") if dangers else situation.p("safety/yes") >= SURE
    level = situation.level("severity", situations.SEVERITY if dangers else situations.SEVERITY[:-1])
    if safety:
        floors = rules("situations")["floor"]
        level = max(level, 2, *(floors.get(find.kind, 0) for find in dangers), 0)
    if complains:
        level = max(level, 1)
    told = _reasons(document, found, situation, f"severity/>={max(level, 1)}", dangers if safety else [])
    quotes = ", ".join(dict.fromkeys(f"“{one.text}”" for one in told[:_MOST_REASONS]))
    if level and not quotes:
        quotes = "it complains, and nothing graver is stated"
    return Severity(level, safety, quotes if level else ""), told if level else ()


def _cues(found: Iterable[Found]) -> list[Found]:
    return [find for find in found if find.rule == CUE and not find.negated]


def _reasons(document: Document, found: list[Found], situation: Situation, column: str, first: list[Found]) -> Spans:
    """The cues that raise a column most, dangers before the rest, in the order of their weight."""
    raising = [(situation.adds(column, find.kind), find) for find in _cues(found)]
    ranked = sorted((pair for pair in raising if pair[0] > 0), key=lambda pair: -pair[0])
    chosen = dict.fromkeys([*first, *(find for _, find in ranked)])
    told = [findings.span(document, find.kind, find.first, find.last) for find in chosen]
    return tuple(told[: findings.MOST])


def urgency(
    document: Document, found: list[Found], situation: Situation, written_at: datetime | None = None
) -> tuple[Urgency, Spans]:
    """The level of haste, the words that say by when, and with the moment of writing (aware) the time they mean."""
    level = situation.level("urgency", situations.URGENCY)
    asking = {document.tokens[find.first].sentence for find in found if find.rule == "ask" and find.kind != "question"}
    sentences = [(one.start, one.end, at in asking) for at, one in enumerate(document.sentences)]
    told = deadlines.stated(document.text, sentences) if level else None
    quote = (findings.span_of(document, "by-when", *told),) if told else ()
    due = None
    if told and written_at:
        resolved = deadlines.resolve(document.text[told[0] : told[1]], written_at, BusinessHours())
        due = resolved.due.isoformat() if resolved and resolved.due else None
    places = quote or _reasons(document, found, situation, f"urgency/>={max(level, 1)}", [])[:_MOST_REASONS]
    return Urgency(level, quote[0].text if quote else None, due), places if level else ()


def harms(document: Document, found: list[Found], meant: bool) -> Spans:
    """What was lost or suffered, a quoted clause each; none where nothing is complained of or endangered (`meant`)."""
    if not meant:
        return ()
    return _clauses(document, _mapped(found, rules("situations")["harm"]))


def vulnerability(document: Document, found: list[Found], situation: Situation) -> Spans:
    """Words that hint at one of the four drivers of vulnerability (FCA FG21/1), a quoted clause each.

    None where the message as a whole speaks against it; the limit is set so that hardly any hardship is lost by that.
    """
    if not situation.holds("vulnerability/yes"):
        return ()
    return _clauses(document, _mapped(found, rules("situations")["vulnerability"]))


def threats(document: Document, found: list[Found], complains: bool) -> dict[str, Spans]:
    """Announced consequences by kind, quoted; where nothing is complained of only self-harm: a move is no threat.

    What stands between quotation marks somebody else said, but for self-harm, which is told however it is put.
    """
    mapped = _mapped(found, rules("situations")["threat"])
    kinds = ("churn", "legal", "publicity", "self-harm")
    others = findings.quoted(document)
    meant = [find for find in found if find.rule == "threat" and (complains and find.first not in others)]
    own = [*meant, *(find for find in found if find.rule == "threat" and find.kind == "self-harm")]
    every = findings.spans(document, [*own, *mapped])
    return {kind: tuple(one for one in every if one.kind == kind) for kind in kinds}


def _mapped(found: list[Found], table: dict[str, list[str]]) -> list[Found]:
    """The cues under the kind that a table gives them."""
    kind_of = {cue: kind for kind, cues in table.items() for cue in cues}
    return [
        Found(CUE, kind_of[find.kind], find.weight, find.first, find.last, False)
        for find in _cues(found)
        if find.kind in kind_of
    ]


def _clauses(document: Document, found: list[Found]) -> Spans:
    """Each find with the clause around it, once a kind and clause, at most 40."""
    kept: dict[tuple[str, int], tuple[int, int]] = {}
    for find in sorted(found, key=lambda one: (one.first, -one.last)):
        first, last = _clause(document, find)
        known = next((key for key, (_, end) in kept.items() if key[0] == find.kind and first < end), None)
        if known is None:
            kept[find.kind, first] = first, last
    places = sorted((first, last, kind) for (kind, _), (first, last) in kept.items())
    return tuple(findings.span(document, kind, first, last) for first, last, kind in places[: findings.MOST])


def _clause(document: Document, find: Found) -> tuple[int, int]:
    """The clause of a find: to the next mark on either side, at most `_LONGEST_CLAUSE` tokens."""
    tokens = document.tokens
    sentence = document.sentences[tokens[find.first].sentence]
    first, last = find.first, find.last
    room = max(0, _LONGEST_CLAUSE - (last - first))
    while first > sentence.first and room and tokens[first - 1].word[0] not in _BREAKS:
        first, room = first - 1, room - 1
    while last < sentence.last and room and tokens[last].word[0] not in _BREAKS:
        last, room = last + 1, room - 1
    return first, last
