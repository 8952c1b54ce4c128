"""One parse of a message: tokens with their places, sentences, and what the models look at.

Every place is a pair of code point offsets into the text as it was given: `text[start:end]` is the quoted words.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

# A message longer than this is an attached log or a hoax: the rest is left unread and `coverage` says so.
MAX_CHARACTERS = 200_000
# The linear models read the opening and the close of a long letter; the rules read all of it.
MODEL_HEAD_TOKENS = 700
MODEL_TAIL_TOKENS = 300
# Longer runs without a space are encoded data, not words.
MAX_TOKEN_CHARACTERS = 40
MAX_SENTENCE_TOKENS = 80

# Vowel signs of Indic and Arabic script are marks to `re`, and yet belong to the word.
_LETTER = "(?:[^\\W_]|[\u0300-\u036f\u064b-\u065f\u0900-\u0963\u0966-\u0dff])"
# Addresses, names and links are read as what they are, however they are written or were made anonymous.
_TOKEN = re.compile(
    r"(?P<link>https?://\S+|(?<!\w)www\.\S+|<(?:url|link)>)"
    r"|(?P<handle>(?<![\w.])@\w+|<(?:user|@\w+)>)"
    r"|(?P<name>\[name\]|<\|person\|>)|(?P<group>\[religion\])"
    rf"|{_LETTER}+(?:['’]{_LETTER}+)*|[!?]+|\.{{2,}}|[^\w\s]|_",
    re.IGNORECASE,
)
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_IDENTITY = Path(__file__).parent / "data" / "rules" / "identity.json"
_SENTENCE_END = frozenset(".!?…。？！")
_DIGITS = re.compile(r"\d")
_CLITICS = {"’": "'", "ʼ": "'"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word or mark: `word` is folded (lower case, no accents), `start:end` its place in the text."""

    word: str
    start: int
    end: int
    sentence: int
    shouted: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """`first:last` are token indices, `start:end` code point offsets; `asks` when it ends with a question mark."""

    first: int
    last: int
    start: int
    end: int
    asks: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed message; `coverage` is the share of its characters that was parsed."""

    text: str
    tokens: tuple[Token, ...]
    sentences: tuple[Sentence, ...]
    coverage: float

    def model_tokens(self) -> tuple[Token, ...]:
        """The tokens that the linear models look at: all of an ordinary message, both ends of a very long one."""
        if len(self.tokens) <= MODEL_HEAD_TOKENS + MODEL_TAIL_TOKENS:
            return self.tokens
        return self.tokens[:MODEL_HEAD_TOKENS] + self.tokens[-MODEL_TAIL_TOKENS:]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Offsets of the tokens `first` up to and without `last`."""
        return self.tokens[first].start, self.tokens[last - 1].end


def fold(word: str) -> str:
    """Lower case without accents, curly apostrophes made straight: `Größe` and `grosse` are one word."""
    return word.lower() if word.isascii() else _folded(word)


@lru_cache(maxsize=50_000)
def _folded(word: str) -> str:
    for curly, straight in _CLITICS.items():
        word = word.replace(curly, straight)
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark)) or word


def parse(text: str) -> Document:
    """Splits a text into tokens and sentences in one linear pass. Any string is accepted, lone surrogates included."""
    read = min(len(text), MAX_CHARACTERS)
    tokens: list[Token] = []
    sentences: list[Sentence] = []
    first, previous_end = 0, 0
    for match in _TOKEN.finditer(text, 0, read):
        start, end = match.span()
        if len(tokens) > first and _breaks_before(text, tokens, first, previous_end, start):
            sentences.append(_sentence(tokens, first))
            first = len(tokens)
        raw = text[start : min(end, start + MAX_TOKEN_CHARACTERS)]
        shouted = end - start >= 3 and raw.isupper()
        word = f"<{match.lastgroup}>" if match.lastgroup else fold(raw)
        tokens.append(Token(word, start, end, len(sentences), shouted))
        previous_end = end
    if len(tokens) > first:
        sentences.append(_sentence(tokens, first))
    return Document(text, tuple(tokens), tuple(sentences), read / len(text) if text else 1.0)


