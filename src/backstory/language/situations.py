"""What is at stake, read from cues: a danger, a loss, a hardship, an hour named, and how sure each makes it.

The cues are the same kinds in every language (`data/rules/cues`), so that what was learned of them in one holds in
all four. `situations.npz` holds a logistic regression over their counts and a few measures of the message, in the file
format of the other models with the names of the features as its vocabulary.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from backstory.language import weights
from backstory.language.phrases import CUE, Found, rules
from backstory.language.text import Document

FILE = "situations.npz"
SEVERITY = (1, 2, 3, 4)
URGENCY = (1, 2, 3)
STYLES = ("driver", "expressive", "analytic", "amiable")
_MOST = 3
# Denied praise blames: "the room was not clean".
_DENIED = ("praise", "thanks", "resolved", "disdain")
_COUNTED = ("style", "arousal", "ask", "threat", "complaint")


@dataclass(frozen=True, slots=True)
class Situation:
    """Probabilities by column (`safety/yes`, `severity/>=2`, `style/driver`), and what each feature adds to a logit."""

    model: weights.Model
    values: dict[str, float]
    logits: tuple[float, ...]

    def p(self, column: str) -> float:
        """The probability of one column."""
        return weights.sigmoid(self.logits[self.model.columns[column]])

    def holds(self, column: str) -> bool:
        """Whether a column reaches the limit that training chose for it."""
        return self.p(column) >= self.model.limit(column)

    def scaled(self, column: str) -> float:
        """The probability of one column on a scale from 0 to 1 where its limit stands at 0.5."""
        p, limit = self.p(column), self.model.limit(column)
        return 0.5 * p / limit if p < limit else 0.5 + 0.5 * (p - limit) / (1 - limit)

    def level(self, head: str, levels: Iterable[int]) -> int:
        """The highest level of an ordinal head that holds together with all below it."""
        reached = 0
        for level in levels:
            if not self.holds(f"{head}/>={level}"):
                break
            reached = level
        return reached

    def adds(self, column: str, feature: str) -> float:
        """What one feature adds to a column's logit."""
        row = self.model.vocabulary.get(feature)
        if row is None or feature not in self.values:
            return 0.0
        place = self.model.columns[column]
        return float(self.model.weights[row, place]) * float(self.model.scale[place]) * self.values[feature]


def features(document: Document, found: list[Found], measures: dict[str, float]) -> dict[str, float]:
    """Feature -> value, about 0 to 2: in how many sentences each cue stands, and measures of the whole message."""
    counted: dict[str, set[int]] = {}
    for find in found:
        denied = find.negated and find.rule == CUE and find.kind in _DENIED
        if denied or (not find.negated and (find.rule == CUE or find.rule in _COUNTED)):
            name = find.kind if find.rule == CUE else f"{find.rule}/{find.kind}"
            name = f"not {name}" if denied else name
            counted.setdefault(name, set()).add(document.tokens[find.first].sentence)
    values = {name: math.sqrt(min(len(places), _MOST)) for name, places in counted.items()}
    situations = rules("situations")
    dangers = sum(name in counted for name in situations["danger"])
    people = any(name in counted for name in situations["people"])
    values |= {
        "danger": 2.0 * (dangers > 0),
        "dangers": min(dangers, 4) / 2,
        "danger and harmless": float(dangers > 0 and "harmless" in counted),
        "danger and inquiry": float(dangers > 0 and "inquiry" in counted),
        "danger and figure": float(dangers > 0 and "irony" in counted),
        "people": float(people),
        "people and danger": float(people and dangers > 0),
        "people and need": float(people and any(name in counted for name in ("cold", "heat", "outage", "essential"))),
    }
    return {name: value for name, value in (values | _form(document) | measures).items() if value}


def _form(document: Document) -> dict[str, float]:
    sentences = document.sentences
    asked = sum(sentence.asks for sentence in sentences)
    head = document.model_tokens()
    return {
        "words": math.log(len(head) + 1) / 5,
        "cries": min(sum("!" in token.word for token in head), 3) / 3,
        "capitals": min(sum(token.shouted for token in head), 4) / 4,
        "questions": min(asked, 3) / 3,
        "only questions": asked / max(1, len(sentences)),
        "numbers": min(sum(token.word[0].isdigit() for token in head), 10) / 10,
        "few words": float(len(head) < 9),
    }


def score(document: Document, found: list[Found], measures: dict[str, float]) -> Situation:
    """The situation that the finds describe. `measures` are further features: probabilities of other heads."""
    model = weights.load(FILE)
    values = features(document, found, measures)
    known = [(model.vocabulary[name], value) for name, value in values.items() if name in model.vocabulary]
    rows = np.fromiter((row for row, _ in known), dtype=np.int64, count=len(known))
    given = np.fromiter((value for _, value in known), dtype=np.float32, count=len(known))
    logits = (given @ model.weights[rows].astype(np.float32)) * model.scale + model.bias
    return Situation(model, values, tuple(logits.tolist()))
