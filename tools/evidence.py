"""Writes `docs/evidence.md`, and the figures in `docs/coach.md`, from the data of the code: `python -m tools.evidence`.

Every check with its source and strength from `coach/data/checks.json`, the regimes, what was measured of the points
(`coach/data/figures.json`), and the models of the reading engine from their manifest. `--check` only says whether the
pages are current.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from backstory.coach import books
from backstory.coach.checks.law import regimes
from backstory.coach.registry import Check, checks

DOCS = Path(__file__).parents[1] / "docs"
MANIFEST = Path(__file__).parents[1] / "src" / "backstory" / "language" / "data" / "weights" / "manifest.json"
BEGIN, END = "<!-- figures: written by python -m tools.evidence -->", "<!-- end of figures -->"
SPLITS = {"develop": "to develop on", "held_out": "held out"}
MEASURED_IN = {
    "service.npz": "[complaint, cause](reading.md)",
    "situations.npz": "[severity, safety, urgency, style](reading.md)",
    "conduct.npz": "[abuse, politeness](model_cards.md)",
    "languages.npz": "[language](model_cards.md)",
}
INTRO = """# Evidence

Every check of the coach and every model that reads, with what it rests on. This page is made from the data that the
code runs on: change the data, then `python -m tools.evidence`. A check fires for its bad examples and stays silent for
its good ones in every test run.

Strength: **[V]** seen in a published source · **[R]** recalled practice, verify before relying on it · **[G]** our own
judgement · **[S]** the service-recovery teaching that Backstory rests on. How often a check is right
on strangers' drafts was measured for the points only; what a team dismisses is shown to its lead under *Coach*.
"""


def evidence() -> str:
    """The whole page."""
    parts = [
        INTRO,
        "## Checks on a draft\n",
        _table(("check", "level", "says", "source", "strength", "languages", "examples good/bad"), map(_row, checks())),
        "## What the law asks of a letter\n",
        _table(("regime", "letters", "source", "strength", "effect"), map(_regime, regimes().values())),
        "## Points: answered, acknowledged or missed\n",
        figures()
        + "\nThe labelled set, how it was made and what is weak in it: [The coach](coach.md#how-points-work).\n",
        "## Models that read\n",
        _table(("file", "version", "learned from", "measured in"), _models()),
        "Promises are found by grammars and measured in [Promises](promises.md). The table of word meanings behind the"
        " points is cut from the multilingual universal sentence encoder (Yang et al. 2020) by"
        " `python -m tools.meanings`.\n",
    ]
    return "\n".join(parts)


def figures() -> str:
    """What was measured of the points, as a table."""
    measured: dict[str, dict[str, list[float]]] = books.load("figures")
    rows = [(name, *(_figure(measured[split][name]) for split in SPLITS)) for name in next(iter(measured.values()))]
    return _table(("figure", *SPLITS.values()), rows)


def renewed(page: str) -> str:
    """A page with the figures between its two marks written anew; raises ValueError where a mark is missing."""
    before, rest = page.split(BEGIN, 1)
    return f"{before}{BEGIN}\n\n{figures()}\n{END}{rest.split(END, 1)[1]}"


def _figure(figure: list[float]) -> str:
    share, low, high, of = figure
    return f"{share:.2f} ({low:.2f}–{high:.2f}, {of:.0f})"


def _row(one: Check) -> tuple[str, ...]:
    level = one.level + (f" (one more for {', '.join(one.styles)})" if one.styles else "")
    examples = f"{len(one.good)}/{len(one.bad)}"
    return (
        f"`{one.id}` {one.title}",
        level,
        one.message,
        one.source,
        f"[{one.strength}]",
        " ".join(one.languages),
        examples,
    )


def _regime(one: dict[str, Any]) -> tuple[str, ...]:
    letters = "; ".join(
        f"{letter['kind']}: {', '.join(need['says'] for need in letter['needs'])}" for letter in one["letters"]
    )
    effect = "stops sending" if one["strength"] == "V" else "warns: unverified"
    return one["title"], letters, one["source"], f"[{one['strength']}]", effect


def _models() -> Iterable[tuple[str, ...]]:
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    for name, one in sorted(manifest["files"].items()):
        yield f"`{name}`", one["version"], ", ".join(one["sets"]), MEASURED_IN.get(name, "[emotions](model_cards.md)")


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def main(arguments: list[str]) -> int:
    """Writes both pages; with `--check` writes nothing and returns 1 where one is out of date."""
    coach = DOCS / "coach.md"
    pages = {DOCS / "evidence.md": evidence(), coach: renewed(coach.read_text(encoding="utf-8"))}
    stale = [path for path, text in pages.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" not in arguments:
        for path, text in pages.items():
            path.write_text(text, encoding="utf-8")
        return 0
    sys.stdout.write("".join(f"out of date: {path.name}; run: python -m tools.evidence\n" for path in stale))
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