def _breaks_before(text: str, tokens: list[Token], first: int, previous_end: int, start: int) -> bool:
    if len(tokens) - first >= MAX_SENTENCE_TOKENS:
        return True
    if start == previous_end:
        return False
    last = tokens[-1].word
    if last[0] in _SENTENCE_END:
        return last[0] != "." or not _runs_on(text, tokens, first, start)
    return text.count("\n", previous_end, start) >= (1 if last == ":" else 2)


def _runs_on(text: str, tokens: list[Token], first: int, start: int) -> bool:
    """Whether the stop just read ends no sentence: "e.g. this", "v. 4", "am 3. Mai"."""
    if text[start].islower() or text[start].isdigit():
        return True
    before = tokens[-2].word if len(tokens) - first >= 2 else ""
    return before.isdecimal() and len(before) <= 2


def _sentence(tokens: list[Token], first: int) -> Sentence:
    last = tokens[-1].word
    # "?!" cries out, it does not ask.
    return Sentence(first, len(tokens), tokens[first].start, tokens[-1].end, "?" in last and "!" not in last)


@cache
def _identity() -> dict[str, str]:
    """Folded word -> its sign: names and words of gender, origin and faith, from `data/rules/identity.json`."""
    listed: dict[str, str] = json.loads(_IDENTITY.read_text(encoding="utf-8"))
    return {word: kind for kind, words in listed.items() for word in words.split()}


def neutral(word: str) -> str:
    """The word as the models read it: one sign for all names, one for all faiths and origins, and so on.

    What a model cannot see it cannot hold against anybody; swapping "Emily" for "Lakisha" changes no score at all.
    """
    return _identity().get(word, word)


def word_features(word: str) -> tuple[str, ...]:
    """The word itself (`=word`) and its character 3- to 5-grams within `" word "`, as scikit-learn's `char_wb`.

    Scripts that write no spaces give their 1- to 3-grams. A sign (`<link>`, `<name>`) has no letters to look at.
    """
    return _features(word if word.isalpha() else _DIGITS.sub("0", word))


@lru_cache(maxsize=20_000)
def _features(plain: str) -> tuple[str, ...]:
    """Remembered by the word without its digits: numbers never end, and each would take a place."""
    if plain[0] == "<" and len(plain) > 1:
        return (f"={plain}",)
    spaced = _CJK.search(plain) is None
    padded, sizes = (f" {plain} ", (3, 4, 5)) if spaced else (plain, (1, 2, 3))
    grams = [padded[at : at + size] for size in sizes for at in range(len(padded) - size + 1)]
    return (f"={plain}", *grams)


def units(tokens: tuple[Token, ...]) -> list[tuple[str, int, int]]:
    """What the models look at, each with its tokens `first:last`: words, pairs (`=good_care`) and shouts."""
    found: list[tuple[str, int, int]] = []
    previous = ""
    for index, token in enumerate(tokens):
        word = neutral(token.word)
        found.append((word, index, index + 1))
        if previous:
            found.append((f"={previous}_{word}", index - 1, index + 1))
        if token.shouted:
            found.append(("=<shout>", index, index + 1))
        previous = word
    return found


def unit_features(unit: str) -> tuple[str, ...]:
    """The features of one unit: a word's are itself and its letters; a pair and a shout are one already."""
    return (unit,) if is_word_feature(unit) else word_features(unit)


def is_word_feature(name: str) -> bool:
    """Whether a feature is a word or a pair of words, rather than letters of one: each kind has its own unit length."""
    return name[0] == "=" and len(name) > 1


def feature_names(text: str) -> list[str]:
    """The features of a text without their places: the analyzer handed to the vectorizer in training.

    Training and reading both take them from `units` and `unit_features`, so that they cannot drift apart.
    """
    return [name for unit, _, _ in units(parse(text).model_tokens()) for name in unit_features(unit)]
