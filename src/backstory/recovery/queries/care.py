"""The steps of CARE, remedies and survey with them."""

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Exists, OuterRef, Q

from backstory.cases.care import CareFacts, FollowUpFact, RemedyFact, Step
from backstory.cases.models import Complaint
from backstory.cases.playbooks.judging import judge
from backstory.cases.playbooks.scales import SCALES
from backstory.cases.playbooks.schema import Playbook
from backstory.cases.queries import care_facts, get_complaint, plan_for
from backstory.people.models import User
from backstory.recovery.models import FollowUp, SecondRecovery
from backstory.recovery.queries.remedies import label
from backstory.recovery.queries.surveys import survey_of


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
        remedies=tuple(RemedyFact(label(row), row.state) for row in offered),
        followups=tuple(FollowUpFact(row.kind, row.state, row.held) for row in _current(complaint)),
        survey_sent=bool(survey and survey.sent_at),
        survey_score=survey.score if survey else None,
        survey_highest=SCALES[survey.kind].highest if survey else 5,
    )


def _current(complaint: Complaint) -> Iterable[FollowUp]:
    """The follow-ups that still count: those that no second recovery has overtaken."""
    again = SecondRecovery.objects.filter(complaint=OuterRef("complaint"), created_at__gte=OuterRef("created_at"))
    return complaint.followups.exclude(Q(state=FollowUp.State.SKIPPED) | Exists(again))
