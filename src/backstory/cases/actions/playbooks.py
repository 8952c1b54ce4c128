"""Drafting playbooks, putting them in force, and which one a complaint is handled by."""

from typing import Any

from django.db import transaction
from django.db.models import Max

from backstory.cases import policy, queries
from backstory.cases.actions.common import lock_open, tell
from backstory.cases.models import Complaint, ComplaintPlaybook, Playbook, PlaybookTrial, PlaybookVersion
from backstory.cases.playbooks import shipped
from backstory.cases.playbooks.schema import Playbook as Plan
from backstory.cases.playbooks.texts import parse
from backstory.cases.playbooks.words import say
from backstory.kernel.errors import Conflict, InvalidInput, NotFound
from backstory.live.actions import Actor, record
from backstory.people.models import User

LONGEST_NOTE = 500


def _tell(kind: str, playbook: Playbook, actor: Actor | None, **data: Any) -> None:
    record(kind, actor=actor, subject=("playbook", playbook.pk), playbook=playbook.slug, **data)


@transaction.atomic
def seed_playbooks() -> int:
    """Bring in the playbooks that the desk comes with; returns how many versions were added.

    One that nobody has changed moves to the new text; beside one that people have changed it is laid as a draft.
    """
    return sum(_seed(slug, source) for slug, source in shipped.sources().items())


def _seed(slug: str, source: str) -> bool:
    playbook, new = Playbook.objects.select_for_update().get_or_create(slug=slug)
    if playbook.versions.filter(source=source).exists():
        return False
    untouched = not playbook.versions.exclude(saved_by=None).exists()
    version = _add(playbook, source, "Came with the desk.", None)
    if new or (untouched and playbook.in_force_id):
        playbook.in_force = version
        playbook.save(update_fields=["in_force"])
    return True


def _add(playbook: Playbook, source: str, note: str, viewer: User | None) -> PlaybookVersion:
    last = playbook.versions.aggregate(last=Max("number"))["last"] or 0
    return PlaybookVersion.objects.create(playbook=playbook, number=last + 1, source=source, note=note, saved_by=viewer)


@transaction.atomic
def save_playbook(viewer: User, source: str, note: str = "", playbook_id: int | None = None) -> PlaybookVersion:
    """Save a YAML text as a new version, a draft until somebody puts it in force.

    The playbook is the one with the text's id; a new id makes a new one. With `playbook_id` the text must be that
    playbook's. Raises PlaybookError, a kind of InvalidInput, with everything that is wrong with the text.
    """
    policy.require_drafting_playbooks(viewer)
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise InvalidInput(f"Please keep the note below {LONGEST_NOTE} characters.", "note")
    text = source.replace("\r\n", "\n").strip() + "\n"
    plan = parse(text)
    playbook = _of(plan, playbook_id)
    newest = playbook.versions.order_by("-number").first()
    if newest and newest.source == text:
        raise Conflict(f"Nothing differs from version {newest.number}.")
    version = _add(playbook, text, note, viewer)
    _tell("playbook.saved", playbook, viewer, number=version.number)
    return version


def _of(plan: Plan, playbook_id: int | None) -> Playbook:
    if playbook_id is None:
        return Playbook.objects.select_for_update().get_or_create(slug=plan.id)[0]
    playbook = _lock(playbook_id)
    if playbook.slug != plan.id:
        raise InvalidInput(f"line 1, id: the id names the playbook and stays; expected {playbook.slug}", "source")
    return playbook


def _lock(pk: int) -> Playbook:
    found = Playbook.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such playbook.")
    return found


@transaction.atomic
def put_playbook_in_force(viewer: User, playbook_id: int, number: int) -> PlaybookVersion:
    """From now on complaints that it fits begin with this version; an earlier one may come back the same way."""
    policy.require_editing_playbooks(viewer)
    playbook = _lock(playbook_id)
    version = playbook.versions.filter(number=number).first()
    if version is None:
        raise NotFound("There is no such version.")
    parse(version.source)  # one saved by an older desk may name a rule that is gone
    if playbook.in_force_id != version.pk:
        playbook.in_force = version
        playbook.save(update_fields=["in_force"])
        _tell("playbook.in_force", playbook, viewer, number=number)
    return version


@transaction.atomic
def retire_playbook(viewer: User, playbook_id: int) -> Playbook:
    """No complaint begins with it any more; those that have it keep it."""
    policy.require_editing_playbooks(viewer)
    playbook = _lock(playbook_id)
    if playbook.slug == shipped.GENERAL:
        raise InvalidInput("The general playbook stays: it is for whatever no other one fits.", "playbook")
    if playbook.in_force_id:
        playbook.in_force = None
        playbook.save(update_fields=["in_force"])
        _tell("playbook.retired", playbook, viewer)
    return playbook


def begin_playbook(complaint: Complaint) -> None:
    """A complaint begins with the version in force that fits it best, within the caller's transaction."""
    version = queries.fitting_version(complaint)
    if version is not None:
        ComplaintPlaybook.objects.create(complaint=complaint, version=version)


@transaction.atomic
def move_to_playbook(viewer: User, complaint_id: int, version_id: int) -> ComplaintPlaybook:
    """Handle a complaint by another version: the newest, or a playbook that fits better by now. It must be in force."""
    complaint = lock_open(viewer, complaint_id)
    version = PlaybookVersion.objects.select_related("playbook").filter(pk=version_id).first()
    if version is None or version.playbook.in_force_id != version.pk:
        raise InvalidInput("Choose a playbook that is in force.", "version")
    plan = parse(version.source)
    if not queries.may_see_plan(viewer, complaint, plan):
        raise NotFound("There is no such playbook.")
    held, _ = ComplaintPlaybook.objects.update_or_create(
        complaint=complaint, defaults={"version": version, "chosen_by": viewer}
    )
    # The name of one for vulnerable customers would tell what the log must not hold.
    if plan.is_sensitive:
        tell("playbook.changed", complaint, viewer)
    else:
        tell("playbook.chosen", complaint, viewer, name=say(plan.name, "en"), number=version.number)
    return held


@transaction.atomic
def request_trial(viewer: User, playbook_id: int, number: int) -> PlaybookTrial:
    """Have a version held against past complaints by a worker; one that waits already is given back."""
    version = queries.get_version(viewer, playbook_id, number)
    waiting = version.trials.filter(state__in=[PlaybookTrial.State.WAITING, PlaybookTrial.State.RUNNING]).first()
    if waiting:
        return waiting
    trial = PlaybookTrial.objects.create(version=version, asked_by=viewer)
    record("playbook.tried", actor=viewer, subject=("playbook_trial", trial.pk), playbook=version.playbook.slug)
    return trial
