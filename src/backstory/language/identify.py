"""Which language a message is in: our own model of words and letters, seconded by py3langid."""

from __future__ import annotations

import math
import re
from functools import cache, lru_cache
from itertools import islice
from typing import Any

import numpy as np

from backstory.language import weights
from backstory.language.reading import Language
from backstory.language.text import Document

# The languages that may be answered; a message in another one is read as its nearest neighbour with a low probability.
CANDIDATES = (
    "en",
    "de",
    "es",
    "fr",
    "it",
    "pt",
    "nl",
    "pl",
    "sv",
    "da",
    "no",
    "fi",
    "cs",
    "ro",
    "hu",
    "tr",
    "ru",
    "uk",
    "el",
    "ar",
    "he",
    "fa",
    "hi",
    "bn",
    "ta",
    "zh",
    "ja",
    "ko",
    "vi",
    "id",
)
_CHARACTERS = 2_000
_WORDS = 400
MODEL = "languages.npz"
# How much each of the two says; chosen on training texts.
_OWN, _LANGID = 1.0, 0.3
_FLOOR = 1e-6
# A desk's customers mostly write one of the four languages that are read in full.
_EXPECTED = np.array([math.log(2) * (code in ("en", "de", "es", "fr")) for code in CANDIDATES])
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u064b-\u065f\u0900-\u0963\u0970-\u0dff'’])*")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|[\w.]*@\w[\w.]*|<\|?\w+\|?>|\[[A-Z]+\]")


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages(list(CANDIDATES))
    return found


@lru_cache(maxsize=20_000)
def _word_features(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return (f"={word}", *(padded[at : at + size] for size in (1, 2, 3, 4) for at in range(len(padded) - size + 1)))


def _words(text: str) -> list[str]:
    """The words that tell, accents kept; addresses and signs aside."""
    found = islice(_WORD.finditer(_ADDRESS.sub(" ", text[:_CHARACTERS])), _WORDS)
    return [match.group().lower()[:40] for match in found]


def language_feature_names(text: str) -> list[str]:
    """Words and 1- to 4-letter pieces, accents kept: they tell languages apart."""
    return [name for word in _words(text) for name in _word_features(word)]


def identify(document: Document) -> Language:
    """The language and its probability; `und` with 0 where the message holds no letters."""
    words = _words(document.text)
    if not words:
        return Language("und", 0.0)
    model = weights.load(MODEL)
    logits = model.score_units([(word, 0, 0) for word in words], _word_features).logits
    own = np.clip(logits - np.logaddexp(0, logits), math.log(_FLOOR), 0)
    sample = document.text[:_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
    ranked = {str(code): float(p) for code, p in _identifier().rank(_ADDRESS.sub(" ", sample))}
    second = np.array([math.log(max(ranked.get(code, 0.0), _FLOOR)) for code in CANDIDATES])
    total = _OWN * own + _LANGID * second + _EXPECTED
    shares = np.exp(total - total.max())
    shares /= shares.sum()
    best = int(shares.argmax())
    return Language(CANDIDATES[best], round(float(shares[best]), 4))
