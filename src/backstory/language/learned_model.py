"""A model of a desk's own labels at run time: numpy alone, from one `.npz` file without pickle.

The file holds a linear model over TF-IDF words and characters (as `weights.Model`), and, where it was trained with the
sentence encoder, a second linear model over the encoder's vectors. Their scores are added; without the encoder the
first answers alone, and `notice` says so. Probabilities and familiarity were fitted on examples held out of training.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backstory.language import encoder, text, weights
from backstory.language.reading import Evidence, Label
from backstory.language.verdicts import by_model
from backstory.language.weights import Model, ModelError

FORMAT = "backstory-learned-1"
HEAD = "label"
# From here on a text counts as out of scope: less familiar than 19 of 20 held-out examples were.
OUT_OF_SCOPE = 0.95
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sureness:
    """How scores become probabilities: `sharpness` multiplies them before the softmax; `familiarity` holds the highest
    scores of held-out examples in rising order, against which a new text's highest score is ranked."""

    sharpness: float
    familiarity: Floats

    def probabilities(self, scores: NDArray[Any]) -> NDArray[np.float64]:
        """Softmax of texts x labels."""
        raised = self.sharpness * (scores - scores.max(axis=1, keepdims=True)).astype(np.float64)
        grown = np.exp(raised)
        return np.asarray(grown / grown.sum(axis=1, keepdims=True))

    def out_of_scope(self, scores: NDArray[Any]) -> NDArray[np.float64]:
        """For each text the share of held-out examples that scored higher, 0 to 1: 1 is like nothing learned from."""
        return np.asarray(
            1 - np.searchsorted(self.familiarity, scores.max(axis=1), side="right") / len(self.familiarity)
        )


@dataclass(frozen=True, slots=True)
class Vectors:
    """The linear model over the encoder's vectors: `weights` int8, dimensions x labels, one scale a label."""

    encoder: str
    mean: Floats
    weights: NDArray[np.int8]
    scale: Floats
    bias: Floats

    def score(self, vectors: Floats) -> NDArray[np.float32]:
        """Scores, texts x labels."""
        return np.asarray(((vectors - self.mean) @ self.weights.astype(np.float32)) * self.scale + self.bias)


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the model says of one text: all labels, likeliest first, and how unlike its examples the text is."""

    ranked: tuple[Label, ...]
    out_of_scope: float

    @property
    def label(self) -> str:
        """The likeliest label."""
        return self.ranked[0].label

    @property
    def p(self) -> float:
        """Its probability."""
        return self.ranked[0].p

    @property
    def is_known(self) -> bool:
        """Whether the text is near enough to what the model learned from to be answered."""
        return self.out_of_scope < OUT_OF_SCOPE


@dataclass(frozen=True, slots=True)
class LearnedModel:
    """A loaded model. `alone` and `together` say how sure the words alone, and words and encoder together, are."""

    version: str
    labels: tuple[str, ...]
    words: Model
    alone: Sureness
    vectors: Vectors | None = None
    together: Sureness | None = None
    about: dict[str, Any] | None = None

    @property
    def uses_encoder(self) -> bool:
        """Whether the encoder it was trained with is here, in the same version."""
        return self.vectors is not None and self.vectors.encoder == encoder.name()

    @property
    def notice(self) -> str:
        """What a person should know before relying on it; empty where all is as trained."""
        if self.vectors is None or self.uses_encoder:
            return ""
        return f"It was trained with {self.vectors.encoder}, which is not here: words alone answer, a little less well."

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """The labels of each text with their probabilities (they add up to 1) and its out-of-scope score."""
        if not texts:
            return []
        scores = np.stack([self.words.score(text.parse(one).model_tokens()).logits for one in texts])
        sureness = self.alone
        if self.uses_encoder and self.vectors is not None and self.together is not None:
            scores = scores + self.vectors.score(encoder.encode(texts))
            sureness = self.together
        shares, unlike = sureness.probabilities(scores), sureness.out_of_scope(scores)
        return [self._prediction(row, float(odd)) for row, odd in zip(shares, unlike, strict=True)]

    def _prediction(self, shares: NDArray[np.float64], odd: float) -> Prediction:
        order = np.argsort(-shares, kind="stable")
        return Prediction(tuple(Label(self.labels[at], round(float(shares[at]), 4)) for at in order), round(odd, 4))

    def explain(self, message: str, label: str) -> tuple[Evidence, ...]:
        """The words of the message that speak most for (positive) and against (negative) the label."""
        document = text.parse(message)
        return by_model(document, self.words.score(document.model_tokens()), f"{HEAD}/{label}")


def checksum(arrays: dict[str, NDArray[Any]]) -> str:
    """SHA-256 over names, types, shapes and content of the arrays, in hexadecimal."""
    found = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        found.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()


def pack(arrays: dict[str, NDArray[Any]]) -> bytes:
    """The file of a model: its arrays and their checksum. The same arrays give the same bytes."""
    return weights.archive({**arrays, "checksum": weights.pack([checksum(arrays)])})


def load(path: Path) -> LearnedModel:
    """The model in a file that `backstory learn` wrote. Raises ModelError where it is missing, damaged or foreign."""
    try:
        return unpack(path.read_bytes(), path.name)
    except OSError as problem:
        raise ModelError(f"{path} cannot be read: {problem.strerror or problem}") from problem


def unpack(data: bytes, name: str = "the model") -> LearnedModel:
    """The model in the bytes of a file; `name` is for the error. Raises ModelError."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            arrays = dict(stored)
        stated = weights.unpack(arrays.pop("checksum"))[0]
        version = weights.unpack(arrays["version"])[0]
    except (KeyError, IndexError, ValueError, OSError, EOFError, zipfile.BadZipFile) as problem:
        raise ModelError(f"{name} is no model that `backstory learn` made, or is damaged") from problem
    if version != FORMAT:
        raise ModelError(f"{name} is of format {version}, and this version of Backstory reads {FORMAT}: train it anew")
    if stated != checksum(arrays):
        raise ModelError(f"{name} is damaged: its content is not what its checksum states")
    try:
        return _model(arrays, stated[:12])
    except (KeyError, ValueError) as problem:
        raise ModelError(f"{name} is damaged: {problem}") from problem


def _model(arrays: dict[str, NDArray[Any]], version: str) -> LearnedModel:
    words = replace(weights.model_of(arrays, FORMAT), version=version)
    about = json.loads(arrays["about"].tobytes().decode("utf-8"))
    alone = Sureness(float(arrays["sharpness"][0]), arrays["familiarity"])
    labels = tuple(words.labels(HEAD))
    if "vector_weights" not in arrays:
        return LearnedModel(version, labels, words, alone, about=about)
    vectors = Vectors(
        weights.unpack(arrays["encoder"])[0],
        arrays["vector_mean"],
        arrays["vector_weights"],
        arrays["vector_scale"],
        arrays["vector_bias"],
    )
    together = Sureness(float(arrays["sharpness"][1]), arrays["familiarity_together"])
    return LearnedModel(version, labels, words, alone, vectors, together, about)
