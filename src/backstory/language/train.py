"""Trains every weight file from the public sets and our own messages: `python -m backstory.language.train`.

Needs scikit-learn (the `train` extra) and the sets at `../shared` or `$BACKSTORY_SHARED`. Seeded, one core, minutes.
Writes `data/weights/*.npz` and `manifest.json` with a SHA-256 each. Named files alone are trained where some are named:
`python -m backstory.language.train service`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backstory.language import corpora, fitting, weights
from backstory.language.corpora import EKMAN, Example
from backstory.language.fitting import Floats, Head, Trained
from backstory.language.service_training import OWN_WEIGHT, service
from backstory.language.situations_training import trained as situations

VERSION = "1.0.0"
LEVELS = (1, 2, 3)
Thresholds = Callable[[str, str], float]


def targets(examples: Sequence[Example], labels: Sequence[str]) -> NDArray[np.int8]:
    """Texts x labels of 0/1."""
    return np.array([[int(label in example.labels) for label in labels] for example in examples], dtype=np.int8)


def english() -> Trained:
    """28 GoEmotions labels, the Ekman groups, and the strength of each emotion, over one English vocabulary."""
    original, groups = corpora.goemotions("original", "train"), corpora.goemotions("ekman", "train")
    own = [one for one in corpora.authored(held_out=False) if one.details["language"] == "en"]
    named, graded = corpora.brighter("eng", "track_b", "train")
    texts = [one.text for one in (*original, *own)] + [text for text, _ in graded]
    vectorizer, matrix = fitting.vectorize(texts, 30_000, 3)
    labels = sorted({label for one in original for label in one.labels})
    first, second = np.arange(len(original)), np.arange(len(original) + len(own))
    weight = np.concatenate([np.ones(len(original)), np.full(len(own), OWN_WEIGHT)])
    heads = [
        Head("emotion", labels, first, targets(original, labels), 3.0),
        Head("ekman", EKMAN, second, targets([*groups, *own], EKMAN), 2.0, weight),
        _graded_head(named, graded, len(second)),
    ]
    parts = [(head, *fitting.fit_head(matrix, head)) for head in heads]
    limits = _limits(vectorizer, parts)
    return Trained(
        "english.npz",
        VERSION,
        fitting.packed(vectorizer, parts, VERSION, limits),
        ["GoEmotions", "BRIGHTER eng", "Backstory messages"],
    )


def _limits(vectorizer: Any, parts: list[tuple[Head, Floats, Floats]]) -> Thresholds:
    """The best-F1 limit of each label on GoEmotions' development split; 0.5 for heads that it does not cover."""
    chosen: dict[tuple[str, str], float] = {}
    for (head, columns, bias), kind in zip(parts[:2], ("original", "ekman"), strict=True):
        held = corpora.goemotions(kind, "dev")
        scores = np.asarray(vectorizer.transform([one.text for one in held]) @ columns + bias)
        probabilities, truth = 1 / (1 + np.exp(-scores)), targets(held, head.labels)
        for place, label in enumerate(head.labels):
            chosen[head.name, label] = fitting.best_threshold(probabilities[:, place], truth[:, place])
    return lambda head_name, label: chosen.get((head_name, label), 0.5)


def _graded_head(names: list[str], graded: list[tuple[str, dict[str, int]]], offset: int) -> Head:
    """Ordinal head: for each emotion, whether its level reaches 1, 2, 3."""
    labels = [f"{name}>={level}" for name in names for level in LEVELS]
    rows = [[int(levels[name] >= level) for name in names for level in LEVELS] for _, levels in graded]
    return Head("intensity", labels, np.arange(offset, offset + len(graded)), np.array(rows, dtype=np.int8), 3.0)


def brighter(code: str, name: str) -> Trained:
    """Emotions and their strength for German or Spanish from BRIGHTER; every sixth text is kept for the limits."""
    emotions, given = corpora.brighter(code, "track_a", "train")
    _, graded = corpora.brighter(code, "track_b", "train")
    texts = [text for text, _ in given]
    if texts != [text for text, _ in graded]:
        raise ValueError(f"BRIGHTER {code}: the tracks hold different texts")
    vectorizer, matrix = fitting.vectorize(texts, 20_000, 2)
    truth = np.array([[levels[label] for label in emotions] for _, levels in given], dtype=np.int8)
    kept = np.arange(len(texts)) % 6 == 0
    rows = np.flatnonzero(~kept)
    heads = [Head("ekman", emotions, rows, truth[rows], 6.0), _graded_head(emotions, graded, 0)]
    parts = [(head, *fitting.fit_head(matrix, head)) for head in heads]
    probabilities = 1 / (1 + np.exp(-np.asarray(matrix[kept] @ parts[0][1] + parts[0][2])))
    limits = {
        label: fitting.best_threshold(probabilities[:, place], truth[kept, place])
        for place, label in enumerate(emotions)
    }
    arrays = fitting.packed(vectorizer, parts, VERSION, lambda head, label: limits[label] if head == "ekman" else 0.5)
    return Trained(f"{name}.npz", VERSION, arrays, [f"BRIGHTER {code}"])


def write(trained: list[Trained], folder: Path) -> None:
    """Writes the weight files and the manifest that vouches for them; what the manifest says of others stays."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "manifest.json"
    files = json.loads(path.read_text(encoding="utf-8"))["files"] if path.exists() else {}
    for one in trained:
        digest = weights.save(folder / one.name, one.arrays)
        files[one.name] = {
            "sha256": digest,
            "version": one.version,
            "sets": one.sets,
            "bytes": (folder / one.name).stat().st_size,
        }
    stated = {"format": weights.FORMAT, "version": VERSION, "files": files}
    path.write_text(json.dumps(stated, indent=2) + "\n", encoding="utf-8")


TRAINERS: dict[str, Callable[[], Trained]] = {
    "service": service,
    "english": english,
    "german": lambda: brighter("deu", "german"),
    "spanish": lambda: brighter("esp", "spanish"),
    "situations": situations,
}


def main(arguments: Sequence[str]) -> int:
    """Trains and writes the named files, or all; returns an exit code."""
    unknown = [name for name in arguments if name not in TRAINERS]
    if unknown:
        sys.stderr.write(f"{unknown[0]} is none of {', '.join(TRAINERS)}\n")
        return 2
    try:
        trained = [TRAINERS[name]() for name in arguments or TRAINERS]
    except corpora.SetMissing as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    write(trained, weights.FOLDER)
    total = sum((weights.FOLDER / one.name).stat().st_size for one in trained)
    sys.stdout.write(f"wrote {len(trained)} weight files, {total / 1e6:.2f} MB\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
