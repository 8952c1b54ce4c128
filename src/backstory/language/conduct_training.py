"""Fits `conduct.npz`: abuse (ConvAbuse and kin), the words that are abuse (Toxic Spans), and politeness (TyDiP).

Ordinary customers, angry ones among them, stand beside the abusers, so that a complaint is not taken for abuse.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backstory.language import corpora, fitting
from backstory.language.corpora import ABUSE_KINDS, Turn
from backstory.language.fitting import Floats, Head, Trained

VERSION = "1.0.0"
FOLDS = 5
# Severity at least so grave; the annotators' scale runs from 1 (none) over 0 (ambivalent) to -3.
GRAVE = {"-1": -1, "-2": -2, "-3": -3}
OTHER_WEIGHT = 0.15
TWEETS = 1_000
COMMENTS = 2_000
_WORD = re.compile(r"[^\W_]+(?:['’*][^\W_]+)*")


def conduct() -> Trained:
    """Trains all heads over one vocabulary. Raises SetMissing."""
    turns = corpora.abuse("train")
    others = _others()
    polite = corpora.politeness("en", "train")
    tokens = _toxic_tokens()
    texts = [one.text for one in turns] + [text for text, _ in others] + [text for text, _ in polite]
    words, matrix = fitting.vectorize(texts, 40_000, 2)
    abusive, limits = _abuse(matrix, turns, [yes for _, yes in others])
    manners = _politeness(matrix, [score for _, score in polite], len(turns) + len(others))
    toxic = _toxicity(words, tokens)
    parts = [*abusive, manners, toxic]
    arrays = fitting.packed(words, parts, VERSION, lambda head, label: limits.get((head, label), 0.5))
    sets = ["ConvAbuse", "Offensive tweets", "Toxic Spans", "TyDiP English", "Backstory messages"]
    return Trained("conduct.npz", VERSION, arrays, sets)


def _others() -> list[tuple[str, int]]:
    """Texts of other kinds with whether they abuse: tweets, comments, and our own customers, who do not."""
    tweets = [(text, int(kind != "neither")) for text, kind in corpora.tweets(TWEETS)]
    comments = [(text, 1) for text, places in corpora.toxic_spans("train")[:COMMENTS] if places]
    own = [*corpora.posts(), *corpora.everyday(), *corpora.authored(held_out=False)]
    return tweets + comments + [(one.text, 0) for one in own if one.details["language"] == "en"]


def _abuse(
    matrix: Any, turns: Sequence[Turn], others: Sequence[int]
) -> tuple[list[tuple[Head, Floats, Floats]], dict[tuple[str, str], float]]:
    """Abusive or not, each grade, each kind. Calibrated, and limited to the best F1, on turns not trained on."""
    count = len(turns)
    grades = np.array([[int(one.level <= level) for level in GRAVE.values()] for one in turns], dtype=np.int8)
    grades[:, 0] = [int(one.abusive) for one in turns]
    kinds = np.array([[int(kind in one.kinds) for kind in ABUSE_KINDS] for one in turns], dtype=np.int8)
    rows = np.arange(count + len(others))
    first = np.concatenate([grades[:, :1], np.array(others, dtype=np.int8)[:, None]])
    weight = np.concatenate([np.ones(count), np.full(len(others), OTHER_WEIGHT)])
    heads = [
        Head("abuse", ["-1"], rows, first, 2.0, weight),
        Head("abuse", ["-2", "-3"], rows[:count], grades[:, 1:], 2.0),
        Head("kind", ABUSE_KINDS, rows[:count], kinds, 2.0),
    ]
    parts, limits = [], {}
    for head in heads:
        folds = np.concatenate([fitting.seeded_folds(count, FOLDS), np.full(len(head.rows) - count, FOLDS)])
        logits = fitting.out_of_fold(matrix, head, folds)[:count]
        columns, bias = fitting.fit_head(matrix, head)
        columns, bias, logits = fitting.calibrated(columns, bias, logits, head.targets[:count])
        p = 1 / (1 + np.exp(-logits))
        for at, label in enumerate(head.labels):
            limits[head.name, label] = fitting.best_threshold(p[:, at], head.targets[:count, at])
        parts.append((head, columns, bias))
    return parts, limits


def _politeness(matrix: Any, scores: Sequence[float], offset: int) -> tuple[Head, Floats, Floats]:
    """Polite or impolite, as the sign of the annotators' mean says."""
    truth = np.array([[int(score > 0)] for score in scores], dtype=np.int8)
    head = Head("politeness", ["polite"], np.arange(offset, offset + len(scores)), truth, 2.0)
    logits = fitting.out_of_fold(matrix, head, fitting.seeded_folds(len(scores), FOLDS))
    columns, bias = fitting.fit_head(matrix, head)
    columns, bias, _ = fitting.calibrated(columns, bias, logits, truth)
    return head, columns, bias


def _toxic_tokens() -> list[tuple[str, int, float]]:
    """Single words with whether they were marked, and how often each was so or was not."""
    counted: Counter[tuple[str, int]] = Counter()
    for text, places in corpora.toxic_spans("train"):
        for match in _WORD.finditer(text):
            counted[match.group().lower(), int(match.start() in places)] += 1
    return [(word, marked, float(times)) for (word, marked), times in sorted(counted.items())]


def _toxicity(words: fitting.Vocabulary, tokens: Sequence[tuple[str, int, float]]) -> tuple[Head, Floats, Floats]:
    """Whether one word by itself is toxic: read as a text of one word."""
    truth: NDArray[np.int8] = np.array([[marked] for _, marked, _ in tokens], dtype=np.int8)
    weight = np.array([times for _, _, times in tokens])
    head = Head("span", ["toxic"], np.arange(len(tokens)), truth, 20.0, weight)
    return head, *fitting.fit_head(words.matrix([word for word, _, _ in tokens]), head)
