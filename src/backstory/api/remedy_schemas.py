"""What the API says and takes about remedies."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from backstory.api.schemas import NO_NUL, Person, Sent, ShortWords
from backstory.recovery import models as recovery

RemedyKind = Literal[
    "refund",
    "replacement",
    "repair",
    "credit",
    "discount",
    "upgrade",
    "goodwill",
    "apology",
    "correction",
    "expense",
]


class Remedy(Schema):
    id: int
    complaint_id: int
    kind: RemedyKind
    amount: str = Field(examples=["25.00"])
    currency: str = Field(examples=["EUR"])
    reason: str
    state: Literal["requested", "granted", "declined"]
    offered_by: Person | None
    decided_by: Person | None
    decided_at: datetime | None
    decision_reason: str
    cost: str | None = Field(description="What it costs us, where that is not the amount.", examples=["14.00"])
    given_by: str = Field(description="Who apologises, for an apology.", examples=["Anna Berg"])
    offered_at: datetime | None = Field(description="When the customer was told.")
    answer: Literal["", "accepted", "declined"] = Field(description="What the customer said.")
    answered_at: datetime | None
    answer_note: str
    carried_out_at: datetime | None
    evidence: str = Field(description="How we know that it was carried out.", examples=["Refund re_7Qd21"])
    requested_amount: str | None = Field(description="What was asked for, where another amount was granted.")
    asked: Person | None = Field(description="Who was asked to decide; nobody where everybody who may is.")
    decide_by: datetime | None = Field(description="When the request goes to the next.")
    escalations: int = Field(description="How often it was passed on, because nobody answered in time.")
    had_two: bool = Field(description="Two people decided.")
    is_exception: bool = Field(description="Outside the policy of its day, knowingly.")
    exception_reason: str

    @staticmethod
    def resolve_amount(row: recovery.Remedy) -> str:
        return f"{row.amount:.2f}"

    @staticmethod
    def resolve_requested_amount(row: recovery.Remedy) -> str | None:
        return None if row.requested_amount is None else f"{row.requested_amount:.2f}"

    @staticmethod
    def resolve_cost(row: recovery.Remedy) -> str | None:
        return None if row.cost is None else f"{row.cost:.2f}"


class NewRemedy(Sent):
    kind: RemedyKind = Field(examples=["goodwill"])
    amount: Annotated[str, Field(max_length=20, pattern=NO_NUL)] = Field("0", examples=["25.00"])
    currency: Annotated[str, Field(min_length=3, max_length=3, pattern=NO_NUL)] = Field(examples=["EUR"])
    reason: ShortWords = Field(examples=["Three weeks without an answer."])
    cost: Annotated[str, Field(max_length=20, pattern=NO_NUL)] | None = Field(None, examples=["14.00"])
    given_by: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = Field("", examples=["Anna Berg"])
    exception_reason: ShortWords = Field("", description="Why, where it is outside the policy.")


class Approval(Sent):
    reason: ShortWords = Field("", examples=["Fits what we did in the same case last month."])
    amount: Annotated[str, Field(max_length=20, pattern=NO_NUL)] | None = Field(
        None, description="Another amount than was asked for.", examples=["40.00"]
    )


class Answer(Sent):
    answer: Literal["accepted", "declined"]
    note: ShortWords = Field("", examples=["Said so on the telephone."])


class CarriedOut(Sent):
    evidence: Annotated[str, Field(min_length=1, max_length=300, pattern=NO_NUL)] = Field(examples=["Refund re_7Qd21"])
