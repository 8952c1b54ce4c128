"""Every write of role-play. What the customer makes of a message is worked out before the transaction."""

import secrets
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.conf import settings
from django.db import transaction

from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput, NotFound
from backstory.kernel.text import storable
from backstory.live import bus
from backstory.live.actions import record
from backstory.llm import ModelFailed, ask
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.practice import customer, plays, queries, scenarios, voice
from backstory.practice.models import PracticeAssignment, PracticeSession, PracticeTurn, TeamScenario
from backstory.practice.rules import Mood

log = structlog.get_logger(__name__)

LONGEST_SAID = 4000
LARGEST_SEED = 2**31 - 1
VOICE_WITHIN = timedelta(seconds=20)
"""Nobody waits longer than this for an answer in role-play."""
SEEDS = 1_000_000
"""A seed that nobody chose is below this, so that it can be typed again."""


def begin(viewer: User, ref: str, *, with_coach: bool = True, seed: int | None = None) -> PracticeSession:
    """A new session of the scenario; where the viewer was asked to play it, the session counts for that."""
    entry = queries.entry(viewer, ref)
    scenario = entry.scenario
    chosen = secrets.randbelow(SEEDS) if seed is None else seed
    if not 0 <= chosen <= LARGEST_SEED:
        raise InvalidInput("A seed is a whole number from 0 on.", "seed")
    state = customer.begin(scenario, chosen)
    asked = next((one for one in queries.open_assignments(viewer) if one.ref == ref), None)
    return PracticeSession.objects.create(
        user=viewer,
        assignment=asked,
        ref=ref,
        title=scenario.title,
        behaviour=scenario.behaviour,
        style=scenario.style,
        language=scenario.language,
        source=entry.source,
        seed=chosen,
        with_coach=with_coach,
        start=asdict(state.mood),
        state=state.to_dict(),
    )


def say(viewer: User, pk: int, said: str, number: int) -> PracticeTurn:
    """The agent's message number `number` (from 1) and the customer's answer.

    Raises InvalidInput for an empty or very long message, Conflict where the session has gone on or has ended.
    """
    words = storable(said).strip()
    if not words:
        raise InvalidInput("Write something to the customer.", "said")
    if len(words) > LONGEST_SAID:
        raise InvalidInput(f"Keep it below {LONGEST_SAID} characters: nobody would listen that long.", "said")
    session = queries.own_session(viewer, pk)
    state = customer.State.from_dict(session.state)
    if session.ending or state.ending:
        raise Conflict("This conversation is over.")
    if state.turn != number - 1:
        raise Conflict("The customer has answered already: this page was out of date.")
    exchange = customer.answer(scenarios.parse(session.source), state, words, session.seed)
    return _kept(session, exchange, number)


@transaction.atomic
def _kept(session: PracticeSession, exchange: customer.Exchange, number: int) -> PracticeTurn:
    locked = PracticeSession.objects.select_for_update().get(pk=session.pk)
    if locked.ending or locked.state["turn"] != number - 1:
        raise Conflict("The customer has answered already: this page was out of date.")
    played = plays.played(exchange)
    data = {
        "mood": asdict(played.mood),
        "signals": list(played.signals),
        "steps": list(played.steps),
        "told": list(played.told),
        "rewrites": list(played.rewrites),
    }
    turn = PracticeTurn.objects.create(
        session=locked,
        number=number,
        said=played.said,
        answer=played.answer,
        data={**data, "speech": voice.kept(exchange.speech)},
        voiced_by=clock.now() + VOICE_WITHIN if settings.LLM else None,
    )
    if settings.LLM:  # no row in the log: role-play is the agent's own
        transaction.on_commit(partial(bus.wake, "practice.said", turn.pk))
    locked.state = exchange.state.to_dict()
    locked.save(update_fields=["state"])
    if exchange.state.ending:
        _finish(locked, exchange.state)
    return turn


def voice_turn(turn_id: int) -> None:
    """Have the language model word a customer's answer, in no transaction; where it strays or is late, the grammar's
    words stand. What the customer lets out and how they feel was decided before."""
    turn = PracticeTurn.objects.select_related("session").filter(pk=turn_id, voiced_by__gt=clock.now()).first()
    if turn is None or settings.LLM is None:
        return
    scenario = scenarios.parse(turn.session.source)
    speech = voice.restored(turn.data["speech"], scenario, Mood(**turn.data["mood"]))
    told, prompt = voice.briefing(speech, turn.said, turn.answer)
    try:
        proposed = ask(settings.LLM, told, prompt)
    except ModelFailed as problem:
        log.warning("a customer's answer could not be voiced", reason=str(problem))
        proposed = ""
    words = proposed if voice.faithful(proposed, turn.answer, speech) else turn.answer
    PracticeTurn.objects.filter(pk=turn_id, voiced_by=turn.voiced_by).update(answer=words, voiced_by=None)


