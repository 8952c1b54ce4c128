"""What a customer's message wants and what went wrong: its questions, requests and harms, quoted.

A sentence is cut where a clause that asks begins ("… and can I …", ", please send …"); each clause is then a question,
a request, a harm or none. The patterns are data (`data/asks.json`), one entry a language.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from backstory.coach import books
from backstory.coach.advice import PointKind, ReadingLike
from backstory.language.replies import lexicon
from backstory.language.replies.draft import Letter, Sentence

MAX_ASKS = 24
MIN_WORDS = 2
_JOINT = re.compile(
    r"(?:\s*[;:–—.!?]+\s+|\s*,\s*|\s+)(?:(?:and|but|or|so|also|und|oder|aber|sowie|ferner|y|e|o|pero|et|ou|mais)[ ,]+)*"
    r"(?:(?:also|außerdem|además|aussi|then|dann|lastly|frankly|ferner)[ ,]+)?",
    re.IGNORECASE,
)
_EDGE = " \t\r\n,;:–—-•*·"
_CAPITAL = re.compile(r"(?:^|[.!?]\s+)[^\W\d_a-zäöüßáéíóúñàèêçœ]")
_NUMBERED = re.compile(r"^(?:\(?\d{1,2}[.)]|[a-z]\))\s+")


@dataclass(frozen=True)
class Ask:
    """`message[start:end] == quote`; `context` is the clause before it, for what "it" and "there" stand for."""

    kind: PointKind
    quote: str
    start: int
    end: int
    context: str = ""


def extract(message: Letter, reading: ReadingLike | None = None) -> list[Ask]:
    """Questions, requests and harms in order of appearance; a reading adds what the rules here did not see."""
    found = list(_by_rules(message))
    if reading is not None:
        for ask in _from_reading(message, reading):
            if not any(ask.start < one.end and one.start < ask.end for one in found):
                found.append(ask)
    return sorted(found, key=lambda ask: ask.start)[:MAX_ASKS]


@cache
def _pattern(name: str, language: str) -> re.Pattern[str]:
    by_language: dict[str, str] = books.load("asks")[name]
    return lexicon.compiled(by_language.get(language, by_language.get("any", r"(?!)")))


def _by_rules(message: Letter) -> Iterator[Ask]:
    before = ""
    chatty = not _CAPITAL.search(message.plain)
    for sentence in message.sentences:
        if sentence.start >= message.sign_off_start:
            return
        led = False
        for start, end in _clauses(sentence, message.language, chatty):
            words = message.plain[start:end]
            kind = classify(words, sentence.asks or led, message.language, whole=(start, end) == _trimmed(sentence))
            led = led or kind == "question"
            if kind:
                yield Ask(kind, message.text[start:end], start, end, before)
            before = words


def _trimmed(sentence: Sentence) -> tuple[int, int]:
    return _span(sentence, 0, len(sentence.text))


def _span(sentence: Sentence, first: int, last: int) -> tuple[int, int]:
    """The clause without marks and numbers at its edges, as places in the letter."""
    words = sentence.text[first:last]
    lead = len(words) - len(words.lstrip(_EDGE))
    number = _NUMBERED.match(words[lead:])
    lead += number.end() if number else 0
    return sentence.start + first + lead, sentence.start + first + len(words.rstrip(_EDGE + "."))


def _clauses(sentence: Sentence, language: str, chatty: bool) -> Iterator[tuple[int, int]]:
    at = 0
    for joint in _JOINT.finditer(sentence.text):
        clause = sentence.text[at : joint.start()].lstrip(_EDGE)
        if len(clause.split()) >= MIN_WORDS and _opens(sentence, joint, clause, language, chatty):
            yield _span(sentence, at, joint.start())
            at = joint.end()
    yield _span(sentence, at, len(sentence.text))


def _opens(sentence: Sentence, joint: re.Match[str], clause: str, language: str, chatty: bool) -> bool:
    """Whether a clause of its own begins behind the joint; behind a mere space only in a chat that plainly asks on."""
    rest = sentence.text[joint.end() :]
    joined = joint.group().lower().strip(" ,;").split()
    if not joined and _pattern("leads", language).search(clause):
        return False
    if any(mark in joint.group() for mark in ".!?"):
        return chatty
    if not joint.group().strip():
        asked_on = _pattern("wh", language).match(clause) and not _pattern("wh", language).match(rest)
        return (
            chatty and not asked_on and len(rest.split()) >= MIN_WORDS and bool(_pattern("loose", language).match(rest))
        )
    if len(rest.split()) < MIN_WORDS and not _pattern("elliptic", language).match(rest):
        return False
    if any(_pattern(name, language).match(rest) for name in ("request", "indirect", "loose")):
        return True
    if joined != ["so"] and _pattern("subject", language).match(rest):
        return True
    return bool(_pattern("question", language).match(rest)) and (sentence.asks or _asks(clause, language))


def _asks(clause: str, language: str) -> bool:
    return bool(_pattern("indirect", language).search(clause) or _pattern("question", language).match(clause.lstrip()))


def classify(words: str, asked: bool, language: str, whole: bool = True) -> PointKind | None:
    """What a clause is: a question, a request, a harm, or none. `asked`: it ends with, or follows, a question."""
    words = _pattern("hail", "any").sub("", words)
    short = len(words.split()) < MIN_WORDS
    if _pattern("never", language).search(words) or (short and not _pattern("elliptic", language).match(words)):
        return None
    if _pattern("indirect", language).search(words):
        return "question"
    opened = _pattern("question", language).match(words)
    wished = _pattern("request", language).search(words)
    if wished and not (opened and asked and wished.start() > 0 and not _pattern("polite", language).match(words)):
        return "question" if _pattern("told", language).match(words) else "request"
    if opened and (asked or _pattern("loose", language).match(words)):
        return "question"
    if asked and (whole or words.rstrip().endswith("?")):
        return "question"
    return "harm" if _tells_harm(words, language) else None


def _tells_harm(words: str, language: str) -> bool:
    if _pattern("feeling", language).match(words):
        return False
    return lexicon.has("harm", language, words) and not lexicon.has("insult_opening", language, words)


def _from_reading(message: Letter, reading: ReadingLike) -> Iterator[Ask]:
    text = message.text
    for span in reading.asks or ():
        kind: PointKind = "question" if "question" in span.kind else "request"
        if not _pattern("never", message.language).search(message.plain[span.start : span.end]):
            yield Ask(kind, text[span.start : span.end], span.start, span.end)
    for span in reading.harms or ():
        yield Ask("harm", text[span.start : span.end], span.start, span.end)
