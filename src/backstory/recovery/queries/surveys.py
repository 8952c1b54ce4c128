"""Surveys, and what is still to be sent after a closing."""

from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef

from backstory.cases.models import Complaint, Promise, ResolutionAction
from backstory.kernel.errors import NotFound
from backstory.kernel.text import storable
from backstory.recovery import rules
from backstory.recovery.models import ClosingNotice, Survey
from backstory.recovery.queries.links import NO_LINK


def survey_of(complaint: Complaint) -> Survey | None:
    return Survey.objects.filter(complaint=complaint).first()


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


def overlooked_closings(before: datetime, after: datetime) -> list[int]:
    """Complaints closed between `after` and `before` whose notice or survey is missing: a wake-up was
    lost."""
    told = ClosingNotice.objects.filter(complaint=OuterRef("pk"), closed_at=OuterRef("closed_at"))
    closed = Complaint.objects.filter(state=Complaint.State.CLOSED, closed_at__gt=after, closed_at__lt=before)
    asked = Survey.objects.filter(complaint=OuterRef("pk"))
    overlooked = closed.exclude(Exists(told) & Exists(asked))
    return list(overlooked.values_list("pk", flat=True)[:200])
