"""Searching for themes in the background, and what leads make of them: named, merged, made a cause, dismissed."""

from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Q

from backstory.cases import policy, rules
from backstory.cases.actions.causes import add_cause
from backstory.cases.models import Cause, Complaint, Theme, ThemeMember, ThemeSearch
from backstory.cases.queries.themes import Loose, get_theme, loose_complaints, other_texts, searching
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput
from backstory.language import themes as engine
from backstory.live.actions import Actor, record
from backstory.people.models import User

log = structlog.get_logger(__name__)
CLAIM = timedelta(minutes=10)
MOST_ATTEMPTS = 3
EVERY = timedelta(days=7)
SAME = 0.5
"""Two groups are the same theme if they share at least this much of all their complaints (Jaccard 1901)."""
State = ThemeSearch.State


def _tell(kind: str, theme: Theme | None, actor: Actor | None, **data: Any) -> None:
    record(kind, actor=actor, subject=("theme", theme.pk) if theme else None, **data)


@transaction.atomic
def request_themes(viewer: User | None) -> ThemeSearch:
    """Ask for a search; None asks in the name of the week. Raises Conflict while another is under way."""
    if viewer is not None:
        policy.require_teaching(viewer)
    Cause.objects.select_for_update().order_by("pk").first()  # two who ask at once wait for each other here
    if searching() is not None:
        raise Conflict("Themes are being searched for already.")
    search = ThemeSearch.objects.create(asked_by=viewer)
    record("themes.requested", actor=viewer, subject=("theme search", search.pk))
    return search


def request_weekly_themes() -> ThemeSearch | None:
    """A search if the last one is a week old and none is under way."""
    last = ThemeSearch.objects.first()
    if last is not None and (last.finished_at is None or last.finished_at > clock.now() - EVERY):
        return None
    return request_themes(None)


def search_themes(search_id: int) -> None:
    """Do one search; done twice, or by two workers at once, it is done once. Clustering runs in no transaction."""
    if not _claim(search_id):
        return
    loose = loose_complaints()
    try:
        found = engine.find([one.text for one in loose], other_texts(loose), lambda *step: _progress(search_id, *step))
    except Exception:
        log.exception("themes could not be searched for", search_id=search_id)
        _fail(search_id)
        return
    _keep(search_id, loose, found)


@transaction.atomic
def _claim(search_id: int) -> bool:
    moment = clock.now()
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, claimed_until__lt=moment)
    mine = ThemeSearch.objects.filter(free, pk=search_id)
    if mine.filter(attempts__gte=MOST_ATTEMPTS).exists():
        _fail(search_id)
        return False
    return bool(mine.update(state=State.RUNNING, claimed_until=moment + CLAIM, attempts=F("attempts") + 1))


def _progress(search_id: int, stage: str, done: int, total: int) -> None:
    until = clock.now() + CLAIM
    ThemeSearch.objects.filter(pk=search_id).update(stage=stage[:100], done=done, total=total, claimed_until=until)


@transaction.atomic
def _fail(search_id: int) -> None:
    unfinished = ThemeSearch.objects.filter(pk=search_id, state__in=(State.WAITING, State.RUNNING))
    if unfinished.update(state=State.FAILED, finished_at=clock.now()):
        record("themes.failed", actor=None, subject=("theme search", search_id))


@transaction.atomic
def _keep(search_id: int, loose: list[Loose], found: list[engine.Found]) -> None:
    """New themes as rows; one known already keeps its name and gets its members anew; a dismissed one stays so."""
    search = ThemeSearch.objects.select_for_update().get(pk=search_id)
    if search.state != State.RUNNING:
        return
    known = _known_members()
    kept = sum(
        _keep_one(search, known, {loose[at].complaint_id: near for at, near in one.members}, one) for one in found
    )
    search.state, search.finished_at, search.considered = State.DONE, clock.now(), len(loose)
    search.save(update_fields=["state", "finished_at", "considered"])
    record("themes.found", actor=None, subject=("theme search", search.pk), found=kept, considered=len(loose))


def _near(loose: list[Loose], one: engine.Found) -> dict[int, float]:
    """Its complaints, each with how typical it is."""
    return {loose[at].complaint_id: near for at, near in one.members}


def _known_members() -> dict[int, set[int]]:
    """The complaints of each open or dismissed theme: what was promoted has a cause and is looked through no more."""
    judged = (Theme.State.OPEN, Theme.State.DISMISSED)
    members: dict[int, set[int]] = {}
    for theme, complaint in ThemeMember.objects.filter(theme__state__in=judged).values_list("theme_id", "complaint_id"):
        members.setdefault(theme, set()).add(complaint)
    return members


