"""Which language a message is in: py3langid, helped by our rule books on the short texts it is weak on."""

from __future__ import annotations

from functools import cache
from typing import Any

from backstory.language.phrases import LANGUAGES, rules
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
_SURE_WORDS = 2
_DOUBTFUL = 0.7


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages(list(CANDIDATES))
    return found


@cache
def _function_words() -> dict[str, frozenset[str]]:
    return {code: frozenset(words) for code, words in rules("function_words").items()}


def identify(document: Document) -> Language:
    """The language and its probability; `und` with 0 where the message holds no letters."""
    words = [token.word for token in document.tokens[:400] if token.word[0].isalpha()]
    if not words:
        return Language("und", 0.0)
    votes = {code: sum(word in known for word in words) for code, known in _function_words().items()}
    best = max(LANGUAGES, key=lambda code: votes[code])
    others = max(votes[code] for code in LANGUAGES if code != best)
    if votes[best] >= _SURE_WORDS and votes[best] > 2 * others:
        return Language(best, round(votes[best] / (votes[best] + others + 0.5), 4))
    sample = document.text[:_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
    ranked = [(str(code), float(p)) for code, p in _identifier().rank(sample)]
    code, p = ranked[0]
    if p < _DOUBTFUL:
        # Few or broken words: one of the four read languages, if it is anywhere near, beats a wild guess.
        near = [(votes[code], p, code) for code, p in ranked if code in LANGUAGES and (p > 0.05 or votes[code])]
        _, p, code = max(near, default=(0, p, code))
    return Language(code, round(p, 4))
