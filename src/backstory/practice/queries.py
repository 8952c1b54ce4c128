"""Reads of role-play. Sessions are their agent's alone; a lead sees one only where it was shared, and else counts of
several people."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models import Count, Max, Q, QuerySet

from backstory.kernel import clock
from backstory.kernel.errors import NotFound
from backstory.people import policy
from backstory.people.models import Team, User
from backstory.people.policy import Permission
from backstory.practice import scenarios
from backstory.practice.debrief import Debrief, Played, debrief
from backstory.practice.models import PracticeAssignment, PracticeSession, PracticeTurn, TeamScenario
from backstory.practice.rules import Mood
from backstory.practice.scenarios import Scenario

FEWEST_PEOPLE = 3
"""Of fewer people nothing is counted together: one could tell who."""
RECENT = timedelta(days=90)
TEAM_PREFIX = "team-"
STEPS = ("connect", "ask", "resolve", "ensure")


@dataclass(frozen=True)
class Entry:
    """A scenario to choose: `ref` names it, `team` is "" for those the desk comes with."""

    ref: str
    scenario: Scenario
    source: str
    team: str = ""
    best: int | None = None
    times: int = 0


def entries(viewer: User) -> list[Entry]:
    """Every scenario the viewer can play, their teams' own first, with their own best score."""
    mine = PracticeSession.objects.filter(user=viewer, finished_at__isnull=False).order_by()
    results = mine.values("ref").annotate(best=Max("score"), times=Count("pk")).values_list("ref", "best", "times")
    own = {ref: (best, times) for ref, best, times in results}
    found = [*_team_entries(viewer), *_shipped_entries()]
    return [replace(one, best=best, times=times) for one in found for best, times in [own.get(one.ref, (None, 0))]]


def _shipped_entries() -> list[Entry]:
    return [
        Entry(f"{name}.{language}", one, scenarios.source(name, language))
        for (name, language), one in scenarios.shipped().items()
    ]


def _team_entries(viewer: User) -> Iterator[Entry]:
    """Those that can still be read: one kept by an older version may need mending, and says so in the editor."""
    for row in team_scenarios(viewer):
        with suppress(scenarios.ScenarioProblems):
            yield Entry(f"{TEAM_PREFIX}{row.pk}", scenarios.parse(row.source), row.source, row.team.name)


def team_scenarios(viewer: User) -> QuerySet[TeamScenario]:
    """The scenarios of the viewer's teams that are in use."""
    rows = TeamScenario.objects.filter(team_id__in=policy.team_ids(viewer), retired_at=None)
    return rows.select_related("team", "written_by").order_by("title", "pk")


