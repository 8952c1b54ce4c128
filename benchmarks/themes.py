"""How well themes are found without labels: `python -m benchmarks.themes`.

Questions of bank customers (banking77, its training half; CC BY 4.0): eight intents of 30 down to 16 questions each,
mixed with 40 questions of other intents that have no group. Ten such mixtures, drawn by seed; medians of them. Once by
words alone, once with the sentence encoder. Neither has seen a label. The height of the cut was chosen on the seeds 1
to 3; the figures are of 11 to 20.
"""

import csv
from pathlib import Path
from random import Random
from statistics import median
from unittest.mock import patch

from rich.console import Console
from rich.table import Table

from backstory.language import encoder, themes

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "language" / "banking77" / "train.csv"
SEEDS = range(11, 21)
INTENTS, LARGEST, STRAYS = 8, 30, 40


def mixture(seed: int) -> list[tuple[str, str]]:
    """(text, intent) in random order; "" for the strays."""
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = [(row["text"], row["category"]) for row in csv.DictReader(file)]
    random = Random(seed)
    intents = sorted({intent for _, intent in rows})
    random.shuffle(intents)
    chosen: list[tuple[str, str]] = []
    for number, intent in enumerate(intents[:INTENTS]):
        chosen += random.sample([row for row in rows if row[1] == intent], LARGEST - 2 * number)
    others = [text for text, intent in rows if intent in intents[INTENTS:]]
    chosen += [(text, "") for text in random.sample(others, STRAYS)]
    random.shuffle(chosen)
    return chosen


def figures(rows: list[tuple[str, str]]) -> tuple[float, float, float, float]:
    """(themes found, share of grouped texts in a theme, share of strays in one, share of members of the majority)."""
    found = themes.find([text for text, _ in rows])
    placed = {place: number for number, theme in enumerate(found) for place, _ in theme.members}
    grouped = [place for place, (_, intent) in enumerate(rows) if intent]
    strays = [place for place, (_, intent) in enumerate(rows) if not intent]
    right = sum(_majority([rows[place][1] for place, _ in theme.members]) for theme in found)
    return (
        len(found),
        sum(place in placed for place in grouped) / len(grouped),
        sum(place in placed for place in strays) / len(strays),
        right / max(1, len(placed)),
    )


def _majority(intents: list[str]) -> int:
    named = [intent for intent in intents if intent]
    return max((named.count(intent) for intent in set(named)), default=0)


def main() -> None:
    table = Table(title=f"{INTENTS} intents and {STRAYS} strays, medians of {len(SEEDS)} mixtures")
    for column in ("by", "themes", "grouped texts placed", "strays placed", "of the majority"):
        table.add_column(column)
    for name in ("words alone", encoder.name() or ""):
        if not name:
            continue
        with patch.object(encoder, "name", return_value=None if name == "words alone" else name):
            middles = [median(column) for column in zip(*(figures(mixture(seed)) for seed in SEEDS), strict=True)]
        table.add_row(name, f"{middles[0]:g}", *(f"{value:.2f}" for value in middles[1:]))
    Console().print(table)


if __name__ == "__main__":
    main()
