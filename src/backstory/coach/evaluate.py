"""Measures the points on the labelled pairs: `python -m backstory.coach.evaluate [--errors] [--write]`.

Prints one JSON object: per split the figures of `FIGURES`, each `[share, low, high, of]` with its 95 % Wilson interval.
`--errors` lists what goes wrong in the development part on standard error; those of the held-out part are never shown.
`--write` keeps the figures in `data/figures.json`, which the documents are made from (`python -m tools.evidence`).
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from backstory.coach import books
from backstory.coach.advice import Context, Point
from backstory.coach.coach import check
from backstory.language import read
from backstory.language.measures import wilson_of

DATA = books.DATA / "evaluation"
SPLITS = ("develop", "held_out")
ASKS = ("question", "request")
FIGURES = {
    "missed asks: precision": ("missed right", "missed found"),
    "missed asks: recall": ("missed right", "missed labelled"),
    "asks found: precision": ("asks matched", "asks found"),
    "asks found: recall": ("asks matched", "asks labelled"),
    "question or request told apart": ("kind right", "asks matched"),
    "status of the asks found": ("status right", "asks matched"),
    "harms found: precision": ("harms matched", "harms found"),
    "harms found: recall": ("harms matched", "harms labelled"),
    "missed harms: precision": ("missed harms right", "missed harms found"),
    "missed harms: recall": ("missed harms right", "missed harms labelled"),
}
"""Each figure as the counts it divides. Questions and requests are pooled as asks: a missed one counts as right where
the words overlap by half of the shorter quote and both say missed."""


@dataclass(frozen=True)
class Match:
    """A labelled point and the one found at its place; either may be None."""

    labelled: dict[str, str] | None
    found: Point | None


def pairs(split: str) -> list[dict[str, Any]]:
    """The labelled pairs of a split, as `data/evaluation/guide.md` describes them."""
    lines = (DATA / f"{split}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def evaluate(split: str) -> dict[str, list[float]]:
    """The figures of a split: name -> [share, low, high, of]."""
    count: Counter[str] = Counter()
    for pair in pairs(split):
        for match in matches(pair):
            count.update(_counted(match))
    return {name: _figure(count[part], count[whole]) for name, (part, whole) in FIGURES.items()}


def matches(pair: dict[str, Any]) -> Iterator[Match]:
    """Labelled and found points of one pair brought together: asks with asks, harms with harms, each once."""
    left = list(check(pair["draft"], Context(message=pair["message"], reading=read(pair["message"]))).points)
    for labelled in pair["points"]:
        found = next((point for point in left if _same(pair["message"], labelled, point)), None)
        if found:
            left.remove(found)
        yield Match(labelled, found)
    for found in left:
        yield Match(None, found)


def _counted(match: Match) -> Iterator[str]:
    one, other = match.labelled, match.found
    kind = one["kind"] if one else other.kind if other else ""
    asks = kind in ASKS
    group, missed = ("asks", "missed") if asks else ("harms", "missed harms")
    if one:
        yield f"{group} labelled"
        if one["status"] == "missed":
            yield f"{missed} labelled"
    if other:
        yield f"{group} found"
        if other.status == "missed":
            yield f"{missed} found"
    if one and other:
        yield f"{group} matched"
        if one["status"] == other.status == "missed":
            yield f"{missed} right"
        if asks:
            yield from ["kind right"] * (one["kind"] == other.kind)
            yield from ["status right"] * (one["status"] == other.status)


def _same(message: str, labelled: dict[str, str], point: Point) -> bool:
    if (labelled["kind"] in ASKS) != (point.kind in ASKS):
        return False
    start, other = message.index(labelled["quote"]), message.index(point.quote)
    shared = min(start + len(labelled["quote"]), other + len(point.quote)) - max(start, other)
    return shared >= 0.5 * min(len(labelled["quote"]), len(point.quote))


def _figure(part: int, whole: int) -> list[float]:
    low, high = wilson_of(part, whole)
    return [round(part / max(1, whole), 3), round(low, 3), round(high, 3), whole]


def _show_errors() -> None:
    for pair in pairs("develop"):
        for match in matches(pair):
            one, other = match.labelled, match.found
            said = f"{one['kind']} {one['status']}" if one else "-"
            found = f"{other.kind} {other.status}" if other else "-"
            if said != found:
                quote = one["quote"] if one else other.quote if other else ""
                sys.stderr.write(f"{pair['id']} {said} | {found} | {quote} => {other and other.draft_quote}\n")


if __name__ == "__main__":
    if "--errors" in sys.argv:
        _show_errors()
    measured = json.dumps({split: evaluate(split) for split in SPLITS}, indent=1) + "\n"
    if "--write" in sys.argv:
        (books.DATA / "figures.json").write_text(measured, encoding="utf-8")
    sys.stdout.write(measured)
