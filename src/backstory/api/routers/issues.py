"""Further issues of complaints: each with its own cause and outcome."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from backstory.api.auth import viewer
from backstory.api.errors import READ, WRITE
from backstory.api.schemas import Id, Sent, ShortWords, Words
from backstory.cases import actions, queries

of_complaint = Router(tags=["complaints"])
router = Router(tags=["complaints"])


class Issue(Schema):
    """`cause_confirmed` is false while only the reading proposes it."""

    id: int
    complaint_id: int
    text: str
    cause_id: int | None
    cause_confirmed: bool
    outcome: Literal["", "upheld", "partly_upheld", "not_upheld"]
    outcome_reason: str

    @staticmethod
    def resolve_cause_confirmed(row: Any) -> bool:
        return row.cause_confirmed_by_id is not None


class NewIssue(Sent):
    text: ShortWords = Field(examples=["She was charged twice for the visit."])
    cause_id: Id | None = Field(None, description="Left out: the reading proposes one.")


class IssueCause(Sent):
    cause_id: Id


class IssueDecision(Sent):
    outcome: Literal["upheld", "partly_upheld", "not_upheld"]
    reason: Words = Field(examples=["Both visits were ordered by us."])


@of_complaint.get("/{pk}/issues", response={200: list[Issue], **READ}, summary="What else it is about")
def issues(request: HttpRequest, pk: Id) -> Any:
    return queries.issues_of(queries.get_complaint(viewer(request), pk))


@of_complaint.post("/{pk}/issues", response={201: Issue, **WRITE}, summary="Note a further issue")
def add(request: HttpRequest, pk: Id, sent: NewIssue) -> Any:
    return Status(201, actions.add_issue(viewer(request), pk, sent.text, sent.cause_id))


@router.patch("/{pk}", response={200: Issue, **WRITE}, summary="Confirm its cause")
def change(request: HttpRequest, pk: Id, sent: IssueCause) -> Any:
    return actions.set_issue_cause(viewer(request), pk, sent.cause_id)


@router.post("/{pk}/decide", response={200: Issue, **WRITE}, summary="Decide about it")
def decide(request: HttpRequest, pk: Id, sent: IssueDecision) -> Any:
    return actions.decide_issue(viewer(request), pk, sent.outcome, sent.reason)


@router.api_operation(["DELETE"], "/{pk}", response={204: None, **WRITE}, summary="Take it back")
def remove(request: HttpRequest, pk: Id) -> Any:
    """409 once it was decided about."""
    actions.remove_issue(viewer(request), pk)
    return Status(204, None)
