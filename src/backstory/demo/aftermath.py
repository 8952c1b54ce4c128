"""What comes after the answers: the summary confirmed, amends decided, the closing, the survey."""

from datetime import timedelta
from typing import TYPE_CHECKING

from backstory.cases import actions as cases
from backstory.cases.models import Complaint
from backstory.demo import coming_back
from backstory.demo.desk import Desk, Life
from backstory.demo.texts import Amends
from backstory.kernel import clock
from backstory.people.models import User
from backstory.people.policy import Permission, can
from backstory.recovery import actions as recovery
from backstory.recovery.models import Remedy
from backstory.recovery.queries import limit_for

if TYPE_CHECKING:
    from backstory.demo.story import Course

CURRENCY = "EUR"
OUTCOMES = ("upheld", "upheld", "upheld", "partly_upheld")
ANSWERS = 0.55
"""The share of surveys that are answered; the questions themselves go to everybody."""
TOO_MUCH = "Above what I may grant alone; the management has taken it over and settled it with the customer directly."
REOPENED_FOR = timedelta(hours=20)


def confirm(desk: Desk, course: "Course", agent: User, summary: str) -> Life:
    """“This is what I heard” goes out, and the customer says whether it is right."""
    complaint = _complaint(course)
    yield clock.now() + timedelta(minutes=course.random.randint(5, 30))
    cases.send_summary(agent, complaint.pk, summary)
    desk.post()
    answered_at = clock.now() + timedelta(hours=course.random.randint(1, 9))
    course.busy(answered_at)
    yield answered_at
    words = desk.handling["confirmations"][course.story.thread.language]
    cases.confirm_backstory(agent, complaint.pk, course.random.choice(words))


def remedy(desk: Desk, course: "Course", agent: User, amends: Amends) -> Life:
    """Offered within the agent's limit, or asked of the lead, who takes a day and may say no."""
    complaint = _complaint(course)
    yield clock.now() + timedelta(minutes=course.random.randint(2, 30))
    if not can(agent, Permission.GRANT_REMEDY, complaint.conversation.team_id):
        return
    offered = recovery.offer_remedy(
        agent, complaint.pk, amends.kind, amends.amount, CURRENCY, amends.reason, exception_reason=amends.reason
    )
    if offered.state != Remedy.State.REQUESTED:
        return
    if amends.outcome == "requested" and not course.story.is_old:
        return  # waits for the lead
    decided_at = clock.now() + timedelta(hours=course.random.randint(2, 30))
    course.busy(decided_at)
    yield decided_at
    _decide(desk, course, offered, amends)


def _decide(desk: Desk, course: "Course", offered: Remedy, amends: Amends) -> None:
    lead = desk.user(desk.plan.cast.lead(course.story.thread.team).email)
    limit = limit_for(lead, CURRENCY)
    if amends.outcome == "declined" or limit is None or offered.amount > limit.amount:
        recovery.decline_remedy(lead, offered.pk, amends.decision or TOO_MUCH)
    else:
        recovery.approve_remedy(lead, offered.pk, course.random.choice(desk.handling["remedy_decisions"]))


def close(desk: Desk, course: "Course", agent: User) -> Life:
    """Closed with an outcome and its reason; the customer is told, and asked some days later."""
    complaint = _complaint(course)
    outcome = course.random.choice(OUTCOMES if course.story.matter.remedy else (*OUTCOMES, "not_upheld"))
    reason = course.random.choice(desk.handling["outcomes"][outcome])
    yield clock.now()
    _shut(desk, agent, complaint, outcome, reason)
    yield clock.now() + timedelta(hours=course.random.randint(3, 40))
    coming_back.carry_out(desk, complaint, agent)
    survey = recovery.schedule_survey(complaint.pk)
    if survey is None:
        return
    yield from coming_back.send(desk, survey)
    score, comment = _answer(course)
    if survey.sent_at is None or not score:
        return
    yield clock.now() + timedelta(hours=course.random.randint(1, 60))
    recovery.answer_survey(survey.token, score, comment)
    complaint.refresh_from_db()
    if complaint.state != Complaint.State.OPEN:
        return
    yield clock.now() + REOPENED_FOR
    desk.note(course.story, course.random.choice(desk.handling["reopened_notes"]), course.conversation_id, agent)
    yield clock.now() + timedelta(hours=3)
    _shut(desk, agent, complaint, outcome, reason)
    yield from coming_back.ask_again(desk, course, complaint)


def _shut(desk: Desk, agent: User, complaint: Complaint, outcome: str, reason: str) -> None:
    cases.close_complaint(agent, complaint.pk, outcome, reason)
    recovery.send_closing_notice(complaint.pk)
    recovery.plan_followups(complaint.pk)
    desk.post()


def _answer(course: "Course") -> tuple[int, str]:
    """Score and comment of a survey; (0, "") where the customer does not answer.

    A written comment is used once; re-told stories get the score, give or take one.
    """
    planned, random = course.story.matter.survey, course.random
    if planned and not course.story.retold:
        return planned
    if random.random() > ANSWERS:
        return 0, ""
    score = (planned[0] if planned else 4) + random.choice((-2, -1, -1, 0, 0, 0, 0, 1))
    return min(5, max(1, score)), ""


def _complaint(course: "Course") -> Complaint:
    if course.complaint is None:
        raise RuntimeError(f"{course.story.key} has not become a complaint.")
    return course.complaint
