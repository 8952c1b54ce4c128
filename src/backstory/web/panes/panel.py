"""The right pane: who this is, and how far the complaint has come through CARE."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from babel import Locale
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from backstory.cases import policy as case_policy
from backstory.cases import queries as cases
from backstory.cases.care import Evidence, Step
from backstory.cases.models import Complaint, Issue, Promise
from backstory.cases.queries import CauseNode, Earlier
from backstory.coach.questions import Question
from backstory.conversations import queries as conversations
from backstory.conversations.models import Conversation
from backstory.people import queries as people
from backstory.people.models import User
from backstory.recovery import queries as recovery
from backstory.recovery.models import Remedy, Survey
from backstory.web.panes.followups import After, after
from backstory.web.panes.playbooks import HeldShown, held, reader_language
from backstory.web.panes.story import Gap, Story, story
from backstory.web.panes.transfers import Carrying, Sources, carrying, sources
from backstory.web.panes.updates import UpdatesView, updates
from backstory.web.panes.verdict_words import SEVERITIES

REMEDY_TONES = {Remedy.State.REQUESTED: "warn", Remedy.State.GRANTED: "good", Remedy.State.DECLINED: "bad"}


@dataclass(frozen=True)
class Person:
    """The customer as the panel shows them."""

    name: str
    address: str
    language: str
    since: datetime


@dataclass(frozen=True)
class Other:
    """Another conversation of the same customer."""

    id: int
    subject: str
    state_label: str


@dataclass(frozen=True)
class StepView:
    """One step with its evidence; `state` is done, begun, open, or waiting for what `entry` names."""

    key: str
    letter: str
    name: str
    state: str
    done: int
    total: int
    is_current: bool
    lines: tuple[Evidence, ...]
    guidance: str
    how: str
    phrases: tuple[str, ...]
    entry: list[str]


@dataclass(frozen=True)
class ComplaintView:
    """The complaint's own facts."""

    id: int
    number: str
    severity: int
    state: str
    outcome_label: str
    outcome_reason: str
    received_at: datetime
    owner: str
    may_edit: bool
    cause_id: int | None
    cause_suggested: bool


@dataclass(frozen=True)
class IssueView:
    """One further issue; `outcome_label` is "" until it is decided."""

    id: int
    text: str
    cause_id: int | None
    cause_suggested: bool
    outcome_label: str
    outcome_reason: str


@dataclass(frozen=True)
class ActionView:
    """One agreed step."""

    id: int
    serves: str
    serves_label: str
    text: str
    owner: str
    due_at: datetime
    done_at: datetime | None


@dataclass(frozen=True)
class RemedyView:
    """One remedy and how far it has come."""

    row: Remedy
    amount: Decimal | None
    tone: str

    @property
    def id(self) -> int:
        return self.row.pk


@dataclass(frozen=True)
class Asking:
    """What to ask, and why it is worth asking."""

    questions: list[Question]
    gap: Gap | None


@dataclass(frozen=True)
class Panel:
    """The right pane; everything about the complaint is empty while there is none."""

    customer: Person
    others: list[Other]
    earlier: list[Earlier] = field(default_factory=list)
    gap: Gap | None = None
    complaint: ComplaintView | None = None
    care: list[StepView] = field(default_factory=list)
    playbook: HeldShown | None = None
    questions: list[Question] = field(default_factory=list)
    story: Story | None = None
    causes: list[CauseNode] = field(default_factory=list)
    issues: list[IssueView] = field(default_factory=list)
    severities: list[tuple[int, str]] = field(default_factory=list)
    actions: list[ActionView] = field(default_factory=list)
    remedies: list[RemedyView] = field(default_factory=list)
    carrying: dict[int, Carrying] = field(default_factory=dict)
    sources: Sources | None = None
    remedy_kinds: list[tuple[str, str]] = field(default_factory=list)
    outcomes: list[tuple[str, str]] = field(default_factory=list)
    currency: str = ""
    limit: str = ""
    promises: list[Promise] = field(default_factory=list)
    survey: Survey | None = None
    survey_score: str = ""
    after: After | None = None
    status_url: str = ""
    updates: UpdatesView | None = None


def _language(code: str) -> str:
    if not code:
        return ""
    try:
        name = Locale.parse(code).get_display_name(translation.get_language() or "en")
    except ValueError:
        return code
    return name or code


