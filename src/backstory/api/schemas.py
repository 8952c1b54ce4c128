"""What the API takes and gives. Shapes only: rows go in, plain values come out, and never a word of a backstory
except in `Backstory` itself."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from backstory.cases import models as cases
from backstory.live.models import Event as EventRow
from backstory.live.phrases import sentence
from backstory.people.models import User
from backstory.people.policy import team_ids

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
NO_NUL = r"^[^\x00]*$"  # PostgreSQL stores no NUL characters
Words = Annotated[str, Field(max_length=200_000, pattern=NO_NUL)]
ShortWords = Annotated[str, Field(max_length=2000, pattern=NO_NUL)]
State = Literal["open", "waiting", "closed"]
View = Literal["mine", "unassigned", "open", "waiting", "closed", "all"]
PromiseState = Literal["suggested", "open", "kept", "broken", "dismissed"]
Outcome = Literal["upheld", "partly_upheld", "not_upheld"]


class Sent(Schema):
    """Whatever a caller sends: a misspelt field is an error, not silence."""

    model_config = ConfigDict(extra="forbid")


class Error(Schema):
    error: str = Field(
        description="What is wrong, in words a person understands.", examples=["Please fill in the reason."]
    )
    field: str | None = Field(None, description="The field to mend, if it is one.", examples=["reason"])
    confirm: list[str] | None = Field(None, description="Warnings to send along as `confirmed`, where that is why.")


class Person(Schema):
    id: int
    name: str


class Me(Schema):
    """Whoever the token belongs to."""

    id: int
    name: str
    email: str
    role: str = Field(examples=["agent"])
    team_ids: list[int]

    @staticmethod
    def resolve_team_ids(row: User) -> list[int]:
        return sorted(team_ids(row))


class Conversation(Schema):
    id: int
    subject: str
    snippet: str
    state: State
    channel: str
    customer: Person | None
    assignee: Person | None
    team: Person | None
    last_message_at: datetime
    waiting_since: datetime | None = Field(description="Since when the customer waits for us, if they do.")
    closed_at: datetime | None


class ConversationChange(Sent):
    """Only what is named changes."""

    state: Literal["open", "closed"] | None = Field(None, description="Close or reopen it.", examples=["closed"])
    assignee_id: Id | None = Field(None, description="A colleague of its team; null for nobody.", examples=[2])
    team_id: Id | None = Field(None, description="Hand it to another team.", examples=[2])


class Attachment(Schema):
    id: int
    name: str
    content_type: str
    size: int = Field(description="In bytes.")


class Delivery(Schema):
    kind: str
    state: str = Field(examples=["sent"])
    attempts: int
    next_attempt_at: datetime | None
    sent_at: datetime | None
    last_error: str


class Recipient(Schema):
    name: str = ""
    email: str


class Message(Schema):
    id: int
    direction: Literal["in", "out", "note"]
    sender_name: str
    sender_address: str
    to: list[Recipient]
    cc: list[Recipient]
    subject: str
    text: str = Field(description="What was newly written, without quotes and signature.")
    quoted: str
    created_at: datetime
    sent_at: datetime | None = Field(description="As the sender's clock claims.")
    attachments: list[Attachment]
    delivery: Delivery | None = Field(None, description="How our own letter is doing on its way out.")


class Text(Sent):
    text: Words = Field(examples=["I am sorry about the double charge. I have refunded it today."])


class Reply(Text):
    to: list[ShortWords] | None = Field(
        None,
        max_length=50,
        description="Addresses; left out: whom the thread says.",
        examples=[["maya@customer.example"]],
    )
    cc: list[ShortWords] | None = Field(
        None, max_length=50, description="Addresses; left out: everybody else in the latest message.", examples=[[]]
    )
    confirmed: list[ShortWords] = Field(
        [], max_length=200, description="The warnings about recipients, as a refusal named them in `confirm`."
    )
    quote: bool | None = Field(None, description="Quote the message answered; left out: as is usual.")


class NewMessage(Sent):
    id: Annotated[str, Field(min_length=8, max_length=100, pattern=NO_NUL)] = Field(
        description="Your own id of it: sending it again changes nothing.", examples=["till-4711-2026-03-18"]
    )
    mailbox: Annotated[str, Field(max_length=320, pattern=NO_NUL)] = Field(
        description="The address of one of your team's mailboxes.", examples=["care@desk.example"]
    )
    email: Annotated[str, Field(max_length=320, pattern=NO_NUL)] = Field(examples=["maya@customer.example"])
    name: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = Field("", examples=["Maya Lind"])
    subject: Annotated[str, Field(max_length=500, pattern=NO_NUL)] = Field("", examples=["No hot water"])
    text: Words = Field(examples=["There is never enough hot water."])
    language: Annotated[str, Field(pattern=r"^([a-z]{2})?$")] = Field("", description="ISO 639-1, if you know it.")


class Stored(Schema):
    """The original, kept as it came; `message.received` follows in the events."""

    id: int
    state: str = Field(examples=["received"])


class Reading(Schema):
    """What the reading engine understood of one message, with its evidence in `data`."""

    message_id: int
    language: str
    is_complaint: bool
    complaint_p: float
    emotion: str
    intensity: float
    severity: int
    safety: bool
    corrected: list[str] = Field(description="Fields on which people say something else than the engine; theirs holds.")
    data: dict[str, Any]


class Mailbox(Schema):
    """An address the desk answers under. `is_active` is false while it is paused."""

    id: int
    name: str
    address: str
    sender_name: str
    team: str
    language: str
    is_active: bool

    @staticmethod
    def resolve_team(row: Any) -> str:
        return str(row.team.name)


class Cause(Schema):
    id: int
    parent_id: int | None
    slug: str
    name: str
    path: str = Field(examples=["Billing › Charged twice"])
    definition: str
    is_active: bool


class CauseOf(Schema):
    id: int
    name: str
    confirmed: bool = Field(description="Whether a person has said so; else it is a suggestion.")


class Complaint(Schema):
    id: int
    number: str = Field(examples=["C-2026-00001"])
    conversation_id: int
    state: Literal["open", "closed"]
    severity: int = Field(description="0 trifle to 4 danger.")
    cause: CauseOf | None
    owner: Person | None
    received_at: datetime
    outcome: str
    outcome_reason: str
    closed_at: datetime | None
    reopened_count: int

    @staticmethod
    def resolve_cause(row: cases.Complaint) -> CauseOf | None:
        if row.cause is None:
            return None
        return CauseOf(id=row.cause.pk, name=row.cause.name, confirmed=row.cause_confirmed_by_id is not None)


class ComplaintChange(Sent):
    """Only what is named changes."""

    cause_id: Id | None = Field(None, description="Confirm this cause.", examples=[6])
    severity: Annotated[int, Field(ge=0, le=4)] | None = Field(None, examples=[3])


class Closing(Sent):
    outcome: Outcome = Field(examples=["upheld"])
    reason: Words = Field(examples=["We charged twice and have refunded it."])


class Backstory(Schema):
    """What is at stake in this person's life. Sensitive: that it was read is recorded."""

    stated_problem: str
    demand: str
    backstory: str
    need: str
    make_right: str
    constraints: str
    affected: str
    cost: str
    matters_by: str
    updated_at: datetime
    confirmed_at: datetime | None
    confirmation: str


