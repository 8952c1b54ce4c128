"""What comes after the closing at Kestrel Heating: follow-ups made, second attempts that worked and that did not, and
those who left all the same."""

from datetime import timedelta
from typing import TYPE_CHECKING

from backstory.cases.models import Complaint
from backstory.demo import paying
from backstory.demo.desk import Desk, Life
from backstory.demo.texts import read_yaml
from backstory.kernel import clock
from backstory.people.models import Identity, User
from backstory.recovery import actions as recovery
from backstory.recovery.models import FollowUp, LostCustomer, Remedy, SecondRecovery, Survey

if TYPE_CHECKING:
    from backstory.demo.story import Course

HISTORY, LATELY, LATE = timedelta(days=170), timedelta(days=6), timedelta(days=2)
"""How far back follow-ups are made; since when one may fail; since when they are left to do."""
WAITS = timedelta(days=16)
BY_CONNECTOR = ("refund", "goodwill", "expense", "credit")
TRIES, EVERY = 8, timedelta(days=2)
"""How often a question that has to wait for a remedy is tried."""
BROUGHT_IN, ASKED = timedelta(days=48), timedelta(days=31)


def carry_out(desk: Desk, complaint: Complaint, agent: User) -> None:
    """What was granted reaches the customer: by hand before there were connectors, and later what no connector serves.
    What was granted lately still waits."""
    if clock.now() > desk.now - WAITS:
        return
    granted = complaint.remedies.filter(state=Remedy.State.GRANTED, carried_out_at=None)
    rows = granted.exclude(answer=Remedy.Answer.DECLINED)
    if clock.now() > desk.now - paying.BEGAN - timedelta(days=1):
        rows = rows.exclude(kind__in=BY_CONNECTOR)
    for remedy in rows:
        recovery.mark_carried_out(remedy.pk, f"{remedy.get_kind_display()}, noted by {agent.get_short_name()}", agent)
        recovery.plan_after_remedy(remedy.pk)


def send(desk: Desk, survey: Survey) -> Life:
    """The question goes out on its day, or once what was granted has arrived."""
    yield survey.due_at + timedelta(minutes=3)
    for _ in range(TRIES):
        recovery.send_due_surveys()
        desk.post()
        survey.refresh_from_db()
        if survey.sent_at is not None:
            return
        yield clock.now() + EVERY


def ask_again(desk: Desk, course: "Course", complaint: Complaint) -> Life:
    """After a second attempt the customer is asked once more: the first time it worked, the second it did not."""
    recovery.settle_second_recoveries(complaint.pk)
    survey = recovery.schedule_survey(complaint.pk)
    if survey is None:
        return
    yield from send(desk, survey)
    if survey.sent_at is None:
        return
    yield clock.now() + timedelta(hours=course.random.randint(2, 30))
    said = set(SecondRecovery.objects.filter(outcome_by="customer").values_list("outcome", flat=True))
    words = read_yaml("leaving.yaml")["again"]
    if "recovered" not in said:
        recovery.answer_survey(survey.token, 5, words["good"])
    elif "not_recovered" not in said:
        recovery.answer_survey(survey.token, 1, words["bad"])
    elif course.random.random() < 0.5:
        recovery.answer_survey(survey.token, 4)


def follow_ups(desk: Desk) -> Life:
    """Every afternoon the follow-ups of the day are made; those of the last days are late; one check lately found
    that the fix did not hold."""
    notes, number, failed = read_yaml("leaving.yaml")["notes"], 0, False
    day = desk.now - HISTORY
    while day < desk.now - LATE:
        yield day
        for row in FollowUp.objects.filter(state=FollowUp.State.OPEN, due_at__lt=day).order_by("due_at", "pk"):
            number += 1
            if row.owner is None:
                continue
            if not failed and row.kind == FollowUp.Kind.CHECK and day > desk.now - LATELY:
                failed = True
                recovery.finish_followup(row.owner, row.pk, notes["failed"], held=False)
            else:
                _settle(row, row.owner, number, notes)
        day += timedelta(days=1)


def _settle(row: FollowUp, owner: User, number: int, notes: dict[str, str]) -> None:
    if number % 12 == 5:
        recovery.miss_followup(owner, row.pk, notes["not_reached"])
    elif number % 12 == 9:
        recovery.skip_followup(owner, row.pk, notes["skipped"])
    else:
        held = True if row.kind == FollowUp.Kind.CHECK else None
        recovery.finish_followup(owner, row.pk, notes["held" if held else "done"], held=held)


def leaving(desk: Desk) -> Life:
    """A list of those who left is brought in; they are asked once, and some say why."""
    data = read_yaml("leaving.yaml")
    lead = desk.user(desk.plan.cast.lead("care").email)
    yield desk.now - BROUGHT_IN
    recovery.import_lost(lead, desk.mailboxes["care"], data["list"])
    yield desk.now - ASKED
    recovery.ask_lost_customers()
    desk.post()
    yield desk.now - ASKED + timedelta(days=2)
    for address, words in data["answers"].items():
        customer = Identity.objects.get(value=address).customer
        lost = LostCustomer.objects.get(customer=customer)
        if lost.asked_at is not None:
            recovery.answer_last_question(lost.token, words)
