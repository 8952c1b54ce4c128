"""A draft or a message taken apart once: language, sentences with their places, greeting, body, sign-off."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from backstory.language.promises import languages
from backstory.language.replies import lexicon
from backstory.language.text import parse


@dataclass(frozen=True)
class Sentence:
    """`text` equals the letter's `plain[start:end]`."""

    text: str
    start: int
    end: int
    asks: bool


@dataclass(frozen=True)
class Letter:
    """A text with its language; `plain` is the text with straight apostrophes, offset by offset the same."""

    text: str
    language: str

    @cached_property
    def plain(self) -> str:
        return lexicon.straight(self.text)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Sentences, broken at line ends too, without the greeting."""
        found: list[Sentence] = []
        for part in parse(self.plain).sentences:
            for start, end in _lines(self.plain, max(part.start, self.greeting_end), part.end):
                found.append(Sentence(self.plain[start:end], start, end, part.asks and end == part.end))
        return tuple(found)

    @cached_property
    def body(self) -> tuple[Sentence, ...]:
        """The sentences before the sign-off."""
        return tuple(one for one in self.sentences if one.start < self.sign_off_start)

    @cached_property
    def greeting_end(self) -> int:
        lead = len(self.plain) - len(self.plain.lstrip())
        match = lexicon.pattern("greeting", self.language).match(self.plain[lead : lead + 80])
        end = lead + match.end() if match else lead
        while end < len(self.plain) and self.plain[end].isspace():
            end += 1
        return end

    @cached_property
    def sign_off_start(self) -> int:
        """Where "Kind regards" begins; the length of the text where there is none."""
        found = [match.start() for match in self.all("sign_off")]
        return found[-1] if found and found[-1] >= self.greeting_end else len(self.plain)

    @cached_property
    def words(self) -> int:
        return len(self.text.split())

    def has(self, name: str) -> bool:
        return lexicon.has(name, self.language, self.plain)

    def first(self, name: str) -> re.Match[str] | None:
        return lexicon.pattern(name, self.language).search(self.plain)

    def all(self, name: str) -> list[re.Match[str]]:
        return list(lexicon.pattern(name, self.language).finditer(self.plain))


@lru_cache(maxsize=64)
def letter(text: str, language: str | None = None, fallback: str = "") -> Letter:
    """A Letter in the given language, else in the one its commonest words (or those of `fallback`) are in."""
    if language not in lexicon.LANGUAGES:
        scored = languages(text)
        if len(scored) > 1 and fallback:
            scored = [name for name in languages(fallback) if name in scored] or scored
        language = scored[0]
    return _known(text, language)


@lru_cache(maxsize=16)
def _known(text: str, language: str) -> Letter:
    """The latest letters: the checks of a draft ask for the same few, and so does the next pause of whoever writes."""
    return Letter(text, language)


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    pieces, at = [], start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        left = at + len(text[at:stop]) - len(text[at:stop].lstrip())
        right = at + len(text[at:stop].rstrip())
        if left < right:
            pieces.append((left, right))
        at = stop + 1
    return pieces
