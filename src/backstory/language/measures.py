"""The measures of `evaluate`: F1, correlation and shares, on plain lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


def f1(truth: Sequence[bool], given: Sequence[bool]) -> float:
    """F1 of one label: 2TP / (2TP + FP + FN); 1 where nothing was to be found and nothing was."""
    right = sum(a and b for a, b in zip(truth, given, strict=True))
    total = sum(truth) + sum(given)
    return 2 * right / total if total else 1.0


def precision_recall(truth: Sequence[bool], given: Sequence[bool]) -> tuple[float, float]:
    """Precision and recall of one label; 1 where the denominator is empty."""
    right = sum(a and b for a, b in zip(truth, given, strict=True))
    return right / sum(given) if any(given) else 1.0, right / sum(truth) if any(truth) else 1.0


def auc(truth: Sequence[bool], scores: Sequence[float]) -> float:
    """Area under the ROC curve: how often a true one scores above a false one, ties half; 0.5 where a side is empty."""
    high = np.array([score for score, yes in zip(scores, truth, strict=True) if yes])[:, None]
    low = np.array([score for score, yes in zip(scores, truth, strict=True) if not yes])[None, :]
    return float(((high > low) + 0.5 * (high == low)).mean()) if high.size and low.size else 0.5


def macro_f1(truth: Sequence[frozenset[str]], given: Sequence[frozenset[str]], labels: Sequence[str]) -> float:
    """The mean of the labels' F1."""
    return float(np.mean([f1([one in row for row in truth], [one in row for row in given]) for one in labels]))


def pearson(truth: Sequence[float], given: Sequence[float]) -> float:
    """Pearson's r; 0 where one side does not vary."""
    if len(set(truth)) < 2 or len(set(given)) < 2:
        return 0.0
    return float(np.corrcoef(truth, given)[0, 1])


def share(flags: Sequence[bool]) -> float:
    """The share of true ones; 0 of none."""
    return sum(flags) / len(flags) if flags else 0.0


def wilson(flags: Sequence[bool]) -> tuple[float, float]:
    """The 95 % Wilson interval of a share."""
    return wilson_of(sum(flags), len(flags))


def wilson_of(right: int, n: int) -> tuple[float, float]:
    """The 95 % Wilson interval of `right` among `n` (Wilson 1927); 0 to 1 where n is 0."""
    z = 1.96
    if not n:
        return 0.0, 1.0
    p = right / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * float(np.sqrt(p * (1 - p) / n + z * z / (4 * n * n)))
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Bin:
    """Verdicts of like probability: the mean p given, how many there are, how many of them were so."""

    p: float
    count: int
    right: int


def reliability(given: Sequence[float], truth: Sequence[bool], bins: int = 10) -> list[Bin]:
    """Equal-width bins of p from 0 to 1, empty ones left out."""
    found: dict[int, list[tuple[float, bool]]] = {}
    for p, yes in zip(given, truth, strict=True):
        found.setdefault(min(int(p * bins), bins - 1), []).append((p, yes))
    return [
        Bin(sum(p for p, _ in found[at]) / len(found[at]), len(found[at]), sum(yes for _, yes in found[at]))
        for at in sorted(found)
    ]


def calibration_error(rows: Sequence[Bin]) -> float:
    """Expected calibration error (Guo et al. 2017): how far p lies from the share that was so, weighted by count."""
    total = sum(one.count for one in rows)
    return sum(abs(one.p * one.count - one.right) for one in rows) / total if total else 0.0
