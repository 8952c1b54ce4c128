"""Measures the points on the labelled pairs: `python -m backstory.coach.evaluate [FILE]`.

Prints one JSON object: per split how many labelled points were found with their kind (recall), how many found points
are labelled (precision), and among those found the share with the right status.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from backstory.coach.advice import Context, Point
from backstory.coach.coach import check

LABELLED = Path(__file__).parent / "tests" / "data" / "points.jsonl"


def evaluate(path: Path = LABELLED) -> dict[str, dict[str, float]]:
    """Figures by split ("tune", "held-out"): pairs, points, precision, recall, status."""
    counts: dict[str, Counter[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        counts.setdefault(row["split"], Counter()).update(score(row))
    return {split: _figures(count) for split, count in sorted(counts.items())}


def score(row: dict[str, Any]) -> Counter[str]:
    """Counts of one labelled pair: expected, found, matched, status."""
    found = list(check(row["draft"], Context(message=row["message"])).points)
    count = Counter(pairs=1, expected=len(row["points"]), found=len(found))
    for wanted in row["points"]:
        match = next((point for point in found if _same(row["message"], wanted, point)), None)
        if match:
            found.remove(match)
            count += Counter(matched=1, status=int(match.status == wanted["status"]))
    return count


def _same(message: str, wanted: dict[str, str], point: Point) -> bool:
    start, other = message.index(wanted["quote"]), message.index(point.quote)
    shared = min(start + len(wanted["quote"]), other + len(point.quote)) - max(start, other)
    return wanted["kind"] == point.kind and shared >= 0.5 * min(len(wanted["quote"]), len(point.quote))


def _figures(count: Counter[str]) -> dict[str, float]:
    share = {"precision": ("matched", "found"), "recall": ("matched", "expected"), "status": ("status", "matched")}
    figures = {name: round(count[part] / max(1, count[whole]), 3) for name, (part, whole) in share.items()}
    return {"pairs": count["pairs"], "points": count["expected"], **figures}


if __name__ == "__main__":
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else LABELLED
    sys.stdout.write(json.dumps(evaluate(given), indent=2) + "\n")
