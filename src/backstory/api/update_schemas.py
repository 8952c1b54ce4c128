"""What the API says and takes about keeping customers informed."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AwareDatetime, Field

from backstory.api.schemas import NO_NUL, Sent


class Happened(Schema):
    at: datetime
    kind: str = Field(examples=["answered"])


class PromiseShown(Schema):
    quote: str = Field(description="Empty for what was said by telephone: it stands in a note.")
    due_at: datetime | None
    state: Literal["open", "kept", "broken"]


class StatusShown(Schema):
    """What the customer reads on the status page; no names, no notes, no reasons."""

    number: str
    is_open: bool
    outcome: str
    happened: list[Happened]
    promised: list[PromiseShown]
    next_step_due: datetime | None
    again_by: datetime | None = Field(description="By when we said that we would write again.")
    is_settled: bool


class Update(Schema):
    id: int
    complaint_id: int
    kind: Literal["scheduled", "changed"]
    stage: str = Field(examples=["remedy_decided"])
    state: Literal["planned", "sent", "skipped", "failed"]
    due_at: datetime
    promised_by: datetime | None
    held: str = Field(description="Why it does not go out by itself: off, unanswered, unreachable, or empty.")
    text: str = Field(description="A person's own words; empty: composed when it goes.")
    reason: str
    sent_at: datetime | None
    message_id: int | None


class NewUpdate(Sent):
    due_at: AwareDatetime = Field(examples=["2030-01-31T16:00:00Z"])
    text: Annotated[str, Field(max_length=5000, pattern=NO_NUL)] = Field(
        "", description="Your own words; {link} becomes the link to the status page.", examples=["The part has come."]
    )
