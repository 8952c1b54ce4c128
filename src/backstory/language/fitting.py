"""Fits linear heads over a shared vocabulary and packs them to int8 (scikit-learn for counting, scipy for the fit).

A head is a set of one-against-the-rest logistic regressions. Beside the plain fit stands one whose features are first
scaled by their naive-Bayes log-count ratio (NBSVM: Wang & Manning, ACL 2012), which helps rare labels; the two are
blended. Both are linear in the words, and so is their blend: a weight file holds one weight a word and label.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from backstory.language import text, weights

SEED = 20_240_601
Floats = NDArray[np.float64]
Analyzer = Callable[[str], list[str]]
_LOWEST = 1e-5
# Stopping early regularizes too: more steps fit the training texts better and others no better.
STEPS = 40


@dataclass(frozen=True, slots=True)
class Head:
    """One head to fit: `targets` is texts x labels of 0/1 (a row of `rows` each), `strength` the inverse penalty C.

    `bayes` is the share, 0 to 1, of the fit over naive-Bayes scaled features.
    """

    name: str
    labels: Sequence[str]
    rows: NDArray[np.int64]
    targets: NDArray[np.int8]
    strength: float
    sample_weight: Floats | None = None
    bayes: float = 0.0


@dataclass(frozen=True, slots=True)
class Trained:
    """A weight file ready to be written, the sets it came from, and what was measured while it was fitted."""

    name: str
    version: str
    arrays: dict[str, NDArray[Any]]
    sets: list[str]
    measured: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features of a weight file with their inverse document frequency."""

    names: list[str]
    idf: NDArray[np.float32]

    def matrix(self, texts: Sequence[str], analyzer: Analyzer = text.feature_names) -> Any:
        """Texts x features: sublinear TF x IDF, the words and the letters of a text each of unit length."""
        counter = CountVectorizer(analyzer=analyzer, vocabulary=self.names, dtype=np.float32)
        return self.valued(counter.transform(texts))

    def valued(self, counts: Any) -> Any:
        """The matrix of texts whose features are counted already."""
        counts = counts.tocsr()
        counts.data = 1 + np.log(counts.data)
        weighed = counts @ sparse.diags(self.idf)
        words = np.array([text.is_word_feature(name) for name in self.names])
        parts = [normalize(weighed @ sparse.diags(chosen.astype(np.float32))) for chosen in (words, ~words)]
        return (parts[0] + parts[1]).tocsr().astype(np.float32)


def vectorize(
    texts: Sequence[str], size: int, min_df: int, analyzer: Analyzer = text.feature_names
) -> tuple[Vocabulary, Any]:
    """A vocabulary of the `size` most frequent features that at least `min_df` texts hold, and the texts' matrix."""
    counter = CountVectorizer(analyzer=analyzer, min_df=min_df, max_features=size, dtype=np.float32)
    counts = counter.fit_transform(texts)
    documents = np.diff(counts.tocsc().indptr)
    idf = np.log((1 + len(texts)) / (1 + documents)) + 1
    found = Vocabulary(list(counter.get_feature_names_out()), idf.astype(np.float32))
    return found, found.valued(counts)


def fit_head(matrix: Any, head: Head) -> tuple[Floats, Floats]:
    """Weights (features x labels) and biases of one head; a label never seen gets no weights and a low bias."""
    given = matrix[head.rows]
    weight = np.ones(len(head.rows)) if head.sample_weight is None else head.sample_weight
    targets = head.targets.astype(np.float32)
    columns, bias = np.zeros((matrix.shape[1], targets.shape[1])), np.zeros(targets.shape[1])
    for share, fit in ((1 - head.bayes, _regressions), (head.bayes, _scaled)):
        if share > 0:
            weights_found, bias_found = fit(given, targets, weight, head.strength)
            columns, bias = columns + share * weights_found, bias + share * bias_found
    once = np.flatnonzero(targets.min(axis=0) == targets.max(axis=0))
    columns[:, once] = 0
    bias[once] = np.where(targets[0, once] > 0, 8.0, -8.0)
    return columns, bias


def _regressions(given: Any, targets: Any, weight: Floats, strength: float) -> tuple[Floats, Floats]:
    """All labels' logistic regressions at once (L-BFGS): one pass over the texts serves every label."""
    count, labels = given.shape[1], targets.shape[1]
    across, share = given.T.tocsr(), (weight / weight.sum()).astype(np.float32)[:, None]
    penalty = 1 / (strength * weight.sum())

    def loss(point: Floats) -> tuple[float, Floats]:
        columns, bias = point[:-labels].reshape(count, labels).astype(np.float32), point[-labels:].astype(np.float32)
        logits = given @ columns + bias
        value = float((share * (np.logaddexp(0, logits) - targets * logits)).sum(dtype=np.float64))
        error = share * (1 / (1 + np.exp(-logits)) - targets)
        slope = (across @ error + penalty * columns).ravel()
        value += penalty / 2 * float((point[:-labels] ** 2).sum())
        return value, np.concatenate([slope, error.sum(axis=0)]).astype(np.float64)

    rate = np.clip((share * targets).sum(axis=0), _LOWEST, 1 - _LOWEST)
    start = np.concatenate([np.zeros(count * labels), np.log(rate / (1 - rate))])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS, "maxcor": 8}).x
    return found[:-labels].reshape(count, labels), found[-labels:]


