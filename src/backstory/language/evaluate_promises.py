"""Measures `promises.find` on `data/promises`: `python -m backstory.language.evaluate_promises`.

Prints one JSON object: per part ("develop", "held_out") and, with `--by language` or `--by channel`, per group, the
precision and recall of finding a promise (the spans share half of the longer one), and among those found the share with
the right party and the right due moment, each with its 95 % Wilson interval. `--wrong` prints what is wrong in
`develop`; there is no such option for the part that nobody looks at.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from backstory.kernel import calendars
from backstory.language import promises
from backstory.language.measures import wilson_of

FOLDER = Path(__file__).parent / "data" / "promises"
PARTS = ("develop", "held_out")
SHARES = {
    "precision": ("matched", "found"),
    "recall": ("matched", "expected"),
    "party": ("party", "matched"),
    "due": ("due", "matched"),
}
Row = dict[str, Any]
Figures = dict[str, Any]


def rows(part: str) -> list[Row]:
    """The labelled messages of one part, as `data/promises/README.md` describes them."""
    lines = (FOLDER / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def evaluate(part: str, by: str | None = None) -> Figures:
    """Figures of one part: messages, promises, and each share as [value, low, high]; per value of `by` if given."""
    counts: dict[str, Counter[str]] = {}
    for row in rows(part):
        counts.setdefault(row[by] if by else "all", Counter()).update(score(row))
    figures = {group: _figures(count) for group, count in sorted(counts.items())}
    return figures if by else figures["all"]


def score(row: Row) -> Counter[str]:
    """Counts of one labelled message: expected, found, matched, party, due."""
    found = _found(row)
    count = Counter(messages=1, expected=len(row["promises"]), found=len(found))
    for wanted in row["promises"]:
        match = next((one for one in found if _overlaps(row["text"], wanted["quote"], one)), None)
        if match:
            found.remove(match)
            right_due = due_text(match, row) == wanted["due"]
            count += Counter(matched=1, party=int(match.by == wanted["by"]), due=int(right_due))
    return count


def due_text(promise: promises.Promise, row: Row) -> str:
    """The due moment as the labels write it: local minutes, or "open"."""
    zone = calendars.parse(row["business_hours"]).zone
    return f"{promise.due.astimezone(zone):%Y-%m-%dT%H:%M}" if promise.due else "open"


def wrong(part: str = "develop") -> Iterator[Row]:
    """Messages of `develop` in which anything differs from the label, with both."""
    for row in rows(part):
        found = [{"quote": one.quote, "by": one.by, "due": due_text(one, row)} for one in _found(row)]
        count = score(row)
        if not count["expected"] == count["found"] == count["matched"] == count["party"] == count["due"]:
            yield {"id": row["id"], "text": row["text"], "wanted": row["promises"], "found": found}


def _found(row: Row) -> list[promises.Promise]:
    sent_at, hours = datetime.fromisoformat(row["sent_at"]), calendars.parse(row["business_hours"])
    return promises.find(row["text"], sent_at, hours)


def _overlaps(text: str, quote: str, promise: promises.Promise) -> bool:
    start = text.index(quote)
    shared = min(promise.end, start + len(quote)) - max(promise.start, start)
    return shared >= 0.5 * max(len(quote), promise.end - promise.start)


def _figures(count: Counter[str]) -> Figures:
    shares = {name: _share(count[part], count[whole]) for name, (part, whole) in SHARES.items()}
    return {"messages": count["messages"], "promises": count["expected"], **shares}


def _share(right: int, total: int) -> list[float]:
    low, high = wilson_of(right, total)
    return [round(right / max(1, total), 3), round(low, 3), round(high, 3)]


def main(arguments: list[str]) -> None:
    """Print what was asked for, as JSON."""
    if "--wrong" in arguments:
        for row in wrong():
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        return
    by = arguments[arguments.index("--by") + 1] if "--by" in arguments else None
    sys.stdout.write(json.dumps({part: evaluate(part, by) for part in PARTS}, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
