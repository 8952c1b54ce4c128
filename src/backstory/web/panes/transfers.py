"""Remedies on their way through connectors, in words: in the case, and on the page of those somebody has to look at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from backstory.cases.models import Complaint
from backstory.people import policy as people_policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.recovery import policy, queries
from backstory.recovery.models import Connector, Remedy, SourceReading, Transfer, TransferAttempt

State = Transfer.State
LABELS: dict[str, tuple[StrPromise, str, str]] = {
    State.HELD: (gettext_lazy("Waits for you or a lead"), "warn", "hand-stop"),
    State.WAITING: (gettext_lazy("Waits to be carried out"), "plain", "clock"),
    State.RUNNING: (gettext_lazy("Is being carried out"), "info", "refresh"),
    State.PENDING: (gettext_lazy("Taken on, not finished yet"), "info", "clock"),
    State.DONE: (gettext_lazy("Carried out"), "good", "circle-check"),
    State.REFUSED: (gettext_lazy("Refused: nothing moved"), "bad", "ban"),
    State.UNCERTAIN: (gettext_lazy("Uncertain: perhaps it moved"), "warn", "alert-circle"),
    State.FAILED: (gettext_lazy("Not carried out: nothing moved"), "bad", "alert-triangle"),
}
BY_HAND = (gettext_lazy("Taken out of the connector"), "plain", "hand-stop")
SAID: dict[str, StrPromise] = {
    "done": gettext_lazy("carried out"),
    "pending": gettext_lazy("taken on"),
    "refused": gettext_lazy("refused"),
    "absent": gettext_lazy("nothing there"),
    "unknown": gettext_lazy("cannot be told"),
    "": gettext_lazy("its end is not known"),
}


@dataclass(frozen=True)
class TransferLine:
    """How far one transfer has got, and what its reader may do about it."""

    id: int
    state: str
    label: StrPromise
    tone: str
    icon: str
    words: str
    connector: str
    reference: str
    recipient: str
    next_try_at: datetime | None
    may_release: bool
    needs_recipient: bool
    may_retry: bool
    may_correct: bool
    may_confirm: bool
    may_look: bool
    may_stop: bool
    may_attend: bool
    suggestions: tuple[str, ...] = ()


def line(viewer: User, transfer: Transfer, suggestions: Iterable[str] = ()) -> TransferLine:
    """One transfer for this viewer."""
    label, tone, icon = BY_HAND if transfer.by_hand and transfer.state == State.FAILED else LABELS[transfer.state]
    settles = policy.may_settle(viewer, transfer)
    state, ours = transfer.state, not transfer.by_hand
    ended = state in (State.REFUSED, State.FAILED) and ours
    return TransferLine(
        id=transfer.pk,
        state=state,
        label=label,
        tone=tone,
        icon=icon,
        words=transfer.words,
        connector=transfer.connector.name,
        reference=transfer.reference,
        recipient=transfer.recipient,
        next_try_at=transfer.next_try_at,
        may_release=state == State.HELD and policy.may_release(viewer, transfer),
        needs_recipient=not transfer.recipient,
        may_retry=settles and (ended or state == State.UNCERTAIN),
        may_correct=settles and ended,
        may_confirm=settles and state not in (State.DONE, State.RUNNING),
        may_look=settles and state in (State.UNCERTAIN, State.PENDING) and transfer.connector.kind != "csv",
        may_stop=settles and state in (State.HELD, State.WAITING, State.UNCERTAIN) and ours,
        may_attend=settles and ended and transfer.attended_at is None,
        suggestions=tuple(suggestions),
    )


@dataclass(frozen=True)
class TryLine:
    """One question and answer of the audit trail."""

    row: TransferAttempt
    kind: str
    said: StrPromise


def tries(transfer: Transfer) -> list[TryLine]:
    return [
        TryLine(each, each.get_kind_display(), SAID.get(each.outcome, SAID[""])) for each in queries.attempts(transfer)
    ]


@dataclass(frozen=True)
class Carrying:
    """What the case shows of how one remedy is carried out."""

    transfer: TransferLine | None
    may_mark: bool
    """Whether the viewer may say that it was carried out by hand."""
    carried_out_at: datetime | None
    evidence: str


def carrying(viewer: User, complaint: Complaint, remedies: list[Remedy]) -> dict[int, Carrying]:
    """For each granted remedy of a case how it is carried out, by the remedy's number."""
    moving = queries.transfers_of(remedies)
    held = any(row.state == State.HELD for row in moving.values())
    used = queries.recipients_used(complaint) if held else []
    may = people_policy.can(viewer, Permission.GRANT_REMEDY, complaint.conversation.team_id)
    found = {}
    for remedy in remedies:
        if remedy.state != Remedy.State.GRANTED:
            continue
        transfer = moving.get(remedy.pk)
        free = transfer is None or (transfer.state in _FREE and transfer.perhaps_since is None)
        declined = remedy.answer == Remedy.Answer.DECLINED
        found[remedy.pk] = Carrying(
            transfer=None if transfer is None else line(viewer, transfer, used),
            may_mark=may and free and remedy.carried_out_at is None and not declined,
            carried_out_at=remedy.carried_out_at,
            evidence=remedy.evidence,
        )
    return found


_FREE = (State.HELD, State.WAITING, State.REFUSED, State.FAILED)


@dataclass(frozen=True)
class SourceLine:
    """A source the case can be looked up in, and what it is asked with."""

    connector: Connector
    fields: tuple[tuple[str, str, str], ...]  # name, label, what stands there first


@dataclass(frozen=True)
class Sources:
    """What the company's own systems say about the case."""

    sources: tuple[SourceLine, ...]
    readings: tuple[SourceReading, ...]
    busy: bool


def sources(viewer: User, complaint: Complaint, email: str) -> Sources:
    """Empty for who may not offer remedies there."""
    if not people_policy.can(viewer, Permission.GRANT_REMEDY, complaint.conversation.team_id):
        return Sources((), (), busy=False)
    labels = {"email": _("E-mail address"), "order": _("Order number"), "customer": _("Customer number or name")}
    known = {"email": email}
    lines = tuple(
        SourceLine(each, tuple((name, labels[name], known.get(name, "")) for name in queries.asked_with(each)))
        for each in queries.sources_for(complaint)
    )
    readings = tuple(queries.source_readings(complaint)) if lines else ()
    return Sources(lines, readings, busy=any(each.state == "waiting" for each in readings))
