"""Three problems of the demo company: a fix that worked, one that did not, one with too little data; and the letters
that told customers what changed."""

from datetime import date, timedelta
from random import Random
from typing import Any

from backstory.cases.models import Cause
from backstory.demo.desk import Desk, Life
from backstory.demo.texts import read_yaml
from backstory.improvement import actions, queries
from backstory.improvement.models import Campaign, ExposureSeries, Problem, ProofPlan
from backstory.improvement.rules.weeks import monday_of
from backstory.kernel import clock
from backstory.kernel.errors import InvalidInput
from backstory.people.actions import join_team
from backstory.people.models import Team, User

WEEK = timedelta(days=7)
VISITS = 420
"""About so many a week."""
CHANGED = {
    "en": (
        "What changed because you told us",
        "Hello {name},\n\nyou wrote to us because a new pump had failed.\n"
        "Your complaint has the number {number}.\n\nSince then we have withdrawn the whole batch, exchanged its pumps, "
        "and test ten of every new batch before one of them is fitted. Far fewer pumps fail now.\n\n"
        "If yours does all the same, just answer this message.\n\nThank you for telling us.",
    ),
    "de": (
        "Was sich geändert hat, weil Sie es uns gesagt haben",
        "Guten Tag {name},\n\nSie hatten uns geschrieben, weil eine neue Pumpe ausgefallen war.\n"
        "Ihre Beschwerde hat die Nummer {number}.\n\nSeither haben wir die ganze Lieferung zurückgezogen, ihre Pumpen "
        "getauscht und prüfen zehn aus jeder neuen Lieferung.\n\nSollte Ihre trotzdem ausfallen, antworten Sie einfach "
        "auf diese Nachricht.\n\nDanke, dass Sie es uns gesagt haben.",
    ),
}


def begin(desk: Desk) -> None:
    """Put the three courses on the desk's agenda, and the weekly number of visits before them."""
    desk.begin(_visits(desk))
    for told in read_yaml("problems.yaml"):
        desk.begin(_course(desk, told))


def _visits(desk: Desk) -> Life:
    """Visits a week, entered by the lead: what complaints are divided by."""
    yield desk.now - timedelta(days=101)
    lead, random = _lead(desk), Random(11)
    series = actions.add_series(lead, "Visits", "orders", "entered", None)
    last = monday_of(desk.now.date())
    weeks = [(last - WEEK * number, VISITS + random.randint(-35, 35)) for number in range(1, 32)]
    actions.enter_exposure(lead, series.pk, [week for week in weeks if week[0] + WEEK <= clock.now().date()])
    for day, amount in sorted(weeks):
        if day + WEEK > clock.now().date():
            yield clock.now() + (day + WEEK - clock.now().date())
            actions.enter_exposure(lead, series.pk, [(day, amount)])


def _lead(desk: Desk) -> User:
    return desk.user(desk.plan.cast.lead("care").email)


def _course(desk: Desk, told: dict[str, Any]) -> Life:
    """From the first suspicion to the verdict."""
    yield desk.now - timedelta(days=told["opened"])
    lead = _lead(desk)
    problem = _opened(desk, lead, told)
    yield clock.now() + timedelta(days=2, hours=3)
    _understood(lead, problem, told)
    yield desk.now - timedelta(days=told["start"], hours=2)
    try:
        plan = _fixed(lead, problem, told)
    except InvalidInput:  # a small demo has too few complaints for a proof
        return
    yield desk.now - timedelta(days=1, hours=1)
    _link_all(lead, problem)
    actions.judge_plan(plan.pk)
    if told["ends"] == "proven" and queries.verdict_today(plan) == "reduced":
        actions.set_state(lead, problem.pk, "proven")
        desk.begin(_tell(desk, problem))
    elif told["ends"] == "fixing":
        actions.set_state(lead, problem.pk, "fixing", "The new layout did not help: the charge itself has to go.")


def _opened(desk: Desk, lead: User, told: dict[str, Any]) -> Problem:
    causes = Cause.objects.filter(slug__in=told["causes"]).values_list("pk", flat=True)
    team = Team.objects.get(mailboxes=desk.mailboxes["care"])
    problem = actions.open_problem(lead, told["title"], told["description"], team_id=team.pk, cause_ids=list(causes))
    _link_all(lead, problem)
    return problem


def _link_all(lead: User, problem: Problem) -> None:
    proposed = list(queries.proposals(lead, problem).values_list("pk", flat=True))
    if proposed:
        actions.link_complaints(lead, problem.pk, proposed)


def _understood(lead: User, problem: Problem, told: dict[str, Any]) -> None:
    """Whys with evidence (each names by number the one it answers, 0 for the problem), fishbone, failure modes."""
    ids: list[int] = []
    for parent, text, kind, evidence in told["whys"]:
        why = actions.add_why(lead, problem.pk, text, ids[parent - 1] if parent else None)
        actions.add_evidence(lead, problem.pk, why.pk, kind=kind, text=evidence)
        ids.append(why.pk)
    for branch, text in told["bones"]:
        actions.add_bone(lead, problem.pk, branch, text)
    for mode, effect, control, severity, occurrence, detection in told["failures"]:
        actions.rate_failure(
            lead, problem.pk, mode=mode, effect=effect, control=control,
            severity=severity, occurrence=occurrence, detection=detection,
        )  # fmt: skip
    actions.set_state(lead, problem.pk, "confirmed")
    actions.decide(lead, problem.pk, *told["decision"])


def _fixed(lead: User, problem: Problem, told: dict[str, Any]) -> ProofPlan:
    """Planned, frozen on the day it begins, in place, watched."""
    day: date = queries.today()
    last = monday_of(day) - timedelta(days=1)
    fix = actions.add_fix(lead, problem.pk, told["fix"], lead.pk, day)
    fields = actions.PlanFields(
        baseline_first=last - 11 * WEEK + timedelta(days=1),
        baseline_last=last,
        start_on=day,
        ends_on=day + told["weeks"] * WEEK,
        series_id=ExposureSeries.objects.get(name="Visits").pk,
        fix_id=fix.pk,
    )
    actions.set_state(lead, problem.pk, "fixing")
    plan = actions.freeze_plan(lead, problem.pk, fields)
    actions.finish_fix(lead, problem.pk, fix.pk, day)
    actions.set_state(lead, problem.pk, "watching")
    if "note" in told:
        place, where, text = told["note"]
        actions.add_note(lead, problem.pk, text=text, place=place, where=where, began_on=day)
    return plan


def _tell(desk: Desk, problem: Problem) -> Life:
    """Whoever complained about it is told, with another lead's approval."""
    lead, other = _lead(desk), desk.user(desk.plan.cast.lead("parts").email)
    campaign = actions.plan_campaign(lead, problem.pk, Campaign.Kind.CHANGED, "The pumps of spring")
    join_team(other, campaign.team)  # she stands in for the lead of the other team
    for language in ("en", "de", "es", "fr"):
        actions.write_text(lead, campaign.pk, language, *CHANGED.get(language, ("", "")))
    actions.choose_reach(lead, campaign.pk, per_hour=1500, silent_from=None, silent_until=None)
    actions.preview_campaign(lead, campaign.pk)
    yield clock.now() + timedelta(hours=2)
    actions.approve_campaign(other, campaign.pk)
    actions.step_campaign(lead, campaign.pk, "start")
    for _ in range(4):
        yield clock.now() + timedelta(minutes=1)
        actions.send_due_letters()
        desk.post()
