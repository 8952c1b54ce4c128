"""Measures `promises.find` on the labelled sentences: `python -m backstory.language.evaluate_promises [FILE]`.

Prints one JSON object: per split the precision and recall of finding a promise (spans overlap by half or more), and
among those found the share with the right party and the right due moment.
"""

import json
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from backstory.kernel.calendars import BusinessHours
from backstory.language import promises

LABELLED = Path(__file__).parent / "tests" / "data" / "promises.jsonl"


def evaluate(path: Path = LABELLED) -> dict[str, dict[str, float]]:
    """Figures by split ("tune", "held-out"): sentences, precision, recall, party, due."""
    counts: dict[str, Counter[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        counts.setdefault(row["split"], Counter()).update(score(row))
    return {split: _figures(count) for split, count in sorted(counts.items())}


def score(row: dict[str, Any]) -> Counter[str]:
    """Counts of one labelled sentence: expected, found, matched, party, due."""
    found = promises.find(row["text"], datetime.fromisoformat(row["sent_at"]), BusinessHours(tz=row["tz"]))
    count = Counter(sentences=1, expected=len(row["promises"]), found=len(found))
    for wanted in row["promises"]:
        match = next((one for one in found if _overlaps(row["text"], wanted["quote"], one)), None)
        if match:
            found.remove(match)
            count += Counter(
                matched=1, party=int(match.by == wanted["by"]), due=int(due_text(match, row["tz"]) == wanted["due"])
            )
    return count


def due_text(promise: promises.Promise, tz: str) -> str:
    """The due moment as the labels write it: local minutes, or "open"."""
    return f"{promise.due.astimezone(ZoneInfo(tz)):%Y-%m-%dT%H:%M}" if promise.due else "open"


def _overlaps(text: str, quote: str, promise: promises.Promise) -> bool:
    start = text.index(quote)
    shared = min(promise.end, start + len(quote)) - max(promise.start, start)
    return shared >= 0.5 * max(len(quote), promise.end - promise.start)


def _figures(count: Counter[str]) -> dict[str, float]:
    share = {"precision": ("matched", "found"), "recall": ("matched", "expected")}
    share |= {"party": ("party", "matched"), "due": ("due", "matched")}
    figures = {name: round(count[part] / max(1, count[whole]), 3) for name, (part, whole) in share.items()}
    return {"sentences": count["sentences"], "promises": count["expected"], **figures}


if __name__ == "__main__":
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else LABELLED
    sys.stdout.write(json.dumps(evaluate(given), indent=2) + "\n")
