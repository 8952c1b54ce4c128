"""The lead's Monday page: what came in last week, what is late, what was promised, what rose, who waits for whom.

Figures, and which promises and conversations are due, come from the read model; what they are called comes from the
desk's own rows, as far as the viewer may see them. Complaints stand here by their numbers: this page travels by mail.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from backstory.cases import queries as cases
from backstory.cases.queries import cause_tree
from backstory.conversations.queries import visible
from backstory.insight import queries
from backstory.insight.reports import board, reading, tally
from backstory.insight.reports.asking import Asked, Lens, during
from backstory.insight.reports.shape import Cell, Column, Report, Row, Section
from backstory.insight.rules import Period
from backstory.insight.warehouse import Snapshot
from backstory.kernel import clock
from backstory.measures import before_after
from backstory.recovery import queries as recovery
from backstory.recovery.models import FollowUp
from backstory.recovery.queries.remedies import label as remedy_label

WEEK = timedelta(days=7)
USUAL = 8
"""Weeks before the last one that say what is usual."""
LONGEST = 15
FEWEST = 3
P_RISE = 0.05
LATE_AFTER = timedelta(days=2)


def last_week(today: date) -> tuple[date, date]:
    """Monday to Sunday of the last week that is over."""
    monday = today - timedelta(days=today.weekday() + 7)
    return monday, monday + timedelta(days=6)


def monday(snapshot: Snapshot, asked: Asked) -> Report:
    """Of the last whole week, whatever period was asked of."""
    first, last = last_week(queries.today())
    week = Period(first, last, asked.period.zone)
    usual = Period(first - USUAL * WEEK, first - timedelta(days=1), week.zone)
    lens = Lens(snapshot, asked, week)
    now, before = tally.whole(lens), tally.whole(Lens(snapshot, asked, usual))
    late = _late(lens)
    return Report(
        name="monday",
        title=_("Monday page"),
        first=first,
        last=last,
        words=_("Last week, and what this one asks for."),
        sections=[_rose(snapshot, asked, week, usual), *(each.section() for each in _to_do(lens, late))],
        method=_method(),
        figures=_figures(now, before, late[1], lens),
    )


def _figures(now: tally.Tally, before: tally.Tally, late: int, lens: Lens) -> list[tuple[str, Cell, str]]:
    overdue = _due_promises(lens, clock.now())[1]
    usual = _("usually %(n).1f a week")
    came = f"{usual % {'n': before.received / USUAL}}: {board.verdict(now.received, before.received, 1, USUAL)}"
    return [
        (_("Complaints received"), now.received, came),
        (_("Complaints closed"), now.closed, usual % {"n": before.closed / USUAL}),
        (_("Promises kept"), now.promises, board.share_words(now.promises, before.promises)),
        (_("Promises overdue now"), overdue, ""),
        (_("Waiting for an answer"), late, _("for longer than %(days)d days") % {"days": LATE_AFTER.days}),
    ]


Found = tuple[list[int], int]
"""The ids of the first few, in order, and how many there are."""


def _found(lens: Lens, question: str, until: datetime) -> Found:
    """The read model says which; a list of a million rows is no work for the tables of the desk."""
    rows = lens.rows(f"{question} LIMIT {LONGEST}", {"until": until.replace(tzinfo=None)})
    return [row[0] for row in rows], rows[0][1] if rows else 0


def _late(lens: Lens) -> Found:
    question = (
        "SELECT conversation_id, count(*) OVER () FROM seen WHERE state = 'open' AND waiting_since < $until "
        "ORDER BY waiting_since"
    )
    return _found(lens, question, clock.now() - LATE_AFTER)


def _due_promises(lens: Lens, until: datetime) -> Found:
    question = (
        "SELECT promise_id, count(*) OVER () FROM promises p JOIN seen USING (conversation_id) "
        "WHERE p.state = 'open' AND p.due_at < $until ORDER BY p.due_at"
    )
    return _found(lens, question, until)


@dataclass(frozen=True)
class ToDo:
    """One list: a line is (conversation's id, what it is called, what it is about, moment, team)."""

    name: str
    title: str
    count: int
    lines: Iterable[tuple[int, str, str, datetime | None, str]]
    when: str
    words: str = ""

    def section(self) -> Section:
        columns = [
            Column("number", _("Number"), "text"),
            Column("what", _("What"), "text"),
            Column("when", self.when, "text"),
            Column("team", _("Team"), "text"),
        ]
        rows = [
            Row([number, what, reading.when(at) if at else reading.DASH, team], conversation=pk)
            for pk, number, what, at, team in self.lines
        ]
        more = _("The first %(n)d of %(all)d.") % {"n": len(rows), "all": self.count} if self.count > len(rows) else ""
        return Section(self.name, f"{self.title} ({self.count})", columns, rows, f"{self.words} {more}".strip())


def _to_do(lens: Lens, late: Found) -> list[ToDo]:
    return [_waiting(lens.asked, late), _promises(lens), _approvals(lens.asked), _followups(lens.asked)]


def _number(conversation: Any) -> str:
    complaint = getattr(conversation, "complaint", None)
    return complaint.number if complaint else _("Conversation %(id)d") % {"id": conversation.pk}


def _waiting(asked: Asked, late: Found) -> ToDo:
    rows = visible(asked.viewer).filter(pk__in=late[0]).select_related("team", "complaint").order_by("waiting_since")
    lines = [(row.pk, _number(row), _("waits for our answer"), row.waiting_since, row.team.name) for row in rows]
    return ToDo("late", _("What is late"), late[1], lines, _("Waiting since"))


def _promises(lens: Lens) -> ToDo:
    ids, count = _due_promises(lens, clock.now() + WEEK)
    rows = cases.promises(lens.asked.viewer).filter(pk__in=ids).select_related("conversation__complaint")
    lines = [
        (row.conversation_id, _number(row.conversation), _owner(row.owner), row.due_at, row.conversation.team.name)
        for row in rows
    ]
    return ToDo("promises", _("Promises due within a week"), count, lines, _("Due"))


def _owner(user: Any) -> str:
    return _("promised by %(name)s") % {"name": user.name} if user else _("nobody's")


def _approvals(asked: Asked) -> ToDo:
    rows = [
        row
        for row in recovery.approvals(asked.viewer)
        if asked.team_id in (None, row.complaint.conversation.team_id)
        and row.complaint.conversation.team_id in asked.teams
    ]
    lines = [
        (
            row.complaint.conversation_id, row.complaint.number, remedy_label(row), row.created_at,
            row.complaint.conversation.team.name,
        )
        for row in rows[:LONGEST]
    ]  # fmt: skip
    return ToDo("approvals", _("Waiting for your approval"), len(rows), lines, _("Asked"))


def _followups(asked: Asked) -> ToDo:
    teams = [asked.team_id] if asked.team_id is not None else list(asked.teams)
    rows = recovery.followups(asked.viewer, FollowUp.State.OPEN).filter(
        due_at__lt=clock.now() + WEEK, complaint__conversation__team_id__in=teams
    )
    lines = [
        (
            row.complaint.conversation_id, row.complaint.number, str(FollowUp.Kind(row.kind).label), row.due_at,
            row.complaint.conversation.team.name,
        )
        for row in rows[:LONGEST]
    ]  # fmt: skip
    return ToDo("followups", _("Follow-ups within a week"), rows.count(), lines, _("Due"))


def _rose(snapshot: Snapshot, asked: Asked, week: Period, usual: Period) -> Section:
    question = (
        f"SELECT coalesce(cause_id, 0), count(*) FROM seen WHERE complaint_id IS NOT NULL AND {during('received_at')} "
        "GROUP BY 1"
    )
    now = dict(Lens(snapshot, asked, week).rows(question))
    before = dict(Lens(snapshot, asked, usual).rows(question))
    names = {node.id: node.path for node in cause_tree()} | {0: queries.NO_CAUSE}
    found = [(cause, count, before.get(cause, 0)) for cause, count in now.items()]
    found.sort(key=lambda each: (-(each[1] - each[2] / USUAL), each[0]))
    columns = [
        Column("cause", _("Cause"), "text"),
        Column("last_week", _("Last week")),
        Column("usual", _("Usually a week")),
        Column("verdict", _("In words"), "text"),
    ]
    rows = [
        Row([names.get(cause, str(cause)), count, round(past / USUAL, 1), _verdict(count, past)],
            key=str(cause) if cause else "none")
        for cause, count, past in found[:LONGEST]
    ]  # fmt: skip
    return Section("rose", _("What came in, by cause"), columns, rows, by="cause")


def _verdict(count: int, past: int) -> str:
    if count < FEWEST or not past:
        return _("new") if not past and count >= FEWEST else _("too few to say")
    found = before_after.compare(before_after.Tally(past, USUAL), before_after.Tally(count, 1))
    if found.p_more < P_RISE:
        return _("rose: worth a look")
    return _("fell") if found.p_fewer < P_RISE else _("as usual")


def _method() -> list[str]:
    return [
        _("Last week is Monday to Sunday on the desk's calendar; what is usual are the %(weeks)d weeks before it.")
        % {"weeks": USUAL},
        _("“Rose” and “fell”: so many or so few complaints come about by chance in fewer than one of twenty weeks "
          "(exact conditional test of two Poisson counts). With twenty causes one of them “rises” by chance each week: "
          "it is a reason to look, no alarm. The early warning keeps count of false alarms."),
        _("What is late, promised, to be approved and to be followed up is read at the moment of looking, from the "
          "desk itself. Only your teams are counted."),
    ]  # fmt: skip
