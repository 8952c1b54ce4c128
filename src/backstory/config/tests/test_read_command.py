"""`backstory read`: one line of JSON a message, whatever the input."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from backstory.config.commands.read import read


@pytest.fixture
def run() -> Any:
    app = typer.Typer()
    app.command()(read)
    return lambda *arguments, given=None: CliRunner().invoke(app, [str(one) for one in arguments], input=given)


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout_bytes.decode("utf-8").splitlines()]


def test_a_text_file_is_read_whole(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("My parcel never came.\n\nI demand a refund.", encoding="utf-8")
    result = run(file)
    (answer,) = lines(result)
    assert result.exit_code == 0
    assert answer["file"] == str(file) and answer["complaint"]["is"] is True
    assert "evidence" not in answer


def test_explain_adds_the_evidence(run: Any) -> None:
    (answer,) = lines(run("--explain", given="My parcel never came. I demand a refund."))
    assert answer["evidence"]["asks"]


def test_json_lines_keep_their_ids_and_their_order(run: Any) -> None:
    result = run(given='{"id": "a", "text": "Where is my parcel?"}\n{"id": 7, "text": "Thank you!"}\n')
    assert [one["id"] for one in lines(result)] == ["a", 7]
    assert result.exit_code == 0


def test_a_line_of_an_agent_is_read_as_a_reply(run: Any) -> None:
    told = json.dumps({"id": 1, "author": "agent", "text": "I am so sorry.", "answers": "My tank is cold."})
    customer, agent = lines(run(given='{"id": 0, "text": "My tank is cold."}\n' + told))
    assert customer["reply"] is None
    assert agent["reply"]["reaction"] == 1


def test_a_bad_line_gives_an_error_line_and_the_rest_is_read(run: Any) -> None:
    result = run(
        given='{"id": 1, "text": "Where is it?"}\nnot json\n{"id": 3}\n['
        + "[" * 5000
        + "\n"
        + '{"id": 5, "text": "Hi"}'
    )
    answers = lines(result)
    assert ["error" in one for one in answers] == [False, True, True, True, False]
    assert answers[2]["id"] == 3
    assert result.exit_code == 1


def test_half_a_character_pair_survives_as_valid_utf8(run: Any) -> None:
    result = run(given='{"id": "\\ud83d", "text": "No water since Monday \\ud83d please help"}\n')
    (answer,) = lines(result)
    assert answer["id"] == "\ud83d" and result.exit_code == 0


def test_a_letter_is_read_without_the_quoted_thread(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "letter.eml"
    file.write_bytes(
        b"From: maya@example.org\r\nSubject: water\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        b"Thank you, all is well now.\r\n\r\nOn Mon, 3 Jun 2024 at 10:00, Bob <bob@example.com> wrote:\r\n"
        b"> I demand 500 euros for the broken boiler.\r\n"
    )
    (answer,) = lines(run(file))
    assert answer["facts"] == [] and answer["complaint"]["is"] is False


def test_a_missing_file_is_told_and_the_others_are_read(run: Any, tmp_path: Path) -> None:
    there = tmp_path / "there.txt"
    there.write_bytes(b"Caf\xe9 closed again!")
    result = run(tmp_path / "missing.txt", there)
    missing, found = lines(result)
    assert "error" in missing and "error" not in found
    assert result.exit_code == 1


def test_nothing_on_stdin_is_an_empty_text(run: Any) -> None:
    (answer,) = lines(run(given=""))
    assert answer["language"]["code"] == "und"
