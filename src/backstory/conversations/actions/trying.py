"""Trying a mailbox: asked for by a person, made by a worker, step by step."""

from datetime import timedelta
from typing import Literal

from django.db import transaction
from django.db.models import Q

from backstory.conversations import queries
from backstory.conversations.models import MailboxTest
from backstory.kernel import clock
from backstory.kernel.errors import Conflict
from backstory.live.actions import record
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission

SILENT = timedelta(minutes=3)
"""After this long without an end the worker that tried is taken for dead."""
Ending = Literal["running", "good", "bad", "note"]
State = MailboxTest.State


@transaction.atomic
def request_mailbox_test(viewer: User, pk: int, *, sends_letter: bool = False) -> MailboxTest:
    """Ask for a trial; with `sends_letter` a letter goes to whoever asks. Raises Conflict while one is under way."""
    mailbox = queries.get_mailbox(viewer, pk)
    policy.require(viewer, Permission.MANAGE_MAILBOXES)
    busy = mailbox.tests.exclude(state=State.DONE).filter(created_at__gt=clock.now() - SILENT)
    if busy.exists():
        raise Conflict("This mailbox is being tested already.")
    test = MailboxTest.objects.create(mailbox=mailbox, requested_by=viewer, sends_letter=sends_letter)
    record("mailbox_test.requested", actor=viewer, team_id=mailbox.team_id, subject=("mailbox_test", test.pk))
    return test


def claim_mailbox_test(test_id: int) -> MailboxTest | None:
    """The test for the worker that makes it; None when another does or has."""
    moment = clock.now()
    lost = Q(state=State.RUNNING, claimed_at__lt=moment - SILENT)
    free = MailboxTest.objects.filter(Q(state=State.WAITING) | lost, pk=test_id)
    if not free.update(state=State.RUNNING, claimed_at=moment, steps=[]):
        return None
    return MailboxTest.objects.select_related("mailbox__team", "requested_by").get(pk=test_id)


def note_step(test: MailboxTest, step: str, ending: Ending, words: str = "") -> None:
    """Say how far the trial is: a step that begins is `running` and is replaced when it ends."""
    done = [each for each in test.steps if each["state"] != "running"]
    test.steps = [*done, {"step": step, "state": ending, "words": words[:1000]}]
    MailboxTest.objects.filter(pk=test.pk, claimed_at=test.claimed_at).update(steps=test.steps)


def finish_mailbox_test(test: MailboxTest) -> None:
    mine = MailboxTest.objects.filter(pk=test.pk, claimed_at=test.claimed_at)
    test.state = State.DONE
    mine.update(state=State.DONE, finished_at=clock.now())
