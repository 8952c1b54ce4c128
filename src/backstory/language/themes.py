"""Themes: groups of texts that speak of the same thing, found without labels.

Words, pairs of words and pieces of words (TF-IDF, Salton & Buckley 1988), reduced to at most fifty directions (latent
semantic analysis, Deerwester et al. 1990) that are learned from the desk's other texts too: so "drive" and "driveway"
come near each other, in any language. Then average-linkage clustering by cosine distance, cut at a height. Groups below
`FEWEST` are no theme: most texts of a desk belong to none, and a method that must place each of them would invent some.
The sentence encoder adds nothing to this and is not asked. `benchmarks/themes.py` measures it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backstory.kernel.errors import InvalidInput

FEWEST = 5
"""Texts that make a theme."""
MOST = 3_000
"""Texts looked at together: the distances of all pairs are held in memory (36 MB at this size)."""
CUT = 0.6
"""Cosine distance at which groups are no longer joined."""
# Few texts cannot tell many directions apart: each letter would have one of its own.
_TEXTS_A_DIRECTION, _DIRECTIONS = 4, (5, 50)
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


def find(texts: Sequence[str], others: Sequence[str] = (), told: Told = _silent) -> list[Found]:
    """The themes among the texts, the largest first. `others` are more texts of the same desk, which show what words
    have to do with each other and are placed nowhere. `told` hears of each stage. The same texts give the same themes.

    Raises InvalidInput for more than `MOST` texts.
    """
    if len(texts) > MOST:
        raise InvalidInput(f"At most {MOST} texts are looked at together.")
    if len(texts) < FEWEST:
        return []
    told("Counting words", 0, 3)
    words = _counted([*texts, *others])
    if words is None:
        return []
    counts, names = words[0][: len(texts)], words[1]
    told("Learning what goes with what", 1, 3)
    vectors = _directions([*texts, *others], words[0])[: len(texts)]
    told("Putting like with like", 2, 3)
    groups = _groups(vectors)
    found = [Found(_telling(counts, names, group), _members(vectors, group)) for group in groups]
    return sorted(found, key=lambda one: -len(one.members))


def _counted(texts: Sequence[str]) -> tuple[Any, NDArray[Any]] | None:
    """TF-IDF of words and pairs, texts x terms, and the terms; None where no two texts share a word."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

    terms = TfidfVectorizer(
        **_weighing(texts), ngram_range=(1, 2), stop_words=sorted(ENGLISH_STOP_WORDS), token_pattern=_WORD
    )
    try:
        counts = terms.fit_transform(texts)
    except ValueError:  # sklearn's word for: no term is left
        return None
    return counts, terms.get_feature_names_out()


def _weighing(texts: Sequence[str]) -> dict[str, Any]:
    # What stands in every second text has no weight, in any language; of few texts nothing can be said.
    return {"sublinear_tf": True, "min_df": 2, "max_df": 0.5 if len(texts) > 20 else 1.0, "dtype": np.float64}


def _directions(texts: Sequence[str], counts: Any) -> Floats:
    from scipy.sparse import hstack
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    pieces = TfidfVectorizer(**_weighing(texts), analyzer="char_wb", ngram_range=(4, 5)).fit_transform(texts)
    both = hstack([counts, pieces]).tocsr()
    wanted = max(1, min(np.clip(len(texts) // _TEXTS_A_DIRECTION, *_DIRECTIONS), min(both.shape) - 1))
    with np.errstate(divide="ignore", invalid="ignore"):  # shares of variance, where all texts are the same
        return _unit(TruncatedSVD(wanted, random_state=_SEED).fit_transform(both))


def _unit(rows: Floats) -> Floats:
    """Rows of length 1; one of nothing but zeros becomes one that is like no other."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(np.where(lengths > 0, rows / np.maximum(lengths, 1e-12), 0.0))


def _groups(vectors: Floats) -> list[NDArray[np.int64]]:
    from sklearn.cluster import AgglomerativeClustering

    distances = np.clip(1.0 - vectors @ vectors.T, 0.0, 2.0)
    np.fill_diagonal(distances, 0.0)
    joined = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=CUT
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
