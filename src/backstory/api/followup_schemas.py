"""What the API takes and gives of follow-ups, surveys and second recoveries. Never a follow-up's note: it may hold what
is at stake for somebody."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AwareDatetime, Field

from backstory.api.schemas import NO_NUL, Id, Person, Sent, ShortWords

FollowUpState = Literal["open", "done", "not_reached", "skipped"]


class FollowUp(Schema):
    """Something to come back for after a complaint."""

    id: int
    complaint_id: int
    kind: Literal["call", "letter", "check"]
    words: dict[str, str] = Field(description="What to do, by language.")
    counted_from: Literal["closing", "remedy"]
    owner: Person | None
    due_at: datetime
    state: FollowUpState
    tries: int
    held: bool | None = Field(description="Of a check: whether the fix held.")
    settled_at: datetime | None


class Finishing(Sent):
    note: ShortWords = ""
    held: bool | None = Field(None, description="A check needs it; false begins a second recovery.")


class Missing(Sent):
    note: ShortWords = ""
    again_at: AwareDatetime | None = Field(None, description="When to try again; null gives it up.")


class Skipping(Sent):
    reason: Annotated[str, Field(max_length=300, pattern=NO_NUL)]


class Handing(Sent):
    owner_id: Id


class SecondRecovery(Schema):
    """The second attempt where the first was not enough."""

    id: int
    complaint_id: int
    why: Literal["low_score", "check_failed", "asked"]
    owner: Person | None
    due_at: datetime
    state: Literal["open", "done"]
    outcome: Literal["unknown", "recovered", "not_recovered"]
    outcome_by: str = Field(description="customer, desk, or empty while nobody knows.")
    done_at: datetime | None


class Survey(Schema):
    """One question to a customer after a complaint, and the answer."""

    id: int
    complaint_id: int
    round: int = Field(description="1 after the first closing, 2 after a second recovery, and so on.")
    kind: Literal["csat", "nps", "ces"]
    low: int = Field(description="Up to this score the matter is taken up again.")
    sent_at: datetime | None
    answered_at: datetime | None
    via: str = Field(description="letter, page or chat; empty while unanswered.")
    score: int | None
    comment: str


class Choice(Schema):
    score: int
    words: str


class Question(Schema):
    """The survey's question as a chat asks it."""

    kind: Literal["csat", "nps", "ces"]
    language: str
    text: str
    choices: list[Choice]


class SurveyAnswer(Sent):
    score: Annotated[int, Field(ge=0, le=10)]
    comment: ShortWords = ""