def team_scenario(viewer: User, pk: int) -> TeamScenario:
    """Raises NotFound for one of another team."""
    found = team_scenarios(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such scenario.")
    return found


def entry(viewer: User, ref: str) -> Entry:
    """The scenario of that name that the viewer can play; raises NotFound."""
    if ref.startswith(TEAM_PREFIX) and ref[len(TEAM_PREFIX) :].isascii() and ref[len(TEAM_PREFIX) :].isdigit():
        row = team_scenario(viewer, int(ref[len(TEAM_PREFIX) :][:18]))
        return Entry(ref, scenarios.parse(row.source), row.source, row.team.name)
    name, _, language = ref.rpartition(".")
    try:
        source = scenarios.source(name, language)
    except KeyError:
        raise NotFound("There is no such scenario.") from None
    return Entry(ref, scenarios.shipped()[(name, language)], source)


def sessions(viewer: User) -> QuerySet[PracticeSession]:
    """The viewer's own sessions, newest first."""
    return PracticeSession.objects.filter(user=viewer).order_by("-created_at", "-pk")


def own_session(viewer: User, pk: int) -> PracticeSession:
    """Raises NotFound for somebody else's, shared or not."""
    found = sessions(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such practice session.")
    return found


def readable_session(viewer: User, pk: int) -> PracticeSession:
    """A session of the viewer's own, or one that somebody of a team they lead has shared; raises NotFound."""
    found = PracticeSession.objects.filter(Q(user=viewer) | shared_with(viewer)).filter(pk=pk).distinct().first()
    if found is None:
        raise NotFound("There is no such practice session.")
    return found


def shared_with(viewer: User) -> Q:
    """Finished sessions that people of the viewer's teams have shared, for whoever leads practice there."""
    if not policy.can(viewer, Permission.LEAD_PRACTICE):
        return Q(pk__in=())
    teams = policy.team_ids(viewer)
    return Q(shared_at__isnull=False, finished_at__isnull=False, user__memberships__team_id__in=teams)


def shared_sessions(viewer: User) -> QuerySet[PracticeSession]:
    rows = PracticeSession.objects.filter(shared_with(viewer)).exclude(user=viewer).distinct()
    return rows.select_related("user").order_by("-shared_at")


def turns(session: PracticeSession) -> list[PracticeTurn]:
    return list(session.turns.all())


def debrief_of(session: PracticeSession, kept: list[PracticeTurn]) -> Debrief:
    """What the session teaches, worked out anew from what is kept."""
    played = [as_played(turn) for turn in kept]
    start = Mood(**session.start)
    return debrief(scenarios.parse(session.source), start, played, session.ending)  # type: ignore[arg-type]


def as_played(turn: PracticeTurn) -> Played:
    data = turn.data
    return Played(
        said=turn.said,
        answer=turn.answer,
        mood=Mood(**data["mood"]),
        signals=tuple(data["signals"]),
        steps=tuple(data["steps"]),
        told=tuple(data["told"]),
        rewrites=tuple(data["rewrites"]),
    )


def open_assignments(viewer: User) -> list[PracticeAssignment]:
    """What the viewer was asked to play and has not finished yet, soonest due first."""
    rows = viewer.practice_assignments.filter(withdrawn_at=None).select_related("assigned_by")
    done = PracticeSession.objects.filter(user=viewer, finished_at__isnull=False).values("assignment_id")
    rows = rows.exclude(pk__in=done.exclude(assignment_id=None))
    return sorted(rows, key=lambda one: (one.due_at is None, one.due_at or one.created_at, one.pk))


@dataclass(frozen=True)
class Assigned:
    """An assignment as its lead sees it: how many have played it, never who or how well."""

    assignment: PracticeAssignment
    people: int
    done: int | None  # None where so few were asked that the count would name them


def assignments(viewer: User) -> list[Assigned]:
    """What was assigned in the teams the viewer leads, newest first."""
    policy.require(viewer, Permission.LEAD_PRACTICE)
    rows = PracticeAssignment.objects.filter(team_id__in=policy.team_ids(viewer), withdrawn_at=None)
    finished = Count("sessions__user", filter=Q(sessions__finished_at__isnull=False), distinct=True)
    rows = rows.annotate(people=Count("assignees", distinct=True), done=finished)
    shown = rows.select_related("team", "assigned_by").order_by("-created_at", "-pk")
    return [Assigned(one, one.people, one.done if one.people >= FEWEST_PEOPLE else None) for one in shown]


def assignment(viewer: User, pk: int) -> PracticeAssignment:
    """One of a team the viewer leads; raises NotFound for others."""
    policy.require(viewer, Permission.LEAD_PRACTICE)
    found = PracticeAssignment.objects.filter(pk=pk, team_id__in=policy.team_ids(viewer), withdrawn_at=None).first()
    if found is None:
        raise NotFound("There is no such assignment.")
    return found


def led_teams(viewer: User) -> QuerySet[Team]:
    """The teams in which the viewer may assign practice."""
    return Team.objects.filter(pk__in=policy.team_ids(viewer)).order_by("name")


@dataclass(frozen=True)
class TeamPractice:
    """What a team has practised of late, together; `means` is None where too few people have."""

    team: Team
    people: int | None
    sessions: int | None
    means: dict[str, int] | None


def together(viewer: User) -> list[TeamPractice]:
    """The teams' practice of the last ninety days, only where several people have practised."""
    policy.require(viewer, Permission.LEAD_PRACTICE)
    return [_together(team) for team in led_teams(viewer)]


def _together(team: Team) -> TeamPractice:
    rows = PracticeSession.objects.filter(
        user__memberships__team=team, finished_at__gte=clock.now() - RECENT, score__isnull=False
    )
    counts = rows.aggregate(people=Count("user", distinct=True), sessions=Count("pk"))
    if counts["people"] < FEWEST_PEOPLE:
        return TeamPractice(team, None, None, None)
    return TeamPractice(team, counts["people"], counts["sessions"], _means(rows))


def _means(rows: QuerySet[PracticeSession]) -> dict[str, int]:
    """The mean of each person's mean, so that whoever plays most does not speak for all."""
    people: dict[int, list[dict[str, int]]] = {}
    for user_id, care in rows.values_list("user_id", "care"):
        people.setdefault(user_id, []).append(care)
    means = {step: [sum(care.get(step, 0) for care in kept) / len(kept) for kept in people.values()] for step in STEPS}
    return {step: round(sum(values) / len(values)) for step, values in means.items()}


@dataclass(frozen=True)
class Progress:
    """What one person has practised: their sessions oldest first, and the best score by behaviour."""

    finished: list[PracticeSession]
    best: dict[str, int]
    means: dict[str, int]


def progress(viewer: User) -> Progress:
    finished = list(sessions(viewer).filter(finished_at__isnull=False).order_by("finished_at", "pk"))
    best: dict[str, int] = {}
    for one in finished:
        best[one.behaviour] = max(best.get(one.behaviour, 0), one.score or 0)
    latest = [one.care for one in finished[-5:]]
    means = {step: round(sum(care.get(step, 0) for care in latest) / len(latest)) for step in STEPS} if latest else {}
    return Progress(finished, best, means)
