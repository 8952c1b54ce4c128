"""Promises in a message: who commits to what, and by when. English, German, Spanish and French.

A promise is a commitment still to be kept, said by or on behalf of the writer. Conditions, questions, refusals, wishes,
attempts ("I'll try"), reports of what somebody said, and the past are not promises. Rules only; no model.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from backstory.kernel.calendars import BusinessHours
from backstory.language import clock_times
from backstory.language.deadline_words import EVERY, MONTHS, any_of
from backstory.language.deadlines import Deadline, resolve
from backstory.language.identify import identify
from backstory.language.promise_grammars import COMMON_WORDS, GRAMMARS, LANGUAGE_MARKS, Grammar, Party
from backstory.language.text import parse

_BREAK = re.compile(
    r"(?<!\bword)(?<!\bpromise)(?<!\bWort)(?<!\bpalabra)(?<!\bparole)[;:]\s+|;\s+|\s[—–]\s|\s-\s(?!\d)|\n+|\.\s+(?=[A-ZÄÖÜÁÉÍÓÚÀÈÊ])"
    r"|(?<=[a-z]{3})\.\s+(?=(?:i|we|you|they|he|she|it|ich|wir|sie|je|nous|vous|on|le|te|yo)\b)"
)
_AND = re.compile(r",?\s+(?:and|und|y|et)\s+", re.IGNORECASE)
_SENTENCE_STARTS = "Wir|Ich|Sie|Der|Die|Das|Bitte|Vielen|Mit|Es"
_ORDINAL = re.compile(  # "am 20. März", "bis 18.03. Bescheid": no end of a sentence
    rf"(?<=\d)\.(?=\s(?:(?:{any_of(MONTHS)})\b|(?:um|auf|bei|an|zurück)\b))"
    rf"|(?:(?<=\d\.\d)|(?<=\d\.\d\d))\.(?=\s(?!{_SENTENCE_STARTS})\w)",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")
_ENDS_LINE = ".!?:;,…"
_WRAPPED_FROM = 50  # a line shorter than this was ended by its writer, not by a mail program
_QUOTED = re.compile(r"[\"“„«‹»]([^\"“”„«»‹›\n]{8,300})[\"”“»›«]")
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
    grammars = [GRAMMARS[language] for language in languages(text)]
    plain, places = _plainly_spaced(text)
    found = [
        promise
        for clause in _clauses(plain, grammars)
        for promise in _promises_in(plain, clause, grammars, sent_at, hours)
    ]
    return [_as_written(promise, text, places) for promise in found]


def _plainly_spaced(text: str) -> tuple[str, list[int]]:
    """The text with one space for any run of them and for a line's end that a mail program set, and where each
    character stood."""
    written: list[str] = []
    places: list[int] = []
    at = 0
    for match in _SPACE.finditer(text):
        written += [text[at : match.start()], "\n" if _ends_line(text, match) else " "]
        places += [*range(at, match.start()), match.start()]
        at = match.end()
    places += range(at, len(text))
    return "".join([*written, text[at:]]), places


def _ends_line(text: str, space: re.Match[str]) -> bool:
    lines = space.group().count("\n")
    if lines != 1 or not 0 < space.start() < space.end() < len(text):
        return lines > 0
    before, after = text[space.start() - 1], text[space.end()]
    length = space.start() - text.rfind("\n", 0, space.start()) - 1
    goes_on = after.islower() or after.isdigit() or (length >= _WRAPPED_FROM and after.isalpha())
    return (before in _ENDS_LINE and not (before == "," and after.islower())) or not goes_on


def _as_written(promise: Promise, text: str, places: list[int]) -> Promise:
    start, end = places[promise.start], places[promise.end - 1] + 1
    return replace(promise, quote=text[start:end], start=start, end=end)


def languages(text: str) -> list[str]:
    """The language whose commonest words and letters the text uses most; of several that tie the one that the model
    of languages names, or else all of them."""
    used = [word.lower() for word in _WORD.findall(text[:5000])]
    marks = set(text[:5000].lower())
    scores = {
        name: sum(word in common for word in used) + bool(marks & set(LANGUAGE_MARKS.get(name, "")))
        for name, common in COMMON_WORDS.items()
    }
    best = max(scores.values())
    likely = [name for name, score in scores.items() if score == best]
    named = identify(parse(text[:5000])).code if len(likely) > 1 else ""
    return [named] if named in GRAMMARS else likely


def _clauses(text: str, grammars: list[Grammar]) -> Iterator[_Clause]:
    text = _ORDINAL.sub(" ", _QUOTED_LINE.sub(_blank, _QUOTED.sub(_blank_part, text)))
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


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _blank_part(match: re.Match[str]) -> str:
    """What somebody is quoted with inside a text; a text that is one quotation stays."""
    whole = len(match.group()) > 0.8 * len(match.string.strip())
    return match.group() if whole else _blank(match)


def _pieces(
    text: str, start: int, end: int, breaks: re.Pattern[str], whole: Sequence[tuple[int, int]] = ()
) -> Iterator[tuple[int, int]]:
    """The parts between `breaks`; none is made inside the places of `whole`."""
    at = start
    for match in breaks.finditer(text, start, end):
        if match.start() > at and not any(first < match.start() < last for first, last in whole):
            yield at, match.start()
            at = match.end()
    if at < end:
        yield at, end


def _split_joints(text: str, start: int, end: int, grammars: list[Grammar]) -> Iterator[tuple[int, int]]:
    hours_named = [(start + first, start + last) for first, last in clock_times.ranges(text[start:end])]
    for grammar in grammars:
        pieces = list(_pieces(text, start, end, grammar.joint, hours_named))
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
    halves = _dated_halves(words, sent_at, hours)
    due: datetime | None = None
    for start, end in halves:
        half = resolve(words[start:end], sent_at, hours)
        due = _due_after(due, half, hours)
        own = (_party(words[start:end], "", grammar, half) for grammar in grammars) if len(halves) > 1 else ()
        bound = next((who for who in own if who), party)
        quote_start, quote_end = _trimmed(text, clause.start + start, clause.start + end)
        if quote_start < quote_end:
            quote = text[quote_start:quote_end]
            yield Promise(quote, quote_start, quote_end, bound, due)


def _due_after(earlier: datetime | None, half: Deadline | None, hours: BusinessHours) -> datetime | None:
    """When a half falls due: "speak to them on Monday and report back by noon" is about noon on Monday."""
    if half is None or half.due is None:
        return None
    if earlier is None or half.names_day:
        return half.due
    same_day = hours.at(hours.local(earlier).date(), hours.local(half.due).time())
    return max(same_day, half.due)


def _party(words: str, before: str, grammar: Grammar, deadline: Deadline | None) -> Party | None:
    """Who is bound by the clause, or None where it commits nobody."""
    dated = deadline is not None and deadline.due is not None
    if _ruled_out(words, grammar, dated=dated):
        return None
    body = before + words
    for party, pattern, needs_deadline in grammar.commitments:
        if needs_deadline and not dated:
            continue
        match = _shared_subject(pattern, body, len(before)) or (
            None if before and pattern.pattern.startswith("^") else pattern.search(words)
        )
        if match and not grammar.reported.search(body[: len(before) + match.start()]):
            return "agent" if party == "company" and grammar.from_agent.search(words) else party
    return None


def _shared_subject(pattern: re.Pattern[str], body: str, at: int) -> re.Match[str] | None:
    """ "I'm on it" | "and will update you": a verb whose subject stands in the clause before."""
    if not body[at:].lower().startswith("will "):
        return None
    match = pattern.search(body)
    return match if match and match.end() > at else None


def _ruled_out(words: str, grammar: Grammar, *, dated: bool) -> bool:
    main = re.split(r",\s*(?:dass|damit)\b", words, maxsplit=1)[0]
    if grammar.barred_clause.search(main) or grammar.general.search(words):
        return True
    if EVERY.search(words) and not grammar.future.search(words):
        return True
    return not dated and bool(grammar.small_talk.search(words))


def _dated_halves(words: str, sent_at: datetime, hours: BusinessHours) -> list[tuple[int, int]]:
    """Two halves around an "and" where each names its own deadline, else the whole."""
    hours_named = clock_times.ranges(words)
    for match in _AND.finditer(words):
        if any(start < match.start() < end for start, end in hours_named):
            continue
        halves = (0, match.start()), (match.end(), len(words))
        if all(_says_what_and_when(words[start:end], sent_at, hours) for start, end in halves):
            return [
                halves[0],
                *(
                    (match.end() + start, match.end() + end)
                    for start, end in _dated_halves(words[match.end() :], sent_at, hours)
                ),
            ]
    return [(0, len(words))]


def _says_what_and_when(words: str, sent_at: datetime, hours: BusinessHours) -> bool:
    deadline = resolve(words, sent_at, hours)
    return deadline is not None and len(_WORD.findall(words[: deadline.start] + words[deadline.end :])) >= 2


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return start, end
