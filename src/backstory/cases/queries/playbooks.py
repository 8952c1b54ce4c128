"""Playbooks, the one a complaint is handled by, and the one that fits it best."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, QuerySet

from backstory.cases import policy
from backstory.cases.models import (
    Cause,
    Complaint,
    ComplaintPlaybook,
    Playbook,
    PlaybookTrial,
    PlaybookVersion,
    Promise,
    Reading,
    SensitiveReading,
)
from backstory.cases.playbooks import matching, shipped
from backstory.cases.playbooks.abuse import level_of
from backstory.cases.playbooks.facts import NO_ABUSE
from backstory.cases.playbooks.matching import Matter
from backstory.cases.playbooks.schema import Playbook as Plan
from backstory.cases.playbooks.texts import PlaybookError, parse
from backstory.conversations.models import Channel, Message
from backstory.kernel import clock
from backstory.kernel.errors import NotFound
from backstory.people.models import User

LETTERS_SEARCHED, CHARACTERS_SEARCHED = 10, 2_000
DAY = timedelta(days=1)


def playbooks(viewer: User) -> QuerySet[Playbook]:
    """All playbooks, those in force and those that are drafts, with how many versions each has."""
    policy.require_drafting_playbooks(viewer)
    rows = Playbook.objects.select_related("in_force__saved_by")
    return rows.annotate(newest=Max("versions__number"), used=Count("versions__complaints", distinct=True))


def get_playbook(viewer: User, pk: int) -> Playbook:
    found = playbooks(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such playbook.")
    return found


def get_version(viewer: User, playbook_id: int, number: int) -> PlaybookVersion:
    policy.require_drafting_playbooks(viewer)
    rows = PlaybookVersion.objects.select_related("playbook", "saved_by")
    found = rows.filter(playbook_id=playbook_id, number=number).first()
    if found is None:
        raise NotFound("There is no such version.")
    return found


def get_trial(viewer: User, pk: int) -> PlaybookTrial:
    policy.require_drafting_playbooks(viewer)
    found = PlaybookTrial.objects.select_related("version__playbook", "asked_by").filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such preview.")
    return found


def due_trials(limit: int = 20) -> list[int]:
    """Previews that wait for a worker, or whose worker was lost."""
    open_states = (PlaybookTrial.State.WAITING, PlaybookTrial.State.RUNNING)
    rows = PlaybookTrial.objects.filter(state__in=open_states).exclude(claimed_until__gt=clock.now())
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def plan_of(version: PlaybookVersion | None) -> Plan:
    """What a version says. A rule that a newer desk no longer knows makes it unreadable: then the general one holds."""
    if version is None:
        return shipped.general()
    try:
        return parse(version.source)
    except PlaybookError:
        return shipped.general()


def in_force() -> list[tuple[Plan, PlaybookVersion]]:
    """Every playbook in force that can be read, by id: one SQL statement."""
    rows = Playbook.objects.exclude(in_force=None).select_related("in_force__playbook")
    versions = [row.in_force for row in rows if row.in_force]
    plans = [(plan_of(version), version) for version in versions]
    return [(plan, version) for plan, version in plans if plan.id == version.playbook.slug]


def version_of(complaint: Complaint) -> PlaybookVersion | None:
    """The version a complaint is handled by; None for the general one that the desk comes with."""
    held = ComplaintPlaybook.objects.select_related("version__playbook").filter(complaint=complaint).first()
    return held.version if held else None


def may_see_plan(viewer: User, complaint: Complaint, plan: Plan) -> bool:
    """A playbook for vulnerable customers tells by its name what only readers of backstories may know."""
    return not plan.is_sensitive or policy.may_read_backstory(viewer, complaint)


def plan_for(viewer: User, complaint: Complaint) -> Plan:
    """The playbook of a complaint, as far as the viewer may know of it: else the general one."""
    plan = plan_of(version_of(complaint))
    return plan if may_see_plan(viewer, complaint, plan) else shipped.general()


@dataclass(frozen=True, slots=True)
class Held:
    """Which playbook a complaint is handled by, and what could be put in its place."""

    plan: Plan
    version: PlaybookVersion | None
    better: PlaybookVersion | None = None  # fits better now, or is the newer version of the same
    better_plan: Plan | None = None
    is_newer: bool = False  # whether it is the same playbook
    reasons: tuple[tuple[str, str], ...] = ()  # why the better one fits: condition and what met it


def held_playbook(viewer: User, complaint: Complaint) -> Held:
    """For showing: the playbook in use, and another one where the complaint is open and has become another matter."""
    version = version_of(complaint)
    plan = plan_of(version)
    if not may_see_plan(viewer, complaint, plan):
        return Held(shipped.general(), None)
    if complaint.state != Complaint.State.OPEN:
        return Held(plan, version)
    known = in_force()
    if not known:
        return Held(plan, version)
    matter = matter_of(complaint)
    best = matching.best((each for each, _ in known), matter)
    if best is None or not may_see_plan(viewer, complaint, best):
        return Held(plan, version)
    offered = next(row for each, row in known if each.id == best.id)
    current = version.source if version else shipped.sources()[shipped.GENERAL]
    if offered == version or offered.source == current:
        return Held(plan, version)
    found = matching.fit(best.when, matter)
    reasons = tuple(found.reasons.items()) if found else ()
    return Held(plan, version, offered, best, best.id == plan.id, reasons)


def fitting_version(complaint: Complaint) -> PlaybookVersion | None:
    """The version in force that fits a complaint best; None where none is in force."""
    known = in_force()
    best = matching.best((plan for plan, _ in known), matter_of(complaint)) if known else None
    return next((version for plan, version in known if best and plan.id == best.id), None)


def matter_of(complaint: Complaint) -> Matter:
    """What matching goes by."""
    pk = complaint.conversation_id
    rows = Reading.objects.filter(conversation_id=pk).values_list("safety", "data", "message__text")
    read = [(safety, level_of(data, text)) for safety, data, text in rows]
    signs = SensitiveReading.objects.filter(message__conversation_id=pk).values_list("data__vulnerability", flat=True)
    words, silent = _said(complaint)
    return Matter(
        causes=_causes(complaint.cause),
        channel=complaint.conversation.channel,
        severity=complaint.severity,
        words=words,
        safety=complaint.severity >= 4 or any(safety for safety, _ in read),
        vulnerable=any(bool(found) for found in signs),
        abuse=min((level for _, level in read), default=NO_ABUSE),
        broken_promise=Promise.objects.filter(conversation_id=pk, state=Promise.State.BROKEN).exists(),
        silent_days=silent,
    )


def _causes(cause: Cause | None) -> tuple[str, ...]:
    """The cause and those above it, the narrowest first."""
    found: list[str] = []
    while cause is not None and cause.slug not in found:
        found.append(cause.slug)
        cause = cause.parent
    return tuple(found)


def _said(complaint: Complaint) -> tuple[str, int]:
    """What the customer wrote, and for how many whole days our latest letter has waited for an answer."""
    rows = Message.objects.filter(conversation_id=complaint.conversation_id).exclude(direction=Message.Direction.NOTE)
    rows = rows.exclude(direction=Message.Direction.OUT, author=None).order_by("-created_at", "-id")
    letters = list(rows.values_list("direction", "text", "created_at")[: 2 * LETTERS_SEARCHED])
    incoming = [text[:CHARACTERS_SEARCHED] for direction, text, _ in letters if direction == Message.Direction.IN]
    words = "\n".join([complaint.conversation.subject, *incoming[:LETTERS_SEARCHED]])
    if not letters or letters[0][0] == Message.Direction.IN:
        return words, 0
    return words, max((_end(complaint) - letters[0][2]) // DAY, 0)


def _end(complaint: Complaint) -> datetime:
    return complaint.closed_at or clock.now()


def doubts(plan: Plan) -> list[str]:
    """What is not wrong in itself but unknown at this desk: causes and channels, in words."""
    causes = set(Cause.objects.filter(is_active=True).values_list("slug", flat=True))
    found = [f"There is no cause “{slug}” in use here." for slug in _unknown(plan.when.causes, causes)]
    channels = ", ".join(Channel.values)
    unknown = _unknown(plan.when.channels, Channel.values)
    return found + [f"There is no channel “{name}”; the desk has {channels}." for name in unknown]


def _unknown(named: Iterable[str], known: Iterable[str]) -> list[str]:
    there = set(known)
    return [name for name in named if name not in there]
