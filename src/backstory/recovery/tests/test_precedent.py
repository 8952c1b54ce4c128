"""What similar cases received, and when an offer is far from it, as rules."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.recovery.rules import policies, precedent
from backstory.recovery.rules.policies import Rule
from backstory.recovery.rules.precedent import Case, Matter

pytestmark = pytest.mark.once
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
COLD, COLD_PUMP, COLD_TANK, BILL = (1,), (1, 11), (1, 12), (2,)


def case(amount: str | int, *, path: tuple[int, ...] = COLD, severity: int = 2, days: int = 10, pk: int = 1) -> Case:
    return Case(pk, pk, f"C-{pk}", Matter(path, severity), Decimal(amount), NOW - timedelta(days=days))


HERE = Matter(COLD_PUMP, 2)
AMOUNTS = st.lists(st.decimals(Decimal(1), Decimal(1000), places=2), min_size=5, max_size=20)


def test_the_nearest_case_has_the_same_cause_then_a_related_one_then_is_older_or_lighter() -> None:
    same = case(1, path=COLD_PUMP, pk=1)
    related = case(2, path=COLD_TANK, pk=2)
    lighter = case(3, path=COLD_PUMP, severity=0, pk=3)
    old = case(4, path=COLD_TANK, days=500, pk=4)
    other = case(5, path=BILL, pk=5)
    ancient = case(6, path=COLD_PUMP, days=731, pk=6)
    found = precedent.precedent(HERE, [other, ancient, old, lighter, related, same], NOW)
    assert [near.case.amount for near in found.nearest] == [1, 2, 3, 4]
    assert [precedent.in_words(near) for near in found.nearest] == [
        "the same cause, the same severity, 1 week ago",
        "a related cause, the same severity, 1 week ago",
        "the same cause, 2 levels of severity apart, 1 week ago",
        "a related cause, the same severity, 1 year ago",
    ]


def test_severities_far_apart_are_no_precedent_and_an_unknown_cause_is_a_step_from_all() -> None:
    assert precedent.nearness(Matter(COLD, 4), case(1, severity=1), NOW) is None
    assert precedent.cause_steps((), COLD) == precedent.cause_steps(BILL, ()) == 1
    assert precedent.cause_steps((), ()) == 0
    assert precedent.cause_steps(COLD, BILL) is None
    assert precedent.cause_steps(COLD, COLD_PUMP) == 1


def test_quartiles_by_linear_interpolation_and_none_below_five_cases() -> None:
    found = precedent.precedent(HERE, [case(n * 10, pk=n) for n in range(1, 6)], NOW)
    assert (found.lower, found.median, found.upper) == (Decimal(20), Decimal(30), Decimal(40))
    few = precedent.precedent(HERE, [case(n * 10, pk=n) for n in range(1, 5)], NOW)
    assert few.count == 4 and few.median is None
    assert precedent.far_outside(few, Decimal(10_000)) == ""


def test_far_outside_is_beyond_the_fences_of_tukey() -> None:
    found = precedent.precedent(HERE, [case(n * 10, pk=n) for n in range(1, 6)], NOW)
    verdicts = [precedent.far_outside(found, Decimal(amount)) for amount in ("70", "70.01", "0")]
    assert verdicts == ["", "above", ""]


def test_where_all_received_the_same_double_and_half_are_the_fences() -> None:
    found = precedent.precedent(HERE, [case(40, pk=n) for n in range(6)], NOW)
    verdicts = [precedent.far_outside(found, Decimal(amount)) for amount in (80, 81, 20, 19)]
    assert verdicts == ["", "above", "", "below"]


@given(AMOUNTS, st.decimals(Decimal(0), Decimal(2000), places=2))
def test_nothing_between_the_quartiles_is_far_outside(amounts: list[Decimal], offer: Decimal) -> None:
    found = precedent.precedent(HERE, [case(str(each), pk=n) for n, each in enumerate(amounts)], NOW)
    assert found.lower is not None and found.median is not None and found.upper is not None
    assert found.lower <= found.median <= found.upper
    assert min(amounts) - 1 <= found.lower and found.upper <= max(amounts) + 1
    if found.lower <= offer <= found.upper:
        assert precedent.far_outside(found, offer) == ""


@given(AMOUNTS, st.randoms())
def test_the_order_of_the_cases_does_not_matter(amounts: list[Decimal], random) -> None:
    cases = [case(str(each), pk=n, severity=n % 5, days=n * 40) for n, each in enumerate(amounts)]
    one = precedent.precedent(HERE, cases, NOW)
    random.shuffle(cases)
    assert precedent.precedent(HERE, cases, NOW) == one


def rule(pk: int, kind: str, low: int, high: int, **fields: object) -> Rule:
    given_fields = {"cause_id": None, "least_severity": 0, "most_severity": 4, "rank": 50, **fields}
    return Rule(
        id=pk,
        kind=kind,
        currency="EUR",
        minimum=Decimal(low),
        maximum=Decimal(high),
        usual=Decimal((low + high) // 2),
        **given_fields,  # type: ignore[arg-type]
    )


def test_the_rule_of_the_nearest_cause_counts_then_that_of_the_narrower_severity() -> None:
    anywhere, cold = rule(1, "credit", 1, 9), rule(2, "credit", 10, 19, cause_id=1)
    pump, serious = rule(3, "credit", 20, 29, cause_id=11), rule(4, "credit", 30, 39, least_severity=2)
    every = [anywhere, cold, pump, serious]
    assert policies.rule_for(every, Matter(COLD_PUMP, 2), "credit", "EUR") == pump
    assert policies.rule_for(every, Matter(COLD_TANK, 2), "credit", "EUR") == cold
    assert policies.rule_for(every, Matter(BILL, 2), "credit", "EUR") == serious
    assert policies.rule_for(every, Matter(BILL, 1), "credit", "EUR") == anywhere
    assert policies.rule_for(every, Matter(COLD, 1), "refund", "EUR") is None
    assert policies.rule_for(every, Matter(COLD, 1), "credit", "GBP") is None


def test_up_to_three_kinds_are_proposed_those_of_the_cause_first() -> None:
    rules = [
        rule(1, "apology", 0, 0, rank=1),
        rule(2, "goodwill", 5, 30, rank=2),
        rule(3, "credit", 10, 50, rank=9, cause_id=1),
        rule(4, "refund", 10, 50, rank=3, cause_id=1),
    ]
    assert [each.kind for each in policies.proposals(rules, Matter(COLD, 1), "EUR")] == ["refund", "credit", "apology"]
    assert [each.kind for each in policies.proposals(rules, Matter((), 1), "EUR")] == ["apology", "goodwill"]


@given(AMOUNTS)
def test_what_is_proposed_is_always_within_the_rule(amounts: list[Decimal]) -> None:
    found = precedent.precedent(HERE, [case(str(each), pk=n) for n, each in enumerate(amounts)], NOW)
    credit = rule(1, "credit", 20, 60)
    assert policies.verdict(credit, policies.proposed_amount(credit, found)) == ""


@pytest.mark.parametrize(
    ("exceptions", "offers", "doubtful"), [(4, 4, False), (5, 5, True), (5, 20, True), (5, 25, False), (9, 60, False)]
)
def test_a_rule_is_doubted_when_even_the_lower_end_says_more_than_one_in_ten(
    exceptions: int, offers: int, doubtful: bool
) -> None:
    assert policies.is_doubtful(exceptions, offers) is doubtful