def _person(conversation: Conversation) -> Person:
    customer = conversation.customer
    address = people.email_of(customer)
    return Person(customer.name or address, address, _language(customer.language), customer.created_at)


def _others(viewer: User, conversation: Conversation) -> list[Other]:
    found = conversations.others_of_customer(viewer, conversation)
    return [Other(each.pk, each.subject, each.get_state_display()) for each in found]


def panel(
    viewer: User,
    conversation: Conversation,
    complaint: Complaint | None,
    promises: list[Promise],
    asking: Asking,
) -> Panel:
    """The right pane for this viewer. Showing a backstory records that it was read."""
    person, others = _person(conversation), _others(viewer, conversation)
    earlier = cases.earlier_complaints(viewer, conversation)
    if complaint is None:
        return Panel(person, others, earlier, asking.gap, questions=asking.questions if asking.gap else [])
    limit = recovery.limit_for(viewer, settings.CURRENCY)
    holding = cases.held_playbook(viewer, complaint)
    remedies = recovery.remedies(viewer, complaint)
    survey = recovery.survey_of(complaint)
    return Panel(
        customer=person,
        others=others,
        earlier=earlier,
        gap=asking.gap,
        complaint=_complaint(viewer, complaint),
        playbook=held(holding),
        care=_care(recovery.care_panel(viewer, complaint, reader_language(), holding.plan)),
        questions=asking.questions,
        story=story(viewer, complaint),
        causes=cases.cause_tree(active_only=True),
        issues=[_issue(each) for each in cases.issues_of(complaint)],
        severities=[(level, _(name)) for level, name in enumerate(SEVERITIES)],
        actions=_actions(complaint),
        remedies=[_remedy(each) for each in remedies],
        carrying=carrying(viewer, complaint, remedies),
        sources=sources(viewer, complaint, person.address),
        remedy_kinds=list(Remedy.Kind.choices),
        outcomes=list(Complaint.Outcome.choices),
        currency=settings.CURRENCY,
        limit=str(limit) if limit else "",
        promises=[each for each in promises if each.state in ("open", "kept", "broken")],
        survey=survey,
        after=after(viewer, complaint),
        survey_score=recovery.score_of(survey),
        status_url=recovery.status_link(complaint),
        updates=updates(viewer, complaint),
    )


def _complaint(viewer: User, complaint: Complaint) -> ComplaintView:
    return ComplaintView(
        id=complaint.pk,
        number=complaint.number,
        severity=complaint.severity,
        state=complaint.state,
        outcome_label=complaint.get_outcome_display() if complaint.outcome else "",
        outcome_reason=complaint.outcome_reason,
        received_at=complaint.received_at,
        owner=complaint.owner.name if complaint.owner else "",
        may_edit=case_policy.may_handle(viewer, complaint),
        cause_id=complaint.cause_id,
        cause_suggested=complaint.cause_id is not None and complaint.cause_confirmed_by_id is None,
    )


def _issue(issue: Issue) -> IssueView:
    return IssueView(
        issue.pk,
        issue.text,
        issue.cause_id,
        issue.cause_id is not None and issue.cause_confirmed_by_id is None,
        issue.get_outcome_display() if issue.outcome else "",
        issue.outcome_reason,
    )


def _care(steps: list[Step]) -> list[StepView]:
    current = next((step.key for step in steps if step.entered and not step.done), None)
    return [_step(step, step.key == current) for step in steps]


def _step(step: Step, is_current: bool) -> StepView:
    done = sum(line.done for line in step.evidence)
    state = "done" if step.done else "waiting" if not step.entered else "begun" if done else "open"
    return StepView(
        step.key,
        step.title[0],
        step.title,
        state,
        done,
        len(step.evidence),
        is_current,
        step.evidence,
        step.guidance,
        step.how,
        step.phrases,
        [line.text for line in step.entry],
    )


def _actions(complaint: Complaint) -> list[ActionView]:
    return [
        ActionView(
            each.pk,
            each.serves,
            each.get_serves_display(),
            each.text,
            each.owner.name if each.owner else "",
            each.due_at,
            each.done_at,
        )
        for each in complaint.resolution_actions.select_related("owner")
    ]


def _remedy(remedy: Remedy) -> RemedyView:
    return RemedyView(remedy, remedy.amount or None, REMEDY_TONES[Remedy.State(remedy.state)])
