"""Damage from rows and from what people entered: Goodman's example through the door, and nothing made up."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from backstory.cases.actions import close_complaint, open_complaint, set_cause
from backstory.cases.models import Cause, Complaint
from backstory.conversations.actions import send_reply
from backstory.conversations.models import Message
from backstory.insight import known, money, queries, silent
from backstory.insight.actions import Entry, enter_figure, withdraw_figure
from backstory.insight.inputs import INPUTS, MODEL
from backstory.insight.models import Assumption
from backstory.insight.rules import Period
from backstory.kernel import clock
from backstory.kernel.errors import InvalidInput, NotAllowed, NotFound
from backstory.live.models import Event
from backstory.measures.damage import Levers
from backstory.people.models import User
from backstory.recovery.actions import offer_remedy

NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
TODAY = date(2026, 3, 18)
GOODMAN = {
    "customers": "200000", "problem_rate": "0.3", "complaint_rate": "0.25", "satisfied": "0.4", "dissatisfied": "0.3",
    "loss_silent": "0.45", "loss_satisfied": "0.1", "loss_mollified": "0.3", "loss_dissatisfied": "0.6",
    "baseline": "0", "value": "100",
}  # fmt: skip
Write = Callable[..., Message]


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.travel(NOW):
        yield


@pytest.fixture
def period(cast: Any) -> Period:
    return queries.period_for("3m")


def enter(user: User, key: str, value: str | None = None, **more: Any) -> Assumption:
    currency = "EUR" if INPUTS[key].unit == "money" else ""
    figure = Decimal(value) if value is not None else None
    return enter_figure(
        user, Entry(key, "judged", "Said the board", TODAY, value=figure, **{"currency": currency, **more})
    )


@pytest.fixture
def goodman(cast: Any) -> None:
    for key, value in GOODMAN.items():
        enter(cast.bob, key, value)


def complained(user: User, write: Write, slug: str, many: int) -> list[Complaint]:
    found = []
    for number in range(many):
        with clock.travel(NOW - timedelta(days=1 + number % 20)):
            message = write(f"{slug} {number}", sender=f"{slug}{number}@customer.example")
            complaint = open_complaint(user, message.conversation_id)
            set_cause(user, complaint.pk, Cause.objects.get(slug=slug).pk)
            found.append(complaint)
    return found


def test_goodmans_example_entered_by_hand_is_24_900_customers_and_2_490_000(
    goodman: None, cast: Any, period: Period
) -> None:
    found, _ = money.figures(cast.bob, period)
    market = money.markets(found, 0)
    assert market is not None
    told = money.told(market)
    assert (round(told.lost.value), told.damage and round(told.damage.value)) == (24_900, 2_490_000)
    assert told.lost.low == pytest.approx(told.lost.high)  # every figure was entered as exact
    assert (told.word_of_mouth, told.asking_pays) == (None, 1.0)
    assert round(money.pulled(market, Levers(complaint_rate=0.40)).saved.value) == 24_900 - 23_640
    assert round(money.pulled(market, Levers(problems=0.9)).lost.value) == 22_410


def test_nothing_is_told_while_an_input_is_unknown(cast: Any, period: Period) -> None:
    found, _ = money.figures(cast.bob, period)
    assert money.markets(found, 12) is None
    assert [one.key for one in money.missing(found)] == [*MODEL, "satisfied", "dissatisfied"]
    assert money.recovery(cast.bob, period, found).at_risk is None


def test_a_counted_rate_carries_its_doubt_into_the_damage(
    goodman: None, cast: Any, write: Write, period: Period
) -> None:
    for key in ("customers", "problem_rate"):
        withdraw_figure(cast.bob, key, None, None)
    enter(cast.bob, "complaint_rate", count=30, total=120)
    complained(cast.alice, write, "billing", 10)
    found, _ = money.figures(cast.bob, period)
    market = money.markets(found, 10)
    assert market is not None
    told = money.told(market)
    assert round(told.problems.value) == 40
    assert 25 < told.problems.low < 35 < 48 < told.problems.high < 65
    assert told.lost.low < told.lost.value < told.lost.high
    saved = money.pulled(market, Levers(problems=0.5)).saved
    assert saved.value == pytest.approx(told.lost.value / 2)


def test_a_rare_cause_can_be_the_dearest(goodman: None, cast: Any, write: Write, period: Period) -> None:
    complained(cast.alice, write, "delay", 6)
    complained(cast.alice, write, "billing", 2)
    billing = Cause.objects.get(slug="billing")
    enter(cast.bob, "complaint_rate", "0.02", cause_id=billing.pk)
    found, _ = money.figures(cast.bob, period)
    ranks = {row.item.name: (row.by_count, row.by_damage) for row in money.both_ways(cast.bob, period, found)}
    assert ranks[billing.name] == (2, 1)


def test_value_comes_from_margin_retention_and_discount_where_it_was_not_entered(cast: Any) -> None:
    for key, value in {"margin": "100", "retention": "0.8", "discount": "0.1"}.items():
        enter(cast.bob, key, value)
    found = money.lifetime_value(known.figures())
    assert found is not None
    assert round(found.value, 2) == 266.67


def test_recovery_is_worth_what_it_makes_likelier(goodman: None, cast: Any, write: Write, period: Period) -> None:
    (complaint,) = complained(cast.alice, write, "billing", 1)
    offer_remedy(cast.alice, complaint.pk, "refund", "20", "EUR", "She paid twice.")
    found, _ = money.figures(cast.bob, period)
    told = money.recovery(cast.bob, period, found)
    assert told.at_risk and told.break_even and told.returned
    assert (round(told.at_risk.value), round(told.break_even.value)) == (60, 50)  # (.6 − 0)·100 and (.6 − .1)·100
    assert (told.mean_cost, round(told.returned.value, 2)) == (Decimal(20), 1.5)


def test_who_wrote_because_we_failed_cost_nothing(cast: Any, write: Write, period: Period) -> None:
    ours, theirs = complained(cast.alice, write, "billing", 2)
    for complaint in (ours, theirs):
        send_reply(cast.alice, complaint.conversation_id, "I have looked into it.")
    close_complaint(cast.alice, ours.pk, "upheld", "We charged twice.")
    close_complaint(cast.alice, theirs.pk, "not_upheld", "The bill was right.")
    enter(cast.bob, "minutes", "10")
    enter(cast.bob, "minute_rate", "0.745")
    found, _ = money.figures(cast.bob, period)
    ((row, cost, own),) = money.costs(money.served(cast.bob, period, "EUR"), found)
    assert (row.complaints, row.ours, row.answers) == (2, 1, 2)
    assert (cost, own) == (Decimal("14.90"), Decimal("7.45"))


def test_the_newest_word_counts_and_the_earlier_ones_stay(cast: Any) -> None:
    enter(cast.bob, "complaint_rate", "0.2")
    enter(cast.dana, "complaint_rate", count=30, total=120)
    assert known.figures().get("complaint_rate").figure.value == 0.25
    withdraw_figure(cast.bob, "complaint_rate", None, None)
    assert known.figures().get("complaint_rate").figure is None
    assert [row.by for row in known.history("complaint_rate", (None, None))] == [cast.bob, cast.dana, cast.bob]
    assert Event.objects.filter(kind__startswith="assumption.").count() == 3


@pytest.mark.parametrize(
    "entry",
    [
        {"value": Decimal("1.2")},
        {"value": Decimal("0.5"), "low": Decimal("0.6"), "high": Decimal("0.7")},
        {"value": Decimal("0.5"), "low": Decimal("0.4")},
        {"count": 5, "total": 4},
        {"count": 5},
        {},
        {"value": Decimal("0.5"), "source": " "},
        {"value": Decimal("0.5"), "basis": "guess"},
        {"value": Decimal("0.5"), "known_on": date(2026, 3, 19)},
        {"value": Decimal("NaN")},
    ],
)
def test_a_figure_that_cannot_be_is_refused(cast: Any, entry: dict[str, Any]) -> None:
    given = {"key": "complaint_rate", "basis": "survey", "source": "Survey", "known_on": TODAY, **entry}
    with pytest.raises(InvalidInput):
        enter_figure(cast.bob, Entry(**given))


def test_who_has_no_insight_enters_nothing(cast: Any) -> None:
    with pytest.raises(NotAllowed):
        enter(cast.alice, "baseline", "0.1")
    with pytest.raises(NotAllowed):
        enter(cast.bob, "complaint_rate", "0.1", team_id=cast.parts.pk)
    with pytest.raises(InvalidInput):
        enter(cast.bob, "baseline", "0.1", cause_id=Cause.objects.first().pk)
    with pytest.raises(NotFound):
        enter_figure(cast.bob, Entry("luck", "judged", "Hope", TODAY, value=Decimal(1)))


def test_the_silent_are_told_per_cause_with_an_interval_and_never_without(
    cast: Any, write: Write, period: Period
) -> None:
    complained(cast.alice, write, "billing", 3)
    complained(cast.alice, write, "delay", 2)
    billing = Cause.objects.get(slug="billing").pk
    assert silent.silent(cast.bob, period).desk.estimate is None
    enter(cast.bob, "complaint_rate", "0.3")
    assert silent.silent(cast.bob, period).desk.estimate is None  # judged: no interval to carry
    enter(cast.bob, "complaint_rate", count=300, total=1000)
    enter(cast.bob, "complaint_rate", count=5, total=100, cause_id=billing)
    enter(cast.bob, "loss_silent", count=100, total=1000)
    enter(cast.bob, "loss_silent", count=30, total=100, cause_id=billing)
    shown = silent.silent(cast.bob, period)
    first, second = shown.causes
    assert first.estimate and second.estimate
    assert (round(first.estimate.value or 0), first.borrowed, first.is_hard) == (60, False, True)
    assert (second.borrowed, second.is_hard) == (True, False)
    assert first.estimate.low < 60 < (first.estimate.high or 0)
    assert [row.name for row in shown.teams] == ["Customer care"]
    with pytest.raises(NotAllowed):
        silent.silent(cast.alice, period)
