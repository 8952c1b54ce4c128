"""Fits the emotion heads: English from GoEmotions, ten languages from BRIGHTER, French from our sentences and kin.

English limits and calibration come from GoEmotions' development split; those of the other languages from what five
models say of the fifth of the training texts that each was not trained on. BRIGHTER's development splits are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from backstory.language import corpora, fitting
from backstory.language.corpora import EKMAN, Example
from backstory.language.fitting import Floats, Head, Trained, Vocabulary

VERSION = "2.0.0"
LEVELS = (1, 2, 3)
FOLDS = 5
# Our own messages are few and close to the task, so each counts for several of the public sets' texts.
OWN_WEIGHT = 4.0
# Texts in French's sister languages: cognates, signs and emoji carry over, most of the rest does not.
KIN = ("esp", "ptbr", "ron")
KIN_WEIGHT = 0.1
Part = tuple[Head, Floats, Floats]
Thresholds = Callable[[str, str], float]


def targets(examples: Sequence[Example], labels: Sequence[str]) -> NDArray[np.int8]:
    """Texts x labels of 0/1."""
    return np.array([[int(label in example.labels) for label in labels] for example in examples], dtype=np.int8)


def english() -> Trained:
    """28 GoEmotions labels, the Ekman groups, and the strength of each emotion, over one English vocabulary."""
    original, groups = corpora.goemotions("original", "train"), corpora.goemotions("ekman", "train")
    own = [one for one in corpora.authored(held_out=False) if one.details["language"] == "en"]
    named, graded = corpora.brighter("eng", "track_b", "train")
    texts = [one.text for one in (*original, *own)] + [text for text, _ in graded]
    words, matrix = fitting.vectorize(texts, 70_000, 4)
    labels = sorted({label for one in original for label in one.labels})
    first, second = np.arange(len(original)), np.arange(len(original) + len(own))
    weight = np.concatenate([np.ones(len(original)), np.full(len(own), OWN_WEIGHT)])
    heads = [
        Head("emotion", labels, first, targets(original, labels), 1.5, bayes=1.0),
        Head("ekman", EKMAN, second, targets([*groups, *own], EKMAN), 1.5, weight, bayes=1.0),
    ]
    parts = [(head, *fitting.fit_head(matrix, head)) for head in heads]
    parts, limits = _on_development(words, parts)
    strength, own_limits, measured = _strength(matrix, named, graded, len(second), parts)
    arrays = fitting.packed(words, [*parts, strength], VERSION, _chosen(limits | own_limits))
    return Trained("english.npz", VERSION, arrays, ["GoEmotions", "BRIGHTER eng", "Backstory messages"], measured)


def _chosen(limits: dict[tuple[str, str], float]) -> Thresholds:
    return lambda head, label: limits.get((head, label), 0.5)


def _on_development(words: Vocabulary, parts: list[Part]) -> tuple[list[Part], dict[tuple[str, str], float]]:
    """Calibration and the best-F1 limit of each label on GoEmotions' development split."""
    kept: list[Part] = []
    limits: dict[tuple[str, str], float] = {}
    for (head, fitted, start), kind in zip(parts, ("original", "ekman"), strict=True):
        held = corpora.goemotions(kind, "dev")
        truth = targets(held, head.labels)
        logits = np.asarray(words.matrix([one.text for one in held]) @ fitted + start)
        columns, bias, logits = fitting.calibrated(fitted, start, logits, truth)
        kept.append((head, columns, bias))
        limits |= _limits(head, logits, truth)
    return kept, limits


def _limits(head: Head, logits: Floats, truth: NDArray[np.int8]) -> dict[tuple[str, str], float]:
    p = 1 / (1 + np.exp(-logits))
    return {(head.name, label): fitting.best_threshold(p[:, at], truth[:, at]) for at, label in enumerate(head.labels)}


def _graded_head(names: list[str], graded: list[tuple[str, dict[str, int]]], offset: int) -> Head:
    """Ordinal head: for each emotion, whether its level reaches 1, 2, 3."""
    labels = [f"{name}>={level}" for name in names for level in LEVELS]
    rows = [[int(levels[name] >= level) for name in names for level in LEVELS] for _, levels in graded]
    return Head("intensity", labels, np.arange(offset, offset + len(graded)), np.array(rows, dtype=np.int8), 2.0)


