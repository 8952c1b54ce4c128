"""The training and test sets, read into one shape: texts with a set of labels each.

Public sets come from `../shared/data/language` or `$BACKSTORY_SHARED/data/language`; our own from `data/training`.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

AUTHORED = Path(__file__).parent / "data" / "training"
EKMAN = ("anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise")


class SetMissing(Exception):
    """A public set is not on this machine; the message names the folder that was looked in."""


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled text. `weight` is its share in training; `details` holds what an authored message states."""

    text: str
    labels: frozenset[str]
    weight: float = 1.0
    details: dict[str, Any] = field(default_factory=dict)


def shared() -> Path:
    """The folder of the public sets. Raises SetMissing where there is none."""
    root = Path(os.environ.get("BACKSTORY_SHARED") or Path(__file__).parents[4] / "shared")
    folder = root / "data" / "language"
    if not folder.is_dir():
        raise SetMissing(f"the public sets are not at {folder}; set BACKSTORY_SHARED to the folder that holds data/")
    return folder


def goemotions(kind: str, split: str) -> list[Example]:
    """GoEmotions (CC BY 4.0): `kind` is `original` (28 labels) or `ekman` (7), `split` train, dev or test."""
    folder = shared() / "goemotions" / kind
    names = (folder / "labels.txt").read_text(encoding="utf-8").split()
    with (folder / f"{split}.tsv").open(encoding="utf-8", newline="") as lines:
        rows = [line.rstrip("\r\n").split("\t") for line in lines]
    return [Example(row[0], frozenset(names[int(at)] for at in row[1].split(","))) for row in rows if len(row) == 3]


def brighter(language: str, track: str, split: str) -> tuple[list[str], list[tuple[str, dict[str, int]]]]:
    """BRIGHTER (CC BY 4.0): the emotions annotated and (text, emotion -> 0/1 on track_a, 0-3 on track_b)."""
    path = shared() / "brighter" / track / split / f"{language}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    emotions = [name for name in rows[0] if name not in ("id", "text")]
    return emotions, [(row["text"], {name: int(row[name] or 0) for name in emotions}) for row in rows]


def authored(*, held_out: bool) -> list[Example]:
    """Our own messages. The `held-out` part was labelled before any tuning and is never trained on."""
    return _own("held-out" if held_out else "train")


def sentences() -> list[Example]:
    """Our own single sentences with a cause (or none, where they do not complain): for training only."""
    return _own("sentences")


def everyday() -> list[Example]:
    """Our own everyday messages of many trades, more of them ordinary than not: for training only."""
    return _own("everyday")


def posts_held_out() -> list[Example]:
    """Our own short public posts that are kept from training."""
    return _own("posts-held-out")


def framed(examples: list[Example]) -> list[Example]:
    """Each text once more between a greeting and a courteous close, so that manners speak neither for nor against."""
    frames = json.loads((AUTHORED / "frames.json").read_text(encoding="utf-8"))
    found = []
    for one in examples:
        number, frame = int(_digest(one.text)[:8], 16), frames[one.details["language"]]
        start = frame["open"][number % len(frame["open"])]
        end = frame["close"][number // 64 % len(frame["close"])]
        found.append(Example(f"{start} {one.text} {end}", one.labels, one.weight, one.details | {"cause": None}))
    return found


def _own(split: str) -> list[Example]:
    found = []
    for path in sorted(AUTHORED.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            if entry["split"] == split:
                found.append(Example(entry["text"], frozenset(entry.get("emotions", [])), 1.0, entry))
    return found


def complaints_cfpb(limit: int, *, held_out: bool) -> list[str]:
    """CFPB narratives (US public domain), every one a complaint; a fifth, chosen by hash, is kept for testing."""
    found = []
    for name in ("narratives_1532.csv", "narratives_2085.csv"):
        with (shared() / "cfpb" / name).open(encoding="utf-8", newline="") as lines:
            texts = (row.get("Consumer complaint narrative") or "" for row in csv.DictReader(lines))
            found += [text.strip() for text in texts if text.strip()]
    return [text for text in found if _kept(text) is held_out][:limit]


def ordinary_queries(limit: int, *, held_out: bool) -> list[str]:
    """CLINC150 queries (CC BY 3.0): people asking for something ordinary, none of them complaining."""
    data = json.loads((shared() / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    texts = sorted((str(text) for text, _ in data["train"]), key=_digest)
    return [text for text in texts if _kept(text) is held_out][:limit]


def ordinary_turns(limit: int, *, held_out: bool) -> list[str]:
    """MultiDoGO (CDLA-Permissive) turns whose act is plainly no complaint: greetings, thanks, bookings, details."""
    kept = {
        "openinggreeting",
        "closinggreeting",
        "thankyou",
        "confirmation",
        "bookflight",
        "getboardingpass",
        "getseatinfo",
        "changeseatassignment",
        "contentonly",
    }
    texts: set[str] = set()
    for path in sorted((shared() / "multidogo").glob("*/train.tsv")):
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            texts.update(row["utterance"] for row in reader if (row.get("intent") or "") in kept)
    return [text for text in sorted(texts, key=_digest) if _kept(text) is held_out][:limit]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _kept(text: str) -> bool:
    return int(_digest(text)[:4], 16) % 5 == 0
