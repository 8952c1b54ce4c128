"""The `backstory` command, as a newcomer types it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backstory.config.cli import app
from conftest import Cast

COMMANDS = [
    "demo",
    "serve",
    "web",
    "worker",
    "mail",
    "init",
    "doctor",
    "parse-mail",
    "read",
    "check",
    "promises",
    "practice",
    "reports",
]


def backstory(*words: str, folder: Path, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command with a data folder of its own and no settings but those given."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("BACKSTORY_", "DJANGO_"))}
    environment = {**clean, "BACKSTORY_DATA_DIR": str(folder), "NO_COLOR": "1", "COLUMNS": "200", **settings}
    command = [sys.executable, "-m", "backstory.config.cli", *words]
    return subprocess.run(
        command, env=environment, cwd=folder, input=given, capture_output=True, text=True, timeout=600, check=False
    )


def test_help_names_every_command(tmp_path: Path) -> None:
    text = backstory("--help", folder=tmp_path).stdout
    assert [name for name in [*COMMANDS, "playbooks"] if f" {name} " not in text] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    answer = CliRunner().invoke(app, [name, "--help"])
    assert answer.exit_code == 0
    assert len(answer.stdout.split()) > 8


@dataclass
class Beginning:
    """What a newcomer was told, step by step, and the secret key after each step."""

    told: dict[str, subprocess.CompletedProcess[str]] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def beginning(tmp_path_factory: pytest.TempPathFactory) -> Beginning:
    """An empty folder becomes a desk: the doctor, a weak password, a good one, the doctor again."""
    folder, found = tmp_path_factory.mktemp("desk"), Beginning()
    init = ["init", "--email", "dana@desk.example", "--name", "Dana", "--mailbox", "care@desk.example"]
    for step, words, settings in (
        ("empty", ["doctor"], {}),
        ("weak", init, {"BACKSTORY_INIT_PASSWORD": "short"}),
        ("made", init, {"BACKSTORY_INIT_PASSWORD": "correct horse battery"}),
        ("well", ["doctor"], {"BACKSTORY_MAIL_MODE": "outbox"}),
    ):
        found.told[step] = backstory(*words, folder=folder, **settings)
        key = folder / "secret_key"
        assert key.stat().st_mode & 0o077 == 0
        found.keys.append(key.read_text())
    return found


@pytest.mark.slow
def test_init_makes_a_desk_that_the_doctor_finds_well(beginning: Beginning) -> None:
    empty, made, well = (beginning.told[step] for step in ("empty", "made", "well"))
    assert empty.returncode == 1
    assert "backstory init" in empty.stdout
    assert made.returncode == 0, made.stderr
    assert "dana@desk.example" in made.stdout
    assert well.returncode == 0, well.stdout
    assert "care@desk.example goes to Customer care" in well.stdout


@pytest.mark.slow
def test_init_refuses_a_weak_password_in_words(beginning: Beginning) -> None:
    weak = beginning.told["weak"]
    assert weak.returncode == 1
    assert "too short" in weak.stderr
    assert "Traceback" not in weak.stderr


@pytest.mark.slow
def test_the_secret_key_is_made_once_and_readable_by_its_owner_only(beginning: Beginning) -> None:
    assert len(beginning.keys) == 4  # the owner alone may read it: seen at each step
    assert len(set(beginning.keys)) == 1


def test_doctor_explains_a_setting_that_cannot_be_read(tmp_path: Path) -> None:
    told = backstory("doctor", folder=tmp_path, BACKSTORY_PORT="eight thousand")
    assert told.returncode == 1
    assert "Traceback" not in told.stdout + told.stderr
    assert "port" in told.stdout


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


def test_practice_is_played_line_by_line_and_the_same_seed_gives_the_same_talk(tmp_path: Path) -> None:
    said = (
        "I am sorry. No hot water and a family in danger: that is frightening. What happened?\nCalm down.\n/end\nlost\n"
    )
    words = ("practice", "hot_water", "--seed", "7", "--coach")
    first = backstory(*words, folder=tmp_path, given=said)
    assert first.returncode == 0, first.stderr
    assert "tank is empty" in first.stdout and "Debrief" in first.stdout and "coach:" in first.stdout
    assert first.stdout == backstory(*words, folder=tmp_path, given=said).stdout
    german = backstory("practice", "hot_water", "--language", "de", folder=tmp_path)
    assert "Dalhaus" in german.stdout
    unknown = backstory("practice", "cold_water", folder=tmp_path)
    assert unknown.returncode == 1 and "lists them" in unknown.stderr and "Traceback" not in unknown.stderr
    assert "hot_water" in backstory("practice", folder=tmp_path).stdout


def test_practice_check_names_the_lines_to_mend(tmp_path: Path) -> None:
    from backstory.practice.scenarios import source

    (tmp_path / "good.yaml").write_text(source("wrong_gift", "en"), encoding="utf-8")
    bad = source("wrong_gift", "en").replace("style: amiable", "style: friendly")
    (tmp_path / "bad.yaml").write_text(bad, encoding="utf-8")
    good = backstory("practice", "check", "good.yaml", folder=tmp_path)
    assert good.returncode == 0 and "it holds" in good.stdout, good.stderr
    told = backstory("practice", "check", "bad.yaml", folder=tmp_path)
    assert told.returncode == 1 and "bad.yaml:5: style: must be one of" in told.stderr
    for words in (("check",), ("check", "nowhere.yaml")):
        lost = backstory("practice", *words, folder=tmp_path)
        assert lost.returncode == 1 and "Traceback" not in lost.stderr


def test_pure_commands_do_not_need_django(tmp_path: Path) -> None:
    code = (
        "import sys; from backstory.config.commands import check, promises, read, parse_mail, practice;"
        "from backstory import coach, language; from backstory.practice import plays;"
        "language.read('Hello'); sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=tmp_path).returncode == 0


def test_playbooks_are_checked_exported_and_wrong_ones_named_by_line(tmp_path: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(app, ["playbooks", "export", "--shipped", str(tmp_path)]).exit_code == 0
    files = sorted(str(path) for path in tmp_path.glob("*.yaml"))
    assert len(files) == 7
    assert runner.invoke(app, ["playbooks", "check", *files]).exit_code == 0
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("id: wrong\nname: Wrong\nsteps: []\n", encoding="utf-8")
    answer = runner.invoke(app, ["playbooks", "check", str(wrong)])
    assert answer.exit_code == 1
    assert f"{wrong}:3: steps: expected at least 1 of them" in answer.output


@pytest.mark.django_db
def test_playbooks_are_imported_as_drafts_in_somebodys_name(cast: Cast, tmp_path: Path) -> None:
    from backstory.cases.models import PlaybookVersion
    from backstory.cases.playbooks.shipped import sources

    path = tmp_path / "mine.yaml"
    path.write_text(sources()["billing-error"].replace("id: billing-error", "id: our-billing"), encoding="utf-8")
    answer = CliRunner().invoke(app, ["playbooks", "import", str(path), "--as", "alice@desk.example"])
    assert answer.exit_code == 0 and "our-billing, version 1, a draft" in answer.output
    assert PlaybookVersion.objects.get().saved_by == cast.alice
    again = CliRunner().invoke(app, ["playbooks", "import", str(path), "--as", "alice@desk.example"])
    assert again.exit_code == 0 and "Nothing differs" in again.output
    refused = CliRunner().invoke(app, ["playbooks", "import", str(path), "--as", "nobody@desk.example"])
    assert refused.exit_code != 0
