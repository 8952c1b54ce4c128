"""Measures readings on our own training-time held-out messages and on the held-out third of the demo's letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from backstory.language import measures
from backstory.language.corpora import Example
from backstory.language.evaluate_figures import Figure
from backstory.language.evaluation_set import ASKS, LANGUAGES
from backstory.language.reader import read
from backstory.language.reading import Reading


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
    for code in LANGUAGES:
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
