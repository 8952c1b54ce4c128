"""Reading remedies, surveys and what a customer may see of their own complaint."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from django.conf import settings
from django.core import signing
from django.db.models import Exists, OuterRef, QuerySet

from backstory.cases.care import CareFacts, RemedyFact, Step
from backstory.cases.models import Complaint, Promise, ResolutionAction
from backstory.cases.playbooks.judging import judge
from backstory.cases.playbooks.schema import Playbook
from backstory.cases.queries import care_facts, get_complaint, plan_for
from backstory.conversations.models import Message
from backstory.conversations.queries import visible
from backstory.kernel import clock
from backstory.kernel.errors import NotFound
from backstory.kernel.money import Money
from backstory.kernel.text import storable
from backstory.live.models import Event
from backstory.people.models import User
from backstory.recovery import policy, rules
from backstory.recovery.models import AuthorityLimit, ClosingNotice, Remedy, Survey

NO_LINK = "This link is not valid, or no longer."


def _remedies(viewer: User) -> QuerySet[Remedy]:
    rows = Remedy.objects.select_related(
        "complaint__conversation__customer", "complaint__conversation__team", "offered_by", "decided_by"
    )
    return rows.filter(complaint__conversation__in=visible(viewer))


def remedies(viewer: User, complaint: Complaint) -> list[Remedy]:
    """What was offered on a complaint, oldest first."""
    return list(_remedies(viewer).filter(complaint=complaint).order_by("created_at", "id"))


def get_remedy(viewer: User, pk: int) -> Remedy:
    found = _remedies(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such remedy.")
    return found


def approvals(viewer: User) -> list[Remedy]:
    """Requests that wait for somebody like the viewer to decide, oldest first; never the viewer's own."""
    waiting = _remedies(viewer).filter(state=Remedy.State.REQUESTED).order_by("created_at", "id")
    return [remedy for remedy in waiting if policy.may_approve(viewer, remedy)]


def limits() -> dict[tuple[str, str], Decimal]:
    """Every authority limit by (role, currency)."""
    rows = AuthorityLimit.objects.values_list("role", "currency", "amount")
    return {(role, currency): amount for role, currency, amount in rows}


def limit_for(viewer: User, currency: str) -> Money | None:
    """The most that the viewer may grant alone on one complaint in this currency, None for nothing."""
    amount = limits().get((viewer.role, currency))
    return None if amount is None else Money(amount, currency)


def granted_by(viewer: User, complaint: Complaint, currency: str) -> list[Decimal]:
    """The amounts that the viewer has granted on a complaint so far."""
    rows = Remedy.objects.filter(complaint=complaint, currency=currency, decided_by=viewer, state=Remedy.State.GRANTED)
    return list(rows.values_list("amount", flat=True))


def survey_of(complaint: Complaint) -> Survey | None:
    return Survey.objects.filter(complaint=complaint).first()


def care_panel(viewer: User, complaint: Complaint, language: str = "en", plan: Playbook | None = None) -> list[Step]:
    """The steps of a complaint's playbook, from what really happened, in the viewer's language.

    `plan` spares looking for the playbook. NotFound for an unseen complaint.
    """
    seen = get_complaint(viewer, complaint.pk)
    customers = seen.conversation.customer.language or language
    return judge(plan or plan_for(viewer, seen), all_facts(seen), language, customers)


def all_facts(complaint: Complaint) -> CareFacts:
    """What has really happened in a complaint that the caller may know of, remedies and survey with it."""
    survey = survey_of(complaint)
    offered = complaint.remedies.order_by("created_at", "id")
    return replace(
        care_facts(complaint),
        remedies=tuple(RemedyFact(_label(row), row.state) for row in offered),
        survey_sent=bool(survey and survey.sent_at),
        survey_score=survey.score if survey else None,
    )


def _label(remedy: Remedy) -> str:
    kind = Remedy.Kind(remedy.kind).label
    return f"{kind} {remedy.money}" if remedy.amount else kind


def survey_by_token(token: str) -> Survey:
    """The survey behind a link that we sent; NotFound for any other."""
    found = Survey.objects.select_related("complaint__conversation__customer").filter(
        token=storable(token), sent_at__isnull=False
    )
    survey = found.first()
    if survey is None:
        raise NotFound(NO_LINK)
    return survey


def survey_link(survey: Survey) -> str:
    return f"{settings.BASE_URL}/survey/{survey.token}/"


_signer = signing.Signer(salt="backstory.recovery.status", sep=".")


def status_token(complaint: Complaint) -> str:
    """A signed, dated pass to the status page, worthless once `link_version` is raised or after 180 days."""
    content = {"c": complaint.pk, "v": complaint.link_version, "t": int(clock.now().timestamp())}
    return _signer.sign_object(content)


def status_link(complaint: Complaint) -> str:
    return f"{settings.BASE_URL}/status/{status_token(complaint)}/"


