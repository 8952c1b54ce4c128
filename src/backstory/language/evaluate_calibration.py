"""Whether a stated probability is met: reliability bins and expected calibration error, through `read`.

Ten bins of equal width; the error is Guo et al.'s (2017), and over labels both pooled and as the mean of the labels'
own (Kull et al. 2019), which pooling with the many sure "no" would flatter. On few texts the error is partly chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backstory.language import letters, measures
from backstory.language.corpora import Example, authored, brighter, goemotions
from backstory.language.evaluate_fields import cases
from backstory.language.evaluate_figures import Figure
from backstory.language.measures import Bin
from backstory.language.reader import read


@dataclass(frozen=True, slots=True)
class Series:
    """What was said with which probability, and whether it was so; `labels` names the label of each, where many."""

    name: str
    given: Sequence[float]
    truth: Sequence[bool]
    labels: Sequence[str] = ()

    def bins(self) -> list[Bin]:
        """All labels pooled."""
        return measures.reliability(self.given, self.truth)

    def figures(self) -> Iterator[Figure]:
        """The calibration error, pooled and as the mean over the labels."""
        error = measures.calibration_error(self.bins())
        yield Figure(f"{self.name}, expected calibration error", error, len(self.given), "lower is better")
        if names := sorted(set(self.labels)):
            errors = [measures.calibration_error(measures.reliability(*self._of(name))) for name in names]
            mean = sum(errors) / len(errors)
            yield Figure(f"{self.name}, mean of the labels' errors", mean, len(self.given), f"{len(names)} labels")

    def bin_figures(self) -> Iterator[Figure]:
        """Of those said with about the same probability, the share that was so, with Wilson's interval."""
        for one in self.bins():
            low, high = measures.wilson_of(one.right, one.count)
            yield Figure(f"said {one.p:.2f}", one.right / one.count, one.count, "was so", low, high)

    def _of(self, label: str) -> tuple[list[float], list[bool]]:
        rows = [at for at, name in enumerate(self.labels) if name == label]
        return [self.given[at] for at in rows], [self.truth[at] for at in rows]


def complaint_series() -> list[Series]:
    """Complaint on texts that training does not see, all together and each kind alone; and on those to develop on."""
    ours = authored(held_out=True)
    openings = letters.openings(held_out=True)
    unseen = [
        _labelled("held-out messages", "held_out"),
        _examples("the demo's held-out letters", openings),
        _examples("training author's held-out messages", ours),
    ]
    given = [p for one in unseen for p in one.given]
    truth = [yes for one in unseen for yes in one.truth]
    return [Series("all unseen", given, truth), *unseen, _labelled("messages to develop on", "develop")]


def ekman_series() -> list[Series]:
    """Ekman's emotions on GoEmotions' test split and BRIGHTER's development splits."""
    rows = [(one.text, one.labels) for one in goemotions("ekman", "test")]
    found = [_emotions("GoEmotions test", rows)]
    for name, code in (("BRIGHTER deu dev", "deu"), ("BRIGHTER esp dev", "esp")):
        graded = brighter(code, "track_a", "dev")[1]
        found.append(_emotions(name, [(text, frozenset(k for k, v in levels.items() if v)) for text, levels in graded]))
    return found


def own_ekman_series() -> list[Series]:
    """The leading emotion of our labelled messages: one of seven is true, so that a second feeling counts as wrong."""
    found = []
    for name, part in (("held-out messages", "held_out"), ("messages to develop on", "develop")):
        rows = [(one.message["text"], frozenset((one.label("emotion"),))) for one in cases(part)]
        found.append(_emotions(name, rows))
    return found


def _labelled(name: str, part: str) -> Series:
    pairs = [(one.reading.complaint.p, bool(one.label("complaint"))) for one in cases(part) if one.reading.complaint]
    return Series(name, [p for p, _ in pairs], [yes for _, yes in pairs])


def _examples(name: str, examples: Sequence[Example]) -> Series:
    pairs = [(read(one.text).complaint, bool(one.details["complaint"])) for one in examples]
    answered = [(said.p, yes) for said, yes in pairs if said]
    return Series(name, [p for p, _ in answered], [yes for _, yes in answered])


def _emotions(name: str, rows: Sequence[tuple[str, frozenset[str]]]) -> Series:
    said = [(read(text).ekman, truth) for text, truth in rows]
    every = [(p, label in truth, label) for ekman, truth in said if ekman for label, p in ekman.items()]
    return Series(name, [p for p, _, _ in every], [yes for _, yes, _ in every], [label for _, _, label in every])
