"""Did a fix reduce what it was made for? Reduced, not shown, worse or insufficient data, with reasons. Pure.

What is counted is complaints; what is asked is how often the thing happens. The two differ by how readily customers
complain, so a change of that is taken out where it was measured, and where it is only known to have happened, no
verdict is given that it alone could explain.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from math import sqrt

from backstory.measures.before_after import (
    Comparison,
    Tally,
    compare,
    dispersion,
    exposure_needed,
    log_p,
    log_ratio_variance,
    power,
    rate_ratio,
)
from backstory.measures.intervals import Z_95, Estimate, Share

ALPHA = 0.025
"""The largest one-sided p that counts as shown: an unchanged process is called changed at most once in 20, and
called reduced at most once in 40."""
EARLY_ALPHA = 0.001
"""Before the planned end only this counts (Haybittle 1971, Peto 1976): looking often must not create findings."""
PEAK_P = 0.2
POWER = 0.8
TARGET = 0.5


class Verdict(StrEnum):
    REDUCED = "reduced"
    NOT_SHOWN = "not_shown"
    WORSE = "worse"
    INSUFFICIENT = "insufficient_data"


class Ease(StrEnum):
    """How easy complaining has become since the fix, as far as anybody knows."""

    SAME = "same"
    EASIER = "easier"
    HARDER = "harder"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Reporting:
    """What changed in how readily customers complain.

    `before` and `after`: of so many with the problem, so many complained, from a survey on each side. `new_ways`: of
    the complaints after, how many came by a way that did not exist before (a QR code, a new channel).
    """

    ease: Ease = Ease.SAME
    before: Share | None = None
    after: Share | None = None
    new_ways: int = 0

    @property
    def is_measured(self) -> bool:
        return bool(self.before and self.after and self.before.total and self.after.total)

    @property
    def factor(self) -> tuple[float, float]:
        """By how much reporting rose, and the variance of its logarithm; half a case is added where one is 0."""
        if not self.before or not self.after:
            return 1.0, 0.0
        half = 0.0 if self.before.count and self.after.count else 0.5
        shares = [(share.count + half) / (share.total + 2 * half) for share in (self.before, self.after)]
        counts = (self.before.count + half, self.after.count + half)
        return shares[1] / shares[0], sum((1 - p) / k for p, k in zip(shares, counts, strict=True))


class Reason(StrEnum):
    FEWER = "fewer"
    MORE = "more"
    CHANCE = "chance"
    TOO_FEW = "too_few"
    EARLY = "early"
    PEAK = "peak"
    CLUSTERED = "clustered"
    REPORTING_TAKEN_OUT = "reporting_taken_out"
    REPORTING_COULD_EXPLAIN = "reporting_could_explain"
    NEW_WAYS = "new_ways"


SENTENCES: Mapping[Reason, str] = {
    Reason.FEWER: "It happens less often: the rate is now {ratio} of what it was ({low} to {high}).",
    Reason.MORE: "It happens more often: the rate is now {ratio} of what it was ({low} to {high}).",
    Reason.CHANCE: "The difference is small enough to be chance: anything from {low} to {high} of the old rate fits.",
    Reason.TOO_FEW: "There is too little to tell yet: a fall to {target} of the old rate would be seen with a "
    "chance of only {power}.",
    Reason.EARLY: "The agreed time is not over. Until then only a very clear change counts.",
    Reason.PEAK: "The time before was chosen at a peak: it was higher than what came before it. Such a peak falls by "
    "itself, so the longer history was compared too.",
    Reason.CLUSTERED: "Complaints come in clusters, {dispersion} times as uneven as by chance. The interval is wider "
    "for it.",
    Reason.REPORTING_TAKEN_OUT: "Customers complain {factor} times as readily as before. That is taken out.",
    Reason.REPORTING_COULD_EXPLAIN: "How easy it is to complain has changed, or may have, and nobody measured "
    "by how much. That alone could explain what is seen.",
    Reason.NEW_WAYS: "{new_ways} of the complaints after came by a way that did not exist before. They are counted "
    "once with and once without; a verdict must hold both times.",
}
"""Templates for people; pages translate the template and fill in `Judgement.numbers`."""


@dataclass(frozen=True)
class Case:
    """All that a verdict rests on. `history`: the baseline in equal parts (weeks), to see clusters; `earlier`: the
    time before the baseline, to see a peak; `target`: the ratio the fix was meant to reach; `is_planned_end`: whether
    the time agreed beforehand is over."""

    before: Tally
    after: Tally
    reporting: Reporting = Reporting()
    history: Sequence[Tally] = ()
    earlier: Tally | None = None
    target: float = TARGET
    wanted_power: float = POWER
    is_planned_end: bool = True


@dataclass(frozen=True)
class Judgement:
    """A verdict, its reasons, and the numbers. `ratio` is of occurrence, reporting taken out where it was measured."""

    case: Case
    verdict: Verdict
    reasons: tuple[Reason, ...]
    comparison: Comparison
    ratio: Estimate | None
    p_fewer: float
    p_more: float
    dispersion: float

    @cached_property
    def power(self) -> float:
        """How likely a true fall to the case's target would be shown by now."""
        return _power(self.case, self.dispersion)

    @cached_property
    def needed(self) -> float | None:
        """The exposure after the fix that shows such a fall with the power wanted; None where no time is enough."""
        case = self.case
        return exposure_needed(case.before, case.target, ALPHA, case.wanted_power, self.dispersion)

    @cached_property
    def numbers(self) -> Mapping[str, str]:
        """What the sentences are filled in with."""
        return _numbers(self)

    @property
    def words(self) -> list[str]:
        return [SENTENCES[reason].format(**self.numbers) for reason in self.reasons]


