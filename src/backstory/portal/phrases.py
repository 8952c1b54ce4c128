"""The portal's words in every language it speaks: `phrases/<language>.json`, one flat file each."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "phrases"
LANGUAGES = ("en", "de", "es", "fr")
DEFAULT = "en"


@cache
def table(language: str) -> Mapping[str, str]:
    """Every phrase of a language (ISO 639-1) by its key."""
    words: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
    return words


class Phrases:
    """Says things in one language: `say("status.closed", day="1 May")`. An unknown key is an error."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        return table(self.language)[key].format(**values)


def choose(asked: str, accepted: list[str]) -> str:
    """The language to speak: the one asked for, else the first one the browser accepts that we have."""
    for wanted in (asked, *accepted):
        code = wanted[:2].lower()
        if code in LANGUAGES and wanted[2:3] in ("", "-", "_"):
            return code
    return DEFAULT
