"""Learning a desk's own labels: a linear model over TF-IDF words and characters, judged by cross-validation.

One support vector machine a label against the rest (squared hinge, liblinear), int8 weights, probabilities by one
sharpness fitted on held-out scores (temperature scaling, Guo et al. 2017). With the encoder a second, logistic model
over its vectors is added; the first is the same with and without it. The same examples and seed give the same bytes.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from backstory.language import encoder, learned_data, learned_figures, learned_model, text, weights
from backstory.language.learned_data import Example
from backstory.language.learned_model import HEAD, LearnedModel

SEED = 20_261_121
FOLDS = 5
MOST_FEATURES = 60_000
# Features of one text only are left out where there are texts enough; with few, each word counts.
_MANY_TEXTS = 1_000
_PENALTY, _VECTOR_PENALTY = 1.0, 30.0  # inverse: scikit-learn's C
_VECTOR_SHARE = 0.4
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Progress = Callable[[str, int, int], None]
"""Called with the stage in words, how much of it is done, and how much there is."""


def no_progress(stage: str, done: int, total: int) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True)
class Learned:
    """A trained model: the bytes of its file, its figures (plain JSON types), and for each example what was predicted
    while it was held out."""

    data: bytes
    figures: dict[str, Any]
    held_out: list[str]

    def model(self) -> LearnedModel:
        """The model, as it is loaded from the file."""
        return learned_model.unpack(self.data)


@dataclass(frozen=True, slots=True)
class _Set:
    """The examples as numbers: `counts` texts x features, `vectors` texts x dimensions or None."""

    examples: list[Example]
    labels: list[str]
    truth: Ints
    features: list[str]
    counts: sparse.csr_matrix
    vectors: Floats | None


@dataclass(frozen=True, slots=True)
class _Fit:
    """What was fitted on some of the texts: which features, their idf, and weights with biases."""

    kept: Ints
    idf: Floats
    weights: Floats
    bias: Floats
    mean: Floats
    vector_weights: Floats
    vector_bias: Floats


def train(
    examples: Sequence[Example],
    *,
    seed: int = SEED,
    with_encoder: bool | None = None,
    leave_out_rare: bool = False,
    progress: Progress = no_progress,
) -> Learned:
    """Learn from labelled examples. `with_encoder` None takes the encoder where it is installed.

    Raises CannotLearn where a label has too few examples (unless `leave_out_rare`) or fewer than two labels remain,
    and ImportError for an encoder that is asked for and not there.
    """
    kept, left_out = learned_data.usable(examples, leave_out_rare=leave_out_rare)
    use_encoder = encoder.name() is not None if with_encoder is None else with_encoder
    progress("Reading the examples", 0, 1)
    known = _numbers(kept, use_encoder, progress)
    folds = split(known.examples, seed)
    steps = _Steps(progress, len(known.labels) * (FOLDS + 1))
    alone, together = _held_out(known, folds, seed, steps)
    steps.stage = "Training on all examples"
    fit = _fit(known, np.arange(len(known.truth)), seed, steps)
    figures, shares = _figures(known, folds, alone, together, seed)
    figures["left_out"] = left_out
    arrays = _arrays(known, fit, alone, together, figures)
    data = learned_model.pack(arrays)
    figures["telling"] = _telling(known, fit)
    figures["doubts"] = learned_figures.doubts(known.examples, known.labels, known.truth, shares)
    return Learned(data, figures, [known.labels[at] for at in shares.argmax(axis=1)])


def _telling(known: _Set, fit: _Fit) -> dict[str, list[dict[str, Any]]]:
    """The most telling words; only those that several texts share, so that nobody's name or number turns up."""
    matrix = _tfidf(known.counts[:, fit.kept], fit.idf)
    typical = [matrix[known.truth == place].mean(axis=0) for place in range(len(known.labels))]
    parts = np.asarray(np.vstack(typical) - matrix.mean(axis=0)).T * fit.weights
    having = np.bincount(known.counts.indices, minlength=known.counts.shape[1])
    several = {known.features[at]: row for row, at in enumerate(fit.kept) if having[at] > 1}
    return learned_figures.telling(known.labels, several, parts)


@dataclass
class _Steps:
    progress: Progress
    total: int
    done: int = 0
    stage: str = "Testing on held-out examples"

    def step(self) -> None:
        self.done += 1
        self.progress(self.stage, self.done, self.total)


