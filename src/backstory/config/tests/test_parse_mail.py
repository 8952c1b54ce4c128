"""`backstory parse-mail`: one line of JSON for each file, whatever is in it."""

import json
import subprocess
import sys
from pathlib import Path

FIELDS = {
    *("file", "subject", "from", "to", "cc", "reply_to", "date", "message_id", "in_reply_to", "references", "text"),
    *("html", "reply", "quoted", "signature", "attachments", "auto", "bounce", "problems"),
}


def run(*files: Path | str, stdin: bytes = b"") -> tuple[list[dict[str, object]], int, bytes]:
    command = [sys.executable, "-c", "from backstory.config.cli import main; main()", "parse-mail", *map(str, files)]
    done = subprocess.run(command, capture_output=True, input=stdin, check=False)
    return [json.loads(line) for line in done.stdout.splitlines()], done.returncode, done.stderr


def test_any_bytes_give_a_line_and_success(tmp_path: Path) -> None:
    for name, data in (("empty", b""), ("noise", bytes(range(256))), ("mail", b"From: maya@c.example\r\n\r\nCold.")):
        (tmp_path / name).write_bytes(data)
    rows, code, errors = run(*(tmp_path / name for name in ("empty", "noise", "mail")))
    assert (len(rows), code, errors) == (3, 0, b"")
    assert all(set(row) == FIELDS for row in rows)
    assert rows[2]["from"] == {"name": "", "email": "maya@c.example"} and rows[2]["reply"] == "Cold."


def test_a_missing_file_gives_a_line_with_the_problem_and_failure(tmp_path: Path) -> None:
    rows, code, errors = run(tmp_path / "nowhere.eml", tmp_path)
    assert [set(row) == FIELDS for row in rows] == [True, True] and code == 1 and b"Traceback" not in errors
    assert "cannot be read" in str(rows[0]["problems"])


def test_a_letter_can_come_from_standard_input() -> None:
    rows, code, _ = run("-", stdin=b"Subject: Hello\r\n\r\nhi")
    assert (rows[0]["subject"], code) == ("Hello", 0)