def complaint_by_status_token(token: str) -> Complaint:
    """The complaint that a link opens; NotFound, without saying why, if it is forged, revoked or too old."""
    try:
        content = _signer.unsign_object(token)
        signed_at = datetime.fromtimestamp(content["t"], clock.now().tzinfo)
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        raise NotFound(NO_LINK) from None
    if not rules.link_is_fresh(signed_at, clock.now()):
        raise NotFound(NO_LINK)
    rows = Complaint.objects.select_related("conversation__customer", "conversation__mailbox")
    found = rows.filter(pk=content["c"], link_version=content["v"]).first()
    if found is None:
        raise NotFound(NO_LINK)
    return found


@dataclass(frozen=True, slots=True)
class Milestone:
    """One thing that happened; `detail` is for a remedy its kind and money, else ""."""

    at: datetime
    kind: Literal["received", "answered", "remedy", "reopened", "closed"]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PromiseSeen:
    """A promise in the words the customer has already got from us; "" for one that stands in a note of ours: it was
    spoken, and notes are for the team alone. State open, kept or broken."""

    quote: str
    due_at: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class Status:
    """What a customer may see of their complaint: no notes, no backstory, no names of staff, no internal
    reasons."""

    number: str
    is_open: bool
    outcome: str  # upheld, partly_upheld, not_upheld, or "" while open
    happened: tuple[Milestone, ...]
    promised: tuple[PromiseSeen, ...]
    next_step_due: datetime | None  # of the agreed steps and open promises whose date is still to come
    is_settled: bool  # closed, and nothing that was agreed or promised is left to do


def status_for(complaint: Complaint) -> Status:
    """What happened, what we promised and what comes next, oldest first."""
    is_open = complaint.state == Complaint.State.OPEN
    promises = (
        Promise.objects.filter(
            conversation_id=complaint.conversation_id,
            state__in=[Promise.State.OPEN, Promise.State.KEPT, Promise.State.BROKEN],
        )
        .select_related("message")
        .order_by("created_at", "id")
    )
    ahead = _still_to_do(complaint, promises)
    return Status(
        number=complaint.number,
        is_open=is_open,
        outcome="" if is_open else complaint.outcome,
        happened=tuple(sorted(_milestones(complaint), key=lambda milestone: milestone.at)),
        promised=tuple(_promise_seen(row) for row in promises),
        next_step_due=min((due for due in ahead if due and due >= clock.now()), default=None),
        is_settled=not (is_open or ahead),
    )


def _promise_seen(promise: Promise) -> PromiseSeen:
    spoken = promise.message.direction == Message.Direction.NOTE
    return PromiseSeen("" if spoken else promise.quote, promise.due_at, promise.state)


def _still_to_do(complaint: Complaint, promises: Iterable[Promise]) -> list[datetime | None]:
    """The dates of what was agreed and promised but not done; a promise may have none."""
    steps = complaint.resolution_actions.filter(done_at=None).values_list("due_at", flat=True)
    return [*steps, *(row.due_at for row in promises if row.state == Promise.State.OPEN)]


def _milestones(complaint: Complaint) -> list[Milestone]:
    happened = [Milestone(complaint.received_at, "received")]
    replies = Message.objects.filter(
        conversation_id=complaint.conversation_id, direction=Message.Direction.OUT, author__isnull=False
    )
    happened += [Milestone(at, "answered") for at in replies.values_list("created_at", flat=True)]
    granted = complaint.remedies.filter(state=Remedy.State.GRANTED)
    happened += [Milestone(row.decided_at or row.created_at, "remedy", _label(row)) for row in granted]
    events = Event.objects.filter(subject="complaint", subject_id=complaint.pk)
    reopened = events.filter(kind="complaint.reopened").values_list("at", flat=True)
    happened += [Milestone(at, "reopened") for at in reopened]
    if complaint.closed_at:
        happened.append(Milestone(complaint.closed_at, "closed"))
    return happened


def due_surveys(moment: datetime, limit: int = 500) -> list[int]:
    """Surveys whose time has come, of complaints whose fix is done; `send_survey` looks again before it
    sends."""
    unfinished = ResolutionAction.objects.filter(complaint=OuterRef("complaint"), done_at=None)
    rows = Survey.objects.filter(
        sent_at=None,
        due_at__lte=moment,
        complaint__state=Complaint.State.CLOSED,
        complaint__closed_at__gte=moment - rules.ASK_WITHIN,
        complaint__conversation__customer__surveys_declined_at=None,
    ).exclude(Exists(unfinished))
    return list(rows.order_by("due_at").values_list("pk", flat=True)[:limit])


def unkept_promises(complaint: Complaint) -> int:
    """Promises still to be kept. A broken one does not silence the question: that customer is worth
    asking."""
    return Promise.objects.filter(conversation_id=complaint.conversation_id, state=Promise.State.OPEN).count()


def overlooked_closings(before: datetime, after: datetime) -> list[int]:
    """Complaints closed between `after` and `before` whose notice or survey is missing: a wake-up was
    lost."""
    told = ClosingNotice.objects.filter(complaint=OuterRef("pk"), closed_at=OuterRef("closed_at"))
    closed = Complaint.objects.filter(state=Complaint.State.CLOSED, closed_at__gt=after, closed_at__lt=before)
    asked = Survey.objects.filter(complaint=OuterRef("pk"))
    overlooked = closed.exclude(Exists(told) & Exists(asked))
    return list(overlooked.values_list("pk", flat=True)[:200])
