"""What the coach is sent through the API, and what it answers."""

from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from backstory.api.schemas import Sent, Words


class DraftToCheck(Sent):
    draft: Words = Field(examples=["I am sorry about the delay. I will send the new part by Friday."])
    message: Words = Field("", description="What it answers.", examples=["Where is my part? I have waited for weeks!"])
    channel: Literal["email", "form"] = "email"
    style: Literal["driver", "expressive", "analytic", "amiable"] | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] | None = Field(None, description="ISO 639-1.")
    dismissed: Annotated[list[Annotated[str, Field(max_length=700)]], Field(max_length=200)] = Field(
        default_factory=list, description="Keys of findings set aside."
    )


class Finding(Schema):
    id: str
    key: str
    level: Literal["info", "advice", "warning", "blocker"]
    quote: str
    start: int
    end: int
    message: str
    rewrite: str | None
    source: str


class Point(Schema):
    kind: Literal["question", "request", "harm"]
    quote: str
    status: Literal["answered", "acknowledged", "missed"]
    draft_quote: str | None


class Empathy(Schema):
    reaction: int
    interpretation: int
    exploration: int


class Checked(Schema):
    """The coach's advice on a draft. It advises; the person decides."""

    verdict: Literal["ready", "improve", "stop"]
    findings: list[Finding]
    points: list[Point]
    empathy: Empathy
