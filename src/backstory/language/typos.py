"""One wrong letter in a long word is forgiven: an unknown word one edit away from a rule's word is read as that word.

Known words are those of the rules and those that the shipped models saw often enough to keep; only unknown ones are
corrected, so that "changed" never becomes "charged".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from backstory.language import weights

LEAST_LETTERS = 8
VERY_LONG = 10
_MODELS = ("service.npz", "english.npz", "german.npz", "spanish.npz")
_MOST_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Rule words by each form that lacks one of their letters (Garbe's symmetric deletion, distance 1)."""

    rule_words: frozenset[str]
    lacking: dict[str, str]
    remembered: dict[str, str] = field(default_factory=dict, compare=False)

    def corrected(self, word: str) -> str:
        """The rule word meant by a misspelt one; any other word as it is."""
        if len(word) < LEAST_LETTERS or word in self.rule_words or word in _known_words():
            return word
        if word not in self.remembered:
            if len(self.remembered) > _MOST_REMEMBERED:
                self.remembered.clear()
            self.remembered[word] = self._nearest(word)
        return self.remembered[word]

    def _nearest(self, word: str) -> str:
        if not word.isalpha():
            return word
        for form in (word, *_lacking(word)):
            meant = form if form in self.rule_words else self.lacking.get(form)
            if meant and len(meant) >= LEAST_LETTERS and _one_edit(word, meant):
                return meant
        return word


def vocabulary(words: Iterable[str]) -> Vocabulary:
    """The long words among those of a rule book, ready to be looked up."""
    long = frozenset(word for word in words if len(word) >= LEAST_LETTERS and word.isalpha())
    return Vocabulary(long, {form: word for word in sorted(long) for form in _lacking(word)})


def _lacking(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(len(word))]


def _one_edit(word: str, meant: str) -> bool:
    """Whether one letter was left out, added, or swapped with its neighbour, in a very long word also replaced.

    The first letter stands. In shorter words a replaced letter is mostly another form of another word.
    """
    if word[0] != meant[0] or abs(len(word) - len(meant)) > 1:
        return False
    at = next((at for at, (a, b) in enumerate(zip(word, meant, strict=False)) if a != b), min(len(word), len(meant)))
    if word[at:] == meant[at + 1 :] or word[at + 1 :] == meant[at:]:
        return True
    if word[at : at + 2] == meant[at : at + 2][::-1] and word[at + 2 :] == meant[at + 2 :]:
        return True
    return len(word) >= VERY_LONG and word[at + 1 :] == meant[at + 1 :]


@cache
def _known_words() -> frozenset[str]:
    """Words that the models keep. Raises ModelError where the weights cannot be read."""
    kept = (name[1:] for model in _MODELS for name in weights.load(model).vocabulary if name.startswith("="))
    return frozenset(name for name in kept if len(name) >= LEAST_LETTERS)
