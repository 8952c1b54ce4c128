"""Recording what is at stake for a person. The log holds that it was done and by whom, never a word of it."""

from django.db import transaction

from backstory.cases import policy, queries, rules
from backstory.cases.actions.common import lock_for, lock_open, tell
from backstory.cases.models import Backstory, Complaint
from backstory.conversations import actions as conversations
from backstory.conversations.letters import AS_THE_THREAD_SAYS, Dispatch
from backstory.conversations.models import Message
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput
from backstory.kernel.text import storable
from backstory.people.models import User
from backstory.people.policy import Permission

LONGEST = 20_000


def read_backstory(viewer: User, complaint: Complaint) -> Backstory | None:
    """The backstory for showing it, None if there is none for this viewer. That it was read is recorded.

    Once an hour for each reader and complaint: a page refreshes itself whenever something happens, also
    through this.
    """
    found = queries.backstory(viewer, complaint)
    if found and not queries.was_just_read(viewer, complaint):
        tell("backstory.read", complaint, viewer)
    return found


@transaction.atomic
def save_backstory(
    viewer: User, complaint_id: int, *, stated_problem: str, demand: str, backstory: str, need: str
) -> Backstory:
    """Keep the four fields. Words that change after the customer confirmed them are no longer confirmed."""
    complaint = lock_for(viewer, complaint_id, Permission.READ_BACKSTORY)
    after = {
        "stated_problem": _checked(stated_problem, "stated_problem"),
        "demand": _checked(demand, "demand"),
        "backstory": _checked(backstory, "backstory"),
        "need": _checked(need, "need"),
    }
    row = _row(complaint)
    changed = rules.changed_fields({name: getattr(row, name) for name in after}, after)
    if not changed:
        return row
    for name, text in after.items():
        setattr(row, name, text)
    row.updated_at, row.confirmed_at, row.confirmation = clock.now(), None, ""
    row.save()
    tell("backstory.saved", complaint, viewer, fields=changed)
    return row


def _row(complaint: Complaint) -> Backstory:
    known = Backstory.objects.filter(complaint=complaint).first()
    return known or Backstory(complaint=complaint, updated_at=clock.now())


def _checked(text: str, field: str) -> str:
    cleaned = storable(text).strip()
    if len(cleaned) > LONGEST:
        raise InvalidInput(f"Please keep this below {LONGEST:,} characters.", field)
    return cleaned


@transaction.atomic
def send_summary(viewer: User, complaint_id: int, text: str, dispatch: Dispatch = AS_THE_THREAD_SAYS) -> Message:
    """Send the customer "this is what I heard", exactly as the agent approved it (see `wording.summary_text`), to
    those whom `dispatch` names."""
    complaint = lock_open(viewer, complaint_id)
    policy.require_reading_backstory(viewer, complaint)
    row = _row(complaint)
    message = conversations.send_reply(viewer, complaint.conversation_id, text, dispatch)
    row.summary_message, row.confirmed_at, row.confirmation = message, None, ""
    row.save()
    tell("summary.sent", complaint, viewer)
    return message


@transaction.atomic
def confirm_backstory(viewer: User, complaint_id: int, words: str) -> Backstory:
    """The customer said that it is right: keep how they said it. Conflict before any summary was sent."""
    complaint = lock_for(viewer, complaint_id, Permission.READ_BACKSTORY)
    said = rules.required(_checked(words, "words"), "words", "what the customer answered")
    row = _row(complaint)
    if row.summary_message_id is None:
        raise Conflict("Send the customer the summary first: then they can confirm it.")
    row.confirmed_at, row.confirmation = clock.now(), said
    row.save(update_fields=["confirmed_at", "confirmation"])
    tell("backstory.confirmed", complaint, viewer)
    return row