def _scaled(given: Any, targets: Any, weight: Floats, strength: float) -> tuple[Floats, Floats]:
    """The regressions over features scaled by each label's log-count ratio, folded back to weights of the features."""
    columns, biases = [], []
    for place in range(targets.shape[1]):
        target = targets[:, place : place + 1]
        ratio = _log_count_ratio(given, target[:, 0] * weight, (1 - target[:, 0]) * weight)
        column, bias = _regressions(given @ sparse.diags(ratio), target, weight, strength / 3)
        columns.append(column[:, 0] * ratio)
        biases.append(bias[0])
    return np.stack(columns, axis=1), np.array(biases)


def _log_count_ratio(given: Any, yes: Floats, no: Floats) -> NDArray[np.float32]:
    mean = (yes.sum() + no.sum()) / given.shape[0]
    for_it, against = given.T @ yes + mean / 2, given.T @ no + mean / 2
    ratio: NDArray[np.float32] = np.log((for_it / for_it.sum()) / (against / against.sum())).astype(np.float32)
    return ratio


def out_of_fold(matrix: Any, head: Head, folds: NDArray[np.int64]) -> Floats:
    """Logits (texts of `head.rows` x labels), each by a model that was not trained on the text's fold."""
    logits = np.zeros(head.targets.shape)
    for fold in np.unique(folds):
        seen, kept = folds != fold, folds == fold
        weight = None if head.sample_weight is None else head.sample_weight[seen]
        part = Head(head.name, head.labels, head.rows[seen], head.targets[seen], head.strength, weight, head.bayes)
        columns, bias = fit_head(matrix, part)
        logits[kept] = np.asarray(matrix[head.rows[kept]] @ columns + bias)
    return logits


def seeded_folds(count: int, folds: int) -> NDArray[np.int64]:
    """A fold for each of `count` texts, by the seed."""
    return np.random.default_rng(SEED).permutation(np.arange(count) % folds)


def platt(logits: Floats, offset: Floats, truth: NDArray[np.int8], weight: Floats | None = None) -> tuple[float, float]:
    """Slope and shift so that sigmoid(slope x logit + shift + offset) is the likeliest, by Newton's method."""
    design = np.stack([logits, np.ones(len(logits))], axis=1)
    each = np.ones(len(logits)) if weight is None else weight
    found = np.array([1.0, 0.0])
    for _ in range(50):
        p = 1 / (1 + np.exp(-(design @ found + offset)))
        gradient = design.T @ (each * (p - truth))
        step = np.linalg.solve((design.T * (each * p * (1 - p))) @ design + 1e-6 * np.eye(2), gradient)
        found = found - step
        if float(np.abs(step).max()) < 1e-8:
            break
    return float(found[0]), float(found[1])


def calibrated(columns: Floats, bias: Floats, logits: Floats, truth: NDArray[np.int8]) -> tuple[Floats, Floats, Floats]:
    """Each label's weights and bias stretched and shifted so that their probabilities hold (Platt 1999).

    `logits` are those of texts the fit had not seen. Returns weights, biases and the logits so calibrated.
    """
    pairs = [platt(logits[:, at], np.zeros(len(logits)), truth[:, at]) for at in range(truth.shape[1])]
    slope, shift = np.array(pairs).T
    return columns * slope, bias * slope + shift, logits * slope + shift


def packed(
    words: Vocabulary,
    parts: list[tuple[Head, Floats, Floats]],
    version: str,
    threshold: Callable[[str, str], float],
) -> dict[str, NDArray[Any]]:
    """The arrays of a weight file: int8 weights with one scale a column, and a threshold a column."""
    names = [f"{head.name}/{label}" for head, _, _ in parts for label in head.labels]
    dense = np.concatenate([columns for _, columns, _ in parts], axis=1)
    scale = np.maximum(np.abs(dense).max(axis=0), 1e-6) / 127
    limits = [threshold(head.name, label) for head, _, _ in parts for label in head.labels]
    return {
        "vocabulary": weights.pack(words.names),
        "columns": weights.pack(names),
        "version": weights.pack([version]),
        "words": np.array([text.is_word_feature(name) for name in words.names], dtype=np.uint8),
        "idf": words.idf,
        "weights": np.rint(dense / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
        "bias": np.concatenate([bias for _, _, bias in parts]).astype(np.float32),
        "threshold": np.array(limits, dtype=np.float32),
    }


def best_threshold(probabilities: Floats, truth: NDArray[np.int8]) -> float:
    """The probability limit with the best F1, smoothed over its neighbours, so that no lucky limit is chosen."""
    limits = np.arange(0.04, 0.8, 0.01)
    given = probabilities[:, None] >= limits
    right = (given & (truth == 1)[:, None]).sum(axis=0)
    scores = 2 * right / np.maximum(given.sum(axis=0) + truth.sum(), 1)
    smooth = np.convolve(np.pad(scores, 2, mode="edge"), np.ones(5) / 5, mode="valid")
    return float(limits[int(smooth.argmax())])
