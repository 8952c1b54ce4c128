"""The training and test sets, read into one shape: texts with a set of labels each.

Public sets come from `../shared/data/language` or `$BACKSTORY_SHARED/data/language`; our own from `data/training`.
"""

from __future__ import annotations

import csv
import hashlib
import html
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backstory.language.evaluation_set import lines

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


def situations() -> list[Example]:
    """Our own messages labelled for what is at stake (severity, safety, hardship, haste, style, gap): training only."""
    return _own("situations")


def posts() -> list[Example]:
    """Our own short public posts, complaints and others: for training only."""
    return _own("posts")


def developing() -> list[Example]:
    """The two thirds of the evaluation set that may be trained on, labelled as `situations` are, and cause, emotion."""
    found = []
    for line in lines("develop"):
        labels = line["labels"]
        known = {name: labels[name] for name in ("complaint", "severity", "safety", "urgency", "style", "gap")}
        known |= {"id": line["id"], "split": "develop", "language": line["language"]}
        known |= {"vulnerability": bool(labels["vulnerability"])}
        known |= {"cause": labels["cause"] if labels["cause"] != "none" else None}
        found.append(Example(line["text"], frozenset([labels["emotion"]]), 1.0, known))
    return found


def feelings() -> list[Example]:
    """Our own French sentences with the Ekman emotions that they show: for training only."""
    return _own("feelings")


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


@dataclass(frozen=True, slots=True)
class Turn:
    """One user's turn towards an assistant: its level (1 to -3) and the kinds that most annotators saw.

    `level` is the level nearest the annotators' mean; `abusive` what more than half of the annotators said.
    """

    text: str
    level: int
    abusive: bool
    kinds: frozenset[str]


ABUSE_LEVELS = (1, 0, -1, -2, -3)
ABUSE_KINDS = ("ableist", "homophobic", "intellectual", "racist", "sexist", "sex_harassment", "transphobic")


def abuse(split: str) -> list[Turn]:
    """ConvAbuse (CC BY 4.0): `split` is train or valid."""
    path = shared() / "convabuse" / f"ConvAbuseEMNLP{split}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return [turn for turn in map(_turn, csv.DictReader(lines)) if turn is not None]


def _turn(row: dict[str, str]) -> Turn | None:
    people = [f"Annotator{number}" for number in range(1, 9)]
    votes = [level for one in people for level in ABUSE_LEVELS if (row.get(f"{one}_is_abuse.{level}") or "0")[0] == "1"]
    if not votes:
        return None
    mean = sum(votes) / len(votes)
    kinds = {
        kind
        for kind in ABUSE_KINDS
        if sum((row.get(f"{one}_{kind}") or "0")[0] == "1" for one in people) * 2 >= len(votes)
    }
    nearest = min(ABUSE_LEVELS, key=lambda level: (abs(level - mean), -level))
    return Turn(row["user"], nearest, sum(vote < 0 for vote in votes) * 2 > len(votes), frozenset(kinds))


def politeness(language: str, split: str) -> list[tuple[str, float]]:
    """TyDiP (CC BY 4.0): a request of Wikipedia's editors and its score, polite above 0 (the middle is left out)."""
    path = shared() / "tydip" / f"{language}_{split}_binary.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return [(row["sentence"], float(row["score"])) for row in csv.DictReader(lines)]


def toxic_spans(split: str) -> list[tuple[str, frozenset[int]]]:
    """Toxic Spans (CC0): a comment and the code points of it that are toxic; `split` is train, trial or test."""
    with (shared() / "toxic_spans" / f"tsd_{split}.csv").open(encoding="utf-8", newline="") as lines:
        return [(row["text"], frozenset(json.loads(row["spans"]))) for row in csv.DictReader(lines)]


def tweets(limit: int) -> list[tuple[str, str]]:
    """Offensive-language tweets (MIT) as (text, hate|offensive|neither), the first `limit` of each by hash."""
    names = ("hate", "offensive", "neither")
    with (shared() / "offensive" / "labeled_data.csv").open(encoding="utf-8", newline="") as lines:
        rows = [(html.unescape(row["tweet"]), names[int(row["class"])]) for row in csv.DictReader(lines)]
    rows.sort(key=lambda row: _digest(row[0]))
    return [row for name in names for row in [one for one in rows if one[1] == name][:limit]]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _kept(text: str) -> bool:
    return int(_digest(text)[:4], 16) % 5 == 0
