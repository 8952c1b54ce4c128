"""Limits, pairs of eyes and stand-ins, as rules."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.kernel.money import Money
from backstory.recovery.rules import authority
from backstory.recovery.rules.authority import Acting, Candidate, Grant, Limit, Person, Wish

pytestmark = pytest.mark.once
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
ALICE, BOB = Person(1, "agent"), Person(2, "lead")
CARE, PARTS = 1, 2

AMOUNTS = st.decimals(Decimal("0.01"), Decimal(500), places=2)
LIMITS = st.lists(
    st.builds(
        Limit,
        role=st.sampled_from(["agent", "lead"]),
        currency=st.just("EUR"),
        amount=st.decimals(Decimal(0), Decimal(800), places=2),
        team_id=st.sampled_from([None, CARE, PARTS]),
        kind=st.sampled_from(["", "refund", "credit"]),
        period=st.sampled_from(authority.PERIODS),
    ),
    max_size=12,
    unique_by=lambda limit: (limit.role, limit.team_id, limit.kind, limit.period),
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 3]),  # complaint
        st.sampled_from([CARE, PARTS]),
        st.sampled_from(["refund", "credit", "goodwill"]),
        AMOUNTS,
        st.timedeltas(timedelta(0), timedelta(days=4)),
        st.sampled_from([Person(1, "agent"), Person(5, "agent")]),
    ),
    max_size=14,
)


def wish(amount: str | Decimal = "50", *, kind: str = "refund", team: int = CARE, complaint: int = 1) -> Wish:
    return Wish(complaint, team, kind, Money(Decimal(amount), "EUR"), MONDAY)


def limit(amount: int, **fields: object) -> Limit:
    return Limit("agent", "EUR", Decimal(amount), **fields)  # type: ignore[arg-type]


def granted(limits: list[Limit], steps: list[tuple]) -> list[Grant]:
    """What agents get through, asking again and again."""
    at, through = MONDAY, []
    for complaint, team, kind, amount, pause, who in steps:
        at += pause
        asked = Wish(complaint, team, kind, Money(amount, "EUR"), at)
        if authority.may_grant(limits, who, asked, through):
            through.append(Grant(who, asked))
    return through


@given(LIMITS, STEPS)
def test_no_limit_is_passed_in_small_steps(limits: list[Limit], steps: list[tuple]) -> None:
    through = granted(limits, steps)
    for period, window in authority.WINDOWS.items():
        for last in through:
            rule = authority.fitting(limits, "agent", last.wish, period)
            if rule is None:
                continue
            charged = [
                each.wish.money.amount
                for each in through
                if each.person == last.person
                and last.wish.at - window < each.wish.at <= last.wish.at
                and authority.fitting(limits, "agent", each.wish, period) == rule
            ]
            assert sum(charged) <= rule.amount


@given(LIMITS, STEPS)
def test_colleagues_together_pass_no_limit_of_a_complaint(limits: list[Limit], steps: list[tuple]) -> None:
    charged: dict[tuple[int, Limit], Decimal] = {}
    for each in granted(limits, steps):
        rule = authority.fitting(limits, "agent", each.wish, authority.COMPLAINT)
        assert rule is not None, "without a limit there is no authority"
        key = (each.wish.complaint_id, rule)
        charged[key] = charged.get(key, Decimal(0)) + each.wish.money.amount
    assert all(spent <= rule.amount for (_, rule), spent in charged.items())


@given(LIMITS, AMOUNTS, AMOUNTS, STEPS)
def test_what_is_within_authority_stays_so_for_less(
    limits: list[Limit], one: Decimal, other: Decimal, steps: list[tuple]
) -> None:
    smaller, larger = sorted((one, other))
    before = granted(limits, steps)
    if authority.may_grant(limits, ALICE, wish(larger), before):
        assert authority.may_grant(limits, ALICE, wish(smaller), before)


@given(LIMITS, AMOUNTS, STEPS)
def test_what_is_left_is_exactly_what_may_be_granted(limits: list[Limit], amount: Decimal, steps: list[tuple]) -> None:
    before = granted(limits, steps)
    left = authority.left(limits, ALICE, wish(amount), before)
    assert authority.may_grant(limits, ALICE, wish(amount), before) == (left is not None and amount <= left)


@given(LIMITS, AMOUNTS)
def test_a_role_may_be_asked_exactly_when_its_limit_covers_the_amount(limits: list[Limit], amount: Decimal) -> None:
    asked = authority.roles_within(limits, wish(amount))
    on_complaint = [each for each in limits if each.period == authority.COMPLAINT]
    for role in ("agent", "lead"):
        assert (role in asked) == authority.may_grant(on_complaint, Person(9, role), wish(amount), [])
    assert all(role in authority.who_may(limits, wish(amount)) for role in asked)


def test_the_most_specific_limit_counts_and_a_team_goes_before_a_kind() -> None:
    anywhere, refunds = limit(100), limit(200, kind="refund")
    care, care_refunds = limit(50, team_id=CARE), limit(300, team_id=CARE, kind="refund")
    limits = [anywhere, refunds, care, care_refunds]
    chosen = [
        authority.fitting(limits, "agent", wish(kind=kind, team=team), authority.COMPLAINT)
        for team, kind in ((CARE, "refund"), (CARE, "credit"), (PARTS, "refund"), (PARTS, "credit"))
    ]
    assert chosen == [care_refunds, care, refunds, anywhere]


def test_a_limit_can_be_used_to_the_last_cent_and_gives_none_in_another_currency() -> None:
    assert authority.may_grant([limit(100)], ALICE, wish("100"), [])
    assert not authority.may_grant([limit(100)], ALICE, wish("100.01"), [])
    francs = Wish(1, CARE, "refund", Money(Decimal(1), "CHF"), MONDAY)
    assert not authority.may_grant([limit(100)], ALICE, francs, [])
    assert "administrator" in authority.who_may([limit(100)], francs)


def test_what_costs_nothing_needs_no_authority() -> None:
    assert authority.may_grant([], ALICE, wish("0", kind="apology"), [])


def test_a_day_is_over_after_twenty_four_hours_and_not_at_midnight() -> None:
    limits = [limit(100), limit(120, period="day")]
    evening = Grant(ALICE, Wish(7, CARE, "refund", Money(Decimal(100), "EUR"), MONDAY - timedelta(hours=23)))
    assert not authority.may_grant(limits, ALICE, wish("30"), [evening])
    earlier = Grant(ALICE, Wish(7, CARE, "refund", Money(Decimal(100), "EUR"), MONDAY - timedelta(hours=24)))
    assert authority.may_grant(limits, ALICE, wish("30"), [earlier])


@given(st.lists(AMOUNTS, min_size=1, max_size=8), st.decimals(Decimal(1), Decimal(900), places=2))
def test_two_people_are_not_avoided_in_small_steps(amounts: list[Decimal], threshold: Decimal) -> None:
    alone: list[Grant] = []
    for amount in amounts:
        step = wish(amount)
        if not authority.needs_two(threshold, step, alone):
            alone.append(Grant(ALICE, step))
    assert sum(each.wish.money.amount for each in alone) < threshold


PEOPLE = st.integers(1, 5)


@given(st.builds(Acting, PEOPLE, PEOPLE), PEOPLE)
def test_nobody_decides_about_their_own_whichever_way(acting: Acting, requester: int) -> None:
    allowed = authority.may_decide(acting, requester)
    assert allowed == (requester != acting.person_id and requester != acting.for_id)


@given(st.builds(Acting, PEOPLE, PEOPLE), st.builds(Acting, PEOPLE, PEOPLE))
def test_two_pairs_of_eyes_are_four_different_people_and_authorities(one: Acting, other: Acting) -> None:
    two = authority.are_two(one, other)
    assert two == authority.are_two(other, one)
    if two:
        assert one.person_id != other.person_id
        assert {one.person_id, one.for_id}.isdisjoint({other.person_id, other.for_id})


def test_a_request_goes_to_whose_limit_just_suffices_then_to_the_next_and_to_the_absent_last() -> None:
    people = [
        Candidate(1, Decimal(5000), 0),
        Candidate(2, Decimal(1000), 4),
        Candidate(3, Decimal(1000), 1),
        Candidate(4, Decimal(1000), 0, is_away=True),
    ]
    asked: list[int] = []
    while (chosen := authority.next_to_ask(people, asked)) is not None:
        asked.append(chosen)
    assert asked == [3, 2, 1, 4]