def _numbers(examples: list[Example], use_encoder: bool, progress: Progress) -> _Set:
    labels = sorted({one.label for one in examples})
    place = {label: at for at, label in enumerate(labels)}
    counter = CountVectorizer(analyzer=text.feature_names, dtype=np.float64)
    texts = [one.text.encode("utf-8", "replace").decode() for one in examples]  # half a character pair has no UTF-8
    counts = counter.fit_transform(texts)
    return _Set(
        examples,
        labels,
        np.array([place[one.label] for one in examples], dtype=np.int64),
        counter.get_feature_names_out().tolist(),
        counts.tocsr(),
        encoder.encode(texts, partial(progress, "Reading the examples")).astype(np.float64) if use_encoder else None,
    )


def split(examples: Sequence[Example], seed: int) -> Ints:
    """The fold of each example: labels spread evenly over the folds, examples of a kind kept together."""
    random = np.random.default_rng(seed)
    fold_of: dict[str, int] = {}
    start = 0
    by_label: dict[str, list[str]] = {}
    for one in examples:
        by_label.setdefault(one.label, []).append(one.kin)
    for label in sorted(by_label):
        fresh = sorted({kin for kin in by_label[label] if kin not in fold_of})
        for at, chosen in enumerate(random.permutation(len(fresh))):
            fold_of[fresh[chosen]] = (start + at) % FOLDS
        start += len(fresh)
    return np.array([fold_of[one.kin] for one in examples], dtype=np.int64)


def _held_out(known: _Set, folds: Ints, seed: int, steps: _Steps) -> tuple[Floats, Floats | None]:
    """Scores of each text by the model that was not trained on it: by words alone, and with the encoder."""
    alone = np.zeros((len(known.truth), len(known.labels)))
    beside = np.zeros_like(alone)
    for fold in range(FOLDS):
        rows = np.flatnonzero(folds == fold)
        fit = _fit(known, np.flatnonzero(folds != fold), seed, steps)
        alone[rows] = np.asarray(_tfidf(known.counts[rows][:, fit.kept], fit.idf) @ fit.weights) + fit.bias
        if known.vectors is not None:
            beside[rows] = (known.vectors[rows] - fit.mean) @ fit.vector_weights + fit.vector_bias
    return alone, alone + beside if known.vectors is not None else None


def _fit(known: _Set, rows: Ints, seed: int, steps: _Steps) -> _Fit:
    counts, truth = known.counts[rows], known.truth[rows]
    kept, idf = _vocabulary(counts)
    matrix = _tfidf(counts[:, kept], idf)
    columns, biases = [], []
    for place in range(len(known.labels)):
        column, bias = _against_the_rest(matrix, truth == place, seed)
        columns.append(column)
        biases.append(bias)
        steps.step()
    mean, vector_weights, vector_bias = _fit_vectors(known, rows, seed)
    return _Fit(kept, idf, np.stack(columns, axis=1), np.array(biases), mean, vector_weights, vector_bias)


def _vocabulary(counts: sparse.csr_matrix) -> tuple[Ints, Floats]:
    """The features kept (by how many texts have them) and their smoothed inverse document frequencies."""
    texts = counts.shape[0]
    having = np.bincount(counts.indices, minlength=counts.shape[1])
    least = 2 if texts >= _MANY_TEXTS else 1
    kept = np.flatnonzero(having >= least)
    if len(kept) > MOST_FEATURES:
        kept = np.sort(kept[np.argsort(-having[kept], kind="stable")[:MOST_FEATURES]])
    return kept, np.log((1 + texts) / (1 + having[kept])) + 1


def _tfidf(counts: sparse.csr_matrix, idf: Floats) -> sparse.csr_matrix:
    """Sublinear TF x IDF, each text of unit length."""
    matrix = sparse.csr_matrix(counts, copy=True)
    matrix.data = (1 + np.log(matrix.data)) * idf[matrix.indices]
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.maximum(lengths, 1e-9)) @ matrix)


def _against_the_rest(matrix: sparse.csr_matrix, mine: NDArray[np.bool_], seed: int) -> tuple[Floats, float]:
    if not mine.any():  # all its examples stand under another label too, and are held out with that
        return np.zeros(matrix.shape[1]), -1.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where it has not quite converged, the held-out figures say what it is worth
        machine = LinearSVC(C=_PENALTY, dual=True, random_state=seed % 2**31).fit(matrix, mine)
    return machine.coef_[0], float(machine.intercept_[0])


