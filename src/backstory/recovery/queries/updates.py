"""What customers are told and when: manner, planned and late updates, and what a letter would say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from backstory.cases.models import Complaint, Promise
from backstory.cases.queries import desk_hours, plan_of, version_of
from backstory.conversations.models import Message
from backstory.conversations.queries import visible
from backstory.kernel import clock
from backstory.kernel.calendars import BusinessHours
from backstory.kernel.errors import NotFound
from backstory.live.models import Event
from backstory.people.models import User
from backstory.people.queries import email_of, troubles
from backstory.recovery import telling
from backstory.recovery.models import Remedy, StageChange, StageUpdate, StatusOpenings, UpdateManner
from backstory.recovery.rules import updates as timing
from backstory.recovery.telling import Change, News
from backstory.recovery.wording import Written

LOOK_BACK = timedelta(days=1)
"""How far back a lost wake-up is made good."""
PLANNED = StageUpdate.State.PLANNED


@dataclass(frozen=True, slots=True)
class Manner:
    """How a complaint's customer is kept informed, everything said."""

    automatic: bool
    every: int  # working days, 0 for never
    carer: str  # name or team


def _said(complaint: Complaint) -> list[UpdateManner]:
    """What was said for this complaint, its mailbox, its team and the desk, the nearest first."""
    conversation = complaint.conversation
    rows = UpdateManner.objects.filter(
        Q(complaint=complaint)
        | Q(mailbox=conversation.mailbox_id)
        | Q(team=conversation.team_id)
        | Q(complaint=None, mailbox=None, team=None)
    )
    return sorted(rows, key=lambda row: (row.complaint_id is None, row.mailbox_id is None, row.team_id is None))


def manner_of(complaint: Complaint) -> Manner:
    """The nearest word on each question counts."""
    said = _said(complaint)
    every: dict[str, int] = {}
    for row in reversed(said):
        every |= row.every
    playbook = plan_of(version_of(complaint)).updates_every
    return Manner(
        automatic=next((row.automatic for row in said if row.automatic is not None), True),
        every=timing.every_for(complaint.severity, every, playbook),
        carer=next((row.carer for row in said if row.carer), "name"),
    )


def carer_of(complaint: Complaint) -> tuple[str, bool]:
    """(who cares for it, whether that is a team): the first name or the team, as the desk chooses; "" for nobody."""
    person = complaint.conversation.assignee or complaint.owner
    if manner_of(complaint).carer == "team" or (person is None and complaint.conversation.team_id):
        return complaint.conversation.team.name, True
    return (person.get_short_name(), False) if person else ("", False)


def hours_of(complaint: Complaint) -> BusinessHours:
    return desk_hours(complaint.conversation.mailbox)


def language_of(complaint: Complaint) -> str:
    """The language (ISO 639-1) that its customer is written to in."""
    conversation = complaint.conversation
    return conversation.customer.language or conversation.mailbox.language or "en"


def last_told(complaint: Complaint) -> datetime | None:
    """When one of us, or an update, last wrote to the customer; None for never."""
    rows = Message.objects.filter(conversation=complaint.conversation_id, direction=Message.Direction.OUT)
    updates = StageUpdate.objects.filter(complaint=complaint, message=OuterRef("pk"))
    told = rows.filter(Q(author__isnull=False) | Exists(updates)).order_by("-created_at")
    return told.values_list("created_at", flat=True).first()


def written_since(complaint: Complaint, moment: datetime) -> bool:
    """Whether one of us has written to the customer since."""
    return Message.objects.filter(
        conversation=complaint.conversation_id,
        direction=Message.Direction.OUT,
        author__isnull=False,
        created_at__gte=moment,
    ).exists()


def complaint_written_in(message_id: int) -> int | None:
    """The open complaint of a message that one of us wrote, None where it is another's or there is none."""
    found = Complaint.objects.filter(
        conversation__messages__pk=message_id, conversation__messages__author__isnull=False, state=Complaint.State.OPEN
    )
    return found.values_list("pk", flat=True).first()


def unnoted(since: datetime, limit: int = 500) -> list[Event]:
    """Events since then that a customer may have to be told of and that nobody has noted, oldest first."""
    complaints = Complaint.objects.filter(conversation=OuterRef("conversation_id"))
    noted = StageChange.objects.filter(event_id=OuterRef("pk"))
    rows = Event.objects.filter(kind__in=list(timing.STAGES), at__gte=since)
    return list(rows.filter(Exists(complaints)).exclude(Exists(noted)).order_by("id")[:limit])


def due_updates(moment: datetime, limit: int = 500) -> list[int]:
    """Planned updates whose time has come, oldest first."""
    rows = StageUpdate.objects.filter(state=PLANNED, due_at__lte=moment, next_attempt_at__lte=moment)
    return list(rows.order_by("due_at").values_list("pk", flat=True)[:limit])


def facts_of(update: StageUpdate) -> timing.Facts:
    """What decides whether this update goes out by itself."""
    complaint = update.complaint
    address = email_of(complaint.conversation.customer)
    changes = changes_of(update)
    return timing.Facts(
        is_open=complaint.state == Complaint.State.OPEN,
        is_automatic=manner_of(complaint).automatic,
        has_news=update.kind == StageUpdate.Kind.SCHEDULED or bool(changes) or bool(update.text),
        stages={change.stage for change in changes},
        is_reachable=bool(address) and not troubles([address]),
        unanswered_since=complaint.conversation.waiting_since,
        hours=hours_of(complaint),
    )


def changes_of(update: StageUpdate) -> list[Change]:
    """What the update tells of, the weightiest first, said once, as things stand now."""
    return current(update.complaint, update.changes.all())


