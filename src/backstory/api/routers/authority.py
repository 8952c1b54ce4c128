"""Who may grant how much, who stands in, what is given for what, and how it goes."""

from datetime import timedelta
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from backstory.api.auth import viewer
from backstory.api.authority_schemas import (
    Absence,
    Empowered,
    Empowerment,
    Limit,
    NewAbsence,
    NewLimit,
    NewRule,
    Rule,
    SecondLook,
    SecondLooks,
    Share,
)
from backstory.api.errors import READ, WRITE
from backstory.api.schemas import Id
from backstory.kernel import clock
from backstory.recovery import actions, queries

router = Router(tags=["authority"])
policy = Router(tags=["authority"])
Days = Annotated[int, Field(ge=1, le=3650)]


@router.get("/limits", response={200: list[Limit], **READ}, summary="How much each role may grant alone")
def limits(request: HttpRequest) -> Any:
    """The most specific limit counts: team and kind named, then team, then kind, then neither."""
    return queries.limit_rows(viewer(request))


@router.put("/limits", response={200: Limit, **WRITE}, summary="Set a limit")
def set_limit(request: HttpRequest, sent: NewLimit) -> Any:
    return actions.set_limit(
        viewer(request), sent.role, sent.currency, sent.amount, team_id=sent.team_id, kind=sent.kind, period=sent.period
    )


@router.post("/limits/{pk}/remove", response={204: None, **WRITE}, summary="Take a limit away")
def remove_limit(request: HttpRequest, pk: Id) -> Any:
    actions.remove_limit(viewer(request), pk)
    return Status(204, None)


@router.put("/second-look", response={200: SecondLooks, **WRITE}, summary="From which amount on two people decide")
def second_look(request: HttpRequest, sent: SecondLook) -> Any:
    actions.set_second_look(viewer(request), sent.currency, sent.amount)
    return {"amounts": {code: f"{amount:.2f}" for code, amount in queries.second_looks().items()}}


@router.get("/absences", response={200: list[Absence], **READ}, summary="Who is away, now and to come")
def absences(request: HttpRequest) -> Any:
    return queries.absences(viewer(request))


@router.post("/absences", response={201: Absence, **WRITE}, summary="Plan an absence")
def plan_absence(request: HttpRequest, sent: NewAbsence) -> Any:
    """Your own, or as an administrator anybody's. The deputy decides with their authority meanwhile."""
    planned = actions.plan_absence(viewer(request), sent.user_id, sent.from_at, sent.until_at, sent.deputy_id)
    return Status(201, planned)


@router.post("/absences/{pk}/end", response={200: Absence, **WRITE}, summary="Back earlier, or not gone at all")
def end_absence(request: HttpRequest, pk: Id) -> Any:
    return actions.end_absence(viewer(request), pk)


@router.get("/empowerment", response={200: Empowered, **READ}, summary="How much people decide themselves")
def empowerment(request: HttpRequest, days: Days = 91) -> Any:
    """Of the remedies offered in the last `days`: decided at first contact, and how long others waited."""
    now = clock.now()
    found = queries.empowered(viewer(request), now - timedelta(days=days), now)
    return {
        "everybody": Empowerment.of(found.everybody),
        "by_team": [Empowerment.of(each) for each in found.by_team],
        "by_role": [Empowerment.of(each) for each in found.by_role],
        "exceptions": Share.of(found.exceptions),
    }


@policy.get("", response={200: list[Rule], **READ}, summary="What is given for what")
def rules(request: HttpRequest) -> Any:
    return [Rule.of(use) for use in queries.rule_uses(viewer(request))]


@policy.post("", response={201: Rule, **WRITE}, summary="Add a rule")
def add_rule(request: HttpRequest, sent: NewRule) -> Any:
    return Status(201, _saved(request, None, sent))


@policy.put("/{pk}", response={200: Rule, **WRITE}, summary="Change a rule")
def change_rule(request: HttpRequest, pk: Id, sent: NewRule) -> Any:
    return _saved(request, pk, sent)


@policy.post("/{pk}/retire", response={204: None, **WRITE}, summary="Retire a rule")
def retire_rule(request: HttpRequest, pk: Id) -> Any:
    """It is proposed no more; what was held against it stays counted."""
    actions.retire_rule(viewer(request), pk)
    return Status(204, None)


def _saved(request: HttpRequest, pk: int | None, sent: NewRule) -> Rule:
    row = actions.save_rule(viewer(request), pk, **sent.model_dump())
    return next(Rule.of(use) for use in queries.rule_uses(viewer(request)) if use.row.pk == row.pk)
