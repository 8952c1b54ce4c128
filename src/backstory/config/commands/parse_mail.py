"""`backstory parse-mail FILE…`: each file of mail as one line of JSON."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer


def parse_mail(
    files: Annotated[list[Path], typer.Argument(help="Files in RFC 5322 form; - is stdin.")],
) -> None:
    """Read mail from files and print one line of JSON for each.

    Any bytes give a line and exit code 0; a file that cannot be read gives a line too, and exit code 1.
    """
    failed = False
    for file in files:
        fields, readable = _fields(file)
        failed |= not readable
        sys.stdout.buffer.write(json.dumps(fields, ensure_ascii=False).encode() + b"\n")
    sys.stdout.buffer.flush()
    raise typer.Exit(1 if failed else 0)


def _fields(file: Path) -> tuple[dict[str, Any], bool]:
    """The fields of one file, and whether it could be read."""
    from backstory.channels.email.parse import Parsed, parse_bytes

    name = str(file).encode("utf-8", "replace").decode()
    try:
        data = sys.stdin.buffer.read() if name == "-" else file.read_bytes()
    except OSError as error:
        reason = f"the file cannot be read: {error.strerror or type(error).__name__}"
        return {"file": name, **Parsed(problems=(reason,)).to_dict()}, False
    return {"file": name, **parse_bytes(data).to_dict()}, True
