"""The `backstory` command, as a newcomer types it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = ["demo", "serve", "web", "worker", "mail", "init", "doctor", "parse-mail", "read", "check", "promises"]


def backstory(*words: str, folder: Path, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command with a data folder of its own and no settings but those given."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("BACKSTORY_", "DJANGO_"))}
    environment = {**clean, "BACKSTORY_DATA_DIR": str(folder), "NO_COLOR": "1", "COLUMNS": "200", **settings}
    command = [sys.executable, "-m", "backstory.config.cli", *words]
    return subprocess.run(
        command, env=environment, cwd=folder, input=given, capture_output=True, text=True, timeout=120, check=False
    )


def test_help_names_every_command(tmp_path: Path) -> None:
    text = backstory("--help", folder=tmp_path).stdout
    assert [name for name in COMMANDS if f" {name} " not in text] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, tmp_path: Path) -> None:
    answer = backstory(name, "--help", folder=tmp_path)
    assert answer.returncode == 0
    assert len(answer.stdout.split()) > 8


@pytest.mark.slow
def test_init_makes_a_desk_that_the_doctor_finds_well(tmp_path: Path) -> None:
    told = backstory("doctor", folder=tmp_path)
    assert told.returncode == 1
    assert "backstory init" in told.stdout

    words = ["init", "--email", "dana@desk.example", "--name", "Dana", "--mailbox", "care@desk.example"]
    made = backstory(*words, folder=tmp_path, BACKSTORY_INIT_PASSWORD="correct horse battery")
    assert made.returncode == 0, made.stderr
    assert "dana@desk.example" in made.stdout

    well = backstory("doctor", folder=tmp_path, BACKSTORY_MAIL_MODE="outbox")
    assert well.returncode == 0, well.stdout
    assert "care@desk.example goes to Customer care" in well.stdout


@pytest.mark.slow
def test_init_refuses_a_weak_password_in_words(tmp_path: Path) -> None:
    words = ["init", "--email", "dana@desk.example", "--name", "Dana", "--mailbox", "care@desk.example"]
    made = backstory(*words, folder=tmp_path, BACKSTORY_INIT_PASSWORD="short")
    assert made.returncode == 1
    assert "too short" in made.stderr
    assert "Traceback" not in made.stderr


def test_doctor_explains_a_setting_that_cannot_be_read(tmp_path: Path) -> None:
    told = backstory("doctor", folder=tmp_path, BACKSTORY_PORT="eight thousand")
    assert told.returncode == 1
    assert "Traceback" not in told.stdout + told.stderr
    assert "port" in told.stdout


def test_the_secret_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    backstory("doctor", folder=tmp_path)
    key = tmp_path / "secret_key"
    first = key.read_text()
    assert key.stat().st_mode & 0o077 == 0
    backstory("doctor", folder=tmp_path)
    assert key.read_text() == first


def test_pure_commands_answer_a_line_for_a_line(tmp_path: Path) -> None:
    letter = json.dumps({"id": "a", "text": "The boiler is cold and my baby is ill. When will you come?"})
    draft = json.dumps({"id": "a", "message": "When will you come?", "draft": "Calm down. That's our policy."})
    promise = json.dumps({"id": "a", "text": "I will call you by Friday.", "sent_at": "2026-03-02T10:00:00+00:00"})
    read = json.loads(backstory("read", folder=tmp_path, given=letter).stdout)
    check = json.loads(backstory("check", folder=tmp_path, given=draft).stdout)
    promises = json.loads(backstory("promises", folder=tmp_path, given=promise).stdout)
    assert read["complaint"]["is"] is True
    assert check["findings"]
    assert promises["promises"][0]["due"].startswith("2026-03-06")


@pytest.mark.parametrize("name", ["read", "check", "promises"])
def test_pure_commands_answer_nonsense_with_an_error_line(name: str, tmp_path: Path) -> None:
    answer = backstory(name, folder=tmp_path, given='{"id": "a", \n')
    assert answer.returncode == 1 or name == "read"  # for reading, anything is a text
    assert "Traceback" not in answer.stderr
    assert json.loads(answer.stdout.splitlines()[0])


def test_pure_commands_do_not_need_django(tmp_path: Path) -> None:
    code = (
        "import sys; from backstory.config.commands import check, promises, read, parse_mail;"
        "from backstory import coach, language; language.read('Hello'); sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=tmp_path).returncode == 0
