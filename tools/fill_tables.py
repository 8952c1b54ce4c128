"""Fills the tables of a page by running the commands it names: `python tools/fill_tables.py docs/reading.md [WORD]`.

A block starts with `<!-- run: python -m … -->` and ends with `<!-- end -->`; what stands between is replaced by what
the command prints. With WORD only commands that hold it are run. Nothing else on the page is touched.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

BLOCK = re.compile(r"(<!-- run: python (.+?) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def filled(page: str, word: str = "") -> str:
    """The page with each block's content replaced. Raises CalledProcessError where a command fails."""

    def replaced(block: re.Match[str]) -> str:
        if word not in block[2]:
            return block[0]
        command = [sys.executable, *shlex.split(block[2])]
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        return f"{block[1]}\n{printed}\n\n{block[4]}"

    return BLOCK.sub(replaced, page)


def main(arguments: list[str]) -> None:
    """Rewrites the page in place."""
    path = Path(arguments[0])
    path.write_text(filled(path.read_text(encoding="utf-8"), *arguments[1:2]), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
