"""Themes: groups of texts that speak of the same thing, found without labels.

Words and pairs of words (TF-IDF, Salton & Buckley 1988), reduced by singular value decomposition (latent semantic
analysis, Deerwester et al. 1990), with the sentence encoder's vectors beside them where the extra is installed; then
average-linkage clustering by cosine distance, cut at a height. Groups below `FEWEST` are no theme: most texts of a
desk belong to none, and a method that must place each of them would invent some. `benchmarks/themes.py` measures it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backstory.kernel.errors import InvalidInput
from backstory.language import encoder

FEWEST = 5
"""Texts that make a theme."""
MOST = 3_000
"""Texts looked at together: the distances of all pairs are held in memory (36 MB at this size)."""
CUT = {False: 0.6, True: 0.55}
"""Cosine distance at which groups are no longer joined, without and with the encoder."""
_DIMENSIONS = 50
_MOST_WORDS = 6
# A name or a number of one customer's must not become a theme's name: its words are said by several.
_SAID_BY = 3
_SEED = 1
_WORD = r"(?u)\b[^\W\d_]{3,}\b"
Floats = NDArray[np.float64]
Told = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Found:
    """One theme: its telling words, best first, and the places of its texts, the most typical first, with how typical
    each is (cosine to the group's mean, -1 to 1)."""

    words: tuple[str, ...]
    members: tuple[tuple[int, float], ...]


def _silent(stage: str, done: int, total: int) -> None:
    """Tells nobody."""


def find(texts: Sequence[str], told: Told = _silent) -> list[Found]:
    """The themes among the texts, the largest first. `told` hears of each stage. The same texts give the same themes.

    Raises InvalidInput for more than `MOST` texts.
    """
    if len(texts) > MOST:
        raise InvalidInput(f"At most {MOST} texts are looked at together.")
    if len(texts) < FEWEST:
        return []
    told("Counting words", 0, 3)
    counts, names = _counted(texts)
    if counts is None:
        return []
    vectors = _vectors(counts, texts, told)
    told("Putting like with like", 2, 3)
    groups = _groups(vectors, with_encoder=encoder.name() is not None)
    found = [Found(_telling(counts, names, group), _members(vectors, group)) for group in groups]
    return sorted(found, key=lambda one: -len(one.members))


def _counted(texts: Sequence[str]) -> tuple[Any, NDArray[Any]]:
    """TF-IDF of words and pairs, texts x terms (None where no two texts share a word), and the terms."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

    terms = TfidfVectorizer(
        sublinear_tf=True,
        min_df=2,
        max_df=0.5 if len(texts) > 20 else 1.0,  # words without weight, in any language
        ngram_range=(1, 2),
        stop_words=sorted(ENGLISH_STOP_WORDS),
        token_pattern=_WORD,
        dtype=np.float64,
    )
    try:
        counts = terms.fit_transform(texts)
    except ValueError:  # sklearn's word for: no term is left
        return None, np.array([])
    return counts, terms.get_feature_names_out()


def _vectors(counts: Any, texts: Sequence[str], told: Told) -> Floats:
    from sklearn.decomposition import TruncatedSVD

    wanted = min(_DIMENSIONS, min(counts.shape) - 1)
    with np.errstate(divide="ignore", invalid="ignore"):  # shares of variance, where all texts are the same
        by_words = counts.toarray() if wanted < 2 else TruncatedSVD(wanted, random_state=_SEED).fit_transform(counts)
    by_words = _unit(by_words)
    if encoder.name() is None:
        return by_words
    told("Reading what they mean", 1, 3)
    meaning = encoder.encode(texts).astype(np.float64)
    return _unit(np.hstack([by_words, 1.5 * meaning]))


def _unit(rows: Floats) -> Floats:
    """Rows of length 1; one of nothing but zeros becomes one that is like no other."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(np.where(lengths > 0, rows / np.maximum(lengths, 1e-12), 0.0))


def _groups(vectors: Floats, *, with_encoder: bool) -> list[NDArray[np.int64]]:
    from sklearn.cluster import AgglomerativeClustering

    distances = np.clip(1.0 - vectors @ vectors.T, 0.0, 2.0)
    np.fill_diagonal(distances, 0.0)
    joined = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=CUT[with_encoder]
    ).fit_predict(distances)
    places = [np.flatnonzero(joined == number) for number in range(joined.max() + 1)]
    return [group for group in places if len(group) >= FEWEST]


def _members(vectors: Floats, group: NDArray[np.int64]) -> tuple[tuple[int, float], ...]:
    mean = _unit(vectors[group].mean(axis=0, keepdims=True))[0]
    typical = [(int(place), round(float(vectors[place] @ mean), 4)) for place in group]
    return tuple(sorted(typical, key=lambda pair: (-pair[1], pair[0])))


def _telling(counts: Any, names: NDArray[Any], group: NDArray[np.int64]) -> tuple[str, ...]:
    """The terms that this group says more than all texts do, and that several of its texts say."""
    inside, said_by = counts[group], np.asarray((counts[group] > 0).sum(axis=0)).ravel()
    # Half, so that a group that is all there is still has words.
    lift = np.asarray(inside.mean(axis=0)).ravel() - 0.5 * np.asarray(counts.mean(axis=0)).ravel()
    lift[said_by < max(_SAID_BY, len(group) // 5)] = 0.0
    chosen: list[str] = []
    for place in np.argsort(-lift, kind="stable"):
        term = str(names[place])
        if lift[place] <= 0 or len(chosen) == _MOST_WORDS:
            break
        if not any(set(term.split()) <= set(other.split()) for other in chosen):
            chosen = [other for other in chosen if not set(other.split()) <= set(term.split())] + [term]
    return tuple(chosen)
