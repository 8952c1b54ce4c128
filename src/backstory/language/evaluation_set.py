"""The labelled messages of `data/evaluation`, as its `guide.md` defines them: `develop` to tune on, `held_out` unseen.

Nothing may be tuned on `held_out`, and nobody needs to read it: `evaluate` prints its figures.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data" / "evaluation"
PARTS = ("develop", "held_out")
LANGUAGES = ("en", "de", "es", "fr")
CHANNELS = ("mail", "chat", "form", "post", "call-note")
ASKS = ("question", "request", "demand")
HARMS = ("money", "time", "health", "safety", "data", "dignity", "trust", "other")
DRIVERS = ("health", "life-event", "resilience", "capability")
THREATS = ("churn", "legal", "publicity", "self-harm")
STYLES = ("driver", "expressive", "analytic", "amiable", "none")
POLITENESS = ("polite", "neutral", "impolite")
EMOTIONS = ("anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral")
ABUSE = (1, 0, -1, -2, -3)
# The slugs of the causes that a new desk starts with (cases/taxonomy.py, which this room may not import).
CAUSES = (
    "outage",
    "installation",
    "product-defect",
    "delay",
    "missed-appointment",
    "billing",
    "contract",
    "repeat-contact",
    "broken-promise",
    "staff-conduct",
    "safety",
    "data-privacy",
    "access",
    "other",
    "none",
)
LABELS = (
    "complaint",
    "severity",
    "safety",
    "urgency",
    "by_when",
    "asks",
    "harms",
    "vulnerability",
    "threats",
    "style",
    "gap",
    "abuse",
    "politeness",
    "emotion",
    "intensity",
    "cause",
)


@cache
def lines(part: str) -> list[dict[str, Any]]:
    """The messages of one part, in the file's order: id, language, trade, channel, length, text, labels."""
    rows = (FOLDER / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(row) for row in rows if row.strip()]


def places(message: dict[str, Any], field: str) -> list[tuple[str, int, int]]:
    """(kind or driver, start, end) of the quotes of `asks`, `harms` or `vulnerability`; offsets are code points."""
    key, text = ("driver" if field == "vulnerability" else "kind"), message["text"]
    starts = [(one[key], text.index(one["quote"]), len(one["quote"])) for one in message["labels"][field]]
    return [(kind, start, start + length) for kind, start, length in starts]
