"""What the API says and takes about authority, policy and precedent."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AwareDatetime, Field

from backstory.api.remedy_schemas import RemedyKind
from backstory.api.schemas import NO_NUL, Id, Person, Sent
from backstory.kernel.money import Money as Sum
from backstory.measures import intervals
from backstory.recovery import models, queries
from backstory.recovery.rules import empowerment, precedent

Currency = Annotated[str, Field(min_length=3, max_length=3, pattern=r"^[A-Za-z]{3}$")]
Amount = Annotated[str, Field(max_length=20, pattern=NO_NUL)]
RoleName = Literal["agent", "lead", "administrator"]
Period = Literal["complaint", "day", "week", "month"]


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


class Money(Schema):
    amount: str = Field(examples=["25.00"])
    currency: str = Field(examples=["EUR"])

    @staticmethod
    def resolve_amount(money: Sum) -> str:
        return f"{money.amount:.2f}"


class Case(Schema):
    """A remedy granted before in a similar case."""

    complaint_id: int
    number: str
    amount: str
    at: datetime
    nearness: str = Field(examples=["the same cause, the same severity, 3 weeks ago"])

    @staticmethod
    def of(near: precedent.Near) -> "Case":
        case = near.case
        return Case(
            complaint_id=case.complaint_id,
            number=case.number,
            amount=f"{case.amount:.2f}",
            at=case.at,
            nearness=precedent.in_words(near),
        )


class Precedent(Schema):
    """The nearest cases; median and quartiles from five cases on."""

    count: int
    median: str | None
    lower: str | None
    upper: str | None
    nearest: list[Case]

    @staticmethod
    def resolve_median(found: precedent.Precedent) -> str | None:
        return _text(found.median)

    @staticmethod
    def resolve_lower(found: precedent.Precedent) -> str | None:
        return _text(found.lower)

    @staticmethod
    def resolve_upper(found: precedent.Precedent) -> str | None:
        return _text(found.upper)

    @staticmethod
    def resolve_nearest(found: precedent.Precedent) -> list[Case]:
        return [Case.of(near) for near in found.nearest]


class Weighed(Schema):
    """An offer held against policy, precedent, worth and authority."""

    kind: RemedyKind
    money: Money
    why: str = Field(description="What the policy says for it.")
    policy: list[Money] | None = Field(description="Least and most by policy; null where no rule speaks of it.")
    outside: Literal["", "above", "below"] = Field(description="Of the policy: then an exception needs a reason.")
    precedent: Precedent
    far: Literal["", "above", "below"] = Field(description="From what similar cases received. Never blocks.")
    reasons: list[str] = Field(description="Why being far from it may be right.")
    left: Money | None = Field(description="What you may still grant of this kind alone.")
    may_grant: bool
    needs_two: bool = Field(description="Two people decide.")
    costs_more: bool | None = Field(description="Than it is likely to bring back; null where that is not known.")

    @staticmethod
    def resolve_why(found: queries.Weighed) -> str:
        return found.rule.why if found.rule else ""

    @staticmethod
    def resolve_policy(found: queries.Weighed) -> list[Sum] | None:
        rule = found.rule
        return [Sum(rule.minimum, rule.currency), Sum(rule.maximum, rule.currency)] if rule else None


class BreakEven(Schema):
    money: Money | None = Field(description="Up to where a remedy is likely to bring back what it costs.")
    missing: list[str] = Field(description="What a lead would have to find out first.")


class Options(Schema):
    options: list[Weighed]
    break_even: BreakEven


class Limit(Schema):
    id: int
    role: RoleName
    team: Person | None = Field(description="null for any team")
    kind: RemedyKind | Literal[""] = Field(description="empty for any kind")
    period: Period
    currency: str
    amount: str

    @staticmethod
    def resolve_amount(row: models.AuthorityLimit) -> str:
        return f"{row.amount:.2f}"


class NewLimit(Sent):
    role: RoleName
    team_id: Id | None = None
    kind: RemedyKind | Literal[""] = ""
    period: Period = "complaint"
    currency: Currency = Field(examples=["EUR"])
    amount: Amount = Field(examples=["100"])


class SecondLook(Sent):
    currency: Currency = Field(examples=["EUR"])
    amount: Amount = Field(description="0 means that one person always suffices.", examples=["2500"])


class SecondLooks(Schema):
    amounts: dict[str, str] = Field(description="By currency the amount from which on two people decide.")


class Absence(Schema):
    id: int
    user: Person
    deputy: Person | None
    from_at: datetime
    until_at: datetime


class NewAbsence(Sent):
    user_id: Id
    from_at: AwareDatetime
    until_at: AwareDatetime
    deputy_id: Id | None = None


class Rule(Schema):
    """What is meant to be given, and how often that was departed from."""

    id: int
    cause_id: int | None
    least_severity: int
    most_severity: int
    kind: RemedyKind
    currency: str
    minimum: str
    usual: str
    maximum: str
    why: str
    rank: int
    offers: int
    exceptions: int
    is_doubtful: bool = Field(description="So many exceptions that the rule may be wrong.")

    @staticmethod
    def of(use: queries.RuleUse) -> "Rule":
        row = use.row
        return Rule(
            id=row.pk,
            cause_id=row.cause_id,
            least_severity=row.least_severity,
            most_severity=row.most_severity,
            kind=row.kind,  # type: ignore[arg-type]
            currency=row.currency,
            minimum=f"{row.minimum:.2f}",
            usual=f"{row.usual:.2f}",
            maximum=f"{row.maximum:.2f}",
            why=row.why,
            rank=row.rank,
            offers=use.exceptions.total,
            exceptions=use.exceptions.count,
            is_doubtful=use.is_doubtful,
        )


class NewRule(Sent):
    cause_id: Id | None = None
    least_severity: Annotated[int, Field(ge=0, le=4)] = 0
    most_severity: Annotated[int, Field(ge=0, le=4)] = 4
    kind: RemedyKind
    currency: Currency = Field(examples=["EUR"])
    minimum: Amount = Field(examples=["20"])
    usual: Amount = Field(examples=["40"])
    maximum: Amount = Field(examples=["50"])
    why: Annotated[str, Field(max_length=300, pattern=NO_NUL)] = ""
    rank: Annotated[int, Field(ge=0, le=999)] = 50


class Share(Schema):
    count: int
    total: int
    value: float | None
    interval: tuple[float, float] | None = Field(description="95 % Wilson interval")

    @staticmethod
    def of(share: intervals.Share) -> "Share":
        return Share(count=share.count, total=share.total, value=share.value, interval=share.interval)


class Empowerment(Schema):
    group: str
    at_first_contact: Share
    requests_decided: int
    still_waiting: int
    median_hours: float | None
    ninetieth_hours: float | None

    @staticmethod
    def of(found: empowerment.Empowerment) -> "Empowerment":
        hours = [None if each is None else each.total_seconds() / 3600 for each in (found.median, found.ninetieth)]
        return Empowerment(
            group=found.group,
            at_first_contact=Share.of(found.at_once),
            requests_decided=found.decided,
            still_waiting=found.still_waiting,
            median_hours=hours[0],
            ninetieth_hours=hours[1],
        )


class Empowered(Schema):
    everybody: Empowerment
    by_team: list[Empowerment]
    by_role: list[Empowerment]
    exceptions: Share
