"""Weights are believed only when they are the ones the manifest names."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from backstory.language import ModelError, corpora, read, text, weights
from backstory.language.text import parse


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("manifest.json", "service.npz"):
        shutil.copy(weights.FOLDER / name, tmp_path / name)
    return tmp_path


def test_a_changed_file_is_refused(folder: Path) -> None:
    data = bytearray((folder / "service.npz").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "service.npz").write_bytes(bytes(data))
    with pytest.raises(ModelError, match="SHA-256"):
        weights.load("service.npz", folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "service.npz").unlink()
    with pytest.raises(ModelError, match=r"service\.npz"):
        weights.load("service.npz", folder)


def test_a_file_of_another_version_is_refused(folder: Path) -> None:
    stated = json.loads((folder / "manifest.json").read_text())
    stated["files"]["service.npz"]["version"] = "0.0.1"
    (folder / "manifest.json").write_text(json.dumps(stated))
    with pytest.raises(ModelError, match="version"):
        weights.load("service.npz", folder)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": 99, "files": {}}'])
def test_a_broken_manifest_is_refused(folder: Path, text: str) -> None:
    (folder / "manifest.json").write_text(text)
    with pytest.raises(ModelError, match="manifest"):
        weights.load("service.npz", folder)


def test_a_pickled_array_is_never_loaded(folder: Path) -> None:
    np.savez(folder / "service.npz", vocabulary=np.array([{"a": 1}], dtype=object), allow_pickle=True)
    stated = json.loads((folder / "manifest.json").read_text())
    stated["files"]["service.npz"]["sha256"] = weights.digest((folder / "service.npz").read_bytes())
    (folder / "manifest.json").write_text(json.dumps(stated))
    with pytest.raises(ModelError, match="damaged"):
        weights.load("service.npz", folder)


def test_the_shipped_weights_are_whole_and_small() -> None:
    names = weights.manifest()["files"]
    for name in names:
        assert weights.load(name).vocabulary
    assert sum((weights.FOLDER / name).stat().st_size for name in names) <= 6_000_000


def test_the_words_of_a_verdict_add_up_to_its_score() -> None:
    scores = weights.load("service.npz").score(parse("My parcel never came and nobody answers.").model_tokens())
    bias = float(scores.model.bias[scores.model.columns["complaint/yes"]])
    added = sum(scores.by_token("complaint/yes").values())
    assert bias + added == pytest.approx(scores.logit("complaint/yes"), abs=1e-3)


def by_the_book(model: weights.Model, written: str) -> np.ndarray:
    """The logits worked out feature by feature, nothing remembered."""
    counts: dict[str, int] = {}
    for name in text.feature_names(written):
        if name in model.vocabulary:
            counts[name] = counts.get(name, 0) + 1
    rows = np.array([model.vocabulary[name] for name in counts])
    values = (1 + np.log(np.array([*counts.values()], dtype=np.float32))) * model.idf[rows]
    kinds = [np.full(len(rows), True)] if model.words is None else [model.words[rows], ~model.words[rows]]
    for kind in kinds:
        values[kind] /= np.linalg.norm(values[kind]) or 1.0
    return (values @ model.weights[rows].astype(np.float32)) * model.scale + model.bias


def test_what_is_remembered_of_words_changes_no_score() -> None:
    letters = [one.text for one in corpora.authored(held_out=True)][:40]
    for name in ("service.npz", "english.npz", "conduct.npz"):
        model = weights.load(name)
        expected = [by_the_book(model, letter) for letter in letters]
        for _ in ("met first", "remembered"):
            found = [model.score(text.parse(letter).model_tokens()).logits for letter in letters]
            np.testing.assert_allclose(found, expected, atol=1e-5)
        model.remembered.clear()


def test_a_reading_does_not_hang_on_what_was_read_before() -> None:
    letters = [one.text for one in corpora.authored(held_out=True)][:40]
    forwards = {letter: read(letter, explain=True) for letter in letters}
    for name in ("service.npz", "english.npz", "conduct.npz", "languages.npz"):
        weights.load(name).remembered.clear()
    assert {letter: read(letter, explain=True) for letter in reversed(letters)} == forwards
