"""Coming back to customers: follow-ups, second recoveries, surveys and their answers."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router

from backstory.api.auth import viewer
from backstory.api.errors import READ, WRITE
from backstory.api.followup_schemas import (
    Finishing,
    FollowUp,
    FollowUpState,
    Handing,
    Missing,
    Question,
    SecondRecovery,
    Skipping,
    Survey,
    SurveyAnswer,
)
from backstory.api.paging import Page, Paged, page_of
from backstory.api.schemas import Id
from backstory.recovery import actions, queries
from backstory.recovery.rules import question

router = Router(tags=["after a complaint"])


@router.get("/followups", response={200: Page[FollowUp], **READ}, summary="Follow-ups, soonest due first")
def followups(request: HttpRequest, paged: Query[Paged], state: FollowUpState | None = None) -> Any:
    return page_of(queries.followups(viewer(request), *((state,) if state else ())), paged)


@router.post("/followups/{pk}/finish", response={200: FollowUp, **WRITE}, summary="It is done")
def finish(request: HttpRequest, pk: Id, sent: Finishing) -> Any:
    """A check says whether the fix held; one that did not opens the complaint with a second recovery."""
    return actions.finish_followup(viewer(request), pk, sent.note, sent.held)


@router.post("/followups/{pk}/miss", response={200: FollowUp, **WRITE}, summary="Nobody was reached")
def miss(request: HttpRequest, pk: Id, sent: Missing) -> Any:
    return actions.miss_followup(viewer(request), pk, sent.note, sent.again_at)


@router.post("/followups/{pk}/skip", response={200: FollowUp, **WRITE}, summary="It is not needed, and why")
def skip(request: HttpRequest, pk: Id, sent: Skipping) -> Any:
    return actions.skip_followup(viewer(request), pk, sent.reason)


@router.post(
    "/followups/{pk}/hand-over", response={200: FollowUp, **WRITE}, summary="Somebody else of the team does it"
)
def hand_over(request: HttpRequest, pk: Id, sent: Handing) -> Any:
    return actions.hand_over_followup(viewer(request), pk, sent.owner_id)


@router.get(
    "/second-recoveries", response={200: Page[SecondRecovery], **READ}, summary="Second attempts, soonest due first"
)
def second_recoveries(request: HttpRequest, paged: Query[Paged], state: Literal["open", "done"] | None = None) -> Any:
    rows = queries.second_recoveries(viewer(request))
    return page_of(rows.filter(state=state) if state else rows, paged)


@router.get("/surveys", response={200: Page[Survey], **READ}, summary="Surveys and their answers, newest first")
def surveys(request: HttpRequest, paged: Query[Paged], answered: bool | None = None) -> Any:
    rows = queries.surveys(viewer(request))
    return page_of(rows if answered is None else rows.filter(answered_at__isnull=not answered), paged)


@router.get("/surveys/{pk}/question", response={200: Question, **READ}, summary="The question, for a chat to ask")
def ask(request: HttpRequest, pk: Id, language: str = "en") -> Any:
    found = queries.get_survey(viewer(request), pk)
    asked = question(found.kind, language)
    choices = [{"score": score, "words": words} for score, words in asked.choices]
    return {"kind": asked.kind, "language": asked.language, "text": asked.text, "choices": choices}


@router.post("/surveys/{pk}/answer", response={200: Survey, **WRITE}, summary="Hand in what a customer said in a chat")
def answer(request: HttpRequest, pk: Id, sent: SurveyAnswer) -> Any:
    """Only for an administrator's token: nobody of a team answers for its customers. Once, as by the letter's link."""
    return actions.answer_for_chat(viewer(request), pk, sent.score, sent.comment)
