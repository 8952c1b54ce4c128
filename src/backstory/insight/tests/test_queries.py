"""Figures from real rows: complaints opened, promises kept, surveys answered, and only in the viewer's teams."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backstory.cases.actions import accept_promise, add_cause, keep_promise, open_complaint, set_cause
from backstory.cases.models import Cause, Complaint, Promise
from backstory.conversations.actions import send_reply
from backstory.conversations.models import Message
from backstory.insight import queries
from backstory.insight.rules import Share
from backstory.kernel import clock
from backstory.kernel.errors import InvalidInput, NotAllowed
from backstory.people.actions import add_user
from backstory.people.models import Role, User
from backstory.recovery.actions import approve_remedy, offer_remedy
from backstory.recovery.models import Survey

NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)  # Wednesday; the week began on the 16th
Write = Callable[..., Message]


def at(moment: datetime) -> Any:
    return clock.travel(moment)


def complaint_of(user: User, write: Write, moment: datetime, slug: str = "", **fields: Any) -> Complaint:
    with at(moment):
        message = write(f"This is about {moment:%c} {slug}", **fields)
        complaint = open_complaint(user, message.conversation_id)
        if slug:
            set_cause(user, complaint.pk, Cause.objects.get(slug=slug).pk)
        return complaint


@pytest.fixture
def this_month() -> Any:
    with at(NOW):
        yield queries.period_for("4w")


def counts(rows: Any) -> list[int | None]:
    return [row.count for row in rows]


def test_complaints_are_counted_in_the_desks_weeks_with_empty_ones(cast: Any, write: Write, this_month: Any) -> None:
    complaint_of(cast.alice, write, datetime(2026, 2, 24, 10, tzinfo=UTC))
    complaint_of(cast.alice, write, datetime(2026, 3, 17, 10, tzinfo=UTC))
    complaint_of(cast.alice, write, datetime(2026, 3, 17, 11, tzinfo=UTC))
    with at(NOW):
        assert counts(queries.over_time(cast.bob, this_month, "week")) == [1, 0, 0, 2]
        assert counts(queries.over_time(cast.bob, this_month, "month")) == [1, 2]


def test_a_complaint_just_after_midnight_on_the_desks_wall_belongs_to_the_new_week(
    cast: Any, write: Write, settings: Any
) -> None:
    settings.DESK_TIME_ZONE = "Asia/Tokyo"
    complaint_of(cast.alice, write, datetime(2026, 3, 15, 15, 30, tzinfo=UTC))  # Monday the 16th, 0:30 in Tokyo
    with at(NOW):
        period = queries.period_for("custom", "2026-03-16", "2026-03-18")
        assert counts(queries.over_time(cast.bob, period, "week")) == [1]


def test_weeks_before_the_first_conversation_are_not_called_empty(cast: Any, write: Write, this_month: Any) -> None:
    complaint_of(cast.alice, write, datetime(2026, 3, 10, 10, tzinfo=UTC))
    with at(NOW):
        assert counts(queries.over_time(cast.bob, this_month, "week")) == [None, None, 1, 0]


def test_causes_come_largest_first_with_the_unknown_counted_too(cast: Any, write: Write, this_month: Any) -> None:
    for hours, slug in enumerate(("delay", "billing", "billing", "")):
        complaint_of(cast.alice, write, NOW - timedelta(hours=hours), slug, sender=f"{slug or 'x'}@customer.example")
    complaint_of(cast.alice, write, NOW - timedelta(days=90), "delay")
    with at(NOW):
        rows = queries.by_cause(cast.bob, this_month)
    assert [(row.item.name, row.count) for row in rows] == [
        ("Billing", 2),
        ("Delay", 1),
        (queries.NO_CAUSE, 1),
    ]
    assert rows[0].share == 0.5


def test_a_cause_below_another_counts_for_it_when_looked_at_from_above(
    cast: Any, write: Write, this_month: Any
) -> None:
    billing = Cause.objects.get(slug="billing")
    with at(NOW - timedelta(days=2)):
        double = add_cause(cast.bob, "Charged twice", parent_id=billing.pk)
    complaint_of(cast.alice, write, NOW - timedelta(days=1), double.slug)
    with at(NOW):
        assert counts(queries.over_time(cast.bob, this_month, "week", billing.pk))[-1] == 1
        assert queries.by_cause(cast.bob, this_month)[0].item.path == "Billing › Charged twice"
        assert queries.by_cause(cast.bob, this_month, top_level=True)[0].item.name == "Billing"
        assert [row.customer for row in queries.complaints(cast.bob, this_month, billing.pk)] == ["Maya"]
        assert queries.complaints(cast.bob, this_month, "none") == []


def test_the_first_answer_is_timed_from_the_first_message_to_a_persons_reply(
    cast: Any, write: Write, this_month: Any
) -> None:
    for hours, sender in ((1, "maya"), (3, "tom"), (None, "priya")):
        with at(NOW - timedelta(days=2)):
            message = write(f"Hello from {sender}", sender=f"{sender}@customer.example")
        if hours:
            with at(NOW - timedelta(days=2) + timedelta(hours=hours)):
                send_reply(cast.alice, message.conversation_id, "I am looking into it.")
    with at(NOW):
        found = queries.first_response(cast.bob, this_month)
    assert (found.median, found.answered, found.waiting) == (timedelta(hours=2), 2, 1)


def test_kept_promises_are_a_share_of_those_settled(cast: Any, write: Write, this_month: Any) -> None:
    complaint = complaint_of(cast.alice, write, NOW - timedelta(days=3))
    with at(NOW - timedelta(days=2)):
        message = send_reply(cast.alice, complaint.conversation_id, "I will call you and then I will write.")
        due = NOW - timedelta(days=1)
        rows = [
            Promise.objects.create(
                conversation_id=complaint.conversation_id,
                message=message,
                quote="q",
                start=900 + n,
                end=910 + n,
                due_at=due,
            )
            for n in range(2)
        ]
        for row in rows:
            accept_promise(cast.alice, row.pk)
        keep_promise(cast.alice, rows[0].pk)
    with at(NOW):
        found = queries.promises(cast.bob, this_month)
    assert (found.kept, found.broken, found.overdue) == (1, 0, 1)
    assert found.share == Share(1, 1)


def test_remedies_of_different_currencies_are_not_added(cast: Any, write: Write, this_month: Any) -> None:
    complaint = complaint_of(cast.alice, write, NOW - timedelta(days=3))
    with at(NOW - timedelta(days=1)):
        offer_remedy(cast.alice, complaint.pk, "goodwill", "20", "EUR", "Waited long")
        offer_remedy(cast.alice, complaint.pk, "goodwill", "5", "EUR", "And again")
        offer_remedy(cast.alice, complaint.pk, "goodwill", "7", "GBP", "Moved to Leeds")
        large = offer_remedy(cast.alice, complaint.pk, "refund", "500", "EUR", "The whole bill")
    with at(NOW):
        rows = queries.remedies(cast.bob, this_month)
        assert [(row.kind, row.currency, row.count, row.amount) for row in rows] == [
            ("goodwill", "EUR", 2, Decimal(25)),
            ("goodwill", "GBP", 1, Decimal(7)),
        ]
        approve_remedy(cast.bob, large.pk)
        assert [row.kind for row in queries.remedies(cast.bob, this_month)] == ["goodwill", "goodwill", "refund"]


def test_satisfaction_needs_thirty_answers_but_the_response_rate_is_always_told(
    cast: Any, write: Write, this_month: Any
) -> None:
    complaint = complaint_of(cast.alice, write, NOW - timedelta(days=9))
    Survey.objects.create(complaint=complaint, due_at=NOW, sent_at=NOW - timedelta(days=1), score=5)
    other = complaint_of(cast.alice, write, NOW - timedelta(days=8), sender="tom@customer.example")
    Survey.objects.create(complaint=other, due_at=NOW, sent_at=NOW - timedelta(days=1))
    with at(NOW):
        found = queries.satisfaction(cast.bob, this_month)
    assert found.csat is None
    assert found.response == Share(1, 2)


def test_open_and_closed_are_told_apart(cast: Any, write: Write, this_month: Any) -> None:
    from backstory.cases.actions import close_complaint

    complaint_of(cast.alice, write, NOW - timedelta(days=2))
    done = complaint_of(cast.alice, write, NOW - timedelta(days=60), "delay", sender="tom@customer.example")
    with at(NOW - timedelta(days=1)):
        close_complaint(cast.alice, done.pk, "upheld", "We were late.")
    with at(NOW):
        found = queries.workload(cast.bob, this_month)
    assert (found.received, found.closed, found.open_now) == (1, 1, 1)


def test_a_lead_learns_nothing_of_other_teams(cast: Any, write: Write, this_month: Any) -> None:
    complaint_of(cast.charlie, write, NOW - timedelta(days=1), "delay", mailbox=cast.parts_mailbox)
    with at(NOW):
        shown = queries.overview(cast.bob, this_month)
        assert shown.is_empty
        assert (shown.causes, shown.complaints, shown.workload.received) == ([], [], 0)
        assert shown.first_response.waiting == 0
        lead = add_user("lead@parts.example", "Lea", cast.password, Role.LEAD, (cast.parts,))
        assert queries.overview(lead, this_month).workload.received == 1
        assert queries.overview(cast.dana, this_month).workload.received == 1


@pytest.mark.parametrize("who", ["alice", "charlie"])
def test_agents_get_no_insight(cast: Any, this_month: Any, who: str) -> None:
    with pytest.raises(NotAllowed):
        queries.overview(getattr(cast, who), this_month)


def test_a_lead_without_a_team_gets_no_insight(cast: Any, this_month: Any) -> None:
    loner = add_user("loner@desk.example", "Lou", cast.password, Role.LEAD)
    with pytest.raises(NotAllowed):
        queries.workload(loner, this_month)


def test_the_page_needs_as_many_statements_for_many_complaints_as_for_one(
    cast: Any, write: Write, this_month: Any
) -> None:
    def statements() -> int:
        viewer = User.objects.get(pk=cast.bob.pk)
        with (
            at(NOW),
            CaptureQueriesContext(
                connection,
            ) as log,
        ):
            queries.overview(viewer, this_month)
        return len(log)

    complaint_of(cast.alice, write, NOW - timedelta(days=1), "delay")
    alone = statements()
    for day in range(2, 8):
        complaint_of(cast.alice, write, NOW - timedelta(days=day), "billing", sender=f"c{day}@customer.example")
    assert statements() == alone <= 12


@pytest.mark.parametrize("given", [("custom", "", ""), ("custom", "2026-01-01", "soon"), ("year", "", "")])
def test_a_period_nobody_can_mean_is_refused(given: tuple[str, str, str]) -> None:
    with pytest.raises(InvalidInput):
        queries.period_for(*given)


def test_the_usual_period_ends_today_on_the_desks_wall(settings: Any) -> None:
    settings.DESK_TIME_ZONE = "Pacific/Auckland"
    with at(datetime(2026, 3, 18, 12, tzinfo=UTC)):
        assert queries.period_for("").last == date(2026, 3, 19)