def current(complaint: Complaint, noted: Iterable[StageChange]) -> list[Change]:
    """Of changes noted those that are still true and still news, the weightiest first."""
    latest: dict[tuple[str, int], tuple[str, Change]] = {}
    rows = list(noted)
    for row in rows:
        change = _current(complaint, row)
        if change is not None:
            group = row.stage.partition("_")[0] if "remedy" in row.detail else row.stage
            latest[group, next(iter(row.detail.values()), 0)] = (row.stage, change)
    small_news = max((row.at for row in rows if row.stage in timing.SMALL), default=None)
    covered = small_news is not None and written_since(complaint, small_news)
    found = [change for stage, change in latest.values() if not (covered and stage in timing.SMALL)]
    return sorted(found, key=lambda change: timing.WEIGHT.index(change.stage))


def _current(complaint: Complaint, row: StageChange) -> Change | None:
    if "remedy" in row.detail:
        remedy = Remedy.objects.filter(pk=row.detail["remedy"], state=Remedy.State.GRANTED).first()
        return None if remedy is None else _of_remedy(row.stage, remedy)
    if "promise" in row.detail:
        promise = Promise.objects.select_related("message").filter(pk=row.detail["promise"], state="open").first()
        return None if promise is None or promise.due_at is None else _of_promise(promise)
    if row.stage == "cared_for" and not carer_of(complaint)[0]:
        return None
    return Change(row.stage)


def _of_remedy(stage: str, remedy: Remedy) -> Change | None:
    if remedy.answer == "declined" or (remedy.answer and stage != "remedy_done"):
        return None  # they have told us themselves
    return Change(stage, kind=remedy.kind, money=remedy.money)


def _of_promise(promise: Promise) -> Change:
    written = promise.message.direction == Message.Direction.OUT
    return Change("promise_moved", quote=promise.quote if written else "", day=promise.due_at)


def next_step(complaint: Complaint, moment: datetime) -> datetime | None:
    """The nearest date still to come of what was agreed or promised; never what it is."""
    steps = complaint.resolution_actions.filter(done_at=None, due_at__gte=moment).values_list("due_at", flat=True)
    promises = Promise.objects.filter(conversation=complaint.conversation_id, state="open", due_at__gte=moment)
    return min((*steps, *(row.due_at for row in promises if row.due_at)), default=None)


def news_of(update: StageUpdate, moment: datetime) -> News:
    """What the update is made of if it goes out at `moment`."""
    complaint, hours = update.complaint, hours_of(update.complaint)
    every = manner_of(complaint).every
    carer, is_team = carer_of(complaint)
    return News(
        number=complaint.number,
        name=complaint.conversation.customer.name,
        carer=carer,
        carer_is_team=is_team,
        changes=changes_of(update),
        next_step=next_step(complaint, moment),
        again=timing.scheduled(moment, every, hours)[1] if every else None,
        zone=settings.DESK_TIME_ZONE,
    )


def closing_news(complaint: Complaint, changes: list[Change]) -> News:
    """What a closing letter tells besides that it is closed."""
    carer, is_team = carer_of(complaint)
    zone = settings.DESK_TIME_ZONE
    return News(complaint.number, complaint.conversation.customer.name, carer, is_team, changes, None, None, zone)


def letter_of_update(update: StageUpdate) -> Written:
    """What goes out, with {link} where the link will stand: a person's words where somebody wrote some."""
    composed = telling.letter(language_of(update.complaint), news_of(update, max(clock.now(), update.due_at)))
    return Written(composed.subject, update.text or composed.text)


def _updates(viewer: User) -> QuerySet[StageUpdate]:
    rows = StageUpdate.objects.select_related(
        "complaint__conversation__customer",
        "complaint__conversation__mailbox",
        "complaint__conversation__team",
        "complaint__conversation__assignee",
        "complaint__owner",
        "decided_by",
        "edited_by",
    )
    return rows.filter(complaint__conversation__in=visible(viewer))


def updates(viewer: User, complaint: Complaint) -> list[StageUpdate]:
    """Every update of a complaint that the viewer may see, by when it was or will be sent."""
    return list(_updates(viewer).filter(complaint=complaint).order_by("due_at", "id"))


def get_update(viewer: User, pk: int) -> StageUpdate:
    found = _updates(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such update.")
    return found


def waiting_updates(viewer: User) -> QuerySet[StageUpdate]:
    """Planned updates that a person should look at (late, held back, failed), the oldest first."""
    moment = clock.now()
    late = Q(promised_by__lt=moment) | Q(promised_by=None, due_at__lt=moment - timing.LATE_AFTER)
    rows = _updates(viewer).filter(complaint__state=Complaint.State.OPEN)
    failed = Q(state=StageUpdate.State.FAILED, decided_by=None)
    return rows.filter(Q(state=PLANNED) & (late | ~Q(held="")) | failed).order_by("due_at", "id")


def coming_updates(viewer: User) -> QuerySet[StageUpdate]:
    """Planned updates of open complaints whose time is still to come, the nearest first."""
    rows = _updates(viewer).filter(complaint__state=Complaint.State.OPEN, state=PLANNED, due_at__gte=clock.now())
    return rows.filter(held="").order_by("due_at", "id")


def manners(viewer: User) -> list[UpdateManner]:
    """What the desk, its teams and mailboxes have said, for those who may see the teams."""
    rows = UpdateManner.objects.filter(complaint=None).select_related("team", "mailbox__team")
    return list(rows.order_by("team__name", "mailbox__name"))


def openings(complaint: Complaint) -> int:
    """How often the status page was opened by its link; nothing is kept of who."""
    return StatusOpenings.objects.filter(complaint=complaint).values_list("count", flat=True).first() or 0
