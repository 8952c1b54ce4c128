"""Fits one-against-the-rest logistic regressions over a shared vocabulary and packs them to int8 (scikit-learn)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from backstory.language import text, weights

SEED = 20_240_601
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Head:
    """One head to fit: `targets` is texts x labels of 0/1 (a row of `rows` each), `strength` the inverse penalty C."""

    name: str
    labels: Sequence[str]
    rows: NDArray[np.int64]
    targets: NDArray[np.int8]
    strength: float
    sample_weight: Floats | None = None


@dataclass(frozen=True, slots=True)
class Trained:
    """A weight file ready to be written, and the sets it came from."""

    name: str
    version: str
    arrays: dict[str, NDArray[Any]]
    sets: list[str]


def vectorize(texts: list[str], size: int, min_df: int) -> tuple[TfidfVectorizer, Any]:
    """A TF-IDF vocabulary of the `size` most frequent features, and the texts as its sparse matrix."""
    vectorizer = TfidfVectorizer(
        analyzer=text.feature_names, sublinear_tf=True, min_df=min_df, max_features=size, dtype=np.float32
    )
    return vectorizer, vectorizer.fit_transform(texts)


def fit_head(matrix: Any, head: Head) -> tuple[Floats, Floats]:
    """Weights (features x labels) and biases of one head; a label never seen gets zero weights and a low bias."""
    columns, biases = [], []
    for place in range(len(head.labels)):
        target = head.targets[:, place]
        if target.min() == target.max():
            columns.append(np.zeros(matrix.shape[1]))
            biases.append(-8.0 if target.max() == 0 else 8.0)
            continue
        model = LogisticRegression(C=head.strength, solver="liblinear", random_state=SEED, max_iter=200)
        model.fit(matrix[head.rows], target, sample_weight=head.sample_weight)
        columns.append(model.coef_[0])
        biases.append(float(model.intercept_[0]))
    return np.stack(columns, axis=1), np.array(biases)


def out_of_fold(matrix: Any, head: Head, folds: NDArray[np.int64]) -> Floats:
    """Logits (texts of `head.rows` x labels), each by a model that was not trained on the text's fold."""
    logits = np.zeros(head.targets.shape)
    for fold in np.unique(folds):
        seen, kept = folds != fold, folds == fold
        weight = None if head.sample_weight is None else head.sample_weight[seen]
        part = Head(head.name, head.labels, head.rows[seen], head.targets[seen], head.strength, weight)
        columns, bias = fit_head(matrix, part)
        logits[kept] = np.asarray(matrix[head.rows[kept]] @ columns + bias)
    return logits


def platt(logits: Floats, offset: Floats, truth: NDArray[np.int8]) -> tuple[float, float]:
    """Slope and shift so that sigmoid(slope x logit + shift + offset) is the likeliest, by Newton's method."""
    design = np.stack([logits, np.ones(len(logits))], axis=1)
    found = np.array([1.0, 0.0])
    for _ in range(50):
        p = 1 / (1 + np.exp(-(design @ found + offset)))
        gradient = design.T @ (p - truth)
        step = np.linalg.solve((design.T * (p * (1 - p))) @ design + 1e-6 * np.eye(2), gradient)
        found = found - step
        if float(np.abs(step).max()) < 1e-8:
            break
    return float(found[0]), float(found[1])


def packed(
    vectorizer: TfidfVectorizer,
    parts: list[tuple[Head, Floats, Floats]],
    version: str,
    threshold: Callable[[str, str], float],
) -> dict[str, NDArray[Any]]:
    """The arrays of a weight file: int8 weights with one scale a column, and a threshold a column."""
    names = [f"{head.name}/{label}" for head, _, _ in parts for label in head.labels]
    dense = np.concatenate([columns for _, columns, _ in parts], axis=1)
    scale = np.maximum(np.abs(dense).max(axis=0), 1e-6) / 127
    words = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)
    limits = [threshold(head.name, label) for head, _, _ in parts for label in head.labels]
    return {
        "vocabulary": weights.pack(words),
        "columns": weights.pack(names),
        "version": weights.pack([version]),
        "idf": vectorizer.idf_.astype(np.float32),
        "weights": np.rint(dense / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
        "bias": np.concatenate([bias for _, _, bias in parts]).astype(np.float32),
        "threshold": np.array(limits, dtype=np.float32),
    }


def best_threshold(probabilities: Floats, truth: NDArray[np.int8]) -> float:
    """The probability limit with the best F1 on development data."""
    best, chosen = -1.0, 0.5
    for limit in np.arange(0.05, 0.8, 0.01):
        given = probabilities >= limit
        right = float((given & (truth == 1)).sum())
        score = 2 * right / max(float(given.sum() + truth.sum()), 1.0)
        if score > best + 1e-9:
            best, chosen = score, float(limit)
    return chosen
