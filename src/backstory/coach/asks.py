"""What a customer's message wants and what went wrong: its questions, requests and harms, quoted."""

from collections.abc import Iterator
from dataclasses import dataclass

from backstory.coach.advice import PointKind, ReadingLike
from backstory.language.replies import lexicon
from backstory.language.replies.draft import Letter, Sentence

MAX_ASKS = 24
MIN_WORDS = 2


@dataclass(frozen=True)
class Ask:
    """`message[start:end] == quote`."""

    kind: PointKind
    quote: str
    start: int
    end: int


def extract(message: Letter, reading: ReadingLike | None = None) -> list[Ask]:
    """Questions, requests and harms in order of appearance; a reading adds what the rules here did not see."""
    found = list(_by_rules(message))
    if reading is not None:
        for ask in _from_reading(message.text, reading):
            if not any(ask.start < one.end and one.start < ask.end for one in found):
                found.append(ask)
    return sorted(found, key=lambda ask: ask.start)[:MAX_ASKS]


def _by_rules(message: Letter) -> Iterator[Ask]:
    for sentence in message.sentences:
        if sentence.start >= message.sign_off_start:
            return
        for start, end in _clauses(sentence):
            words = message.plain[start:end]
            asked = sentence.asks and (
                end == sentence.end or bool(lexicon.pattern("asking_opening", message.language).match(words))
            )
            kind = classify(words, asked, message.language)
            if kind:
                yield Ask(kind, message.text[start:end], start, end)


def _clauses(sentence: Sentence) -> Iterator[tuple[int, int]]:
    at = 0
    for match in lexicon.pattern("clause_joint", "any").finditer(sentence.text):
        if len(sentence.text[at : match.start()].split()) >= MIN_WORDS:
            yield sentence.start + at, sentence.start + match.start()
            at = match.end()
    yield sentence.start + at, sentence.end


def classify(words: str, asked: bool, language: str) -> PointKind | None:
    """What a clause is: a question, a request, a harm, or none of them. `asked`: it ends with a question mark."""
    if len(words.split()) < MIN_WORDS or lexicon.has("rhetorical", language, words):
        return None
    if lexicon.has("polite_request", language, words):
        return "request"
    if lexicon.has("ask", language, words) or asked:
        return "question"
    if lexicon.has("demand", language, words):
        return "request"
    return (
        "harm" if lexicon.has("harm", language, words) and not lexicon.has("insult_opening", language, words) else None
    )


def _from_reading(text: str, reading: ReadingLike) -> Iterator[Ask]:
    for span in reading.asks or ():
        kind: PointKind = "question" if "question" in span.kind else "request"
        yield Ask(kind, text[span.start : span.end], span.start, span.end)
    for span in reading.harms or ():
        yield Ask("harm", text[span.start : span.end], span.start, span.end)