class BackstoryFields(Sent):
    """Only what is named changes."""

    stated_problem: Words | None = Field(None, examples=["There is not enough hot water."])
    demand: Words | None = Field(None, examples=["Move us to another house."])
    backstory: Words | None = Field(None, examples=["The baby had croup at night and there was no steam."])
    need: Words | None = Field(None, examples=["The child's safety."])
    make_right: Words | None = Field(None, examples=["Steam whenever the baby needs it."])
    constraints: Words | None = Field(None, examples=["Works nights; call after noon."])
    affected: Words | None = Field(None, examples=["The baby and the mother."])
    cost: Words | None = Field(None, examples=["A night in hospital."])
    matters_by: Words | None = Field(None, examples=["Tonight: it happens at night."])


class Confirmation(Sent):
    words: Words = Field(examples=["Yes, that is exactly it."])


class Evidence(Schema):
    text: str
    done: bool
    quote: str
    message_id: int | None


class CareStep(Schema):
    """A step of the complaint's playbook, done when its evidence is there; one that is not `entered` is not called for
    yet."""

    key: str = Field(examples=["connect"])
    title: str
    done: bool
    guidance: str
    evidence: list[Evidence]
    how: str
    phrases: list[str]
    entered: bool
    entry: list[Evidence]


class ResolutionAction(Schema):
    id: int
    complaint_id: int
    serves: Literal["need", "cause"]
    text: str
    owner: Person | None
    due_at: datetime
    done_at: datetime | None


class NewResolutionAction(Sent):
    serves: Literal["need", "cause"] = Field(examples=["cause"])
    text: ShortWords = Field(examples=["Put in a second tank."])
    due_at: AwareDatetime = Field(examples=["2030-01-31T16:00:00Z"])
    owner_id: Id | None = Field(None, description="Somebody of the team; left out: yourself.")


class Promise(Schema):
    id: int
    conversation_id: int
    message_id: int
    quote: str = Field(description="The words in our message that promise something.")
    state: PromiseState
    due_at: datetime | None = Field(description="null: open-ended.")
    owner: Person | None
    decided_at: datetime | None
    kept_by_id: int | None = Field(description="The message of ours that shows that it was kept.")
    evidence: str = Field(description="How somebody said that it was kept.")


class Acceptance(Sent):
    due_at: AwareDatetime | None = Field(None, description="Corrects the date that was found.")
    owner_id: int | None = Field(None, description="Who is to keep it, if not who wrote it.")


class Keeping(Sent):
    evidence: str = Field("", max_length=500, description="How it was kept, in your words.")


class Reason(Sent):
    reason: ShortWords = Field("", examples=["Fits what we did in the same case last month."])


class Event(Schema):
    """Something that happened. `data` names what changed, never what a backstory says."""

    id: int
    at: datetime
    kind: str = Field(examples=["message.received"])
    text: str = Field(description="The event as a sentence.")
    actor_kind: str
    actor_name: str
    conversation_id: int | None
    subject: str
    subject_id: int | None
    data: dict[str, Any]

    @staticmethod
    def resolve_text(row: EventRow) -> str:
        return sentence(row)


class Events(Schema):
    items: list[Event]
    next: int = Field(description="Give this as `after` in the next call.")
