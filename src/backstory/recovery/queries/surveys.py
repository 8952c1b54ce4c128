"""Surveys, and what is still to be sent after a closing."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from backstory.cases.models import Complaint, Promise, ResolutionAction
from backstory.cases.queries import plan_of, version_of
from backstory.conversations.queries import visible
from backstory.kernel import clock
from backstory.kernel.errors import NotFound
from backstory.kernel.text import storable
from backstory.people.models import User
from backstory.recovery import rules
from backstory.recovery.models import LostCustomer, Remedy, SecondRecovery, Survey, SurveyChoice
from backstory.recovery.queries.links import NO_LINK


def survey_of(complaint: Complaint) -> Survey | None:
    """The latest question about a complaint, None while none is planned."""
    return complaint.surveys.order_by("-round").first()


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


def unfinished_remedies(complaint: Complaint) -> int:
    """Remedies of some worth that were granted, not refused by the customer, and have not reached them yet."""
    granted = complaint.remedies.filter(state=Remedy.State.GRANTED, amount__gt=0, carried_out_at=None)
    return granted.exclude(answer=Remedy.Answer.DECLINED).count()


def after_closing(survey: Survey, complaint: Complaint) -> rules.AfterClosing:
    """What decides whether a survey may go out now."""
    customer = complaint.conversation.customer
    asked = Survey.objects.filter(complaint__conversation__customer=customer).exclude(pk=survey.pk)
    others = asked.exclude(complaint=complaint).aggregate(last=Max("sent_at"))["last"]
    left = LostCustomer.objects.filter(customer=customer).aggregate(last=Max("asked_at"))["last"]
    return rules.AfterClosing(
        is_open=complaint.state == Complaint.State.OPEN,
        closed_at=complaint.closed_at,
        due_at=survey.due_at,
        unfinished_actions=complaint.resolution_actions.filter(done_at=None).count(),
        unkept_promises=unkept_promises(complaint),
        unfinished_remedies=unfinished_remedies(complaint),
        second_under_way=complaint.second_recoveries.filter(state=SecondRecovery.State.OPEN).exists(),
        declined=customer.surveys_declined_at is not None,
        last_asked_at=max((at for at in (others, left) if at), default=None),
        last_asked_here=asked.filter(complaint=complaint).aggregate(last=Max("sent_at"))["last"],
        rest=timedelta(days=settings.SURVEY_REST_DAYS),
    )


def wish_for(complaint: Complaint) -> rules.Wish:
    """What is asked about a complaint, and which score is a low one: its playbook says, else its mailbox, its team,
    the desk."""
    plan = plan_of(version_of(complaint)).survey
    talk = complaint.conversation
    rows = list(SurveyChoice.objects.filter(Q(mailbox=talk.mailbox_id) | Q(team=talk.team_id)))
    own = [rules.Wish(row.kind, row.low) for row in sorted(rows, key=lambda row: row.mailbox_id is None)]
    first = [rules.Wish(plan.kind, plan.low)] if plan else []
    return rules.chosen(*first, *own, default=settings.SURVEY_KIND)


def is_expired(survey: Survey) -> bool:
    """Whether it went out so long ago that nobody answers it any more."""
    lasts = timedelta(days=settings.SURVEY_LASTS_DAYS)
    return survey.sent_at is not None and rules.is_expired(survey.sent_at, lasts, clock.now())


def open_survey_of(complaint: Complaint) -> Survey | None:
    """The question that waits for this customer's answer, None where there is none."""
    found = complaint.surveys.filter(sent_at__isnull=False, answered_at=None).order_by("-round").first()
    return found if found is not None and not is_expired(found) else None


def score_of(survey: Survey | None) -> str:
    """A score with its scale, such as `2 / 5`; "" while there is none."""
    if survey is None or survey.score is None:
        return ""
    return f"{survey.score} / {rules.SCALES[survey.kind].highest}"


def surveys(viewer: User) -> QuerySet[Survey]:
    """Those that went out about complaints that the viewer may see, the newest first."""
    rows = Survey.objects.select_related("complaint__conversation")
    seen = rows.filter(complaint__conversation__in=visible(viewer), sent_at__isnull=False)
    return seen.order_by("-sent_at", "-id")


def get_survey(viewer: User, pk: int) -> Survey:
    found = surveys(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such survey.")
    return found
