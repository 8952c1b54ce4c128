"""Measures the shipped weights on data they were not trained on: `python -m backstory.language.evaluate`.

The figures on our own messages and on complaints go through `read`, so they are what a user gets; emotions are measured
as the model heads alone and through `read`, which adds phrases and a shift for complaints. The public sets come from
`../shared`; without them only our own held-out messages are measured, and the output says so. `--train` shows our
training messages instead: the ones to tune on, never to report.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backstory.language import letters, measures, weights
from backstory.language.corpora import (
    EKMAN,
    Example,
    SetMissing,
    authored,
    brighter,
    complaints_cfpb,
    goemotions,
    ordinary_queries,
    ordinary_turns,
)
from backstory.language.reader import FEELINGS, read
from backstory.language.reading import Reading
from backstory.language.text import parse
from backstory.language.verdicts import ekman as ekman_of
from backstory.language.verdicts import emotions as emotions_of

ASKS = ("question", "request", "demand")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number: what, the value, on how many, and a word on how to take it."""

    name: str
    value: float
    count: int
    note: str = ""


def emotion_figures() -> Iterator[Figure]:
    """GoEmotions' official test split, macro-F1 over 28 labels and over the seven Ekman groups."""
    model = weights.load(FEELINGS["en"])
    tests = goemotions("original", "test")
    scores = [model.score(parse(one.text).model_tokens()) for one in tests]
    given = [frozenset(label.label for label in emotions_of(one, [])) for one in scores]
    labels = sorted({label for one in tests for label in one.labels})
    truth = [one.labels for one in tests]
    yield Figure("GoEmotions test, 28 labels, macro-F1", measures.macro_f1(truth, given, labels), len(tests))
    grouped = [one.labels for one in goemotions("ekman", "test")]
    named = [
        frozenset(name for name, p in ekman_of(one, []).items() if p >= model.limit(f"ekman/{name}")) for one in scores
    ]
    yield Figure("GoEmotions test, Ekman, macro-F1", measures.macro_f1(grouped, named, EKMAN), len(tests))
    readings = [read(one.text) for one in tests]
    given = [frozenset(label.label for label in one.emotions or ()) for one in readings]
    note = f"{sum(one.emotions is None for one in readings)} abstentions count as wrong"
    yield Figure(
        "GoEmotions test through read, 28, macro-F1", measures.macro_f1(truth, given, labels), len(tests), note
    )


def brighter_figures() -> Iterator[Figure]:
    """BRIGHTER's development splits, which training does not see: macro-F1, and Pearson's r of the intensity."""
    for code, language in (("eng", "en"), ("deu", "de"), ("esp", "es")):
        model = weights.load(FEELINGS[language])
        names, graded = brighter(code, "track_b", "dev")
        scores = [model.score(parse(text).model_tokens()) for text, _ in graded]
        if code != "eng":
            truth = [frozenset(name for name in names if levels[name]) for _, levels in graded]
            given = [
                frozenset(name for name in names if one.probability(f"ekman/{name}") >= model.limit(f"ekman/{name}"))
                for one in scores
            ]
            found = measures.macro_f1(truth, given, names)
            yield Figure(f"BRIGHTER {code} dev, emotions, macro-F1", found, len(graded))
        correlations = [
            measures.pearson(
                [levels[name] for _, levels in graded],
                [sum(one.probability(f"intensity/{name}>={level}") for level in (1, 2, 3)) for one in scores],
            )
            for name in names
        ]
        mean = sum(correlations) / len(correlations)
        yield Figure(f"BRIGHTER {code} dev, intensity, mean Pearson r", mean, len(graded))


def public_complaint_figures() -> Iterator[Figure]:
    """The fifth of the public sets that training leaves out: what share gets the right complaint verdict."""
    for name, texts, wanted in (
        ("CFPB narratives told to complain", complaints_cfpb(300, held_out=True), True),
        ("CLINC150 queries found not to complain", ordinary_queries(500, held_out=True), False),
        ("MultiDoGO turns found not to complain", ordinary_turns(500, held_out=True), False),
    ):
        verdicts = [one for one in (read(text).complaint for text in texts) if one is not None]
        right = [one.is_complaint is wanted for one in verdicts]
        yield Figure(name, measures.share(right), len(verdicts), f"answers {len(verdicts)} of {len(texts)}")


