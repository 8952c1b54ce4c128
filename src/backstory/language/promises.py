"""Promises in a message: who commits to what, and by when. English, German, Spanish and French.

A promise is a commitment still to be kept, said by or on behalf of the writer. Conditions, questions, refusals, wishes,
attempts ("I'll try"), reports of what somebody said, and the past are not promises. Rules only; no model.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from backstory.kernel.calendars import BusinessHours
from backstory.language.deadlines import Deadline, resolve
from backstory.language.promise_grammars import COMMON_WORDS, GRAMMARS, LANGUAGE_MARKS, Grammar, Party
from backstory.language.text import parse

_BREAK = re.compile(r"[;:]\s+|\s[—–-]\s|\n+|\.\s+(?=[A-ZÄÖÜÁÉÍÓÚÀÈÊ])")
_AND = re.compile(r",?\s+(?:and|und|y|et)\s+", re.IGNORECASE)
_ORDINAL = re.compile(r"(?<=\d)()\.(?=\s[JFMASOND][a-zä]{2,})")  # "am 20. März": no end of a sentence
_TAG = re.compile(
    r",\s*(?:ok(?:ay)?|all ?right|right|ja|einverstanden|in ordnung|vale|d['’]accord|yes)\s*\?+\s*$", re.IGNORECASE
)
_QUOTED_LINE = re.compile(r"(?m)^[ \t]*>.*$")
_EDGES = " \t\r\n.,;:!?…—–-*•\"'“”„«»()[]>"
_WORD = re.compile(r"[^\W\d_]+")
MAX_CLAUSE = 600


@dataclass(frozen=True)
class Promise:
    """`text[start:end] == quote`; `due` is aware UTC, or None where the promise names no time."""

    quote: str
    start: int
    end: int
    by: Party
    due: datetime | None


@dataclass(frozen=True)
class _Clause:
    start: int
    end: int
    sentence_start: int
    sentence_end: int


def find(text: str, sent_at: datetime, hours: BusinessHours) -> list[Promise]:
    """The promises in `text`, in order. `I` is taken for an agent, `we` and third persons for the company.

    Deadlines are resolved against `sent_at` (aware) in the desk's zone. Raises InvalidInput for a naive `sent_at`.
    """
    hours.local(sent_at)
    found: list[Promise] = []
    grammars = [GRAMMARS[language] for language in languages(text)]
    for clause in _clauses(text, grammars):
        found.extend(_promises_in(text, clause, grammars, sent_at, hours))
    return found


def languages(text: str) -> list[str]:
    """The language whose commonest words and letters the text uses most; all that tie, so all four for no words."""
    used = [word.lower() for word in _WORD.findall(text[:5000])]
    marks = set(text[:5000].lower())
    scores = {
        name: sum(word in common for word in used) + bool(marks & set(LANGUAGE_MARKS.get(name, "")))
        for name, common in COMMON_WORDS.items()
    }
    best = max(scores.values())
    return [name for name, score in scores.items() if score == best]


def _clauses(text: str, grammars: list[Grammar]) -> Iterator[_Clause]:
    text = _ORDINAL.sub(r"\1 ", _QUOTED_LINE.sub(lambda line: " " * len(line.group()), text))
    document = parse(text)
    for sentence in document.sentences:
        asked = sentence.asks and not _TAG.search(text[sentence.start : sentence.end])
        for start, end in _pieces(text, sentence.start, sentence.end, _BREAK):
            last = end >= sentence.end
            whole = text[start:end]
            if (asked and last) or any(grammar.barred_sentence.search(whole) for grammar in grammars):
                continue
            for piece_start, piece_end in _split_joints(text, start, end, grammars):
                yield _Clause(piece_start, piece_end, start, end)


def _pieces(text: str, start: int, end: int, breaks: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    at = start
    for match in breaks.finditer(text, start, end):
        if match.start() > at:
            yield at, match.start()
        at = match.end()
    if at < end:
        yield at, end


def _split_joints(text: str, start: int, end: int, grammars: list[Grammar]) -> Iterator[tuple[int, int]]:
    for grammar in grammars:
        pieces = list(_pieces(text, start, end, grammar.joint))
        if len(pieces) > 1:
            yield from pieces
            return
    yield start, end


def _promises_in(
    text: str, clause: _Clause, grammars: list[Grammar], sent_at: datetime, hours: BusinessHours
) -> Iterator[Promise]:
    words = text[clause.start : clause.end][:MAX_CLAUSE]
    before = text[clause.sentence_start : clause.start][-MAX_CLAUSE:]
    deadline = resolve(words, sent_at, hours)
    party = next((who for grammar in grammars if (who := _party(words, before, grammar, deadline))), None)
    if not party:
        return
    for start, end in _dated_halves(words, sent_at, hours):
        half = resolve(words[start:end], sent_at, hours)
        quote_start, quote_end = _trimmed(text, clause.start + start, clause.start + end)
        if quote_start < quote_end:
            quote = text[quote_start:quote_end]
            yield Promise(quote, quote_start, quote_end, party, half.due if half else None)


def _party(words: str, before: str, grammar: Grammar, deadline: Deadline | None) -> Party | None:
    """Who is bound by the clause, or None where it commits nobody."""
    if _ruled_out(words, before, grammar):
        return None
    timed = deadline is not None
    body = before + words
    for party, pattern, needs_deadline in grammar.commitments:
        if needs_deadline and not timed:
            continue
        match = pattern.search(words) or _shared_subject(pattern, body, len(before))
        if match and not grammar.reported.search(body[: len(before) + match.start()]):
            return "agent" if party == "company" and grammar.from_agent.search(words) else party
    return None


def _shared_subject(pattern: re.Pattern[str], body: str, at: int) -> re.Match[str] | None:
    """ "I'm on it" | "and will update you": a verb whose subject stands in the clause before."""
    if not body[at:].lower().startswith("will "):
        return None
    match = pattern.search(body)
    return match if match and match.end() > at else None


def _ruled_out(words: str, before: str, grammar: Grammar) -> bool:
    main = re.split(r",\s*(?:dass|damit)\b", words, maxsplit=1)[0]
    return bool(grammar.barred_clause.search(main))


def _dated_halves(words: str, sent_at: datetime, hours: BusinessHours) -> list[tuple[int, int]]:
    """Two halves around an "and" where each names its own deadline, else the whole."""
    for match in _AND.finditer(words):
        halves = (0, match.start()), (match.end(), len(words))
        if all(resolve(words[start:end], sent_at, hours) for start, end in halves):
            return [
                halves[0],
                *(
                    (match.end() + start, match.end() + end)
                    for start, end in _dated_halves(words[match.end() :], sent_at, hours)
                ),
            ]
    return [(0, len(words))]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return start, end
