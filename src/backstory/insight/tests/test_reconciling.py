"""Every figure of the reports equals what the operational tables say, counted another way: row by row, by the ORM."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

import pytest

from backstory.cases.models import Complaint, Promise, SensitiveReading
from backstory.cases.trajectory import SETTLED, STRAINED
from backstory.conversations.models import Conversation, Message
from backstory.insight import queries
from backstory.insight.reports import catalogue
from backstory.insight.reports.asking import Asked, Lens
from backstory.insight.reports.dimensions import DIMENSIONS
from backstory.insight.reports.regulatory import deadlines
from backstory.insight.reports.shape import Amounts, Hidden, Report, Span
from backstory.insight.reports.tally import ALL, Tally, by_month, tallies, whole
from backstory.insight.rules import Period
from backstory.insight.tests.test_warehouse import BEGIN, Hands
from backstory.insight.warehouse import Snapshot
from backstory.kernel import clock
from backstory.kernel.errors import NotAllowed
from backstory.measures.intervals import Share
from backstory.people.models import User
from backstory.recovery.models import Remedy, Survey

Model = Callable[[], Snapshot]
Write = Callable[..., Message]
pytestmark = pytest.mark.django_db
STEPS = 110


@pytest.fixture(params=[11])
def lived(request: pytest.FixtureRequest, cast: Any, write: Write, model: Model) -> Snapshot:
    """Some weeks of a desk where everybody does something, followed as it goes, with surveys and signs."""
    hands = Hands(cast, write, request.param)
    for step in range(STEPS):
        with clock.travel(BEGIN + timedelta(hours=9 * step)):
            hands.letter() if step < 12 else hands.do_something()
            if step % 40 == 39:
                model()
    for number, complaint in enumerate(Complaint.objects.filter(state="closed")):
        sent = complaint.closed_at + timedelta(days=1)
        Survey.objects.create(complaint=complaint, due_at=sent, sent_at=sent, score=(None, 2, 5, 4)[number % 4])
    for message in Message.objects.filter(direction="in")[::3]:
        SensitiveReading.objects.create(message=message, engine="x", data={"vulnerability": ["health"]})
    from backstory.insight import warehouse

    warehouse.rebuild()
    return warehouse.snapshot()


def periods() -> list[Period]:
    zone, first = queries.desk_zone(), BEGIN.date()
    whole_time = Period(first - timedelta(days=3), first + timedelta(days=90), zone)
    return [whole_time, Period(first + timedelta(days=7), first + timedelta(days=27), zone)]


def within(moment: datetime | None, period: Period) -> bool:
    return moment is not None and period.start <= moment < period.end


def waits(complaints: Iterable[Complaint]) -> list[float]:
    found = []
    for complaint in complaints:
        said = complaint.conversation.messages.filter(direction="in").order_by("created_at").first()
        answer = complaint.conversation.messages.filter(direction="out", author__isnull=False)
        first = answer.order_by("created_at").first()
        if said and first:
            found.append(max((first.created_at - said.created_at).total_seconds(), 0.0))
    return found


def strains(complaint: Complaint) -> list[float]:
    rows = Message.objects.filter(conversation=complaint.conversation, reading__strain__isnull=False)
    return list(rows.order_by("created_at", "id").values_list("reading__strain", flat=True))


def counted(viewer: User, period: Period, keep: Callable[[Conversation], bool]) -> Tally:
    """The reference: plain rows, plain loops."""
    teams = list(Asked(viewer, period).teams)
    mine = [c for c in Complaint.objects.filter(conversation__team_id__in=teams) if keep(c.conversation)]
    received = [c for c in mine if within(c.received_at, period)]
    closed = [c for c in mine if c.state == "closed" and within(c.closed_at, period)]
    strained = [c for c in closed if max(strains(c), default=0) >= STRAINED]
    spans, seconds = waits(received), [(c.closed_at - c.received_at).total_seconds() for c in closed if c.closed_at]
    promises = [p for p in Promise.objects.filter(conversation__team_id__in=teams) if keep(p.conversation)]
    settled = [p for p in promises if within(p.decided_at, period)]
    surveys = [s for c in mine for s in Survey.objects.filter(complaint=c) if within(s.sent_at, period)]
    granted = [r for c in mine for r in Remedy.objects.filter(complaint=c, state="granted")]
    granted = [r for r in granted if within(r.decided_at, period)]
    amounts: dict[str, Decimal] = {}
    for remedy in granted:
        amounts[remedy.currency] = amounts.get(remedy.currency, Decimal(0)) + remedy.amount
    scores = [s.score for s in surveys if s.score is not None]
    return Tally(
        received=len(received),
        reopened_count=sum(c.reopened_count > 0 for c in received),
        first_answer=Span(median(spans) if spans else None, len(spans)),
        closed=len(closed),
        time_to_close=Span(median(seconds) if seconds else None, len(seconds)),
        upheld_count=sum(c.outcome in ("upheld", "partly_upheld") for c in closed),
        decided=sum(c.outcome != "" for c in closed),
        strained=len(strained),
        settled=sum(strains(c)[-1] <= SETTLED for c in strained),
        kept=sum(p.state == "kept" for p in settled),
        broken=sum(p.state == "broken" for p in settled),
        asked=len(surveys),
        answered=len(scores),
        rated=len(scores),
        satisfied=sum(score >= 4 for score in scores),
        remedies=len(granted),
        amounts=amounts,
    )


def same(one: Tally, other: Tally) -> None:
    assert one.first_answer.seconds == pytest.approx(other.first_answer.seconds, abs=1e-3)
    assert one.time_to_close.seconds == pytest.approx(other.time_to_close.seconds, abs=1e-3)
    plain = {"first_answer": Span(None, one.first_answer.count), "time_to_close": Span(None, one.time_to_close.count)}
    twin = {
        "first_answer": Span(None, other.first_answer.count),
        "time_to_close": Span(None, other.time_to_close.count),
    }
    assert vars(one) | plain == vars(other) | twin


def cause_of(conversation: Conversation) -> str:
    complaint = Complaint.objects.filter(conversation=conversation).first()
    return str(complaint.cause_id) if complaint and complaint.cause_id else "none"


def groups(lens: Lens, by: str) -> dict[str, Tally]:
    return {key: tally for key, tally in tallies(lens, DIMENSIONS[by]).items() if key != ALL}


def test_every_figure_equals_the_operational_tables(cast: Any, lived: Snapshot) -> None:
    for viewer in (cast.bob, cast.dana):
        for period in periods():
            lens = Lens(lived, Asked(viewer, period), period)
            same(whole(lens), counted(viewer, period, lambda conversation: True))
            for key, tally in groups(lens, "cause").items():
                same(tally, counted(viewer, period, lambda conversation, key=key: cause_of(conversation) == key))
            for key, tally in groups(lens, "channel").items():
                same(tally, counted(viewer, period, lambda conversation, key=key: conversation.channel == key))
    assert whole(lens).received > 3


def test_the_figures_shared_with_the_overview_are_the_same(cast: Any, lived: Snapshot) -> None:
    for period in periods():
        found = whole(Lens(lived, Asked(cast.bob, period), period))
        load, kept = queries.workload(cast.bob, period), queries.promises(cast.bob, period)
        assert (found.received, found.closed) == (load.received, load.closed)
        assert (found.kept, found.broken) == (kept.kept, kept.broken)
        assert (
            found.amounts == {row.currency: row.amount for row in queries.remedies(cast.bob, period)} or found.remedies
        )
        assert found.remedies == sum(row.count for row in queries.remedies(cast.bob, period))


def test_months_add_up_to_the_whole(cast: Any, lived: Snapshot) -> None:
    lens = Lens(lived, Asked(cast.dana, periods()[0]), periods()[0])
    months = by_month(lens)
    same(months.pop(ALL), whole(lens))
    assert len(months) > 1
    assert sum(month.received for month in months.values()) == whole(lens).received
    assert sum(month.closed for month in months.values()) == whole(lens).closed
    assert sum((month.amounts.get("EUR", Decimal(0)) for month in months.values()), Decimal(0)) == sum(
        whole(lens).amounts.values(), Decimal(0)
    )


def report(name: str, viewer: User, period: Period) -> Report:
    return catalogue.report(name, Asked(viewer, period))


def test_regulatory_counts_equal_the_operational_tables(cast: Any, lived: Snapshot) -> None:
    for period in periods():
        quick = deadlines(period.first - timedelta(days=40), period.last)
        by_day = dict(zip(quick.days, quick.moments, strict=True))
        closed = [c for c in Complaint.objects.filter(state="closed") if within(c.closed_at, period)]
        soon = [
            c
            for c in closed
            if c.closed_at.replace(tzinfo=None) <= by_day[c.received_at.astimezone(period.zone).date()]
        ]
        (section,) = report("regulatory", cast.dana, period).sections
        assert section.total is not None
        cells = section.total.cells
        assert cells[1] == Complaint.objects.filter(received_at__gte=period.start, received_at__lt=period.end).count()
        assert cells[2:6] == [len(closed), len(soon), len(closed) - len(soon), 0]
        open_then = [
            c
            for c in Complaint.objects.filter(received_at__lt=period.end)
            if c.state == "open" or c.closed_at >= period.end
        ]
        assert cells[7] == len(open_then)


def test_the_third_business_day_is_counted_after_the_day_of_receipt() -> None:
    found = deadlines(date(2026, 3, 5), date(2026, 3, 7))  # Thursday to Saturday
    assert [moment.replace(tzinfo=UTC) for moment in found.moments] == [
        datetime(2026, 3, 10, 17, tzinfo=UTC),
        datetime(2026, 3, 11, 17, tzinfo=UTC),
        datetime(2026, 3, 11, 17, tzinfo=UTC),
    ]


def test_small_groups_of_vulnerable_people_are_not_told_of(cast: Any, lived: Snapshot) -> None:
    told = report("vulnerable", cast.bob, periods()[0]).sections[0]
    counts = {True: 0, False: 0}
    for complaint in Complaint.objects.all():
        counts[SensitiveReading.objects.filter(message__conversation=complaint.conversation).exists()] += 1
    if min(counts.values()) < 10:
        assert not told.rows
        assert "Not shown" in told.words
    else:
        assert [row.cells[1] for row in told.rows] == [counts[True], counts[False]]
    assert not report("vulnerable", cast.bob, periods()[1]).sections[0].rows  # three weeks: too short
    for row in told.rows:
        assert row.key is None
        for cell in row.cells[1:]:
            size = cell.total if isinstance(cell, Share) else cell.count if isinstance(cell, Span | Amounts) else cell
            assert isinstance(cell, Hidden) or int(str(size)) >= 10


def test_vulnerability_needs_a_permission_of_its_own(cast: Any, lived: Snapshot, monkeypatch: Any) -> None:
    from backstory.people import policy
    from backstory.people.models import Role
    from backstory.people.policy import Permission

    less = policy.IN_OWN_TEAMS[Role.LEAD] - {Permission.COMPARE_VULNERABLE}
    monkeypatch.setitem(policy.IN_OWN_TEAMS, Role.LEAD, less)
    with pytest.raises(NotAllowed):
        report("vulnerable", cast.bob, periods()[0])
    asked = Asked(cast.bob, periods()[0])
    assert "vulnerable" not in dict(catalogue.offered(asked, lived))