def _strength(
    matrix: Any, named: list[str], graded: list[tuple[str, dict[str, int]]], offset: int, taught: list[Part]
) -> tuple[Part, dict[tuple[str, str], float], dict[str, float]]:
    """The strength of each emotion, with what the GoEmotions heads say as further features (stacking).

    Those heads are linear too, so that the whole folds back into one weight a word.
    """
    head = _graded_head(named, graded, 0)
    given = matrix[np.arange(offset, offset + len(graded))]
    teacher = np.concatenate([columns for _, columns, _ in taught], axis=1)
    said = np.asarray(given @ teacher)
    scale = 1 / (said.std(axis=0) * np.sqrt(said.shape[1] / 2))
    stacked = sparse.hstack([given, sparse.csr_matrix(said * scale)]).tocsr().astype(np.float32)
    logits = fitting.out_of_fold(stacked, head, fitting.seeded_folds(len(graded), FOLDS))
    columns, bias = fitting.fit_head(stacked, head)
    count = matrix.shape[1]
    folded = columns[:count] + (teacher * scale) @ columns[count:]
    folded, bias, logits = fitting.calibrated(folded, bias, logits, head.targets)
    return (head, folded, bias), _limits(head, logits, head.targets), {}


def brighter(code: str, name: str, *, strength: bool = True) -> Trained:
    """Emotions and, where annotated, their strength in one language from BRIGHTER."""
    emotions, given = corpora.brighter(code, "track_a", "train")
    texts = [text for text, _ in given]
    words, matrix = fitting.vectorize(texts, 20_000 if strength else 12_000, 2)
    truth = np.array([[levels[label] for label in emotions] for _, levels in given], dtype=np.int8)
    head = Head("ekman", emotions, np.arange(len(texts)), truth, 3.0, bayes=0.5 if strength else 0.0)
    parts, limits = _cross_fitted(matrix, head)
    if strength:
        _, graded = corpora.brighter(code, "track_b", "train")
        if texts != [text for text, _ in graded]:
            raise ValueError(f"BRIGHTER {code}: the tracks hold different texts")
        levels = _graded_head(emotions, graded, 0)
        more, more_limits = _cross_fitted(matrix, levels)
        parts, limits = parts + more, limits | more_limits
    arrays = fitting.packed(words, parts, VERSION, _chosen(limits))
    return Trained(f"{name}.npz", VERSION, arrays, [f"BRIGHTER {code}"])


def _cross_fitted(matrix: Any, head: Head) -> tuple[list[Part], dict[tuple[str, str], float]]:
    """A head fitted to all texts, calibrated and limited by what it says of texts it had not seen."""
    logits = fitting.out_of_fold(matrix, head, fitting.seeded_folds(len(head.rows), FOLDS))
    columns, bias = fitting.fit_head(matrix, head)
    columns, bias, logits = fitting.calibrated(columns, bias, logits, head.targets)
    return [(head, columns, bias)], _limits(head, logits, head.targets)


def french() -> Trained:
    """Ekman's emotions in French, which no public set has: from our own sentences and, a little, BRIGHTER's kin."""
    own = corpora.feelings() + [one for one in corpora.authored(held_out=False) if one.details["language"] == "fr"]
    kin = [pair for code in KIN for pair in corpora.brighter(code, "track_a", "train")[1]]
    labels = [name for name in EKMAN if name != "neutral"]
    texts = [one.text for one in own] + [text for text, _ in kin]
    words, matrix = fitting.vectorize(texts, 20_000, 2)
    truth = np.concatenate(
        [targets(own, labels), np.array([[levels[name] for name in labels] for _, levels in kin], dtype=np.int8)]
    )
    weight = np.concatenate([np.ones(len(own)), np.full(len(kin), KIN_WEIGHT)])
    head = Head("ekman", labels, np.arange(len(texts)), truth, 3.0, weight, bayes=0.5)
    # All kin stay in every fit: only French is to be foretold.
    folds = np.concatenate([fitting.seeded_folds(len(own), FOLDS), np.full(len(kin), FOLDS)])
    logits = fitting.out_of_fold(matrix, head, folds)[: len(own)]
    columns, bias = fitting.fit_head(matrix, head)
    columns, bias, logits = fitting.calibrated(columns, bias, logits, truth[: len(own)])
    limits = _limits(head, logits, truth[: len(own)])
    arrays = fitting.packed(words, [(head, columns, bias)], VERSION, _chosen(limits))
    return Trained("french.npz", VERSION, arrays, ["Backstory sentences", *(f"BRIGHTER {code}" for code in KIN)])
