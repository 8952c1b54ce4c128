"""After closing: asking whether it was enough. A bad answer opens the matter again."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction

from backstory.cases.actions import lock, reopen_for_customer, tell
from backstory.cases.models import Complaint
from backstory.conversations.actions import send_notice
from backstory.conversations.models import Delivery
from backstory.kernel import clock
from backstory.kernel.errors import BackstoryError, Conflict
from backstory.recovery import queries, rules, wording
from backstory.recovery.actions.letters import letter_to
from backstory.recovery.models import Survey

log = structlog.get_logger(__name__)


@transaction.atomic
def schedule_survey(complaint_id: int) -> Survey | None:
    """Plan the question for some days after closing; None while the complaint is open or was answered
    before."""
    complaint = lock(complaint_id)
    if complaint.state != Complaint.State.CLOSED or complaint.closed_at is None:
        return None
    due_at = complaint.closed_at + timedelta(hours=settings.SURVEY_DELAY_HOURS)
    survey, new = Survey.objects.get_or_create(complaint=complaint, defaults={"due_at": due_at})
    if survey.sent_at is not None:
        return None
    if not new and survey.due_at < due_at:  # closed again since
        survey.due_at = due_at
        survey.save(update_fields=["due_at"])
    return survey


def send_due_surveys() -> int:
    """Send every survey whose time has come and whose fix is done; returns how many."""
    return sum(_send_survey(pk) for pk in queries.due_surveys(clock.now()))


def _send_survey(survey_id: int) -> bool:
    try:
        return _ask(survey_id)
    except BackstoryError as error:  # nobody to write to: look again tomorrow, until it is too late to ask
        log.warning("survey not sent", survey_id=survey_id, reason=str(error))
        later = clock.now() + rules.ASK_AGAIN_AFTER
        Survey.objects.filter(pk=survey_id, sent_at=None).update(due_at=later)
        return False


@transaction.atomic
def _ask(survey_id: int) -> bool:
    seen = Survey.objects.only("complaint_id").get(pk=survey_id)
    complaint = lock(seen.complaint_id)
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    facts = rules.AfterClosing(
        is_open=complaint.state == Complaint.State.OPEN,
        closed_at=complaint.closed_at,
        due_at=survey.due_at,
        unfinished_actions=complaint.resolution_actions.filter(done_at=None).count(),
        unkept_promises=queries.unkept_promises(complaint),
    )
    if survey.sent_at is not None or not rules.may_ask(facts, clock.now()):
        return False
    letter = letter_to(wording.SURVEY, complaint, queries.survey_link(survey))
    survey.message = send_notice(complaint.conversation, letter.text, kind=Delivery.Kind.SURVEY, subject=letter.subject)
    survey.sent_at = clock.now()
    survey.save(update_fields=["message", "sent_at"])
    tell("survey.sent", complaint)
    return True


@transaction.atomic
def answer_survey(token: str, score: int, comment: str = "") -> Survey:
    """Keep a customer's answer, once; a score of 1 or 2 opens complaint and conversation again.

    Raises NotFound for an unknown link, InvalidInput for a score off the scale, Conflict for a second answer.
    """
    seen = queries.survey_by_token(token)
    complaint = lock(seen.complaint_id)
    survey = Survey.objects.select_for_update().get(pk=seen.pk)
    if survey.answered_at is not None:
        raise Conflict("You have answered already. Thank you!")
    survey.score, survey.comment = rules.score(score), rules.comment(comment)
    survey.answered_at = clock.now()
    survey.save(update_fields=["score", "comment", "answered_at"])
    tell("survey.answered", complaint, complaint.conversation.customer, score=survey.score)
    if rules.is_bad(survey.score):
        reopen_for_customer(complaint.pk)
    return survey
