"""Fits the weights of `matching` on the labelled pairs to develop on: `python -m backstory.coach.fit` (scikit-learn).

Two logistic regressions for each kind of ask: whether a sentence takes it up, and, from those scores over all sentences
and asks, whether the draft does. The second learns from scores of the first on messages it was not fitted on, and the
threshold is the one with the best F1 of "missed" over messages kept out in turn.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from backstory.coach import books, matching
from backstory.coach.asks import Ask, extract
from backstory.coach.evaluate import pairs
from backstory.language.replies.draft import Letter, letter

KINDS = ("question", "request", "harm")
FOLDS = 8
SENTENCE_STRENGTH, WHOLE_STRENGTH = 0.3, 0.2
Rows = list[dict[str, float]]


@dataclass
class Example:
    """One labelled point: features and truth of each sentence of its draft."""

    message: str
    pair: str
    kind: str
    missed: bool
    features: Rows
    truth: list[bool]
    idle: list[bool]


def examples() -> list[Example]:
    """Every labelled point of the pairs to develop on."""
    return [one for pair in pairs("develop") for one in _examples(pair)]


def _examples(pair: dict[str, Any]) -> list[Example]:
    message = letter(pair["message"], pair["language"])
    draft = letter(pair["draft"], pair["language"], pair["message"])
    wanted = matching.wanted([_ask(message, point) for point in pair["points"]], message.language)
    told = matching.told(draft)
    return [
        Example(
            pair["message"],
            pair["id"],
            point["kind"],
            point["status"] == "missed",
            [matching.features(one, [other for other in wanted if other is not one], each) for each in told],
            [_holds(pair["draft"], point["draft_quote"], each) for each in told],
            [matching.is_idle(each) for each in told],
        )
        for one, point in zip(wanted, pair["points"], strict=True)
    ]


def _ask(message: Letter, point: dict[str, Any]) -> Ask:
    start = message.text.index(point["quote"])
    end = start + len(point["quote"])
    context = next((one.context for one in extract(message) if one.start < end and start < one.end), "")
    return Ask(point["kind"], point["quote"], start, end, context)


def _holds(draft: str, quote: str | None, told: matching.Told) -> bool:
    if not quote:
        return False
    start = draft.index(quote)
    return min(start + len(quote), told.sentence.end) - max(start, told.sentence.start) > 3


def fit() -> dict[str, Any]:
    """The content of `data/matching.json`: thresholds by kind, weights by feature."""
    found = examples()
    weights: dict[str, float] = {}
    thresholds: dict[str, float] = {}
    scores: list[list[float]] = [[] for _ in found]
    for kind in KINDS:
        numbers = [number for number, one in enumerate(found) if one.kind == kind]
        rows = [(number, row) for number in numbers for row in found[number].features]
        truth = [one for number in numbers for one in found[number].truth]
        groups = [found[number].message for number, _ in rows]
        kept_out, learned = _fitted([row for _, row in rows], truth, groups, kind)
        weights |= learned
        for (number, _), p in zip(rows, kept_out, strict=True):
            scores[number].append(p)
    for kind in KINDS:
        numbers = [number for number, one in enumerate(found) if one.kind == kind]
        wholes = [_whole(found, scores, number) for number in numbers]
        taken_up = [not found[number].missed for number in numbers]
        groups = [found[number].message for number in numbers]
        kept_out, learned = _fitted(wholes, taken_up, groups, f"{kind} whole")
        weights |= learned
        thresholds[kind] = _best_threshold(kept_out, taken_up)
    return {"thresholds": thresholds, "weights": dict(sorted(weights.items()))}


def _whole(found: list[Example], scores: list[list[float]], number: int) -> dict[str, float]:
    beside = [other for other, one in enumerate(found) if one.pair == found[number].pair]
    rows, kinds = [scores[other] for other in beside], [found[other].kind for other in beside]
    return matching.whole(rows, kinds, found[number].idle, beside.index(number))


def _fitted(
    rows: Rows, truth: Sequence[bool], groups: Sequence[str], head: str
) -> tuple[list[float], dict[str, float]]:
    """Probabilities of each row by a regression its message was kept out of, and the weights of one fitted on all."""
    strength = WHOLE_STRENGTH if head.endswith("whole") else SENTENCE_STRENGTH
    names = sorted({name for row in rows for name in row})
    table = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    wanted = np.array(truth)
    kept_out = np.zeros(len(rows))
    for learn, keep in GroupKFold(FOLDS).split(table, wanted, list(groups)):
        kept_out[keep] = _regression(strength).fit(table[learn], wanted[learn]).predict_proba(table[keep])[:, 1]
    model = _regression(strength).fit(table, wanted)
    weights = {name: round(float(value), 3) for name, value in zip(names, model.coef_[0], strict=True)}
    return [float(p) for p in kept_out], weights | {f"{head}: bias": round(float(model.intercept_[0]), 3)}


def _regression(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=5000)


def _best_threshold(scores: Sequence[float], taken_up: Sequence[bool]) -> float:
    missed = ~np.array(taken_up)

    def f1(limit: float) -> float:
        called = np.array(scores) < limit
        return float(2 * (called & missed).sum() / max(1, called.sum() + missed.sum()))

    limits = [step / 100 for step in range(10, 90)]
    return max(limits, key=f1)


if __name__ == "__main__":
    content = json.dumps(fit(), ensure_ascii=False, indent=1) + "\n"
    (books.DATA / "matching.json").write_text(content, encoding="utf-8")
    sys.stdout.write("wrote data/matching.json; now: python -m backstory.coach.evaluate\n")
