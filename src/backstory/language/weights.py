"""The linear models at run time: int8 weights over a TF-IDF vocabulary, read from `.npz` with numpy alone.

A file holds one vocabulary and any number of heads; a column is named `head/label`. No pickle is ever read, and
a file whose SHA-256 or version is not the manifest's is refused.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backstory.kernel.errors import BackstoryError
from backstory.language import text

FORMAT = 1
FOLDER = Path(__file__).parent / "data" / "weights"


class ModelError(BackstoryError):
    """The weights are missing, damaged or of another version than the code; the message names the file."""


Features = Callable[[str], tuple[str, ...]]
Unit = tuple[str, int, int]
"""A word or a pair of words, and the indices `first:last` of its tokens."""
_MOST_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Scores:
    """One text under one model: a logit per column, and what is needed to say which words brought it about.

    `found` holds the rows of each unit with its token indices; `counts` and `values`, in one order, how often each row
    stands in the text and what it counts for.
    """

    model: Model
    logits: NDArray[np.float32]
    found: list[tuple[tuple[int, ...], int, int]]
    counts: dict[int, int]
    values: NDArray[np.float32]

    def logit(self, column: str) -> float:
        """One column's logit."""
        return float(self.logits[self.model.columns[column]])

    def probability(self, column: str) -> float:
        """The logistic of one column's logit."""
        return sigmoid(self.logit(column))

    def by_token(self, column: str) -> dict[int, float]:
        """Token index -> what its features add to the logit. A feature's share is spread evenly over its places."""
        place = self.model.columns[column]
        scale, weights = float(self.model.scale[place]), self.model.weights
        value_of = dict(zip(self.counts, self.values.tolist(), strict=True))
        added: dict[int, float] = {}
        for rows, first, last in self.found:
            for row in rows:
                weight = float(weights[row, place]) * scale * value_of[row]
                for index in range(first, last):
                    added[index] = added.get(index, 0.0) + weight / self.counts[row] / (last - first)
        return added


@dataclass(frozen=True, slots=True)
class Model:
    """A loaded weight file: vocabulary -> row, `weights` int8, one scale, bias and threshold a column.

    `words` says of each row whether it is a word or a pair; where it is None, words and letters share one length.
    `remembered` keeps the rows of words already seen: most words of a message were.
    """

    version: str
    vocabulary: dict[str, int]
    idf: NDArray[np.float32]
    weights: NDArray[np.int8]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]
    threshold: NDArray[np.float32]
    columns: dict[str, int]
    words: NDArray[np.bool_] | None = None
    remembered: dict[str, tuple[int, ...]] = field(default_factory=dict, compare=False, repr=False)
    heads: dict[str, list[str]] = field(default_factory=dict, compare=False, repr=False)

    def score(self, tokens: tuple[text.Token, ...]) -> Scores:
        """Logits of all columns for the tokens."""
        return self.score_units(text.units(tokens))

    def score_units(self, units: list[Unit], features: Features = text.unit_features) -> Scores:
        """Logits of all columns: sublinear TF x IDF of unit length (words and letters each), times the weights.

        `features` names the features of a unit; a model is asked with one such function only.
        """
        found = [(self._rows(unit, features), first, last) for unit, first, last in units]
        counts = Counter(chain.from_iterable([rows for rows, _, _ in found]))
        if not counts:
            return Scores(self, self.bias.copy(), found, counts, np.empty(0, dtype=np.float32))
        rows = np.fromiter(counts, dtype=np.int64, count=len(counts))
        times = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        values = (1 + np.log(times)) * self.idf[rows]
        for part in _parts(rows, self.words):
            values[part] /= math.sqrt(float(values[part] @ values[part])) or 1.0
        logits = (values @ self.weights[rows].astype(np.float32)) * self.scale + self.bias
        return Scores(self, logits, found, counts, values)

    def _rows(self, unit: str, features: Features) -> tuple[int, ...]:
        """The rows of a unit's features that the vocabulary knows."""
        rows = self.remembered.get(unit)
        if rows is not None:
            return rows
        if text.is_word_feature(unit):  # a pair or a shout; pairs are too many to remember
            row = self.vocabulary.get(unit)
            return () if row is None else (row,)
        rows = tuple(self.vocabulary[name] for name in features(unit) if name in self.vocabulary)
        if unit[0].isdigit():  # numbers never end, and each would take a place
            return rows
        if len(self.remembered) >= _MOST_REMEMBERED:
            self.remembered.clear()
        self.remembered[unit] = rows
        return rows

    def labels(self, head: str) -> list[str]:
        """The labels of one head, in the file's order."""
        if head not in self.heads:
            self.heads[head] = [name.partition("/")[2] for name in self.columns if name.startswith(f"{head}/")]
        return self.heads[head]

    def limit(self, column: str) -> float:
        """The probability from which a label counts as given, chosen on development data."""
        return float(self.threshold[self.columns[column]])


