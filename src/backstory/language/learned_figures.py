"""What a learned model is worth, in figures with intervals: plain JSON types, from labels and probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backstory.language import measures
from backstory.language.learned_data import Example
from backstory.language.learned_model import OUT_OF_SCOPE, LearnedModel

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
RESAMPLES = 1_000
MOST_DOUBTS = 30
MOST_TELLING = 8
_EXCERPT = 160


def share(right: int, n: int) -> dict[str, float]:
    """A share with its 95 % Wilson interval."""
    low, high = measures.wilson_of(right, n)
    return _rounded({"value": right / n if n else 0.0, "low": low, "high": high})


def confusion(truth: Ints, given: Ints, labels: int) -> Ints:
    """Counts, true label x given label."""
    return np.bincount(truth * labels + given, minlength=labels * labels).reshape(labels, labels)


def macro_f1(tables: Ints) -> Floats:
    """Macro-F1 of each confusion table (tables x labels x labels); a label neither there nor given counts as 1."""
    right = np.einsum("tii->ti", tables).astype(float)
    total = tables.sum(axis=1) + tables.sum(axis=2)
    return np.asarray(np.where(total > 0, 2 * right / np.maximum(total, 1), 1.0).mean(axis=1))


def macro_f1_with_interval(table: Ints, seed: int) -> dict[str, float]:
    """Macro-F1 with its 95 % bootstrap interval: the examples drawn anew, which draws the cells of the table."""
    random = np.random.default_rng(seed)
    cells = np.flatnonzero(table)
    n, filled = int(table.sum()), table.ravel()[cells]
    drawn = np.empty(RESAMPLES)
    for at in range(RESAMPLES):
        resampled = np.zeros(table.size, dtype=np.int64)
        resampled[cells] = random.multinomial(n, filled / n)
        drawn[at] = macro_f1(resampled.reshape(1, *table.shape))[0]
    low, high = np.quantile(drawn, (0.025, 0.975))
    return _rounded({"value": float(macro_f1(table[None])[0]), "low": float(low), "high": float(high)})


def summary(labels: Sequence[str], truth: Ints, shares: Floats, seed: int) -> dict[str, Any]:
    """Accuracy, macro-F1, calibration, confusion and each label's figures, from held-out probabilities (texts x
    labels)."""
    given = shares.argmax(axis=1)
    table = confusion(truth, given, len(labels))
    own = shares[np.arange(len(truth)), truth]
    bins = measures.reliability(shares.max(axis=1).tolist(), (given == truth).tolist())
    return {
        "accuracy": share(int(np.trace(table)), len(truth)),
        "macro_f1": macro_f1_with_interval(table, seed),
        "among_first_three": share(int(((shares > own[:, None]).sum(axis=1) < 3).sum()), len(truth)),
        "most_frequent_label": round(float(table.sum(axis=1).max()) / len(truth), 4),
        "calibration_error": round(measures.calibration_error(bins), 4),
        "reliability": [{"p": round(one.p, 4), "count": one.count, "right": one.right} for one in bins],
        "per_label": _per_label(labels, table),
        "confusion": {"labels": list(labels), "rows": table.tolist()},
    }


def _per_label(labels: Sequence[str], table: Ints) -> list[dict[str, Any]]:
    rows = []
    for at, label in enumerate(labels):
        right, there, given = int(table[at, at]), int(table[at].sum()), int(table[:, at].sum())
        rows.append(
            {
                "label": label,
                "examples": there,
                "precision": round(right / given, 4) if given else None,
                "recall": round(right / there, 4) if there else None,
                "f1": round(2 * right / (there + given), 4) if there + given else None,
            }
        )
    return rows


def telling(labels: Sequence[str], words: dict[str, int], parts: Floats) -> dict[str, list[dict[str, Any]]]:
    """For each label the words and word pairs that in its own examples add more to its score than in others'.

    `words` maps those that may be named to their row in `parts` (features x labels, what each adds).
    """
    named = [(name, row) for name, row in sorted(words.items()) if _is_word(name)]
    rows = np.array([row for _, row in named], dtype=np.int64)
    found = {}
    for place, label in enumerate(labels):
        added = parts[rows, place]
        best = [at for at in np.argsort(-added, kind="stable")[:MOST_TELLING] if added[at] > 0]
        found[label] = [
            {"words": named[at][0][1:].replace("_", " "), "weight": round(float(added[at]), 4)} for at in best
        ]
    return found


def _is_word(feature: str) -> bool:
    """Whether a feature is a word of letters, or two of them."""
    parts = feature[1:].split("_")
    return feature[0] == "=" and all(part.replace("'", "").isalpha() and len(part) > 1 for part in parts)


def doubts(examples: Sequence[Example], labels: Sequence[str], truth: Ints, shares: Floats) -> list[dict[str, Any]]:
    """The examples whose label the model, not having seen them, would not have given or was least sure of."""
    rows = np.arange(len(truth))
    own = shares[rows, truth]
    others = shares.copy()
    others[rows, truth] = -1
    best = others.argmax(axis=1)
    order = np.argsort(own - others[rows, best], kind="stable")[:MOST_DOUBTS]
    return [
        {
            "name": examples[at].name,
            "text": examples[at].text[:_EXCERPT],
            "label": labels[truth[at]],
            "p": round(float(own[at]), 4),
            "rather": labels[best[at]],
            "rather_p": round(float(others[at, best[at]]), 4),
        }
        for at in order
    ]


def compare(truth: Sequence[str], ours: Sequence[str], theirs: Sequence[str], seed: int) -> dict[str, Any]:
    """Two models on the same texts, which neither was trained on: both accuracies and their difference (ours less
    theirs) with its 95 % bootstrap interval over texts. `verdict` is better or worse where the interval leaves out 0,
    else not shown."""
    gained = np.array([(a == t) * 1 - (b == t) * 1 for t, a, b in zip(truth, ours, theirs, strict=True)])
    n = len(gained)
    if not n:
        return {"examples": 0, "verdict": "not shown"}
    random = np.random.default_rng(seed)
    parts = np.array([(gained == value).mean() for value in (-1, 0, 1)])
    drawn = random.multinomial(n, parts / parts.sum(), size=RESAMPLES)
    low, high = np.quantile((drawn[:, 2] - drawn[:, 0]) / n, (0.025, 0.975))
    verdict = "better" if low > 0 else "worse" if high < 0 else "not shown"
    return {
        "examples": n,
        "ours": share(sum(a == t for t, a in zip(truth, ours, strict=True)), n),
        "theirs": share(sum(b == t for t, b in zip(truth, theirs, strict=True)), n),
        "difference": _rounded({"value": float(gained.mean()), "low": float(low), "high": float(high)}),
        "verdict": verdict,
    }


def on_test(model: LearnedModel, examples: Sequence[Example], seed: int) -> dict[str, Any]:
    """The model's figures on examples it was not trained on. A label it does not know counts as out of scope."""
    predictions = model.predict([one.text for one in examples])
    place = {label: at for at, label in enumerate(model.labels)}
    inside = [at for at, one in enumerate(examples) if one.label in place]
    shares = np.zeros((len(inside), len(place)))
    for row, at in enumerate(inside):
        for label in predictions[at].ranked:
            shares[row, place[label.label]] = label.p
    truth = np.array([place[examples[at].label] for at in inside], dtype=np.int64)
    figures: dict[str, Any] = {"examples": len(inside)}
    if inside:
        found = summary(model.labels, truth, shares, seed)
        figures |= {name: found[name] for name in ("accuracy", "macro_f1", "among_first_three", "calibration_error")}
    known = [one.label in place for one in examples]
    if not all(known):
        figures["out_of_scope"] = _out_of_scope(known, [one.out_of_scope for one in predictions])
    return figures


def _out_of_scope(known: Sequence[bool], unlike: Sequence[float]) -> dict[str, Any]:
    """How well texts of no known label are told from the others; `limit` is what counts as out of scope."""
    outside = [odd for odd, inside in zip(unlike, known, strict=True) if not inside]
    within = [odd for odd, inside in zip(unlike, known, strict=True) if inside]
    return {
        "examples": len(outside),
        "auroc": round(measures.auc([not inside for inside in known], unlike), 4),
        "limit": OUT_OF_SCOPE,
        "found": share(sum(odd >= OUT_OF_SCOPE for odd in outside), len(outside)),
        "wrongly_refused": share(sum(odd >= OUT_OF_SCOPE for odd in within), len(within)),
    }


def _rounded(values: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in values.items()}