@transaction.atomic
def finish(viewer: User, pk: int) -> PracticeSession:
    """The agent ends the conversation; a second time nothing happens."""
    queries.own_session(viewer, pk)
    locked = PracticeSession.objects.select_for_update().get(pk=pk)
    if not locked.ending:
        _finish(locked, customer.stopped(customer.State.from_dict(locked.state)))
    return locked


def _finish(session: PracticeSession, state: customer.State) -> None:
    session.state, session.ending, session.finished_at = state.to_dict(), state.ending, clock.now()
    taught = queries.debrief_of(session, queries.turns(session))
    session.score = taught.score
    session.care = {step.name: step.percent for step in taught.care}
    session.save(update_fields=["state", "ending", "finished_at", "score", "care"])


def share(viewer: User, pk: int, *, shared: bool) -> None:
    """Let the leads of one's teams read a finished session, or no longer."""
    session = queries.own_session(viewer, pk)
    if not session.finished_at:
        raise Conflict("Finish the conversation before you show it to anybody.")
    session.shared_at = clock.now() if shared else None
    session.save(update_fields=["shared_at"])


def forget(viewer: User, pk: int) -> None:
    """Delete a session of one's own, for good."""
    queries.own_session(viewer, pk).delete()


@transaction.atomic
def assign(
    viewer: User, ref: str, team_id: int, user_ids: tuple[int, ...], *, note: str = "", due_at: datetime | None = None
) -> PracticeAssignment:
    """Ask people of a team to play a scenario; raises InvalidInput for nobody or for somebody outside the team."""
    policy.require(viewer, Permission.LEAD_PRACTICE, team_id)
    team = queries.led_teams(viewer).filter(pk=team_id).first()
    if team is None:
        raise NotFound("There is no such team.")
    entry = queries.entry(viewer, ref)
    people = list(User.objects.filter(pk__in=user_ids, memberships__team=team, is_active=True))
    if not people or len(people) < len(set(user_ids)):
        raise InvalidInput("Choose who should play it: one or more people of the team.", "people")
    made = PracticeAssignment.objects.create(
        ref=ref,
        title=entry.scenario.title,
        team=team,
        assigned_by=viewer,
        note=storable(note).strip()[:300],
        due_at=due_at,
    )
    made.assignees.set(people)
    subject = ("practice_assignment", made.pk)
    record("practice.assigned", actor=viewer, team_id=team.pk, subject=subject, title=made.title, people=len(people))
    return made


@transaction.atomic
def withdraw(viewer: User, pk: int) -> None:
    """Nobody is asked any more; what was played stays with those who played it."""
    found = queries.assignment(viewer, pk)
    found.withdrawn_at = clock.now()
    found.save(update_fields=["withdrawn_at"])
    subject = ("practice_assignment", found.pk)
    record("practice.withdrawn", actor=viewer, team_id=found.team_id, subject=subject, title=found.title)


def _plain(source: str) -> str:
    """A file's text as it is kept: storable, with plain line ends."""
    return storable(source).replace("\r\n", "\n")


def save_scenario(viewer: User, team_id: int, source: str, pk: int | None = None) -> TeamScenario:
    """Keep a team's scenario, a new one or in place of its older text; raises ScenarioProblems for a bad one."""
    policy.require(viewer, Permission.LEAD_PRACTICE, team_id)
    team = queries.led_teams(viewer).filter(pk=team_id).first()
    if team is None:
        raise NotFound("There is no such team.")
    scenario = plays.proven(_plain(source))
    row = queries.team_scenario(viewer, pk) if pk else TeamScenario(team=team)
    row.title, row.source, row.written_by = scenario.title, _plain(source), viewer
    with transaction.atomic():
        row.save()
        subject = ("practice_scenario", row.pk)
        record("practice_scenario.saved", actor=viewer, team_id=row.team_id, subject=subject, title=row.title)
    return row


@transaction.atomic
def retire_scenario(viewer: User, pk: int) -> None:
    """Nobody can begin it any more; sessions that were played keep it."""
    row = queries.team_scenario(viewer, pk)
    policy.require(viewer, Permission.LEAD_PRACTICE, row.team_id)
    row.retired_at = clock.now()
    row.save(update_fields=["retired_at"])
    subject = ("practice_scenario", row.pk)
    record("practice_scenario.retired", actor=viewer, team_id=row.team_id, subject=subject, title=row.title)
