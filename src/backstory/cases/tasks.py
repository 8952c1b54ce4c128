"""Background work on complaints: reading messages, finding promises, watching dates."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from backstory import language
from backstory.cases import actions, engine, learning, queries
from backstory.conversations.models import Message
from backstory.kernel import clock
from backstory.language import ModelError

log = structlog.get_logger(__name__)
BATCH = 50
PAUSE_SECONDS = 1
"""Reading again takes so many messages at a time with a pause between, so that a worker is never long away."""
GRACE = timedelta(minutes=2)
"""How long a message may wait for the task its event enqueued, before the sweep takes it for lost."""


@db_task(retries=3, retry_delay=20, context=True)
def read_message(message_id: int, task: Any = None) -> None:
    """Read a customer's message and keep the reading. Reading runs here, in no transaction; done twice it is
    done once."""
    message = queries.unread_message(message_id)
    if message is None:
        return
    try:
        reading = learning.read(message.text, message.created_at)
    except ModelError as problem:
        # Not the message's fault: it stays unread, and the sweep comes back to it once the engine works.
        log.error("no message can be read", problem=str(problem))
        return
    except Exception as error:
        if task is not None and task.retries > 0:
            raise
        log.exception("message could not be read", message_id=message_id)
        actions.record_unreadable(message_id, type(error).__name__, engine.version())
        return
    actions.record_reading(message_id, reading, engine.version())
    actions.learn_from_answer(message_id)


@db_task(retries=3, retry_delay=20)
def read_reply(message_id: int) -> None:
    """Read how much empathy a message that one of us wrote shows."""
    message = queries.unread_reply(message_id)
    if message is None:
        return
    reading = language.read(message.text, answers=queries.answered_by(message))
    actions.record_reply_reading(message_id, reading, engine.version())


@db_task()
def reread(_run_id: int = 0) -> None:
    """Read the next messages again, and wake itself for those after them. Mail that was never read comes first."""
    if engine.problem() or queries.mail_waits():
        return  # the sweep comes back to it
    run = actions.claim_rereading()
    if run is None:
        return
    messages = queries.to_reread(run.version, BATCH)
    outcome = [_reread(message, run.version) for message in messages]
    changed = [fields for fields in outcome if fields is not None]
    if actions.release_rereading(run.pk, len(changed), len(outcome) - len(changed), changed):
        reread.schedule(delay=PAUSE_SECONDS)


def _reread(message: Message, version: str) -> list[str] | None:
    """The fields on which the engine of now says something else, None where it fails."""
    try:
        return actions.replace_reading(message.pk, learning.read(message.text, message.created_at), version)
    except Exception:
        log.exception("message could not be read again", message_id=message.pk)
        actions.pass_over(message.pk, version)
        return None


@db_task(retries=3, retry_delay=20)
def find_promises(message_id: int) -> None:
    """Suggest the promises in a message that one of us sent."""
    actions.suggest_promises(message_id)


@db_task(retries=3, retry_delay=20)
def note_phrases(message_id: int) -> None:
    """Keep which phrases of the toolkit stand in a reply that one of us sent."""
    actions.note_phrases(message_id)


@db_task(retries=3, retry_delay=20)
def note_questions(message_id: int) -> None:
    """Keep the open questions of a message that one of us sent: the answers show which of them open up."""
    actions.note_questions(message_id)


@db_periodic_task(crontab(minute="*"))
def read_overlooked() -> None:
    """Wake again what a lost wake-up left unread."""
    before = clock.now() - GRACE
    problem = engine.problem()
    if problem:
        log.error("no message can be read", problem=problem)
    else:
        _wake_readers(before)
    for message_id in queries.overlooked_promises(before):
        find_promises(message_id)
    for message_id in queries.overlooked_questions(before):
        note_questions(message_id)


def _wake_readers(before: datetime) -> None:
    for message_id in queries.overlooked_readings(before):
        read_message(message_id)
    for message_id in queries.overlooked_replies(before):
        read_reply(message_id)
    if actions.rereading_is_due():
        reread()


@db_task(retries=3, retry_delay=20)
def note_answered_abuse(message_id: int) -> None:
    """Count the abusive message that a reply answered."""
    actions.note_answered_abuse(message_id)


@db_periodic_task(crontab(minute="*"))
def end_pauses() -> None:
    """Take up the conversations whose pause is over."""
    actions.end_pauses()


@db_task()
def train_causes(model_id: int) -> None:
    """Train a model of the desk's own causes. It takes minutes, in a process of its own."""
    actions.train(model_id)


@db_periodic_task(crontab(minute="*"))
def train_overlooked() -> None:
    """Wake again the trainings whose wake-up or worker was lost."""
    for model_id in actions.lost_trainings():
        train_causes(model_id)


@db_periodic_task(crontab(minute="17", hour="3"))
def erase_old_backstories() -> None:
    """Delete what is sensitive once its time is over."""
    if settings.SENSITIVE_DAYS:
        actions.erase_old_backstories(timedelta(days=settings.SENSITIVE_DAYS))
        actions.erase_old_signs(timedelta(days=settings.SENSITIVE_DAYS))


@db_periodic_task(crontab(minute="*"))
def watch_promises() -> None:
    """Remind of promises that come due, and count those whose time has passed as broken."""
    actions.remind_due_promises()
    actions.break_overdue_promises()


@db_task(retries=3, retry_delay=20)
def propose_causes(complaint_id: int) -> None:
    """Propose a cause for the issues of a complaint that have none."""
    actions.propose_causes(complaint_id)


@db_task()
def search_themes(search_id: int) -> None:
    """Search for themes among the complaints that fit no cause: some seconds, up to minutes with the encoder."""
    actions.search_themes(search_id)


@db_periodic_task(crontab(minute="*"))
def search_overlooked() -> None:
    """Wake again what a lost wake-up left: searches, and issues without a proposed cause."""
    for search_id in queries.due_searches():
        search_themes(search_id)
    for complaint_id in queries.unread_issues():
        propose_causes(complaint_id)


@db_periodic_task(crontab(minute="40", hour="3"))
def search_weekly() -> None:
    """Ask for a search once a week."""
    actions.request_weekly_themes()
