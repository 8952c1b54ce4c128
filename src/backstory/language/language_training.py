"""Fits `languages.npz`: which of thirty languages a text is in, from whole texts and from two and four words of them.

Eleven languages are read from BRIGHTER, GoEmotions and our own texts; the others, which no set has, from the message
catalogues that Django brings along.
"""

from __future__ import annotations

import gettext
import re
from importlib.util import find_spec
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from backstory.language import corpora, fitting, letters
from backstory.language.fitting import Head, Trained
from backstory.language.identify import CANDIDATES, language_feature_names

VERSION = "1.1.0"
BRIGHTER = {"en": "eng", "de": "deu", "es": "esp", "pt": "ptbr", "ro": "ron", "ru": "rus", "sv": "swe", "uk": "ukr",
            "zh": "chn", "hi": "hin", "ar": "arq"}  # fmt: skip
CATALOGUES = {"no": "nb", "zh": "zh_Hans"}
MOST = 2_500
CUTS = (4, 4, 2)
FEATURES = 60_000
_MARKUP = re.compile(r"%\(\w+\)\w|%\w|\{\w*\}|<[^>]*>|&\w+;")


def languages() -> Trained:
    """Trains the one head. Raises SetMissing."""
    random = Random(fitting.SEED)
    texts, codes = [], []
    for code in CANDIDATES:
        whole = _texts(code)
        random.shuffle(whole)
        cut = [piece for text in whole[:MOST] for piece in _cuts(text, random)]
        texts += cut
        codes += [code] * len(cut)
    words, matrix = fitting.vectorize(texts, FEATURES, 3, language_feature_names)
    truth: NDArray[np.int8] = np.array([[int(code == one) for one in CANDIDATES] for code in codes], dtype=np.int8)
    shares = truth.sum(axis=0)
    weight = np.array([(MOST / shares[CANDIDATES.index(code)]) ** 0.5 for code in codes])
    head = Head("language", CANDIDATES, np.arange(len(texts)), truth, 20.0, weight)
    arrays = fitting.packed(words, [(head, *fitting.fit_head(matrix, head))], VERSION, lambda head, label: 0.5)
    sets = ["BRIGHTER", "GoEmotions", "ConvAbuse", "Backstory messages", "Django"]
    return Trained("languages.npz", VERSION, arrays, sets)


def _texts(code: str) -> list[str]:
    found = []
    if code in BRIGHTER:
        found += [text for text, _ in corpora.brighter(BRIGHTER[code], "track_a", "train")[1]]
    if code == "en":
        found += [one.text for one in corpora.goemotions("ekman", "train")[:1_500]]
        # Two words of abuse are English often enough to be taken for another language otherwise.
        found += [one.text for one in corpora.abuse("train")[:1_000]]
    own = [*corpora.authored(held_out=False), *corpora.everyday(), *corpora.sentences(), *corpora.posts()]
    own += corpora.situations()
    own += [*letters.openings(held_out=False), *letters.follow_ups(held_out=False)]
    found += [one.text for one in own if one.details["language"] == code]
    if code == "fr":
        found += [one.text for one in corpora.feelings()]
    return found + _catalogue(code)


def _catalogue(code: str) -> list[str]:
    """The translated messages of at least two words in Django's catalogues (BSD-3-Clause)."""
    spec = find_spec("django")
    if spec is None or not spec.submodule_search_locations:
        raise corpora.SetMissing("Django is not installed, whose catalogues some languages are learned from")
    found: set[str] = set()
    pattern = f"**/locale/{CATALOGUES.get(code, code)}/LC_MESSAGES/django.mo"
    for path in sorted(Path(spec.submodule_search_locations[0]).glob(pattern)):
        with path.open("rb") as file:
            catalogue = gettext.GNUTranslations(file)
        entries = getattr(catalogue, "_catalog", {})
        found.update(_MARKUP.sub(" ", text).strip() for key, text in entries.items() if key)
    return sorted(text for text in found if len(text) > 5)


def _cuts(text: str, random: Random) -> list[str]:
    """The text itself and a few runs of its words."""
    words = text.split()
    pieces = [text[:400]]
    for count in CUTS:
        if len(words) > count:
            start = random.randrange(len(words) - count + 1)
            pieces.append(" ".join(words[start : start + count]))
    return pieces