def _keep_one(search: ThemeSearch, known: dict[int, set[int]], near: dict[int, float], one: engine.Found) -> bool:
    same = next((pk for pk, before in known.items() if _overlap(before, set(near)) >= SAME), None)
    if same is None:
        name = ", ".join(one.words[:3])[:100] or "Without telling words"
        theme = Theme.objects.create(name=name, words=list(one.words), found_by=search)
    else:
        theme = Theme.objects.get(pk=same)
        if theme.state == Theme.State.DISMISSED:
            return False
        theme.words, theme.found_by = list(one.words), search
        theme.save(update_fields=["words", "found_by"])
    _set_members(theme, near)
    return True


def _overlap(one: set[int], other: set[int]) -> float:
    return len(one & other) / max(1, len(one | other))


def _set_members(theme: Theme, near: dict[int, float]) -> None:
    theme.members.exclude(complaint_id__in=near).delete()
    here = set(theme.members.values_list("complaint_id", flat=True))
    new = [ThemeMember(theme=theme, complaint_id=pk, typical=cosine) for pk, cosine in near.items() if pk not in here]
    ThemeMember.objects.bulk_create(new)


def _lock_open(viewer: User, theme_id: int) -> Theme:
    policy.require_teaching(viewer)
    get_theme(theme_id)
    theme = Theme.objects.select_for_update().get(pk=theme_id)
    if theme.state != Theme.State.OPEN:
        raise Conflict("Somebody has judged this theme already.")
    return theme


def _decide(theme: Theme, viewer: User, state: str, **changes: Any) -> Theme:
    theme.state, theme.decided_by, theme.decided_at = state, viewer, clock.now()
    for name, value in changes.items():
        setattr(theme, name, value)
    theme.save(update_fields=["state", "decided_by", "decided_at", *changes])
    return theme


@transaction.atomic
def rename_theme(viewer: User, theme_id: int, name: str) -> Theme:
    """A name in the team's own words."""
    theme = _lock_open(viewer, theme_id)
    theme.name = rules.required(name, "name", "the name", 100)
    theme.save(update_fields=["name"])
    _tell("theme.renamed", theme, viewer, name=theme.name)
    return theme


@transaction.atomic
def merge_themes(viewer: User, theme_id: int, into_id: int) -> Theme:
    """Two themes that are one: the first one's complaints go over to the second, which is returned."""
    if theme_id == into_id:
        raise InvalidInput("Choose another theme to merge it into.", "into")
    theme, into = (_lock_open(viewer, pk) for pk in (theme_id, into_id))
    here = set(into.members.values_list("complaint_id", flat=True))
    moved = theme.members.exclude(complaint_id__in=here)
    ThemeMember.objects.bulk_create(
        [ThemeMember(theme=into, complaint_id=row.complaint_id, typical=row.typical) for row in moved]
    )
    _decide(theme, viewer, Theme.State.MERGED, merged_into=into)
    _tell("theme.merged", theme, viewer, name=theme.name, into=into.name)
    return into


@transaction.atomic
def promote_theme(viewer: User, theme_id: int, name: str, definition: str = "", parent_id: int | None = None) -> Cause:
    """Make the theme a cause and propose it for its complaints: whoever handles one confirms it there."""
    theme = _lock_open(viewer, theme_id)
    cause = add_cause(viewer, name or theme.name, definition, parent_id)
    unconfirmed = Complaint.objects.filter(themes__theme=theme).filter(
        Q(cause_confirmed_by=None) | Q(cause__slug="other") | Q(cause=None)
    )
    ids = list(unconfirmed.values_list("pk", flat=True))
    Complaint.objects.filter(pk__in=ids).update(cause=cause, cause_confirmed_by=None)
    _decide(theme, viewer, Theme.State.PROMOTED, cause=cause)
    _tell("theme.promoted", theme, viewer, name=theme.name, complaints=len(ids))
    return cause


@transaction.atomic
def dismiss_theme(viewer: User, theme_id: int) -> Theme:
    """These complaints have nothing in common: the same group is not shown again."""
    theme = _decide(_lock_open(viewer, theme_id), viewer, Theme.State.DISMISSED)
    _tell("theme.dismissed", theme, viewer, name=theme.name)
    return theme
