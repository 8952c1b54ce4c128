"""`backstory learn` through the command line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backstory.config.cli import app
from backstory.language import learned_model

ROWS = [
    (f"{words} {end}", label)
    for label, words in (("billing", "wrong invoice"), ("delay", "still waiting"), ("outage", "no heating"))
    for end in ("since Monday", "again", "please help", "in our flat", "for weeks", "and no answer")
]


def written(folder: Path, text: str | bytes, name: str = "train.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def table(rows: list[tuple[str, str]] = ROWS, delimiter: str = ",") -> str:
    return "\n".join([f"text{delimiter}label", *(f'"{text}"{delimiter}{label}' for text, label in rows)]) + "\n"


def run(*arguments: object):
    return CliRunner().invoke(app, ["learn", *map(str, arguments), "--no-encoder"])


def test_it_writes_a_model_prints_its_figures_and_shows_progress_on_standard_error(tmp_path):
    train, test = written(tmp_path, table()), written(tmp_path, table(ROWS[::3]), "test.csv")
    command = [
        sys.executable,
        "-m",
        "backstory.config.cli",
        "learn",
        train,
        "--test",
        test,
        "--out",
        tmp_path / "m.npz",
    ]
    done = subprocess.run([*command, "--no-encoder"], capture_output=True, check=True)
    figures = json.loads(done.stdout)
    assert figures["examples"] == 18 and figures["test"]["accuracy"]["value"] == 1
    assert b"100 %" in done.stderr
    assert learned_model.load(tmp_path / "m.npz").predict(["no heating"])[0].label == "outage"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_tables_as_spreadsheets_save_them_are_read(tmp_path, delimiter, encoding):
    from backstory.language.learned_data import read_csv

    rows = [*ROWS, ("Größe, „falsch“; Zeile\nzwei", "delay")]
    found = read_csv(written(tmp_path, table(rows, delimiter).encode(encoding)))
    assert [(one.text, one.label) for one in found] == rows


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no column text and no column label"),
        (b"message,label\nhello,x\n", "no column text; its first line has: message, label"),
        (b"text,label\n", "a header and no examples"),
        (b"text,label\n\n  ,\n", "a header and no examples"),
        (b"text,label\nhello,\n,billing\n", "line 2: label empty; line 3: text empty"),
        (b"text,label\nhello, you,billing\n", "line 2: 3 fields instead of 2"),
        (b'text,label\n"hello,billing\n', "line 2: broken CSV"),
        ("text,label\nGrüße,billing\n".encode("latin-1"), "line 2: not UTF-8"),
        (
            b"text,label\nhello,billing\nhi,delay\n",
            "Each label needs 5 different texts: “billing” has 1, “delay” has 1",
        ),
    ],
)
def test_what_cannot_be_used_is_said_with_its_line_and_nothing_is_written(tmp_path, content, words):
    done = run(written(tmp_path, content), "--out", tmp_path / "m.npz")
    assert done.exit_code == 1
    assert words in json.loads(done.stdout)["error"]
    assert words in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["train.csv"]


def test_too_few_examples_are_counted_for_programs_too(tmp_path):
    done = run(written(tmp_path, table([*ROWS, ("rude", "conduct")])), "--out", tmp_path / "m.npz")
    assert json.loads(done.stdout)["too_few"] == {"conduct": 1}


def test_rare_labels_are_left_out_when_asked_and_named_in_the_figures(tmp_path):
    train = written(tmp_path, table([*ROWS, ("rude", "conduct")]))
    done = run(train, "--out", tmp_path / "m.npz", "--leave-out-rare")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["left_out"] == {"conduct": 1}


def test_missing_files_and_folders_are_said(tmp_path):
    train = written(tmp_path, table())
    assert "cannot be read" in run(tmp_path / "none.csv", "--out", tmp_path / "m.npz").stderr
    assert "does not exist" in run(train, "--out", tmp_path / "none" / "m.npz").stderr
    assert "cannot be written" in run(train, "--out", tmp_path).stderr
