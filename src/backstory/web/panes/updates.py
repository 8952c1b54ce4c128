"""What the customer is told, as the case panel and the lists show it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from backstory.cases.models import Complaint
from backstory.kernel import clock
from backstory.people.models import User
from backstory.recovery import queries as recovery
from backstory.recovery.models import StageUpdate
from backstory.recovery.rules.updates import is_late

STAGES: dict[str, StrPromise] = {
    "acknowledged": gettext_lazy("It has arrived"),
    "reopened": gettext_lazy("It was taken up again"),
    "cared_for": gettext_lazy("Somebody cares for it"),
    "looking": gettext_lazy("It is being looked into"),
    "step_done": gettext_lazy("A step is done"),
    "remedy_decided": gettext_lazy("A remedy is decided"),
    "remedy_offered": gettext_lazy("A remedy is offered"),
    "remedy_done": gettext_lazy("A remedy was carried out"),
    "promise_moved": gettext_lazy("A promise moved"),
    "still": gettext_lazy("How it stands"),
}
HELD: dict[str, StrPromise] = {
    "off": gettext_lazy("Updates do not go out by themselves here: send it, or skip it with a reason."),
    "unanswered": gettext_lazy("The customer's last message waits for an answer of yours. Answer it first."),
    "unreachable": gettext_lazy("The customer has no address that letters arrive at. Telephone, or ask for another."),
}


@dataclass(frozen=True)
class UpdateView:
    """One update: planned, sent, skipped or failed."""

    id: int
    stage: str
    state: str
    state_label: str
    is_planned: bool
    is_late: bool
    is_edited: bool
    due_at: datetime
    promised_by: datetime | None
    sent_at: datetime | None
    held: str
    reason: str
    who: str
    message_id: int | None


@dataclass(frozen=True)
class UpdatesView:
    """Everything about keeping this customer informed."""

    planned: list[UpdateView]
    past: list[UpdateView]
    is_automatic: bool
    every: int
    opened: int


def shown(update: StageUpdate) -> UpdateView:
    open_states = (StageUpdate.State.PLANNED, StageUpdate.State.FAILED)
    return UpdateView(
        id=update.pk,
        stage=str(STAGES.get(update.stage, update.stage)),
        state=update.state,
        state_label=update.get_state_display(),
        is_planned=update.state in open_states,
        is_late=update.state in open_states and is_late(update.due_at, update.promised_by, clock.now()),
        is_edited=bool(update.text),
        due_at=update.due_at,
        promised_by=update.promised_by,
        sent_at=update.sent_at,
        held=str(HELD.get(update.held, "")),
        reason=update.reason,
        who=update.decided_by.name if update.decided_by else _("by itself"),
        message_id=update.message_id,
    )


def updates(viewer: User, complaint: Complaint) -> UpdatesView:
    """What is planned for this complaint, what was sent, and how it is set."""
    rows = [shown(each) for each in recovery.updates(viewer, complaint)]
    manner = recovery.manner_of(complaint)
    return UpdatesView(
        planned=[row for row in rows if row.is_planned],
        past=[row for row in reversed(rows) if not row.is_planned],
        is_automatic=manner.automatic,
        every=manner.every,
        opened=recovery.openings(complaint),
    )
