"""Recording what is at stake for a person. The log holds that it was done and by whom, never a word of it."""

from dataclasses import asdict
from datetime import timedelta

from django.db import transaction

from backstory.cases import policy, queries, rules
from backstory.cases.actions.common import lock_for, lock_open, tell
from backstory.cases.models import Backstory, Complaint
from backstory.cases.own_words import filled_from
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
    viewer: User,
    complaint_id: int,
    *,
    stated_problem: str | None = None,
    demand: str | None = None,
    backstory: str | None = None,
    need: str | None = None,
    make_right: str | None = None,
    constraints: str | None = None,
    affected: str | None = None,
    cost: str | None = None,
    matters_by: str | None = None,
) -> Backstory:
    """Keep the fields that are given. Words that change after the customer confirmed them are no longer confirmed."""
    given = {name: text for name, text in locals().items() if name in rules.PERSONAL_FIELDS and text is not None}
    complaint = lock_for(viewer, complaint_id, Permission.READ_BACKSTORY)
    after = {name: _checked(text, name) for name, text in given.items()}
    row = _row(complaint)
    changed = rules.changed_fields({name: getattr(row, name) for name in after}, after)
    if not changed:
        return row
    offered = queries.offered_words(complaint).quotes
    for name in changed:
        setattr(row, name, after[name])
        row.quotes = {**row.quotes, name: [asdict(quote) for quote in filled_from(after[name], offered.get(name, ()))]}
    row.updated_at, row.confirmed_at, row.confirmation, row.erased_at = clock.now(), None, "", None
    row.save()
    tell("backstory.saved", complaint, viewer, fields=changed)
    return row


@transaction.atomic
def erase_old_backstories(keep: timedelta) -> int:
    """Delete the words of backstories whose complaint was closed longer ago than `keep`; that there was one stays."""
    due = queries.stories_past(keep)
    for row in Backstory.objects.select_for_update().select_related("complaint__conversation").filter(pk__in=due):
        for name in rules.PERSONAL_FIELDS:
            setattr(row, name, "")
        row.quotes, row.confirmation, row.erased_at = {}, "", clock.now()
        row.save()
        tell("backstory.erased", row.complaint)
    return len(due)


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
