"""Having reports sent by mail, and sending them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from backstory.insight import queries, rules, warehouse
from backstory.insight.models import ReportLetter, ReportSchedule
from backstory.insight.reports import catalogue, files, reading
from backstory.insight.reports.asking import Against, Asked
from backstory.insight.reports.shape import Report
from backstory.kernel import clock
from backstory.kernel.errors import InvalidInput, NotAllowed, NotFound
from backstory.live.actions import record
from backstory.people.models import User

log = structlog.get_logger(__name__)

GIVEN_UP_AFTER = timedelta(days=1)
"""A report whose figures could not be had for so long waits for its next time."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants sent; `recipients` are users' ids."""

    report: str
    form: str
    period: str
    against: Against
    team_id: int | None
    every: str
    weekday: int
    hour: int
    recipients: Sequence[int]


def add_schedule(viewer: User, wish: Wish) -> ReportSchedule:
    """Send a report from its next time on. NotAllowed for a report the viewer may not ask for, InvalidInput naming
    the field, NotFound for a team out of sight."""
    Asked(viewer, queries.period_for(wish.period), wish.against, wish.team_id)  # who may, and of what
    _check(viewer, wish)
    known = {user.pk: user for user in queries.possible_recipients(viewer)}
    recipients = [known[pk] for pk in wish.recipients if pk in known]
    if not recipients:
        raise InvalidInput(_("Choose at least one recipient."), "recipients")
    with transaction.atomic():
        schedule = ReportSchedule.objects.create(
            report=wish.report,
            form=wish.form,
            period=wish.period,
            against=wish.against,
            team_id=wish.team_id,
            every=wish.every,
            weekday=wish.weekday,
            hour=wish.hour,
            made_by=viewer,
            next_at=rules.next_moment(clock.now(), wish.every, wish.weekday, wish.hour, queries.desk_zone()),
        )
        schedule.recipients.set(recipients)
        _tell("added", viewer, schedule)
    return schedule


def _check(viewer: User, wish: Wish) -> None:
    if wish.report not in catalogue.titles():
        raise InvalidInput(_("Choose one of the reports."), "report")
    catalogue.require(viewer, wish.report, wish.team_id)
    if wish.form not in files.MAKERS:
        raise InvalidInput(_("Choose PDF, Excel or CSV."), "form")
    if wish.period not in rules.PRESET_WEEKS:
        raise InvalidInput(_("Choose one of the periods."), "period")
    if wish.every not in ReportSchedule.Every.values or not 0 <= wish.weekday <= 6 or not 0 <= wish.hour <= 23:
        raise InvalidInput(_("Choose when it is sent."), "every")


def end_schedule(viewer: User, schedule_id: int) -> None:
    """Whoever made it, and administrators, end it for everybody; a recipient only for themself."""
    with transaction.atomic():
        schedule = queries.schedules(viewer).select_for_update(of=("self",)).filter(pk=schedule_id).first()
        if schedule is None:
            raise NotFound(_("There is no such sending."))
        if queries.may_end(viewer, schedule):
            _end(schedule, viewer)
            return
        schedule.recipients.remove(viewer)
        _tell("left", viewer, schedule)
        if not schedule.recipients.exists():
            _end(schedule, None)


def _end(schedule: ReportSchedule, by: User | None) -> None:
    schedule.ended_at = clock.now()
    schedule.save(update_fields=["ended_at"])
    _tell("ended", by, schedule)


def _tell(what: str, actor: User | None, schedule: ReportSchedule) -> None:
    record(
        f"report_schedule.{what}",
        actor=actor,
        team_id=schedule.team_id,
        subject=("report_schedule", schedule.pk),
        report=schedule.report,
    )


def send_due_reports() -> int:
    """Send what is due, each recipient their own; returns how many letters were stored."""
    return sum(_send(schedule) for schedule in queries.due_schedules(clock.now()))


def _send(schedule: ReportSchedule) -> int:
    recipients = list(schedule.recipients.filter(is_active=True).order_by("pk"))
    if not recipients:  # whoever wanted it is gone
        with transaction.atomic():
            _end(schedule, None)
        return 0
    try:
        sent = sum(_send_to(user, schedule) for user in recipients)
    except warehouse.NotReady as error:
        if clock.now() - schedule.next_at < GIVEN_UP_AFTER:
            return 0  # the next minute tries again
        log.warning("report not sent", schedule_id=schedule.pk, reason=str(error))
        sent = 0
    following = rules.next_moment(clock.now(), schedule.every, schedule.weekday, schedule.hour, queries.desk_zone())
    with transaction.atomic():
        moved = ReportSchedule.objects.filter(pk=schedule.pk, next_at=schedule.next_at).update(next_at=following)
        if moved and sent:
            record("report.sent", subject=("report_schedule", schedule.pk), report=schedule.report, count=sent)
    return sent


def _send_to(user: User, schedule: ReportSchedule) -> bool:
    """One letter; none where this one went out already, or where the recipient may see the report no more."""
    if ReportLetter.objects.filter(schedule=schedule, user=user, due_at=schedule.next_at).exists():
        return False
    try:
        asked = Asked(user, queries.period_for(schedule.period), schedule.against, schedule.team_id)  # type: ignore[arg-type]
        made = catalogue.report(schedule.report, asked)
    except (NotAllowed, NotFound) as error:
        log.warning("report not sent", schedule_id=schedule.pk, user_id=user.pk, reason=str(error))
        return False
    letter = _letter(user, made, schedule.form)
    try:
        with transaction.atomic():  # the letter is stored, not sent, here: both rows or none
            ReportLetter.objects.create(schedule=schedule, user=user, due_at=schedule.next_at)
            letter.send()
    except IntegrityError:  # another worker was quicker
        return False
    return True


def _letter(user: User, made: Report, form: str) -> EmailMessage:
    lines = [
        _("Hello %(name)s,") % {"name": user.get_short_name()},
        "",
        _("here is the report you asked for: %(title)s.") % {"title": made.title},
        *reading.about(made),
        "",
        *(f"{name}: {reading.figure(cell)} {words}".strip() for name, cell, words in made.figures),
        "",
        _("It is sent by itself. You can end that at the desk, under Insight, Reports, By mail."),
    ]
    subject = f"{made.title}: {reading.day(made.first)} – {reading.day(made.last)}"
    letter = EmailMessage(subject, "\n".join(lines), to=[user.email])
    letter.attach(files.filename(made, form), files.MAKERS[form](made), files.TYPES[form].partition(";")[0])
    return letter
