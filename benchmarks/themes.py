"""How well themes are found without labels: `python -m benchmarks.themes`.

Questions of bank customers (banking77, its training half; CC BY 4.0): eight intents of 30 down to 16 questions each,
mixed with 40 questions of other intents that have no group; 800 more questions stand for the desk's other complaints.
Ten such mixtures, drawn by seed; medians of them. No label is seen. Height of the cut and number of directions were
chosen on the seeds 1 to 5; the figures are of 11 to 20.
"""

import csv
from pathlib import Path
from random import Random
from statistics import median

from rich.console import Console
from rich.table import Table

from backstory.language import themes

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "language" / "banking77" / "train.csv"
SEEDS = range(11, 21)
INTENTS, LARGEST, STRAYS, OTHERS = 8, 30, 40, 800


def mixture(seed: int) -> tuple[list[tuple[str, str]], list[str]]:
    """(text, intent) in random order, "" for the strays; and more texts."""
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
    known = {text for text, _ in chosen}
    return chosen, [text for text, _ in random.sample(rows, OTHERS) if text not in known]


def figures(rows: list[tuple[str, str]], others: list[str]) -> tuple[float, float, float, float]:
    """(themes found, share of grouped texts in a theme, share of strays in one, share of members of the majority)."""
    found = themes.find([text for text, _ in rows], others)
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
    for column in ("other texts", "themes", "grouped texts placed", "strays placed", "of the majority"):
        table.add_column(column)
    for most in (0, OTHERS):
        found = [figures(rows, others[:most]) for rows, others in map(mixture, SEEDS)]
        middles = [median(column) for column in zip(*found, strict=True)]
        table.add_row(str(most), f"{middles[0]:g}", *(f"{value:.2f}" for value in middles[1:]))
    Console().print(table)


if __name__ == "__main__":
    main()