def _parts(rows: NDArray[np.int64], words: NDArray[np.bool_] | None) -> list[Any]:
    """What is brought to unit length by itself: everything, or words and letters apart."""
    return [slice(None)] if words is None else [words[rows], ~words[rows]]


def sigmoid(logit: float) -> float:
    """The logistic function, safe for any finite input."""
    if logit >= 0:
        return 1 / (1 + math.exp(-min(logit, 60.0)))
    grown = math.exp(max(logit, -60.0))
    return grown / (1 + grown)


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal, as the manifest states it."""
    return hashlib.sha256(data).hexdigest()


def archive(arrays: dict[str, NDArray[Any]]) -> bytes:
    """A weight file whose bytes depend on its content alone."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, array in sorted(arrays.items()):
            member = io.BytesIO()
            np.save(member, array, allow_pickle=False)
            # A fixed date: the same training gives the same bytes and so the same hash.
            packed.writestr(
                zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), member.getvalue(), zipfile.ZIP_DEFLATED
            )
    return buffer.getvalue()


def save(path: Path, arrays: dict[str, NDArray[Any]]) -> str:
    """Writes a weight file; returns its SHA-256."""
    data = archive(arrays)
    path.write_bytes(data)
    return digest(data)


def pack(names: list[str]) -> NDArray[np.uint8]:
    """Strings as one UTF-8 array, parted by line feeds: small, and free of pickle."""
    return np.frombuffer("\n".join(names).encode("utf-8"), dtype=np.uint8)


def unpack(array: NDArray[np.uint8]) -> list[str]:
    """The strings that `pack` joined."""
    joined = array.tobytes().decode("utf-8")
    return joined.split("\n") if joined else []


@cache
def manifest(folder: Path = FOLDER) -> dict[str, Any]:
    """The list of weight files: `{"format", "version", "files": {name: {"sha256", "version", ...}}}`."""
    path = folder / "manifest.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise ModelError(f"{path.name} cannot be read: {problem}. Run: python -m backstory.language.train") from problem
    if not isinstance(found, dict) or found.get("format") != FORMAT or not isinstance(found.get("files"), dict):
        raise ModelError(f"{path.name} is not of format {FORMAT}. Run: python -m backstory.language.train")
    return found


@cache
def load(name: str, folder: Path = FOLDER) -> Model:
    """Loads one weight file by its manifest name, once per process. Raises ModelError."""
    entry = manifest(folder)["files"].get(name)
    if entry is None:
        raise ModelError(f"{name} is not in the manifest. Run: python -m backstory.language.train")
    try:
        data = (folder / name).read_bytes()
    except OSError as problem:
        raise ModelError(f"{name} cannot be read: {problem}") from problem
    if digest(data) != entry.get("sha256"):
        raise ModelError(f"{name} is not the file that the manifest names (SHA-256 differs): stale or damaged")
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return model_of(dict(arrays), str(entry["version"]))
    except (KeyError, ValueError, zipfile.BadZipFile) as problem:
        raise ModelError(f"{name} is damaged: {problem}") from problem


def model_of(arrays: dict[str, NDArray[Any]], version: str) -> Model:
    """The model in the arrays of a file. Raises KeyError or ValueError where they are not one of that version."""
    words = unpack(arrays["vocabulary"])
    columns = unpack(arrays["columns"])
    if arrays["weights"].shape != (len(words), len(columns)) or arrays["weights"].dtype != np.int8:
        raise ValueError("the weights do not fit the vocabulary")
    if unpack(arrays["version"])[:1] != [version]:
        raise ValueError(f"its version is not the manifest's {version}")
    return Model(
        version,
        {word: row for row, word in enumerate(words)},
        arrays["idf"],
        arrays["weights"],
        arrays["scale"],
        arrays["bias"],
        arrays["threshold"],
        {name: at for at, name in enumerate(columns)},
        arrays["words"].astype(np.bool_) if "words" in arrays else None,
    )
