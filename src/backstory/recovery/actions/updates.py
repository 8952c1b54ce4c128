"""Sending updates, by themselves when due or by a person's hand; writing in them, skipping, planning, switching off."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from backstory.cases import rules as case_rules
from backstory.cases.actions import lock, lock_for, lock_open, tell
from backstory.cases.models import Complaint
from backstory.conversations.actions import send_notice
from backstory.conversations.models import Message
from backstory.kernel import clock
from backstory.kernel.errors import BackstoryError, Conflict, InvalidInput
from backstory.kernel.text import storable
from backstory.people.models import User
from backstory.recovery import queries, telling
from backstory.recovery.actions.noting import plan_next
from backstory.recovery.models import Remedy, StageChange, StageUpdate
from backstory.recovery.rules import updates as timing
from backstory.recovery.wording import Written

log = structlog.get_logger(__name__)

LONGEST_TEXT = 5000
Kind, State = StageUpdate.Kind, StageUpdate.State


def send_due_updates() -> int:
    """Send every update whose time has come and that nothing holds back; returns how many."""
    return sum(_try(pk) for pk in queries.due_updates(clock.now()))


def _try(update_id: int) -> bool:
    try:
        return _send_if_due(update_id)
    except StageUpdate.DoesNotExist:  # another update of the complaint, sent just now, told it too
        return False
    except BackstoryError as error:
        log.warning("update not sent", update_id=update_id, reason=str(error))
        _failed(update_id, str(error))
        return False


@transaction.atomic
def _failed(update_id: int, reason: str) -> None:
    update = _locked(update_id)
    update.attempts += 1
    update.reason, update.next_attempt_at = reason[:500], clock.now() + timing.TRY_AGAIN
    if update.attempts >= timing.MOST_ATTEMPTS:
        update.state = State.FAILED
    update.save(update_fields=["attempts", "reason", "next_attempt_at", "state"])


def _locked(update_id: int) -> StageUpdate:
    """The update with its complaint, both held."""
    complaint = lock(StageUpdate.objects.only("complaint_id").get(pk=update_id).complaint_id)
    update = StageUpdate.objects.select_for_update().get(pk=update_id)
    update.complaint = complaint
    return update


@transaction.atomic
def _send_if_due(update_id: int) -> bool:
    """One update whose time has come: sent, moved because somebody wrote meanwhile, dropped, or held for a person."""
    update, moment = _locked(update_id), clock.now()
    if update.state != State.PLANNED or update.due_at > moment:
        return False
    if update.kind == Kind.SCHEDULED and update.planned_by_id is None and not update.text:
        moved = plan_next(update.complaint)
        if moved is None or moved.due_at > moment:
            return False
        update = moved
    verdict = timing.verdict(queries.facts_of(update), moment)
    if verdict == "send":
        _send(update)
        return True
    if verdict == "drop":
        _skip(update, None, "Nothing was left to tell.")
    else:
        update.held, update.next_attempt_at = verdict, moment + timing.TRY_AGAIN
        update.save(update_fields=["held", "next_attempt_at"])
    return False


def _send(update: StageUpdate, viewer: User | None = None) -> Message:
    """The letter goes out with everything else that waits to be told; then the next one is planned."""
    if not update.text:
        _gather(update)
    complaint = update.complaint
    news = queries.news_of(update, clock.now())
    letter = queries.letter_of_update(update)
    text = letter.text.replace(telling.LINK, queries.status_link(complaint))
    update.message = send_notice(complaint.conversation, text, subject=letter.subject)
    update.state, update.sent_at, update.decided_by, update.held = State.SENT, clock.now(), viewer, ""
    update.save(update_fields=["message", "state", "sent_at", "decided_by", "held"])
    told = [row.detail["remedy"] for row in update.changes.all() if "remedy" in row.detail]
    Remedy.objects.filter(pk__in=told, state=Remedy.State.GRANTED, offered_at=None).update(offered_at=clock.now())
    tell("update.sent", complaint, viewer, stage=update.stage)
    plan_next(complaint, promised=news.again)
    return update.message


def _gather(update: StageUpdate) -> None:
    """What waits for another automatic letter of this complaint is told in this one."""
    others = StageUpdate.objects.filter(
        complaint=update.complaint, state=State.PLANNED, planned_by=None, edited_by=None
    ).exclude(pk=update.pk)
    StageChange.objects.filter(update__in=others).update(update=update)
    others.filter(kind=Kind.CHANGED).delete()
    update.stage = timing.weightiest(update.changes.values_list("stage", flat=True))
    update.save(update_fields=["stage"])


def _of_viewer(viewer: User, update_id: int) -> StageUpdate:
    """A planned or failed update, held, if the viewer may handle its complaint; else NotFound, NotAllowed, Conflict."""
    seen = queries.get_update(viewer, update_id)
    lock_for(viewer, seen.complaint_id)
    update = _locked(update_id)
    if update.state not in (State.PLANNED, State.FAILED):
        raise Conflict(f"This update was {update.state} already.")
    return update


def _words(text: str) -> str:
    words = storable(text).replace("\r\n", "\n").strip()
    if len(words) > LONGEST_TEXT:
        raise InvalidInput(f"That is longer than {LONGEST_TEXT:,} characters.", "text")
    return words


@transaction.atomic
def edit_update(viewer: User, update_id: int, text: str) -> StageUpdate:
    """Say it in one's own words (at most 5000 characters, {link} stands for the status page); empty words bring the
    composed ones back. What changes afterwards gets a letter of its own."""
    update = _of_viewer(viewer, update_id)
    words = _words(text)
    if words == queries.letter_of_update(update).text:
        return update
    update.text = words
    update.edited_by = viewer if words or _is_another(update) else None
    update.save(update_fields=["text", "edited_by"])
    return update


def _is_another(update: StageUpdate) -> bool:
    """Whether meanwhile another update of the kind is being planned."""
    same = StageUpdate.objects.filter(complaint=update.complaint, kind=update.kind, state=State.PLANNED)
    return same.filter(planned_by=None, edited_by=None).exclude(pk=update.pk).exists()


@transaction.atomic
def send_update(viewer: User, update_id: int) -> StageUpdate:
    """Send it now: whoever presses that has decided, so neither hours nor switches hold it back."""
    update = _of_viewer(viewer, update_id)
    if update.complaint.state != Complaint.State.OPEN:
        raise Conflict(f"{update.complaint.number} is closed: the closing letter tells of it.")
    _send(update, viewer)
    return update


@transaction.atomic
def skip_update(viewer: User, update_id: int, reason: str) -> StageUpdate:
    """This one does not go out; the reason is kept for the team. A letter at set times is followed by the next."""
    update = _of_viewer(viewer, update_id)
    _skip(update, viewer, case_rules.required(reason, "reason", "why it is skipped", 500))
    tell("update.skipped", update.complaint, viewer, stage=update.stage)
    if update.kind == Kind.SCHEDULED:
        _after_skipped(update.complaint)
    return update


def _after_skipped(complaint: Complaint) -> None:
    """The next letter at its time, counted from today instead of from when the customer last heard."""
    row = plan_next(complaint)
    if row is None:
        return
    every = queries.manner_of(complaint).every
    due, _ = timing.scheduled(clock.now(), every, queries.hours_of(complaint))
    row.due_at = row.next_attempt_at = max(row.due_at, due)
    row.save(update_fields=["due_at", "next_attempt_at"])


def _skip(update: StageUpdate, viewer: User | None, reason: str) -> None:
    update.state, update.decided_by, update.reason = State.SKIPPED, viewer, reason[:500]
    update.save(update_fields=["state", "decided_by", "reason"])


@transaction.atomic
def plan_update(viewer: User, complaint_id: int, due_at: datetime, text: str = "") -> StageUpdate:
    """Promise oneself a letter at a certain time (aware, to come), in one's own words or in composed ones."""
    complaint = lock_open(viewer, complaint_id)
    if due_at.tzinfo is None or not clock.now() < due_at < clock.now() + timedelta(days=366):
        raise InvalidInput("Choose a time to come, within a year.", "due_at")
    words = _words(text)
    update = StageUpdate.objects.create(
        complaint=complaint,
        kind=Kind.SCHEDULED,
        stage="still",
        due_at=due_at,
        next_attempt_at=due_at,
        text=words,
        planned_by=viewer,
        edited_by=viewer if words else None,
    )
    tell("update.planned", complaint, viewer)
    return update


@transaction.atomic
def absorb_updates(complaint: Complaint) -> list[str]:
    """End what is planned for a complaint that closes; returns the sentences that the closing letter tells instead."""
    planned = StageUpdate.objects.filter(complaint=complaint, state=State.PLANNED)
    noted = list(StageChange.objects.filter(update__in=planned))
    for update in planned:
        _skip(update, None, "The complaint was closed: the closing letter tells of it.")
    kept = [change for change in queries.current(complaint, noted) if change.stage not in ("acknowledged", "reopened")]
    return telling.sentences(queries.language_of(complaint), queries.closing_news(complaint, kept))


def with_news(letter: Written, sentences: list[str]) -> Written:
    """The letter with these sentences after its greeting."""
    if not sentences:
        return letter
    greeting, _, rest = letter.text.partition("\n\n")
    return Written(letter.subject, "\n\n".join([greeting, *sentences, rest]))
