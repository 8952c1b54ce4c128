"""What customers confided is never exported: texts that repeat it are withheld. Pure."""

import re
from collections.abc import Iterable
from typing import Any

RUN = 4
"""So many words in a row in common are no accident."""
WITHHELD = "[Withheld: these words repeat what a customer confided.]"


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def runs(texts: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """Every run of four words of the texts; a shorter text is one run as a whole."""
    found: set[tuple[str, ...]] = set()
    for text in texts:
        words = _words(text)
        if words and len(words) < RUN:
            found.add(tuple(words))
        found.update(tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1))
    return frozenset(found)


def repeats(text: str, confided: frozenset[tuple[str, ...]]) -> bool:
    """Whether the text holds one of the runs."""
    words = _words(text)
    lengths = {len(run) for run in confided}
    return any(tuple(words[at : at + length]) in confided for length in lengths for at in range(len(words)))


def without(value: Any, confided: frozenset[tuple[str, ...]]) -> Any:
    """The same JSON value with each text that repeats what was confided replaced."""
    if isinstance(value, str):
        return WITHHELD if repeats(value, confided) else value
    if isinstance(value, list):
        return [without(one, confided) for one in value]
    if isinstance(value, dict):
        return {key: without(one, confided) for key, one in value.items()}
    return value
