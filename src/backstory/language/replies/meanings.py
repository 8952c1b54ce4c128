"""How near words are in meaning, across four languages: a small table of vectors, made once (`tools/meanings.py`).

40 000 frequent words as 56 numbers of one byte each, cut from a multilingual sentence encoder. It needs numpy only.
"""

from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).parent / "data" / "meanings.npz"
SAME = 0.45
"""Below this cosine two words have nothing in common; from here to 1 the nearness grows from 0 to 1."""
_LEAST_PART = 5


@cache
def _table() -> tuple[dict[str, int], NDArray[np.float32], NDArray[np.float32]]:
    with np.load(FILE) as found:
        words = found["words"].tobytes().decode().split("\n")
        vectors = found["vectors"].astype(np.float32)
        weights = found["weights"].astype(np.float32) / 100
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return {word: row for row, word in enumerate(words)}, vectors, weights


@lru_cache(maxsize=20_000)
def _row(word: str) -> int | None:
    """The row of a folded word, else of the longest known word it ends with (the head of a German compound)."""
    rows, _, _ = _table()
    if word in rows:
        return rows[word]
    return next((rows[word[cut:]] for cut in range(1, len(word) - _LEAST_PART + 1) if word[cut:] in rows), None)


def _known(words: frozenset[str]) -> list[int]:
    return [row for row in map(_row, sorted(words)) if row is not None]


@lru_cache(maxsize=8192)
def nearness(asked: frozenset[str], offered: frozenset[str]) -> tuple[float, float, float]:
    """How near what is offered comes to what is asked, by folded content words, each 0 to 1.

    The rarer words' mean of their nearest counterpart, the nearest pair of all, and the cosine of the two sums.
    """
    here, there = _known(asked), _known(offered)
    if not here or not there:
        return 0.0, 0.0, 0.0
    _, vectors, weights = _table()
    near = np.clip((vectors[here] @ vectors[there].T - SAME) / (1 - SAME), 0, 1)
    weight = weights[here]
    best = near.max(axis=1)
    one, other = weight @ vectors[here], weights[there] @ vectors[there]
    cosine = float(one @ other / max(1e-6, float(np.linalg.norm(one) * np.linalg.norm(other))))
    return float(weight @ best / weight.sum()), float((best * weight).max()), max(0.0, cosine)
