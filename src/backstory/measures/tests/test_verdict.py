"""Verdicts on cases with a known answer, and on a thousand simulated histories of each kind."""

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from backstory.measures.before_after import Tally, exposure_needed
from backstory.measures.intervals import Share
from backstory.measures.verdict import ALPHA, Case, Ease, Reason, Reporting, Verdict, judge

pytestmark = pytest.mark.once
RUNS = 1000


def shares_of(make: Callable[[np.random.Generator], Case], runs: int = RUNS) -> dict[Verdict, float]:
    random = np.random.default_rng(2026)
    found = Counter(judge(make(random)).verdict for _ in range(runs))
    return {verdict: found[verdict] / runs for verdict in Verdict}


def test_40_and_then_22_per_10_000_are_reduced_and_say_so_plainly() -> None:
    found = judge(Case(Tally(40, 10_000), Tally(22, 10_000)))
    assert found.verdict == Verdict.REDUCED
    assert round(found.p_fewer, 4) == 0.0150
    assert found.words == ["It happens less often: the rate is now 55% of what it was (33% to 93%)."]


def simulated(before: float, ratio: float, exposure: float) -> Callable[[np.random.Generator], Case]:
    def make(random: np.random.Generator) -> Case:
        tallies = (
            Tally(int(random.poisson(before)), 100),
            Tally(int(random.poisson(before * ratio * exposure)), 100 * exposure),
        )
        return Case(*tallies, wanted_power=0.8)

    return make


def test_a_halving_is_called_reduced_in_95_of_100_histories_planned_with_that_power() -> None:
    needed = exposure_needed(Tally(80, 100), 0.5, ALPHA, 0.96)
    assert needed is not None
    assert shares_of(simulated(80, 0.5, needed / 100))[Verdict.REDUCED] >= 0.95


def test_no_change_is_called_not_shown_in_95_and_reduced_in_at_most_5_of_100() -> None:
    found = shares_of(simulated(80, 1.0, 1.0))
    assert found[Verdict.NOT_SHOWN] >= 0.95
    assert found[Verdict.REDUCED] <= 0.05


def test_a_doubling_is_called_worse() -> None:
    assert shares_of(simulated(80, 2.0, 1.0))[Verdict.WORSE] >= 0.95


def test_a_handful_of_cases_is_called_insufficient() -> None:
    assert shares_of(simulated(5, 0.7, 0.5))[Verdict.INSUFFICIENT] >= 0.95


def test_clusters_do_not_make_false_reductions() -> None:
    def make(random: np.random.Generator) -> Case:
        weeks = [Tally(int(random.negative_binomial(4, 4 / 14)), 7) for _ in range(24)]  # mean 10, variance 35
        before, after = sum(weeks[1:16], weeks[0]), sum(weeks[17:], weeks[16])
        return Case(before, after, history=weeks[:16])

    assert shares_of(make)[Verdict.REDUCED] <= 0.05


def test_a_baseline_chosen_at_its_peak_does_not_prove_the_fix() -> None:
    def make(random: np.random.Generator) -> Case:
        months = random.poisson(30, 12)
        peak = int(months.argmax())
        before = Tally(int(months[peak]), 30)
        return Case(before, Tally(int(random.poisson(30)), 30), earlier=Tally(int(months.sum() - months[peak]), 330))

    warned = shares_of(make)
    naive = shares_of(lambda random: Case((case := make(random)).before, case.after))
    assert naive[Verdict.REDUCED] > 0.10  # what regression to the mean does to who does not look
    assert warned[Verdict.REDUCED] <= 0.05
    assert Reason.PEAK in judge(Case(Tally(45, 30), Tally(25, 30), earlier=Tally(330, 330))).reasons


def test_a_real_rise_that_was_mended_is_no_peak() -> None:
    found = judge(Case(Tally(80, 30), Tally(32, 30), earlier=Tally(330, 330)))
    assert found.verdict == Verdict.REDUCED
    assert Reason.PEAK not in found.reasons


def test_a_new_code_that_doubles_complaints_is_not_a_failure() -> None:
    before, after = Tally(100, 100), Tally(190, 100)
    assert judge(Case(before, after)).verdict == Verdict.WORSE
    told = judge(Case(before, after, Reporting(Ease.EASIER)))
    assert (told.verdict, told.reasons) == (Verdict.NOT_SHOWN, (Reason.REPORTING_COULD_EXPLAIN,))
    counted = judge(Case(before, after, Reporting(Ease.SAME, new_ways=95)))
    assert counted.verdict == Verdict.NOT_SHOWN
    assert Reason.NEW_WAYS in counted.reasons


def test_a_measured_rise_of_reporting_is_taken_out_and_its_doubt_kept() -> None:
    # A tenth complained before, a fifth now; counts doubled; so it happens as often as before.
    reporting = Reporting(Ease.EASIER, Share(60, 600), Share(120, 600))
    found = judge(Case(Tally(200, 100), Tally(400, 100), reporting))
    assert found.verdict == Verdict.NOT_SHOWN
    assert found.ratio is not None
    assert found.ratio.value == pytest.approx(1)
    plain = judge(Case(Tally(200, 100), Tally(400, 100)))
    assert plain.ratio is not None
    assert found.ratio.high / found.ratio.low > plain.ratio.high / plain.ratio.low
    halved = judge(Case(Tally(400, 100), Tally(400, 100), Reporting(Ease.EASIER, Share(60, 600), Share(150, 600))))
    assert halved.verdict == Verdict.REDUCED


def test_fewer_complaints_because_complaining_became_hard_prove_nothing() -> None:
    case = Case(Tally(100, 100), Tally(40, 100), Reporting(Ease.HARDER))
    assert judge(case).verdict == Verdict.NOT_SHOWN
    assert judge(Case(Tally(100, 100), Tally(40, 100), Reporting(Ease.EASIER))).verdict == Verdict.REDUCED


def test_before_the_agreed_time_only_a_very_clear_change_counts() -> None:
    unclear = judge(Case(Tally(40, 10_000), Tally(22, 10_000), is_planned_end=False))
    assert unclear.verdict == Verdict.INSUFFICIENT
    assert Reason.EARLY in unclear.reasons
    assert judge(Case(Tally(60, 100), Tally(15, 100), is_planned_end=False)).verdict == Verdict.REDUCED


def test_nothing_before_and_nothing_after_is_insufficient() -> None:
    found = judge(Case(Tally(0, 100), Tally(0, 100)))
    assert (found.verdict, found.ratio) == (Verdict.INSUFFICIENT, None)
