"""What the API says of problems."""

from datetime import datetime

from ninja import Schema
from pydantic import Field

from backstory.api.schemas import Id


class Problem(Schema):
    """What many complaints have in common."""

    id: int
    title: str
    description: str
    state: str = Field(description="suspected, confirmed, fixing, watching, proven, reopened or accepted")
    state_reason: str
    state_since: datetime
    team_id: int | None = Field(description="None: of the whole desk")
    owner_id: int | None
    created_at: datetime


class ProblemFigures(Schema):
    """Whom it hit and what it cost, of all its complaints."""

    customers: int
    complaints: int
    open_complaints: int
    proposed: int = Field(description="Complaints of its causes that nobody has judged yet")
    verdict: str = Field(description="reduced, not_shown, worse, insufficient_data; empty without a proof")


class Links(Schema):
    """Complaints to let belong to a problem."""

    complaint_ids: list[Id] = Field(min_length=1, max_length=500)


class Linked(Schema):
    """How many were linked that were not before."""

    linked: int
