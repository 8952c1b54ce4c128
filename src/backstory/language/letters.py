"""The demo company's letters as labelled examples, for training and evaluation from the source tree only.

They were written by others than the engine's own messages, and to be read by people. Threads are split by a hash of
their id: two thirds may be trained and tuned on, one third is kept and never looked at; all tellings of a thread share
its side. The files are read as data; nothing here is used when a message is read.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from backstory.language.corpora import Example, SetMissing

FOLDER = Path(__file__).parents[1] / "demo" / "data"
FOLLOW_UPS = Path(__file__).parent / "data" / "training" / "letters.json"
SPLIT = "letters, split 1"
_SLOT = re.compile(r"\{(\w+)\}")


def is_kept(thread_id: str) -> bool:
    """Whether a thread is of the third that is held out. A seeded hash of its id alone, so that edits move nothing."""
    return int(hashlib.sha256(f"{SPLIT}: {thread_id}".encode()).hexdigest()[:8], 16) % 3 == 0


def openings(*, held_out: bool) -> list[Example]:
    """The letters that open a conversation, every telling of each thread; `details` as an authored message's.

    Raises SetMissing where the demo's letters are not installed.
    """
    return [one for raw, language in _threads(held_out=held_out) for one in _tellings(raw, language)]


def follow_ups(*, held_out: bool) -> list[Example]:
    """What customers wrote later, as far as `data/training/letters.json` says whether it complains; once a thread."""
    labels: dict[str, bool] = json.loads(FOLLOW_UPS.read_text(encoding="utf-8"))
    found = []
    for raw, language in _threads(held_out=held_out):
        for number, text in _later(raw):
            key = f"{raw['id']}/{number}"
            if key in labels:
                found.append(_example(raw, language, key, text, {"complaint": labels[key]}))
    return found


def _threads(*, held_out: bool) -> Iterator[tuple[dict[str, Any], str]]:
    paths = sorted(FOLDER.glob("*.yaml"))
    if not paths:
        raise SetMissing(f"the demo's letters are not at {FOLDER}: run from the source tree")
    for path in paths:
        content = _content(path)
        if not isinstance(content, dict):  # a scene of the demo that is no correspondence
            continue
        for raw in content.get("threads", ()):
            if is_kept(raw["id"]) is held_out:
                yield raw, content["language"]


def _tellings(raw: dict[str, Any], language: str) -> Iterator[Example]:
    ((_, text),) = raw["thread"][0].items()
    complains = bool(raw.get("complaint", raw["severity"] > 0))
    for number, (first, last, *_) in enumerate(raw["vary"]):
        given = {"complaint": complains, "open": first, "close": last, "severity": int(raw["severity"])}
        yield _example(raw, language, f"{raw['id']}-{number + 1}", text, given)


def _example(raw: dict[str, Any], language: str, key: str, text: str, given: dict[str, Any]) -> Example:
    words = _words(language, Random(f"{SPLIT} {key}")) | {name: given.pop(name, "") for name in ("open", "close")}
    complains = bool(given["complaint"])
    details = {"id": key, "thread": raw["id"], "language": language, "cause": raw["cause"] if complains else None}
    return Example(_filled(text.strip(), words), frozenset(), 1.0, details | given)


def _later(raw: dict[str, Any]) -> Iterator[tuple[int, str]]:
    for number, entry in enumerate(raw["thread"][1:], start=1):
        ((head, text),) = entry.items()
        if head.startswith("customer") and text.strip() != "{thanks}":
            yield number, text


def _filled(text: str, words: dict[str, str]) -> str:
    for _ in range(3):
        text = _SLOT.sub(lambda match: words.get(match[1], match[1]), text)
    return text


@cache
def _content(path: Path) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), loader)  # noqa: S506 - both are safe loaders
    return found


def _words(language: str, random: Random) -> dict[str, str]:
    """Something plausible for every slot; which one hardly matters to a reading."""
    slots = _content(FOLDER / "slots.yaml")
    own, common = slots[language], slots["common"]
    words = {name: str(random.choice(found)) for name, found in own.items() if isinstance(found, list)}
    words |= {name: str(random.choice(found)) for name, found in common.items()}
    for name in ("boiler", "pump", "thermostat"):
        words[name] = own[name].format(words[name])
    day, month = str(random.randint(2, 28)), random.choice(own["months"])
    date = own["date"].replace("{day}", day).replace("{month}", month)
    return words | {
        "date": date,
        "soon": date,
        "days": str(random.randint(4, 19)),
        "fee": f"{random.randint(29, 95)} €",
        "amount": f"{random.randint(104, 398)} €",
        "big": f"{random.randint(1_150, 8_900)} €",
        "invoice": f"INV-{random.randint(200_000, 299_999)}",
        "order": f"KH-{random.randint(50_000, 59_999)}",
        "contract": f"SC-{random.randint(4_000, 9_900)}",
        "serial": f"KH-{random.randint(1_000, 9_999)}-{random.randint(100, 999)}",
        "name": random.choice(("Robin Hale", "Kim Sato", "Ada Novak")),
        "first": random.choice(("Robin", "Kim", "Ada")),
        "agent": random.choice(("Alice", "Grace", "Jonas")),
    }