def _fit_vectors(known: _Set, rows: Ints, seed: int) -> tuple[Floats, Floats, Floats]:
    """Mean, weights and biases over the encoder's vectors; empty without them."""
    if known.vectors is None:
        return np.zeros(0), np.zeros((0, len(known.labels))), np.zeros(len(known.labels))
    vectors, truth = known.vectors[rows], known.truth[rows]
    mean = vectors.mean(axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        machine = LogisticRegression(C=_VECTOR_PENALTY, max_iter=60, tol=1e-3, random_state=seed % 2**31)
        machine.fit((vectors - mean).astype(np.float32), truth)
    columns, bias = machine.coef_.T, machine.intercept_
    if len(machine.classes_) == 2:
        columns, bias = np.hstack([-columns, columns]) / 2, np.array([-bias[0], bias[0]]) / 2
    full = np.zeros((vectors.shape[1], len(known.labels)))
    biases = np.full(len(known.labels), float(np.min(bias)))
    full[:, machine.classes_], biases[machine.classes_] = columns, bias
    return mean, full * _VECTOR_SHARE, biases * _VECTOR_SHARE


def sharpness(scores: Floats, truth: Ints) -> float:
    """The factor before the softmax under which the true labels are likeliest, by golden section on its logarithm."""
    low, high, part = np.log(0.05), np.log(60.0), (np.sqrt(5) - 1) / 2
    shifted = scores - scores.max(axis=1, keepdims=True)
    own = shifted[np.arange(len(truth)), truth]

    def loss(power: float) -> float:
        factor = np.exp(power)
        return float((np.log(np.exp(factor * shifted).sum(axis=1)) - factor * own).mean())

    for _ in range(30):
        left, right = high - part * (high - low), low + part * (high - low)
        low, high = (low, right) if loss(left) < loss(right) else (left, high)
    return float(np.exp((low + high) / 2))


def _shares(scores: Floats, truth: Ints, folds: Ints) -> Floats:
    """Held-out probabilities; each fold's sharpness is fitted on the other folds."""
    shares = np.zeros_like(scores)
    for fold in np.unique(folds):
        rows = folds == fold
        shares[rows] = _sureness(scores[~rows], truth[~rows]).probabilities(scores[rows])
    return shares


def _sureness(scores: Floats, truth: Ints) -> learned_model.Sureness:
    return learned_model.Sureness(sharpness(scores, truth), np.sort(scores.max(axis=1)).astype(np.float32))


def _figures(
    known: _Set, folds: Ints, alone: Floats, together: Floats | None, seed: int
) -> tuple[dict[str, Any], Floats]:
    shares = _shares(alone if together is None else together, known.truth, folds)
    figures: dict[str, Any] = {
        "examples": len(known.examples),
        "labels": learned_data.kinds(known.examples),
        "folds": FOLDS,
        "seed": seed,
        "encoder": encoder.name() if together is not None else None,
        "contradictions": [list(found) for found in learned_data.contradictions(known.examples)],
        **learned_figures.summary(known.labels, known.truth, shares, seed),
    }
    if together is not None:
        found = learned_figures.summary(known.labels, known.truth, _shares(alone, known.truth, folds), seed)
        figures["without_encoder"] = {name: found[name] for name in ("accuracy", "macro_f1", "calibration_error")}
    return figures, shares


def _arrays(
    known: _Set, fit: _Fit, alone: Floats, together: Floats | None, figures: dict[str, Any]
) -> dict[str, NDArray[Any]]:
    """The content of the file."""
    sure = [_sureness(alone, known.truth)]
    whole, scale = _int8(fit.weights)
    told = ("examples", "labels", "left_out", "folds", "seed", "encoder", "accuracy", "macro_f1", "calibration_error")
    about = json.dumps({name: figures[name] for name in told}, ensure_ascii=False, sort_keys=True)
    arrays: dict[str, NDArray[Any]] = {
        "vocabulary": weights.pack([known.features[at] for at in fit.kept]),
        "columns": weights.pack([f"{HEAD}/{label}" for label in known.labels]),
        "version": weights.pack([learned_model.FORMAT]),
        "about": np.frombuffer(about.encode("utf-8"), dtype=np.uint8),
        "idf": fit.idf.astype(np.float32),
        "weights": whole,
        "scale": scale,
        "bias": fit.bias.astype(np.float32),
        "threshold": np.full(len(known.labels), 0.5, dtype=np.float32),
        "familiarity": sure[0].familiarity,
    }
    if together is not None:
        sure.append(_sureness(together, known.truth))
        vector_weights, vector_scale = _int8(fit.vector_weights)
        arrays |= {
            "encoder": weights.pack([encoder.name() or ""]),
            "vector_mean": fit.mean.astype(np.float32),
            "vector_weights": vector_weights,
            "vector_scale": vector_scale,
            "vector_bias": fit.vector_bias.astype(np.float32),
            "familiarity_together": sure[1].familiarity,
        }
    return arrays | {"sharpness": np.array([one.sharpness for one in sure], dtype=np.float32)}


def _int8(columns: Floats) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Weights as whole numbers from -127 to 127, and what to multiply each column by."""
    scale = np.maximum(np.abs(columns).max(axis=0), 1e-6) / 127
    return np.rint(columns / scale).astype(np.int8), scale.astype(np.float32)
