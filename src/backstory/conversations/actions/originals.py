"""The ledger of originals: kept before anything else, and what was decided about each."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from backstory.conversations import queries
from backstory.conversations.letters import Inbound
from backstory.conversations.models import Conversation, Delivery, Mailbox, RawMessage
from backstory.conversations.rules import BACK_OFF_MINUTES
from backstory.kernel import clock, files
from backstory.kernel.durable import durable
from backstory.kernel.errors import Conflict, InvalidInput
from backstory.kernel.text import storable
from backstory.live.actions import record
from backstory.people import policy
from backstory.people.actions import note_trouble
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.people.rules import is_email, normalise_email

State, Decision = RawMessage.State, RawMessage.Decision
EXCERPT = 2000  # characters of a letter's text that are kept beside an original without a conversation
MOST_TRIES = len(BACK_OFF_MINUTES) + 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided about an original, on what grounds, in words, how sure, and what it is about."""

    state: str
    decision: str
    reason: str
    basis: str = ""
    confidence: float | None = None
    conversation: Conversation | None = None
    delivery: Delivery | None = None


def store_raw(
    channel: str, mailbox: Mailbox, data: bytes, envelope: dict[str, Any] | None = None
) -> tuple[RawMessage, bool]:
    """Keep the bytes on disk and a row for them before anything else. Returns (row, whether it is new).

    The same bytes to the same mailbox are one row, however often and from however many processes they come; if a
    person has deleted them, they wait in quarantine.
    """
    path, sha256 = files.put("raw", data)
    same = {"mailbox": mailbox, "channel": channel, "sha256": sha256}
    try:
        with durable():  # whoever brought the bytes deletes theirs when we have said that they are safe
            known = RawMessage.objects.select_for_update().filter(**same).first()
            if known:
                _came_again(known)
                raw, is_new = known, False
            else:
                is_new = True
                raw = RawMessage.objects.create(**same, size=len(data), path=path, envelope=envelope or {})
                record("raw.stored", team_id=mailbox.team_id, subject=("raw", raw.pk), channel=channel)
    except IntegrityError:
        raw, is_new = RawMessage.objects.get(**same), False
    if not files.exists(path):  # somebody was deleting the same bytes meanwhile
        files.put("raw", data)
    return raw, is_new


def _came_again(raw: RawMessage) -> None:
    raw.repeats = F("repeats") + 1
    raw.save(update_fields=["repeats"])
    raw.refresh_from_db(fields=["repeats"])
    if raw.state == State.DELETED:
        raw.deleted_at = None
        raw.save(update_fields=["deleted_at"])
        settle(raw, Verdict(State.QUARANTINED, Decision.QUARANTINED, "It was deleted, and has come again.", "deleted"))


def describe(raw_id: int, inbound: Inbound, auto: str = "") -> None:
    """Keep what an original says of itself, so that it is found by it whatever becomes of it."""
    named = (inbound.from_address, *(one.email for one in (*inbound.to, *inbound.cc)))
    raw = RawMessage.objects.get(pk=raw_id)
    envelope = [str(one) for one in raw.envelope.get("recipients", [])]
    recipients = dict.fromkeys(normalise_email(one) for one in (*envelope, *named[1:]) if one)
    raw.sender, raw.recipients = normalise_email(inbound.from_address)[:320], " ".join(recipients)[:10_000]
    raw.subject, raw.message_id = " ".join(inbound.subject.split())[:500], inbound.message_id[:500]
    raw.summary = {
        "name": inbound.from_name[:200],
        "date": inbound.sent_at.isoformat() if inbound.sent_at else "",
        "auto": auto,
        "files": [item.name[:255] for item in inbound.attachments[:50]],
        "problems": [str(problem)[:300] for problem in inbound.problems[:50]],
        "excerpt": storable(inbound.text[:EXCERPT]),
    }
    raw.save(update_fields=["sender", "recipients", "subject", "message_id", "summary"])


