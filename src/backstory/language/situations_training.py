"""Fits `situations.npz`: complaint, severity, safety, urgency, style and gap from cues, on messages labelled by hand.

What the service head says of a message is one of the features: here always by a model that did not know the message.
The limits are chosen on what models say of the eighth of the messages that they were not trained on: safety by recall,
style by precision, the levels by F1. The set to develop on may be trained on (`data/evaluation/guide.md`); the held-out
part never is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from backstory.language import situations, weights
from backstory.language.facts import facts
from backstory.language.fitting import SEED, Floats, Trained
from backstory.language.phrases import book, rules
from backstory.language.service_training import STAKES_OF, STAKES_WEIGHT, Foretold, foretold
from backstory.language.text import parse
from backstory.language.verdicts import measured

VERSION = "2.0.0"
FOLDS = 8
STRENGTH = 0.5
COMPLAINT_LIMIT = 0.45
# Limits are chosen on whole messages of every trade; those of style on messages not written to show one.
TUNED = ("develop", "situations", "train")
LEAST_RECALL, STYLE_PRECISION = 0.95, 0.85


@dataclass(frozen=True, slots=True)
class Told:
    """One labelled message: its features, for each label known of it the value, and what it counts for.

    `spread` is what it counts for in telling complaints, which far more messages are labelled for; `kind` the split.
    """

    features: dict[str, float]
    labels: dict[str, Any]
    weight: float
    spread: float
    key: str
    kind: str


@dataclass(frozen=True, slots=True)
class Column:
    """One yes-or-no question to fit, and how its limit is chosen from what is foretold of the splits `tuned`."""

    name: str
    label: str
    holds: Callable[[Any], bool]
    limit: Callable[[Floats, NDArray[np.bool_]], float]
    weigh: Callable[[Told], float] = lambda one: one.weight
    tuned: tuple[str, ...] = TUNED


def trained() -> Trained:
    """Fits every column over one list of features. Raises SetMissing where the demo's letters are wanted and absent."""
    told = material()
    names = sorted({name for one in told for name in one.features} | set(rules("cues/en")["cues"]))
    matrix = np.zeros((len(told), len(names)))
    place = {name: at for at, name in enumerate(names)}
    for row, one in enumerate(told):
        for name, value in one.features.items():
            matrix[row, place[name]] = value
    fitted = [_fit(column, told, matrix) for column in columns()]
    dense = np.stack([weight for weight, _, _ in fitted], axis=1)
    scale = np.maximum(np.abs(dense).max(axis=0), 1e-6) / 127
    arrays = {
        "vocabulary": weights.pack(names),
        "columns": weights.pack([column.name for column in columns()]),
        "version": weights.pack([VERSION]),
        "idf": np.ones(len(names), dtype=np.float32),
        "weights": np.rint(dense / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
        "bias": np.array([bias for _, bias, _ in fitted], dtype=np.float32),
        "threshold": np.array([limit for _, _, limit in fitted], dtype=np.float32),
    }
    return Trained(situations.FILE, VERSION, arrays, ["Backstory evaluation set, develop", "Backstory messages"])


def columns() -> list[Column]:
    """The columns in the order of the file."""
    found = [Column("complaint/yes", "complaint", bool, lambda p, truth: COMPLAINT_LIMIT, lambda one: one.spread)]
    found += [Column(f"{name}/yes", name, bool, recalling) for name in ("safety", "vulnerability")]
    found += [
        Column(f"{head}/>={level}", head, partial(_reaches, level), best_f1)
        for head, levels in (("severity", situations.SEVERITY), ("urgency", situations.URGENCY))
        for level in levels
    ]
    found += [Column(f"style/{style}", "style", style.__eq__, precise, tuned=TUNED[:1]) for style in situations.STYLES]
    return [*found, Column("gap/yes", "gap", bool, best_f1)]


def _reaches(level: int, value: int) -> bool:
    return value >= level


def material() -> list[Told]:
    """All our own texts but framed copies, each with the labels that it has. Raises SetMissing."""
    known = foretold()
    mean = sum(one.weight for one in known) / len(known)
    return [_told(one, mean) for one in known]


def _told(one: Foretold, mean: float) -> Told:
    details = one.example.details
    labels = {name: details[name] for name in STAKES_OF.get(one.kind, ()) if details.get(name) is not None}
    key = str(details.get("thread") or details["id"])
    weight = STAKES_WEIGHT.get(one.kind, 0.0)
    complains = {"complaint": details["complaint"]}
    return Told(_features(one), labels | complains, weight, one.weight / mean, key, one.kind)


def _features(one: Foretold) -> dict[str, float]:
    document = parse(one.example.text)
    found = book(one.example.details["language"]).find(document)
    return situations.features(document, found, measured(document, found, one.logits, facts(one.example.text)))


def _fit(column: Column, told: Sequence[Told], matrix: Floats) -> tuple[Floats, float, float]:
    rows = np.array([at for at, one in enumerate(told) if column.label in one.labels])
    truth = np.array([column.holds(told[at].labels[column.label]) for at in rows])
    weight = np.array([column.weigh(told[at]) for at in rows])
    tuned = np.array([told[at].kind in column.tuned for at in rows])
    fold = np.array([int(hashlib.sha256(told[at].key.encode()).hexdigest()[:6], 16) % FOLDS for at in rows])
    p = np.zeros(len(rows))
    for kept in range(FOLDS):
        seen = fold != kept
        p[~seen] = _model(matrix[rows[seen]], truth[seen], weight[seen]).predict_proba(matrix[rows[~seen]])[:, 1]
    fitted = _model(matrix[rows], truth, weight)
    return fitted.coef_[0], float(fitted.intercept_[0]), column.limit(p[tuned], truth[tuned])


def _model(matrix: Floats, truth: NDArray[np.bool_], weight: Floats) -> LogisticRegression:
    model = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=SEED, max_iter=500)
    return model.fit(matrix, truth, sample_weight=weight)


def best_f1(p: Floats, truth: NDArray[np.bool_]) -> float:
    """The limit with the best F1, at least .15."""
    limits = np.arange(0.15, 0.7, 0.02)
    scores = [2 * (truth & (p >= limit)).sum() / max(1, truth.sum() + (p >= limit).sum()) for limit in limits]
    return float(limits[int(np.argmax(scores))])


def recalling(p: Floats, truth: NDArray[np.bool_]) -> float:
    """The highest limit that finds `LEAST_RECALL` of the true ones."""
    return float(np.quantile(p[truth], 1 - LEAST_RECALL, method="lower")) if truth.any() else 0.5


def precise(p: Floats, truth: NDArray[np.bool_]) -> float:
    """The lowest limit from which at least `STYLE_PRECISION` of the given are right (and five are given), else .9."""
    for limit in np.arange(0.2, 0.9, 0.02):
        given = p >= limit
        if given.sum() >= 5 and truth[given].mean() >= STYLE_PRECISION:
            return float(limit)
    return 0.9
