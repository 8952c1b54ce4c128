"""After closing: asking whether it was enough. A low answer begins a second recovery."""

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction

from backstory.cases.actions import lock, reopen_for_customer, tell
from backstory.cases.models import Complaint
from backstory.conversations.actions import send_notice
from backstory.conversations.models import Delivery, Mailbox
from backstory.kernel import clock
from backstory.kernel.errors import BackstoryError, Conflict, InvalidInput, NotFound
from backstory.live.actions import record
from backstory.people.models import Customer, Team, User
from backstory.recovery import policy, queries, rules, wording
from backstory.recovery.actions.second import begin_second_recovery, note_second_answer
from backstory.recovery.models import SecondRecovery, Survey, SurveyChoice, SurveyKind
from backstory.recovery.queries.links import NO_LINK

log = structlog.get_logger(__name__)


@transaction.atomic
def schedule_survey(complaint_id: int) -> Survey | None:
    """Plan the question for some days after closing; None while the complaint is open, was asked about before, or
    nothing is to be asked. After a second recovery the same question is planned once more."""
    complaint = lock(complaint_id)
    if complaint.state != Complaint.State.CLOSED or complaint.closed_at is None:
        return None
    latest = queries.survey_of(complaint)
    if latest is not None and latest.sent_at is not None and not _may_ask_again(latest):
        return None
    due_at = complaint.closed_at + timedelta(hours=settings.SURVEY_DELAY_HOURS)
    if latest is not None and latest.sent_at is None:
        return _move(latest, due_at)
    return _plan(complaint, latest, due_at)


def _may_ask_again(latest: Survey) -> bool:
    since = SecondRecovery.objects.filter(complaint=latest.complaint_id, created_at__gte=latest.sent_at)
    return latest.round < rules.MOST_ROUNDS and since.exists()


def _move(survey: Survey, due_at: datetime) -> Survey:
    if survey.due_at < due_at:  # closed again since
        survey.due_at = due_at
        survey.save(update_fields=["due_at"])
    return survey


def _plan(complaint: Complaint, latest: Survey | None, due_at: datetime) -> Survey | None:
    wish = queries.wish_for(complaint)
    if latest is not None:  # the same question as before: only then the two answers can be compared
        wish = rules.Wish(latest.kind, latest.low)
    if wish.kind is None or wish.low is None:
        return None
    number = latest.round + 1 if latest else 1
    return Survey.objects.create(complaint=complaint, round=number, kind=wish.kind, low=wish.low, due_at=due_at)


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
    seen = Survey.objects.select_related("complaint__conversation").get(pk=survey_id)
    # Held before anything is looked at: two questions to one person, woken at once, wait for each other here.
    Customer.objects.select_for_update().get(pk=seen.complaint.conversation.customer_id)
    complaint = lock(seen.complaint_id)
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    facts = queries.after_closing(survey, complaint)
    if survey.sent_at is not None or not rules.may_ask(facts, clock.now()):
        _put_off(survey, facts)
        return False
    letter = wording.write_survey(
        survey.kind,
        queries.letter_language(complaint),
        number=complaint.number,
        name=complaint.conversation.customer.name,
        link=queries.survey_link(survey),
    )
    survey.message = send_notice(complaint.conversation, letter.text, kind=Delivery.Kind.SURVEY, subject=letter.subject)
    survey.sent_at = clock.now()
    survey.save(update_fields=["message", "sent_at"])
    tell("survey.sent", complaint)
    return True


def _put_off(survey: Survey, facts: rules.AfterClosing) -> None:
    """Where only the pause between two questions is in the way, its end is the next moment to look."""
    free_at = facts.last_asked_at + facts.rest if facts.last_asked_at else None
    if survey.sent_at is None and free_at is not None and free_at > clock.now() and free_at > survey.due_at:
        survey.due_at = free_at
        survey.save(update_fields=["due_at"])


@transaction.atomic
def answer_survey(token: str, score: int, comment: str = "", via: str = Survey.Via.LETTER) -> Survey:
    """Keep a customer's answer, once; a low score opens complaint and conversation again as a second recovery.

    Raises NotFound for an unknown or expired link, InvalidInput for a score off the scale, Conflict for a second
    answer.
    """
    seen = queries.survey_by_token(token)
    complaint = lock(seen.complaint_id)
    survey = Survey.objects.select_for_update().get(pk=seen.pk)
    if survey.answered_at is not None:
        raise Conflict("You have answered already. Thank you!")
    if queries.is_expired(survey):
        raise NotFound(NO_LINK)
    survey.score, survey.comment = rules.score(score, survey.kind), rules.comment(comment)
    survey.answered_at, survey.via = clock.now(), via if via in Survey.Via.values else Survey.Via.LETTER
    survey.save(update_fields=["score", "comment", "answered_at", "via"])
    highest = rules.SCALES[survey.kind].highest
    customer = complaint.conversation.customer
    tell("survey.answered", complaint, customer, score=score, highest=highest, survey=survey.kind)
    note_second_answer(survey)
    if survey.is_low:
        begin_second_recovery(complaint, SecondRecovery.Why.LOW_SCORE, customer, survey=survey)
        reopen_for_customer(complaint.pk)
    return survey


@transaction.atomic
def add_comment(token: str, comment: str) -> Survey:
    """The free line, sent after the score; once, as the answer itself."""
    seen = queries.survey_by_token(token)
    survey = Survey.objects.select_for_update().get(pk=seen.pk)
    if survey.answered_at is None or survey.comment or queries.is_expired(survey):
        raise Conflict("You have answered already. Thank you!")
    survey.comment = rules.comment(comment)
    survey.save(update_fields=["comment"])
    return survey


def answer_for_chat(viewer: User, pk: int, score: int, comment: str = "") -> Survey:
    """Keep what a customer answered in a chat that is not the desk's own; for administrators alone, since nobody of a
    team may answer for its customers."""
    seen = queries.get_survey(viewer, pk)
    policy.require_administering(viewer)
    return answer_survey(seen.token, score, comment, Survey.Via.CHAT)


@transaction.atomic
def choose_survey(
    viewer: User, kind: str, low: int | None = None, *, team: Team | None = None, mailbox: Mailbox | None = None
) -> SurveyChoice | None:
    """What a team or one mailbox asks after a complaint; an empty `kind` leaves it to the desk, and gives None."""
    asking = mailbox.team_id if mailbox else team.pk if team else None
    policy.require_choosing_survey(viewer, asking)
    place = {"mailbox": mailbox, "team": None} if mailbox else {"team": team, "mailbox": None}
    named = mailbox.name if mailbox else team.name if team else ""
    if not kind:
        SurveyChoice.objects.filter(**place).delete()
        record("survey.chosen", actor=viewer, team_id=asking, place=named, survey="as the desk does")
        return None
    if kind != SurveyChoice.NONE and kind not in SurveyKind.values:
        raise InvalidInput("Choose one of the questions.", "kind")
    rules.ensure_low_fits(kind, low)
    row, _ = SurveyChoice.objects.update_or_create(**place, defaults={"kind": kind, "low": low})
    record("survey.chosen", actor=viewer, team_id=asking, subject=("survey choice", row.pk), place=named, survey=kind)
    return row