def letter_figures(examples: Sequence[Example]) -> Iterator[Figure]:
    """The demo company's letters, written by others than the engine's messages: complaint, cause and severity."""
    readings = [read(one.text) for one in examples]
    truth = [bool(one.details["complaint"]) for one in examples]
    given = [one.complaint.p if one.complaint else 0.5 for one in readings]
    threads = len({one.details["thread"] for one in examples})
    yield Figure("complaint, area under the ROC curve", measures.auc(truth, given), len(truth), f"{threads} threads")
    error = [(p - yes) ** 2 for p, yes in zip(given, truth, strict=True)]
    yield Figure("complaint, Brier score", sum(error) / len(error), len(truth), "lower is better")
    yield from _complaint_figures(examples, readings)
    ordinary = sorted(p for p, yes in zip(given, truth, strict=True) if not yes)
    yield Figure("complaint, median p of ordinary letters", ordinary[len(ordinary) // 2], len(ordinary))
    yield from _cause_figures(examples, readings)
    yield from _level_figures(examples, readings)


def own_figures(examples: Sequence[Example]) -> Iterator[Figure]:
    """Our own messages: complaint, severity, safety, asks, cause, style, intensity and leading emotion."""
    readings = [read(one.text) for one in examples]
    yield from _complaint_figures(examples, readings)
    yield from _severity_figures(examples, readings)
    yield from _ask_figures(examples, readings)
    yield from _choice_figures(examples, readings)
    yield from _feeling_figures(examples, readings)


def _complaint_figures(examples: Sequence[Example], readings: Sequence[Reading]) -> Iterator[Figure]:
    truth = [bool(one.details["complaint"]) for one in examples]
    given = [bool(one.complaint and one.complaint.is_complaint) for one in readings]
    precision, recall = measures.precision_recall(truth, given)
    yield Figure(
        "complaint, F1", measures.f1(truth, given), len(truth), f"precision {precision:.3f}, recall {recall:.3f}"
    )
    for code in ("en", "de", "es", "fr"):
        rows = [at for at, one in enumerate(examples) if one.details["language"] == code]
        right = [truth[at] == given[at] for at in rows]
        low, high = measures.wilson(right)
        yield Figure(f"complaint, accuracy, {code}", measures.share(right), len(rows), f"95 % {low:.2f} to {high:.2f}")


def _severity_figures(examples: Sequence[Example], readings: Sequence[Reading]) -> Iterator[Figure]:
    yield from _level_figures(examples, readings)
    truth = [bool(one.details["safety"]) for one in examples]
    given = [bool(one.severity and one.severity.safety) for one in readings]
    precision, recall = measures.precision_recall(truth, given)
    yield Figure(
        "safety flag, F1", measures.f1(truth, given), len(truth), f"precision {precision:.3f}, recall {recall:.3f}"
    )


def _level_figures(examples: Sequence[Example], readings: Sequence[Reading]) -> Iterator[Figure]:
    pairs = [
        (int(a.details["severity"]), b.severity.level if b.severity else 0)
        for a, b in zip(examples, readings, strict=True)
    ]
    yield Figure("severity, exact level", measures.share([a == b for a, b in pairs]), len(pairs))
    yield Figure("severity, within one level", measures.share([abs(a - b) <= 1 for a, b in pairs]), len(pairs))
    grave = [a >= 3 for a, _ in pairs], [b >= 3 for _, b in pairs]
    precision, recall = measures.precision_recall(*grave)
    yield Figure(
        "severity 3 or 4, F1", measures.f1(*grave), len(pairs), f"precision {precision:.3f}, recall {recall:.3f}"
    )


def _ask_figures(examples: Sequence[Example], readings: Sequence[Reading]) -> Iterator[Figure]:
    for kind in ASKS:
        truth = [kind in one.details["asks"] for one in examples]
        given = [any(ask.kind == kind for ask in one.asks or ()) for one in readings]
        precision, recall = measures.precision_recall(truth, given)
        note = f"precision {precision:.3f}, recall {recall:.3f}"
        yield Figure(f"asks: a {kind} in the message, F1", measures.f1(truth, given), len(truth), note)


def _cause_figures(examples: Sequence[Example], readings: Sequence[Reading]) -> Iterator[Figure]:
    pairs = list(zip(examples, readings, strict=True))
    caused = [(a.details["cause"], [label.label for label in b.cause or ()]) for a, b in pairs if a.details["cause"]]
    yield Figure(
        "cause, first of 14",
        measures.share([a == (b or [""])[0] for a, b in caused]),
        len(caused),
        "a missed complaint counts as wrong",
    )
    yield Figure("cause, among the first three", measures.share([a in b for a, b in caused]), len(caused))


def _choice_figures(examples: Sequence[Example], readings: Sequence[Reading]) -> Iterator[Figure]:
    yield from _cause_figures(examples, readings)
    pairs = list(zip(examples, readings, strict=True))
    styled = [(a.details["style"], b.style.likely if b.style else None) for a, b in pairs if a.details["style"]]
    answered = [(a, b) for a, b in styled if b]
    yield Figure(
        "style, right where it answers",
        measures.share([a == b for a, b in answered]),
        len(answered),
        f"answers {len(answered)} of {len(styled)}",
    )


def _feeling_figures(examples: Sequence[Example], readings: Sequence[Reading]) -> Iterator[Figure]:
    pairs = list(zip(examples, readings, strict=True))
    graded = [(float(a.details["intensity"]), b.intensity.overall) for a, b in pairs if b.intensity]
    error = sum(abs(a - b) for a, b in graded) / max(len(graded), 1)
    yield Figure("intensity, mean absolute error (0 to 3)", error, len(graded), "lower is better")
    r = measures.pearson([a for a, _ in graded], [b for _, b in graded])
    yield Figure("intensity, Pearson r", r, len(graded))
    led = [(a.labels, max(b.ekman, key=b.ekman.__getitem__)) for a, b in pairs if b.ekman]
    ill = [(a, b) for a, b in led if "neutral" not in a]
    yield Figure(
        "leading emotion right, where one is felt (en, de, es)", measures.share([b in a for a, b in ill]), len(ill)
    )


def _print(figures: Iterator[Figure]) -> None:
    for one in figures:
        sys.stdout.write(f"{one.name:<56} {one.value:6.3f}  n={one.count:<5} {one.note}\n")
        sys.stdout.flush()


def main(arguments: Sequence[str]) -> int:
    """Prints the figures; returns an exit code."""
    tuning = "--train" in arguments
    kind = "training (for tuning only)" if tuning else "held-out"
    sys.stdout.write(f"Our own {kind} messages\n")
    _print(own_figures(authored(held_out=not tuning)))
    if tuning:
        return 0
    try:
        sys.stdout.write("The third of the demo's letters that is held out\n")
        _print(letter_figures(letters.openings(held_out=True)))
        sys.stdout.write("Public sets\n")
        for figures in (emotion_figures(), brighter_figures(), public_complaint_figures()):
            _print(figures)
    except SetMissing as problem:
        sys.stdout.write(f"not measured: {problem}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