def settle(raw: RawMessage, verdict: Verdict) -> None:
    """Set what was decided about an original the caller holds; without an event."""
    raw.state, raw.decision, raw.reason = verdict.state, verdict.decision, verdict.reason[:2000]
    raw.basis, raw.confidence, raw.next_attempt_at = verdict.basis[:30], verdict.confidence, None
    raw.conversation, raw.delivery = verdict.conversation, verdict.delivery
    raw.decided_at = clock.now() if verdict.decision else None
    if verdict.state == State.ACCEPTED:
        raw.summary = {key: value for key, value in raw.summary.items() if key != "excerpt"}  # its message holds it
    raw.save(
        update_fields=[
            *("state", "decision", "reason", "basis", "confidence", "next_attempt_at"),
            *("conversation", "delivery", "decided_at", "summary"),
        ]
    )


@transaction.atomic
def quarantine(raw_id: int, reason: str, basis: str = "", checks: dict[str, Any] | None = None) -> None:
    """Set an original aside where an administrator sees it, with the reason. The bytes stay.

    `basis` is one word for why (no-sender, empty, unreadable, too-large, fault …), `checks` the verdicts it rests on.
    """
    raw = RawMessage.objects.select_for_update(of=("self",)).select_related("mailbox").get(pk=raw_id)
    if raw.state != State.RECEIVED:
        return
    if checks:
        raw.checks = {**raw.checks, **checks}
        raw.save(update_fields=["checks"])
    settle(raw, Verdict(State.QUARANTINED, Decision.QUARANTINED, reason, basis))
    record("raw.quarantined", team_id=raw.mailbox.team_id, subject=("raw", raw.pk), reason=reason[:300])


@transaction.atomic
def note_checks(raw_id: int, checks: dict[str, Any]) -> None:
    """Keep the verdicts of checks on an original, by the name of the check; they add to those known."""
    raw = RawMessage.objects.select_for_update().get(pk=raw_id)
    raw.checks = {**raw.checks, **checks}
    raw.save(update_fields=["checks"])


@transaction.atomic
def mark_address(delivery: Delivery, address: str, kind: str, reason: str) -> None:
    """Remember what a report about a letter of ours says of an address that it was written to."""
    if address and note_trouble(address, kind, reason):
        conversation = delivery.message.conversation
        record(f"address.{kind}", conversation_id=conversation.pk, team_id=conversation.team_id, whom=address)


@transaction.atomic
def ignore(
    raw_id: int,
    reason: str,
    decision: str = Decision.LOOP,
    *,
    conversation: Conversation | None = None,
    delivery: Delivery | None = None,
) -> None:
    """Keep an original without a message: an automatic answer, our own letter come back, a bounce.

    With a `conversation` it is told of there in a line.
    """
    raw = RawMessage.objects.select_for_update(of=("self",)).select_related("mailbox").get(pk=raw_id)
    if raw.state != State.RECEIVED:
        return
    settle(raw, Verdict(State.IGNORED, decision, reason, conversation=conversation, delivery=delivery))
    record(
        "raw.ignored",
        conversation_id=conversation.pk if conversation else None,
        team_id=conversation.team_id if conversation else raw.mailbox.team_id,
        subject=("raw", raw.pk),
        reason=reason[:300],
    )


@transaction.atomic
def postpone(raw_id: int, reason: str, minutes: int, attempts: int) -> None:
    """Try to understand an original again later; `attempts` is how many tries there have been."""
    raw = RawMessage.objects.select_for_update().get(pk=raw_id)
    raw.attempts, raw.reason, raw.next_attempt_at = attempts, reason[:2000], clock.ahead(minutes=minutes)
    raw.save(update_fields=["attempts", "reason", "next_attempt_at"])


@transaction.atomic
def begin_try(raw_id: int) -> bool:
    """Count a try before it is made, for an original whose reading may end the process itself: it must not be read for
    ever. False when it has had its tries, and waits in quarantine now."""
    raw = RawMessage.objects.select_for_update().filter(pk=raw_id, state=State.RECEIVED).first()
    if raw is None:
        return False
    if raw.attempts >= MOST_TRIES:
        quarantine(raw.pk, f"Could not be read in {raw.attempts} tries. {raw.reason}".strip(), "fault")
        return False
    raw.attempts += 1
    raw.save(update_fields=["attempts"])
    return True


