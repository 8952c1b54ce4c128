"""Fits `service.npz`: whether a message complains, the cause, and the social style, over one vocabulary.

The logit of a complaint is calibrated (Platt 1999) on what each of five models says of the fifth it was not trained on;
the fifths are drawn by thread, so that no retelling of a letter is on both sides. The same foretold logits are what
`situations_training` learns from: what a model says of texts it knows is surer than anything it will say of others.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backstory.language import corpora, fitting, letters, verdicts
from backstory.language.corpora import Example
from backstory.language.fitting import Floats, Head, Trained
from backstory.language.phrases import LANGUAGES, book, rules
from backstory.language.text import parse

VERSION = "2.0.0"
CAUSES = (
    "outage",
    "installation",
    "product-defect",
    "delay",
    "missed-appointment",
    "billing",
    "contract",
    "repeat-contact",
    "broken-promise",
    "staff-conduct",
    "safety",
    "data-privacy",
    "access",
    "other",
)
STYLES = ("driver", "expressive", "analytic", "amiable")
# What is known of a message's stakes, by the split it is of; and what it counts for beside the messages to develop on.
STAKES = ("severity", "safety", "vulnerability", "urgency", "style", "gap")
STAKES_OF = {"develop": STAKES, "situations": STAKES, "train": STAKES[:2], "letters": STAKES[:1]}
STAKES_WEIGHT = {"develop": 1.0, "situations": 0.7, "train": 0.5, "letters": 0.3}
FEATURES = 80_000
# Our own messages are few and close to the task, so each counts for several of the public sets' texts.
OWN_WEIGHT = 8.0
# A thread of letters is told up to four times and always of one trade: all its tellings count as this much together.
THREAD_WEIGHT = 3.0
FOLLOW_UP_WEIGHT = 0.75
FRAMED_WEIGHT = 2.0
POST_WEIGHT = 6.0
NAIVE_BAYES = 0.5
PUBLIC_WEIGHT = {1: 1.0, 0: 2.0}
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Material:
    """The texts of one training, ours first: what each counts for in the complaint head, and how many were written so.

    The last of ours are framed copies, which train the head and do not calibrate it.
    """

    own: list[Example]
    others: list[tuple[str, int]]
    weight: Floats
    written: int

    def texts(self) -> list[str]:
        """Every text, ours first."""
        return [one.text for one in self.own] + [text for text, _ in self.others]

    def complains(self) -> NDArray[np.int8]:
        """Texts x 1 of 0/1."""
        own = [int(one.details["complaint"]) for one in self.own]
        return np.array([[flag] for flag in own + [flag for _, flag in self.others]], dtype=np.int8)

    def folds(self) -> NDArray[np.int64]:
        """The fold of each text: one for all tellings and answers of a thread."""
        keys = [str(one.details.get("thread") or one.details["id"]) for one in self.own] + [
            text for text, _ in self.others
        ]
        hashed = [int(hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:8], 16) for key in keys]
        return np.array([number % FOLDS for number in hashed])


def material() -> Material:
    """Reads the sets. Raises SetMissing."""
    messages, sentences, everyday = corpora.authored(held_out=False), corpora.sentences(), corpora.everyday()
    messages = messages + corpora.situations()
    told, later = letters.openings(held_out=False), letters.follow_ups(held_out=False)
    posts = corpora.posts() + corpora.developing()
    framed = corpora.framed([*sentences, *everyday])
    own = [*messages, *everyday, *posts, *told, *later, *sentences, *framed]
    times = Counter(one.details["thread"] for one in told)
    weight = np.concatenate(
        [
            np.full(len(messages) + len(everyday), OWN_WEIGHT),
            np.full(len(posts), POST_WEIGHT),
            [THREAD_WEIGHT / times[one.details["thread"]] for one in told],
            np.full(len(later), FOLLOW_UP_WEIGHT),
            np.full(len(sentences), OWN_WEIGHT),
            np.full(len(framed), FRAMED_WEIGHT),
        ]
    )
    others = [(text, 1) for text in corpora.complaints_cfpb(1_200, held_out=False)]
    others += [(text, 0) for text in corpora.ordinary_queries(1_500, held_out=False)]
    others += [(text, 0) for text in corpora.ordinary_turns(1_500, held_out=False)]
    others += [(text, 0) for text in _chatter()]
    public = [PUBLIC_WEIGHT[complains] for _, complains in others]
    return Material(own, others, np.concatenate([_balanced(own, weight), public]), len(own) - len(framed))


def _chatter() -> list[str]:
    """Posts that complain of no company: people's moods, quarrels, news and jokes, in English, German and Spanish."""
    tweets = [text for text, kind in corpora.tweets(1_000) if kind != "hate"]
    chat = [one.text for one in corpora.goemotions("original", "train")[::30]]
    return (
        tweets
        + chat
        + [text for code in ("deu", "esp") for text, _ in corpora.brighter(code, "track_a", "train")[1][::5]]
    )


