"""Measures what ships on data it was not trained on: `python -m backstory.language.evaluate [SECTION …]`.

Sections: `fields` (our labelled messages, every field), `own` (the training author's held-out messages), `letters` (the
demo's held-out third), `posts` (short public posts), `calibration`, `public` (emotions and complaints on public sets),
`short` (abuse, politeness, language). None named: all. The public sets come from `../shared` or `$BACKSTORY_SHARED`;
what needs them is said to be not measured where they are absent. `--part develop` shows the messages to tune on,
`held_out` the unseen ones, both where none is named; `--train` shows the training messages in `own`: to tune on, never
to report. `--json` prints one object; `--pictures FOLDER` draws the reliability diagrams of `calibration`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from backstory.language import evaluate_calibration as calibration
from backstory.language import evaluate_fields, evaluate_own, evaluate_public, evaluate_short, letters
from backstory.language.corpora import SetMissing, authored, posts_held_out
from backstory.language.evaluate_figures import Figure, Found, show
from backstory.language.evaluate_pictures import reliability_diagram
from backstory.language.evaluation_set import PARTS

Table = tuple[str, Iterator[Figure | Found]]


def _fields(options: argparse.Namespace) -> Iterator[Table]:
    for part in [options.part] if options.part else PARTS:
        given = evaluate_fields.cases(part)
        yield f"Labelled messages, {part} ({len(given)}): found", evaluate_fields.rows(given)
        yield f"Labelled messages, {part}: chosen", evaluate_fields.accuracies(given)


def _own(options: argparse.Namespace) -> Iterator[Table]:
    kind = "training (for tuning only)" if options.train else "held-out"
    yield f"The training author's {kind} messages", evaluate_own.own_figures(authored(held_out=not options.train))


def _letters(_: argparse.Namespace) -> Iterator[Table]:
    yield "The demo's held-out letters", evaluate_own.letter_figures(letters.openings(held_out=True))


def _posts(_: argparse.Namespace) -> Iterator[Table]:
    kept = [(one.text, bool(one.details["complaint"])) for one in posts_held_out()]
    yield "Public posts kept from training", evaluate_short.post_figures(kept)


def _public(_: argparse.Namespace) -> Iterator[Table]:
    yield "GoEmotions", evaluate_public.emotion_figures()
    yield "BRIGHTER", evaluate_public.brighter_figures()
    yield "Public complaints and queries", evaluate_public.public_complaint_figures()


def _short(_: argparse.Namespace) -> Iterator[Table]:
    yield "Abuse", evaluate_short.abuse_figures()
    yield "Politeness", evaluate_short.politeness_figures()
    yield "Language", evaluate_short.language_figures()


def _calibration(options: argparse.Namespace) -> Iterator[Table]:
    complaint = calibration.complaint_series()
    yield "Calibration of complaint", chain.from_iterable(one.figures() for one in complaint)
    yield f"Reliability of complaint, {complaint[0].name}", complaint[0].bin_figures()
    ours = calibration.own_ekman_series()
    yield "Calibration of Ekman, leading emotion", chain.from_iterable(one.figures() for one in ours)
    ekman = calibration.ekman_series()
    yield "Calibration of Ekman", chain.from_iterable(one.figures() for one in ekman)
    yield f"Reliability of Ekman, {ekman[0].name}, all labels", ekman[0].bin_figures()
    if options.pictures:
        folder = Path(options.pictures)
        for name, title, drawn in (
            ("reliability-complaint.svg", "Is it a complaint?", complaint[:3]),
            ("reliability-ekman.svg", "Ekman's emotions, all labels together", ekman),
        ):
            panels = [(one.name, one.bins()) for one in drawn]
            (folder / name).write_text(reliability_diagram(title, panels), encoding="utf-8")


SECTIONS: dict[str, Callable[[argparse.Namespace], Iterator[Table]]] = {
    "fields": _fields,
    "own": _own,
    "letters": _letters,
    "posts": _posts,
    "calibration": _calibration,
    "public": _public,
    "short": _short,
}


def _measure(name: str, options: argparse.Namespace) -> dict[str, Any]:
    """Table -> rows of one section; each is printed as it comes, unless JSON was asked for."""
    tables: dict[str, Any] = {}
    try:
        for title, rows in SECTIONS[name](options):
            if not options.json:
                sys.stdout.write(f"\n{title}\n\n")
                show(rows)
            else:
                tables[title] = [one.to_dict() for one in rows]
    except SetMissing as problem:
        tables["not measured"] = str(problem)
        if not options.json:
            sys.stdout.write(f"not measured: {problem}\n")
    return tables


def main(arguments: Sequence[str]) -> int:
    """Prints the figures; returns an exit code."""
    parser = argparse.ArgumentParser(prog="python -m backstory.language.evaluate", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--train", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--pictures", metavar="FOLDER")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.sections if name not in SECTIONS]:
        parser.error(f"no section {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    measured = {name: _measure(name, options) for name in options.sections or SECTIONS}
    if options.json:
        sys.stdout.write(json.dumps(measured, indent=2, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