def release_original(viewer: User, raw_id: int) -> RawMessage:
    """Send an original through the door again, with the corrections made to it."""
    with transaction.atomic():
        raw = _held(viewer, raw_id, Permission.RELEASE_ORIGINALS)
        raw.attempts = 0
        raw.corrections = {**raw.corrections, "released": True}  # the filters have had their say
        raw.save(update_fields=["attempts", "corrections"])
        settle(raw, Verdict(State.RECEIVED, "", ""))
        record("raw.released", actor=viewer, team_id=raw.mailbox.team_id, subject=("raw", raw.pk))
        record("raw.stored", actor=viewer, team_id=raw.mailbox.team_id, subject=("raw", raw.pk), again=True)
    return raw


def correct_original(
    viewer: User,
    raw_id: int,
    *,
    sender: str = "",
    name: str = "",
    mailbox_id: int | None = None,
    ordinary: bool = False,
) -> RawMessage:
    """Say of an original what its reader could not make out; it counts when it is released.

    `ordinary`: read it as a person's letter, whatever it looks like. Raises InvalidInput for an address that is none,
    Conflict where the other mailbox has the same letter.
    """
    address = normalise_email(sender)
    if address and not is_email(address):
        raise InvalidInput(f"“{sender[:100]}” is not an e-mail address.", "sender")
    with transaction.atomic():
        raw = _held(viewer, raw_id, Permission.RELEASE_ORIGINALS)
        given = {"sender": address, "name": " ".join(storable(name).split())[:200], "ordinary": ordinary}
        raw.corrections = {key: value for key, value in given.items() if value}
        if mailbox_id is not None and mailbox_id != raw.mailbox_id:
            _move(raw, mailbox_id)
        raw.save(update_fields=["corrections", "mailbox"])
        told = [*raw.corrections, *(["mailbox"] if mailbox_id is not None else [])]
        record("raw.corrected", actor=viewer, team_id=raw.mailbox.team_id, subject=("raw", raw.pk), what=told)
    return raw


def _move(raw: RawMessage, mailbox_id: int) -> None:
    mailbox = Mailbox.objects.filter(pk=mailbox_id, is_active=True).first()
    if mailbox is None:
        raise InvalidInput("There is no such mailbox.", "mailbox")
    if RawMessage.objects.filter(mailbox=mailbox, channel=raw.channel, sha256=raw.sha256).exists():
        raise Conflict(f"{mailbox.name} has the same letter already.")
    raw.mailbox = mailbox


def delete_original(viewer: User, raw_id: int, reason: str) -> RawMessage:
    """Remove the bytes of an original that became no message; its row stays, and says who did it, when and why."""
    words = " ".join(storable(reason).split())
    if not words:
        raise InvalidInput("Say why it is to be deleted: it cannot be brought back.", "reason")
    with transaction.atomic():
        raw = _held(viewer, raw_id, Permission.DELETE_ORIGINALS)
        raw.deleted_at, raw.deleted_by = clock.now(), viewer
        raw.sender, raw.recipients, raw.subject, raw.message_id = "", "", "", ""
        raw.summary, raw.corrections, raw.envelope = {}, {}, {}
        raw.save(
            update_fields=[
                *("deleted_at", "deleted_by", "sender", "recipients", "subject", "message_id"),
                *("summary", "corrections", "envelope"),
            ]
        )
        settle(raw, Verdict(State.DELETED, Decision.DELETED, words[:500]))
        record("raw.deleted", actor=viewer, team_id=raw.mailbox.team_id, subject=("raw", raw.pk), reason=words[:300])
        transaction.on_commit(partial(_remove_bytes, raw.path))
    return raw


def _remove_bytes(path: str) -> None:
    """Remove bytes that no other original needs. One that comes in this very moment gets them back."""
    if _needed(path) or not files.exists(path):
        return
    data = files.get(path)
    files.remove(path)
    if _needed(path):
        files.put("raw", data)


def _needed(path: str) -> bool:
    return RawMessage.objects.filter(path=path).exclude(state=State.DELETED).exists()


def _held(viewer: User, raw_id: int, permission: Permission) -> RawMessage:
    """An original without a message, held until the caller's transaction ends."""
    policy.require(viewer, permission)
    raw = queries.quarantined(viewer).select_for_update(of=("self",)).filter(pk=raw_id).first()
    if raw is None:
        raise InvalidInput("That original is not in the quarantine.")
    return raw