def _balanced(own: list[Example], weight: Floats) -> Floats:
    """The weights with complaints and others of a language counting the same: more of ours complain than do not."""
    languages = np.array([one.details["language"] for one in own])
    complains = np.array([bool(one.details["complaint"]) for one in own])
    balanced = weight.copy()
    for code in LANGUAGES:
        half = weight[languages == code].sum() / 2
        for side in (True, False):
            rows = (languages == code) & (complains == side)
            balanced[rows] *= half / weight[rows].sum()
    return balanced


@dataclass(frozen=True, slots=True)
class Foretold:
    """One of our own texts, what it counts for, and its logit by `MEASURED` column from models that did not know it."""

    example: Example
    weight: float
    logits: dict[str, float]

    @property
    def kind(self) -> str:
        """The split it is of, a key of `STAKES_OF` where its stakes are labelled."""
        return kind_of(self.example)


def kind_of(example: Example) -> str:
    """The split an example of ours is of; `letters` for the demo's."""
    return "letters" if example.details.get("thread") else str(example.details["split"])


@dataclass(frozen=True, slots=True)
class _Fitted:
    words: fitting.Vocabulary
    parts: list[tuple[Head, Floats, Floats]]
    foretold: list[Foretold]


def service() -> Trained:
    """Trains all three heads and calibrates the first. Raises SetMissing."""
    fitted = _fitted()
    arrays = fitting.packed(fitted.words, fitted.parts, VERSION, lambda head, label: 0.5)
    sets = ["Backstory messages", "Backstory demo letters", "CFPB narratives", "CLINC150", "MultiDoGO"]
    return Trained("service.npz", VERSION, arrays, sets)


def foretold() -> list[Foretold]:
    """All of our own texts but framed copies, as models trained on the other four fifths read them."""
    return _fitted().foretold


@cache
def _fitted() -> _Fitted:
    given = material()
    words, matrix = fitting.vectorize(given.texts(), FEATURES, 2)
    complaint = Head(
        "complaint", ["yes"], np.arange(matrix.shape[0]), given.complains(), 2.0, given.weight, NAIVE_BAYES
    )
    heads = [complaint, _own_head("cause", CAUSES, given.own), _own_head("style", STYLES, given.own)]
    heads += _stakes_heads(given.own[: given.written])
    parts = [(head, *fitting.fit_head(matrix, head)) for head in heads]
    count, folds = given.written, given.folds()
    logits = fitting.out_of_fold(matrix, complaint, folds)[:count, 0]
    slope, shift = fitting.platt(logits, _phrase_logits(given.own[:count]), complaint.targets[:count, 0])
    parts[0] = (complaint, parts[0][1] * slope, parts[0][2] * slope + shift)
    others = [_foretold(matrix, part, folds)[:count] for part in parts[2:]]
    said = np.concatenate([(logits * slope + shift)[:, None], *others], axis=1)
    known = [
        Foretold(given.own[at], float(given.weight[at]), dict(zip(verdicts.MEASURED, row.tolist(), strict=True)))
        for at, row in enumerate(said)
    ]
    return _Fitted(words, parts, known)


def _foretold(matrix: Any, part: tuple[Head, Floats, Floats], folds: NDArray[np.int64]) -> Floats:
    """Logits of a head: of the texts that trained it from the models of the other folds, of the rest from the head."""
    head, columns, bias = part
    logits = np.asarray(matrix @ columns) + bias
    logits[head.rows] = fitting.out_of_fold(matrix, head, folds[head.rows])
    return logits


def _phrase_logits(examples: list[Example]) -> Floats:
    weight = rules("blend")["complaint"]["phrases"]
    finds = (book(one.details["language"]).find(parse(one.text)) for one in examples)
    return np.array([weight * verdicts.complaint_votes(found) for found in finds])


def _own_head(name: str, labels: Sequence[str], own: list[Example]) -> Head:
    """A head trained on those of our own messages that carry the label; the tellings of a thread count as one text."""
    rows = [at for at, one in enumerate(own) if one.details.get(name)]
    truth = np.array([[int(own[at].details[name] == label) for label in labels] for at in rows], dtype=np.int8)
    times = Counter(own[at].details.get("thread") for at in rows)
    told = [own[at].details.get("thread") for at in rows]
    weight = np.array([1 / times[thread] if thread else 1.0 for thread in told])
    return Head(name, labels, np.array(rows), truth, 8.0, weight)


def _stakes_heads(own: list[Example]) -> list[Head]:
    """Whether a message reaches a level, or a yes, of what is at stake; from those of ours that are labelled for it."""
    labels: dict[str, list[str]] = {}
    for column in verdicts.STAKES:
        name, _, label = column.partition("/")
        labels.setdefault(name, []).append(label)
    return [_stakes_head(name, reached, own) for name, reached in labels.items()]


def _stakes_head(name: str, labels: list[str], own: list[Example]) -> Head:
    least = [int(label.removeprefix(">=")) if label.startswith(">=") else 1 for label in labels]
    rows = [at for at, one in enumerate(own) if name in STAKES_OF.get(kind_of(one), ()) and name in one.details]
    truth = np.array([[int(int(own[at].details[name]) >= level) for level in least] for at in rows], dtype=np.int8)
    weight = np.array([STAKES_WEIGHT[kind_of(own[at])] for at in rows])
    return Head(name, labels, np.array(rows), truth, 8.0, weight)
