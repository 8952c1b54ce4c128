"""Reading everything again after the engine has changed: in the background, new mail first, pausable.

The rows are the truth: a reading of another version is left to do, and one row says whether to go on. A worker that
dies leaves its claim to run out, and the sweep wakes the next.
"""

from collections import Counter
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from backstory.cases import engine, policy, queries
from backstory.cases.models import Reading, ReplyReading, Rereading
from backstory.kernel import clock
from backstory.kernel.errors import Conflict
from backstory.live.actions import Actor, record
from backstory.people.models import User

CLAIM = timedelta(minutes=2)
State = Rereading.State


def _tell(kind: str, run: Rereading, actor: Actor | None = None, **data: int) -> None:
    record(kind, actor=actor, subject=("rereading", run.pk), **data)


def start_rereading(viewer: User) -> Rereading:
    """Have every message that another engine read read again. Conflict where none is left or it is going on, or where
    the engine does not work."""
    policy.require_rereading(viewer)
    problem = engine.problem()
    if problem:
        raise Conflict(f"The reading engine does not work: {problem}")
    return _start(viewer, engine.version())


@transaction.atomic
def _start(viewer: User, version: str) -> Rereading:
    if Rereading.objects.select_for_update().exclude(state=State.DONE).exists():
        raise Conflict("The messages are being read again already.")
    if not queries.stale_readings(version).exists():
        raise Conflict("Every message has been read by the engine of now.")
    # Nobody has judged these: the sweep reads them anew.
    ReplyReading.objects.exclude(version=version).filter(message__corrections=None).delete()
    run = Rereading.objects.create(version=version, started_by=viewer)
    _tell("rereading.started", run, viewer)
    return run


@transaction.atomic
def pause_rereading(viewer: User) -> Rereading:
    """Stop after the messages in hand; what is done stays done."""
    run = _unfinished(viewer, State.RUNNING, "The messages are not being read again.")
    run.state = State.PAUSED
    run.save(update_fields=["state"])
    _tell("rereading.paused", run, viewer)
    return run


@transaction.atomic
def resume_rereading(viewer: User) -> Rereading:
    run = _unfinished(viewer, State.PAUSED, "Nothing is paused.")
    run.state = State.RUNNING
    run.save(update_fields=["state"])
    _tell("rereading.resumed", run, viewer)
    return run


def _unfinished(viewer: User, state: str, otherwise: str) -> Rereading:
    policy.require_rereading(viewer)
    run = Rereading.objects.select_for_update().filter(state=state).first()
    if run is None:
        raise Conflict(otherwise)
    return run


def claim_rereading() -> Rereading | None:
    """The run to go on with, taken by compare-and-set; None where there is none, or another worker is at it."""
    now = clock.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    run = Rereading.objects.filter(free, state=State.RUNNING).first()
    if run is None:
        return None
    taken = Rereading.objects.filter(free, pk=run.pk, state=State.RUNNING).update(
        claimed_until=now + CLAIM, version=engine.version()
    )
    if not taken:
        return None
    run.refresh_from_db()
    return run


@transaction.atomic
def release_rereading(run_id: int, read: int = 0, failed: int = 0, changed: list[list[str]] | None = None) -> bool:
    """Note what was done in a batch and let go; whether there is more to do at once."""
    run = Rereading.objects.select_for_update().get(pk=run_id)
    moved = [fields for fields in changed or [] if fields]
    run.read, run.failed, run.moved = run.read + read, run.failed + failed, run.moved + len(moved)
    run.changed = dict(Counter(run.changed) + Counter(field for fields in moved for field in fields))
    run.claimed_until = None
    left = queries.stale_readings(run.version).exists()
    if not left:
        run.state, run.finished_at = State.DONE, clock.now()
        _tell("rereading.finished", run, read=run.read, moved=run.moved)
    run.save()
    return left and run.state == State.RUNNING


def pass_over(message_id: int, version: str) -> None:
    """The engine of now could not read this message again: it keeps the reading it has."""
    Reading.objects.filter(message_id=message_id).update(version=version)


def rereading_is_due() -> bool:
    """Whether a run waits for a worker: its wake-up or its worker was lost."""
    free = Q(claimed_until=None) | Q(claimed_until__lt=clock.now())
    return Rereading.objects.filter(free, state=State.RUNNING).exists()
