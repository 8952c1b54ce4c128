"""Small changes to a text that leave what it says as it was; deterministic by a seed drawn from the text itself."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

_LONG_WORD = re.compile(r"\b[^\W\d_]{5,}\b")
_WORDS_A_TYPO = 12
_GREETINGS = {
    "en": ("Hello,", "Kind regards, J. Field"),
    "de": ("Guten Tag,", "Mit freundlichen Grüßen, J. Feld"),
    "es": ("Buenos días:", "Un saludo, J. Campos"),
    "fr": ("Bonjour,", "Cordialement, J. Champ"),
}
# What people type who have no umlaut at hand.
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def typos(text: str, _: str) -> str:
    """Two neighbouring letters inside a long word change places, once in about twelve words and at least once."""
    chance = random.Random(text)
    words = list(_LONG_WORD.finditer(text))
    if not words:
        return text
    chosen = chance.sample(words, min(len(words), 1 + len(text.split()) // _WORDS_A_TYPO))
    letters = list(text)
    for word in chosen:
        at = chance.randrange(word.start() + 1, word.end() - 2)
        letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)


def missing_letter(text: str, _: str) -> str:
    """One letter inside one long word in twelve is left out."""
    chance = random.Random(text)
    words = list(_LONG_WORD.finditer(text))
    chosen = chance.sample(words, min(len(words), 1 + len(text.split()) // _WORDS_A_TYPO))
    gone = {chance.randrange(word.start() + 1, word.end() - 1) for word in chosen}
    return "".join(letter for at, letter in enumerate(text) if at not in gone)


def lower_case(text: str, _: str) -> str:
    """Everything in small letters."""
    return text.lower()


def capitals(text: str, _: str) -> str:
    """Everything in capitals."""
    return text.upper()


def no_punctuation(text: str, _: str) -> str:
    """Commas, full stops, colons and dashes between words are left out; question and cry marks stay."""
    return re.sub(r"[.,;:–—](?=\s|$)", "", text)


def no_accents(text: str, language: str) -> str:
    """Letters without accents, and German umlauts spelled out."""
    plain = text.translate(_GERMAN) if language == "de" else text
    return "".join(one for one in unicodedata.normalize("NFD", plain) if not unicodedata.combining(one))


def framed(text: str, language: str) -> str:
    """Between a greeting and a courteous close."""
    greeting, close = _GREETINGS[language]
    return f"{greeting}\n\n{text}\n\n{close}"


def respaced(text: str, _: str) -> str:
    """Line breaks and doubled blanks, as programs of mail leave them."""
    words = text.split(" ")
    return "".join(word + ("\n" if at % 9 == 8 else "  " if at % 5 == 4 else " ") for at, word in enumerate(words))


PERTURBATIONS: dict[str, Callable[[str, str], str]] = {
    "two letters swapped": typos,
    "a letter missing": missing_letter,
    "small letters": lower_case,
    "CAPITALS": capitals,
    "no commas and stops": no_punctuation,
    "no accents": no_accents,
    "greeting and close": framed,
    "line breaks": respaced,
}
