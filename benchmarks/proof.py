"""How often verdicts, alarms and limits are right on simulated histories whose truth is known.

    python -m benchmarks.proof [--write]     # --write puts the table into docs/statistics.md

Fixed seeds; about a minute on two cores.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from backstory.measures import early_warning as warning
from backstory.measures.before_after import Tally, exposure_needed
from backstory.measures.cusum import decision_limit, reference_value
from backstory.measures.intervals import Share, wilson
from backstory.measures.verdict import ALPHA, Case, Ease, Reporting, Verdict, judge

RUNS = 1000
DOCS = Path(__file__).parent.parent / "docs" / "statistics.md"
WEEKDAYS = (1.4, 1.2, 1.1, 1.1, 1.0, 0.7, 0.5)
Row = tuple[str, ...]
Make = Callable[[np.random.Generator], Case]


def poisson(before: float, ratio: float, exposure: float, **more: object) -> Make:
    def make(random: np.random.Generator) -> Case:
        after = Tally(int(random.poisson(before * ratio * exposure)), 100 * exposure)
        return Case(Tally(int(random.poisson(before)), 100), after, **more)  # type: ignore[arg-type]

    return make


def planned(before: float, ratio: float, power: float) -> Make:
    """As much exposure after as the planning says is needed."""
    needed = exposure_needed(Tally(int(before), 100), ratio, ALPHA, power)
    assert needed is not None
    return poisson(before, ratio, needed / 100, target=ratio)


def clustered(ratio: float) -> Make:
    def make(random: np.random.Generator) -> Case:
        weeks = [Tally(int(n), 7) for n in random.negative_binomial(4, 4 / 14, 16)]
        after = [Tally(int(n), 7) for n in random.negative_binomial(4, 4 / (4 + 10 * ratio), 16)]
        return Case(sum(weeks[1:], weeks[0]), sum(after[1:], after[0]), history=weeks)

    return make


def peak(warned: bool) -> Make:
    def make(random: np.random.Generator) -> Case:
        months = random.poisson(30, 12)
        top = int(months.argmax())
        earlier = Tally(int(months.sum() - months[top]), 330) if warned else None
        return Case(Tally(int(months[top]), 30), Tally(int(random.poisson(30)), 30), earlier=earlier)

    return make


def reporting(measured: bool, ratio: float) -> Make:
    """A new code doubles how readily customers complain (10 % to 20 %) while the problem changes by `ratio`."""

    def make(random: np.random.Generator) -> Case:
        before, after = Tally(int(random.poisson(200)), 100), Tally(int(random.poisson(400 * ratio)), 100)
        shares = Share(int(random.binomial(1500, 0.1)), 1500), Share(int(random.binomial(1500, 0.2)), 1500)
        told = Reporting(Ease.EASIER, *shares) if measured else Reporting(Ease.EASIER)
        return Case(before, after, told)

    return make


CASES: dict[str, tuple[Make, Verdict | None]] = {
    "halved; planned with 96 % power": (planned(80, 0.5, 0.96), Verdict.REDUCED),
    "fell to 70 %; planned with 96 % power": (planned(300, 0.7, 0.96), Verdict.REDUCED),
    "unchanged, 80 before and 80 after": (poisson(80, 1.0, 1.0), Verdict.NOT_SHOWN),
    "doubled": (poisson(80, 2.0, 1.0), Verdict.WORSE),
    "a handful of cases": (poisson(5, 0.7, 0.5), Verdict.INSUFFICIENT),
    "unchanged, looked at before the planned end": (poisson(80, 1.0, 1.0, is_planned_end=False), Verdict.INSUFFICIENT),
    "unchanged, in clusters (variance 3.5 × mean)": (clustered(1.0), None),
    "unchanged, baseline chosen at the peak of a year": (peak(True), None),
    "the same without looking at the year": (peak(False), None),
    "unchanged, a new code doubles complaints, not measured": (reporting(False, 1.0), Verdict.NOT_SHOWN),
    "unchanged, a new code doubles complaints, surveys of 1 500": (reporting(True, 1.0), Verdict.NOT_SHOWN),
    "halved, a new code doubles complaints, surveys of 1 500": (reporting(True, 0.5), Verdict.REDUCED),
}


def verdicts() -> Iterator[Row]:
    for name, (make, right) in CASES.items():
        random = np.random.default_rng(2026)
        found = Counter(judge(make(random)).verdict for _ in range(RUNS))
        shares = [f"{found[verdict] / RUNS:.1%}" for verdict in Verdict]
        yield name, right.replace("_", " ") if right else "–", *shares


def false_alarms() -> Iterator[Row]:
    for causes, months in ((10, 600), (40, 400), (200, 120)):
        random, alarms, lived = np.random.default_rng(causes), 0, 0
        days = warning.HISTORY + warning.GUARD
        while lived < months * 30:
            rates = np.geomspace(1 / 30, 6, causes)
            counts = random.poisson(rates[:, None] * np.resize(WEEKDAYS, days + 360))
            alarms += rung(counts, np.resize(WEEKDAYS, days + 360), causes)
            lived += 360
        yield str(causes), str(lived // 30), f"{alarms / (lived / 30):.2f}"


def rung(counts: np.ndarray, exposure: np.ndarray, causes: int) -> int:
    """Alarms of a desk, each series quiet for a fortnight after one."""
    days, quiet, alarms = warning.HISTORY + warning.GUARD, np.zeros(len(counts)), 0
    for day in range(counts.shape[1] - days):
        window = slice(day, day + days)
        beyond = warning.p_values(counts[:, window], exposure[window]).min(axis=-1) <= warning.level(causes)
        beyond &= quiet <= day
        alarms += int(beyond.sum())
        quiet[beyond] = day + warning.GUARD
    return alarms


def delays() -> Iterator[Row]:
    days = warning.HISTORY + warning.GUARD
    for usual, risen in ((0.1, 1), (0.3, 2), (1, 3), (2, 4), (2, 6), (5, 10), (10, 15)):
        random = np.random.default_rng(12)
        counts = np.concatenate([random.poisson(usual, (500, days)), random.poisson(risen, (500, 60))], axis=1)
        first = np.full(500, 61)
        for day in range(60, 0, -1):
            p = warning.p_values(counts[:, day : day + days], np.ones(days)).min(axis=-1)
            first[p <= warning.level(40)] = day
        low, middle, high = np.quantile(first, [0.1, 0.5, 0.9])
        yield f"{usual:g}", f"{risen:g}", f"{middle:.0f}", f"{low:.0f} to {high:.0f}"


def run_lengths() -> Iterator[Row]:
    for mean, shifted, wanted in (
        (10.0, 6.0, 370),
        (10.0, 14.0, 370),
        (4.0, 7.0, 370),
        (2.0, 1.0, 200),
        (0.6, 1.5, 200),
    ):
        limit, k = decision_limit(mean, shifted, wanted), reference_value(mean, shifted)
        steps = np.random.default_rng(99).poisson(mean, (wanted * 6, 2000)) - k
        steps, level = (steps if shifted > mean else -steps), np.zeros(2000)
        first = np.zeros(2000)
        for point, step in enumerate(steps):
            level = np.maximum(level + step, 0)
            first[(first == 0) & (level >= limit)] = point + 1
        lived = np.where(first > 0, first, len(steps)).sum()
        yield f"{mean:g} → {shifted:g}", f"{k:.3f}", f"{limit:.2f}", str(wanted), f"{lived / (first > 0).sum():.0f}"


def coverage() -> Iterator[Row]:
    random = np.random.default_rng(1927)
    for share, total in ((0.05, 60), (0.3, 30), (0.84, 100), (0.5, 400)):
        counts = random.binomial(total, share, 4000)
        intervals = [wilson(int(count), total) for count in counts]
        held = sum(low <= share <= high for low, high in intervals) / len(intervals)
        yield f"{share:.0%}", str(total), f"{held:.1%}"


TABLES: dict[str, tuple[Row, Callable[[], Iterator[Row]]]] = {
    f"Verdicts, {RUNS} histories each": (("history", "right", *(v.replace("_", " ") for v in Verdict)), verdicts),
    "False alarms of early warning": (("series", "months lived", "false alarms a month"), false_alarms),
    "Days until a rise is noticed, among 40 series": (
        ("usual a day", "then", "median days", "8 of 10 within"),
        delays,
    ),
    "CUSUM limits, checked with other random numbers": (
        ("from → to", "k", "limit", "run length wanted", "found"),
        run_lengths,
    ),
    "Wilson's interval holds the true share": (("share", "n", "held"), coverage),
}


def main() -> None:
    """Print every table; with `--write` also into the documentation."""
    parts = []
    for title, (head, rows) in TABLES.items():
        lines = [f"| {' | '.join(row)} |" for row in (head, tuple("---" for _ in head), *rows())]
        parts.append("\n".join([f"**{title}**", "", *lines]))
        print(parts[-1], "\n", flush=True)
    if "--write" in sys.argv:
        before, rest = DOCS.read_text(encoding="utf-8").split("<!-- proof -->")
        after = rest.split("<!-- /proof -->")[1]
        text = before + "<!-- proof -->\n\n" + "\n\n".join(parts) + "\n\n<!-- /proof -->" + after
        DOCS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
