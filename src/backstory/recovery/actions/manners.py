"""How customers are kept informed: for one complaint, a mailbox, a team, the whole desk."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from backstory.cases.actions import lock_for, tell
from backstory.cases.models import Complaint
from backstory.conversations.models import Mailbox
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.live.actions import record
from backstory.people import policy
from backstory.people.models import Team, User
from backstory.people.policy import Permission
from backstory.recovery.actions.noting import plan_next
from backstory.recovery.models import UpdateManner
from backstory.recovery.rules import updates as timing

CARERS = ("", "name", "team")


@transaction.atomic
def switch_updates(viewer: User, complaint_id: int, automatic: bool) -> UpdateManner:
    """Have a complaint's updates go out by themselves, or wait for a person."""
    complaint = lock_for(viewer, complaint_id)
    row, _ = UpdateManner.objects.update_or_create(complaint=complaint, defaults={"automatic": automatic})
    tell("updates.on" if automatic else "updates.off", complaint, viewer)
    return row


@transaction.atomic
def set_update_manner(
    viewer: User, place: str, place_id: int | None, *, automatic: bool | None, every: Mapping[str, int], carer: str
) -> UpdateManner:
    """Say it for a `place`: "team" or "mailbox" with its id, or "desk". None and "" leave the question to the next
    wider place. `every` maps severities "0" to "4" to working days, 0 for never."""
    where = _place(viewer, place, place_id)
    if carer not in CARERS:
        raise InvalidInput("Choose whose name customers read.", "carer")
    if not set(every) <= {str(level) for level in timing.DEFAULT_EVERY}:
        raise InvalidInput("Severities go from 0 to 4.", "every")
    checked = {level: timing.days(value) for level, value in every.items()}
    said: dict[str, Any] = {"automatic": automatic, "every": checked, "carer": carer}
    if where:
        row, _ = UpdateManner.objects.update_or_create(**where, defaults=said)
    else:
        row, _ = UpdateManner.objects.update_or_create(complaint=None, mailbox=None, team=None, defaults=said)
    record("updates.manner", actor=viewer, team_id=_team_of(row), subject=("update_manner", row.pk), place=place)
    _plan_again(row)
    return row


def _place(viewer: User, place: str, place_id: int | None) -> dict[str, Any]:
    """The place as fields, if the viewer may say how it is there."""
    if place == "desk":
        policy.require(viewer, Permission.ADMINISTER)
        return {}
    if place == "team":
        team = Team.objects.filter(pk=place_id or 0).first()
        if team is None:
            raise NotFound("There is no such team.")
        policy.require(viewer, Permission.EDIT_MAILBOX_MANNER, team.pk)
        return {"team": team}
    mailbox = Mailbox.objects.filter(pk=place_id or 0).first() if place == "mailbox" else None
    if mailbox is None:
        raise NotFound("There is no such mailbox.")
    policy.require(viewer, Permission.EDIT_MAILBOX_MANNER, mailbox.team_id)
    return {"mailbox": mailbox}


def _team_of(row: UpdateManner) -> int | None:
    return row.team_id or (row.mailbox.team_id if row.mailbox else None)


def _plan_again(row: UpdateManner) -> None:
    """Letters at set times that are planned there move to their new times."""
    complaints = Complaint.objects.filter(state=Complaint.State.OPEN, updates__state="planned").distinct()
    if row.team_id:
        complaints = complaints.filter(conversation__team=row.team_id)
    elif row.mailbox_id:
        complaints = complaints.filter(conversation__mailbox=row.mailbox_id)
    rows = complaints.select_related("conversation__customer", "conversation__mailbox")
    for complaint in rows.iterator():
        plan_next(complaint)
