"""How easily a draft reads: the reading-ease formula of its language, and sentences that go on too long.

Syllables are counted as groups of vowels, which is right for nearly all words of the four languages and cheap.
"""

import re
from collections.abc import Iterator

from backstory.coach.registry import Hit, rule
from backstory.coach.situation import Situation

HARD_BELOW = 20.0
LEAST_WORDS = 25
LONG_SENTENCE_WORDS = 40
_FORMULAS = {
    "en": (206.835, 1.015, 84.6),  # Flesch 1948
    "de": (180.0, 1.0, 58.5),  # Amstad 1978
    "es": (206.84, 1.02, 60.0),  # Fernández Huerta 1959
    "fr": (207.0, 1.015, 73.6),  # Kandel & Moles 1958
}
_VOWELS = re.compile(r"[aeiouyäöüáéíóúàâèêëîïôûùœæ]+", re.IGNORECASE)
_SILENT = re.compile(r"(?<![aeiouyl])e\b", re.IGNORECASE)


def reading_ease(sentences: list[str], language: str) -> float:
    """100 very easy … 0 very hard, by the formula of the language; 100 where there are no words."""
    words = [word for one in sentences for word in re.findall(r"[^\W\d_]+", one)]
    if not words:
        return 100.0
    base, by_sentence, by_word = _FORMULAS.get(language, _FORMULAS["en"])
    syllables = sum(_syllables(word, language) for word in words)
    return base - by_sentence * len(words) / len(sentences) - by_word * syllables / len(words)


def _syllables(word: str, language: str) -> int:
    spoken = _SILENT.sub("", word) if language in ("en", "fr") and len(word) > 3 else word
    return max(1, len(_VOWELS.findall(spoken)))


@rule("hard_to_read")
def hard_to_read(case: Situation) -> Iterator[Hit]:
    sentences = [one.text for one in case.draft.body]
    enough = sum(len(one.split()) for one in sentences) >= LEAST_WORDS
    if enough and reading_ease(sentences, case.draft.language) < HARD_BELOW:
        yield Hit(case.draft.greeting_end, case.draft.greeting_end)


@rule("long_sentence")
def long_sentence(case: Situation) -> Iterator[Hit]:
    for one in case.draft.body:
        if len(one.text.split()) > LONG_SENTENCE_WORDS:
            yield Hit(one.start, one.end)