def judge(case: Case) -> Judgement:
    """The verdict on a case."""
    spread = dispersion(tuple(case.history))
    alpha = ALPHA if case.is_planned_end else EARLY_ALPHA
    findings = [_finding(case, before, after, spread) for before in _baselines(case) for after in _afters(case)]
    ratio, p_fewer, p_more = findings[0][0], max(f[1] for f in findings), max(f[2] for f in findings)
    verdict, reasons = _decide(case, p_fewer, p_more, alpha, spread)
    reasons += _remarks(case, spread)
    comparison = compare(case.before, case.after)
    return Judgement(case, verdict, tuple(reasons), comparison, ratio, p_fewer, p_more, spread)


def _power(case: Case, spread: float) -> float:
    return power(case.before, case.after.exposure, case.target, ALPHA, spread)


def _baselines(case: Case) -> list[Tally]:
    """The declared baseline, and the longer history with it where the baseline was a peak."""
    return [case.before, case.before + case.earlier] if case.earlier and is_peak(case) else [case.before]


def _afters(case: Case) -> list[Tally]:
    """All complaints after, and those by the ways that existed before too; a measured factor has both in it."""
    new = 0 if case.reporting.is_measured else min(case.reporting.new_ways, case.after.count)
    return [case.after, Tally(case.after.count - new, case.after.exposure)] if new else [case.after]


def is_peak(case: Case) -> bool:
    """Whether the baseline stands higher than the time before it, as the highest of many chance values would.

    A rise that chance does not explain even so (p below .001) is no peak but news: what was mended may be just that.
    """
    return case.earlier is not None and EARLY_ALPHA < compare(case.earlier, case.before).p_more < PEAK_P


def _finding(case: Case, before: Tally, after: Tally, spread: float) -> tuple[Estimate | None, float, float]:
    """Ratio of occurrence and one-sided p-values; exact where nothing widens it, else normal on the logarithm."""
    if not before.count + after.count:
        return None, 1.0, 1.0
    factor, extra = case.reporting.factor if case.reporting.is_measured else (1.0, 0.0)
    wide = rate_ratio(before, after, spread, extra)
    ratio = Estimate(wide.value / factor, wide.low / factor, wide.high / factor)
    exact = compare(before, after)
    if spread == 1.0 and not extra and factor == 1.0:
        return ratio, exact.p_fewer, exact.p_more
    fewer, more = log_p(ratio.value, spread * log_ratio_variance(before.count, after.count) + extra)
    if not extra and factor == 1.0:  # clusters only make the exact test less sure, never more
        fewer, more = max(fewer, exact.p_fewer), max(more, exact.p_more)
    return ratio, fewer, more


def _decide(case: Case, fewer: float, more: float, alpha: float, spread: float) -> tuple[Verdict, list[Reason]]:
    if fewer <= alpha:
        return _unless(case, {Ease.HARDER, Ease.UNKNOWN}, Verdict.REDUCED, Reason.FEWER)
    if more <= alpha:
        return _unless(case, {Ease.EASIER, Ease.UNKNOWN}, Verdict.WORSE, Reason.MORE)
    early = [] if case.is_planned_end else [Reason.EARLY]
    if _power(case, spread) < case.wanted_power:
        return Verdict.INSUFFICIENT, [Reason.TOO_FEW, *early]
    if early:
        return Verdict.INSUFFICIENT, early
    return Verdict.NOT_SHOWN, [Reason.CHANCE]


def _unless(case: Case, eases: set[Ease], verdict: Verdict, reason: Reason) -> tuple[Verdict, list[Reason]]:
    """The verdict, unless a change of reporting that nobody measured could alone have brought it about."""
    if case.reporting.ease in eases and not case.reporting.is_measured:
        return Verdict.NOT_SHOWN, [Reason.REPORTING_COULD_EXPLAIN]
    return verdict, [reason]


def _remarks(case: Case, spread: float) -> list[Reason]:
    remarks = {
        Reason.PEAK: is_peak(case),
        Reason.CLUSTERED: spread > 1,
        Reason.REPORTING_TAKEN_OUT: case.reporting.is_measured,
        Reason.NEW_WAYS: case.reporting.new_ways > 0 and not case.reporting.is_measured,
    }
    return [reason for reason, holds in remarks.items() if holds]


def _numbers(found: Judgement) -> dict[str, str]:
    case, spread = found.case, found.dispersion
    shown = found.ratio or Estimate(float("nan"), float("nan"), float("nan"))
    factor, variance = case.reporting.factor
    reach = Z_95 * factor * sqrt(variance)
    return {
        "ratio": f"{shown.value:.0%}",
        "low": f"{shown.low:.0%}",
        "high": f"{shown.high:.0%}",
        "target": f"{case.target:.0%}",
        "power": f"{found.power:.0%}",
        "dispersion": f"{spread:.1f}",
        "factor": f"{factor:.2f} (± {reach:.2f})",
        "new_ways": str(case.reporting.new_ways),
    }
