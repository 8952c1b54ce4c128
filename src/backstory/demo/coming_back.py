"""What comes after the closing at Kestrel Heating: follow-ups made, second attempts that worked and that did not, and
those who left all the same."""

from datetime import timedelta
from typing import TYPE_CHECKING

from backstory.cases.models import Complaint
from backstory.demo.desk import Desk, Life
from backstory.demo.texts import read_yaml
from backstory.kernel import clock
from backstory.people.models import Identity, User
from backstory.recovery import actions as recovery
from backstory.recovery.models import FollowUp, LostCustomer, Remedy, SecondRecovery

if TYPE_CHECKING:
    from backstory.demo.story import Course

LEFT_LATE = 3
"""So many follow-ups are late today; the others were made on their day."""
BROUGHT_IN, ASKED = timedelta(days=48), timedelta(days=31)


def carry_out(complaint: Complaint, agent: User) -> None:
    """Whatever was granted reaches the customer."""
    for remedy in complaint.remedies.filter(state=Remedy.State.GRANTED, carried_out_at=None):
        recovery.mark_carried_out(remedy.pk, f"{remedy.get_kind_display()}, noted by {agent.get_short_name()}", agent)
        recovery.plan_after_remedy(remedy.pk)


def ask_again(desk: Desk, course: "Course", complaint: Complaint) -> Life:
    """After a second attempt the customer is asked once more: the first time it worked, the second it did not."""
    recovery.settle_second_recoveries(complaint.pk)
    survey = recovery.schedule_survey(complaint.pk)
    if survey is None:
        return
    yield survey.due_at + timedelta(minutes=3)
    recovery.send_due_surveys()
    desk.post()
    survey.refresh_from_db()
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
    """The follow-ups of the past were made on their day; a few are late, and one check found that the fix did not
    hold."""
    yield desk.now - timedelta(minutes=50)
    rows = list(FollowUp.objects.filter(state=FollowUp.State.OPEN, due_at__lt=clock.now()).order_by("-due_at"))
    notes = read_yaml("leaving.yaml")["notes"]
    checks = [row for row in rows if row.kind == FollowUp.Kind.CHECK]
    failing = next((row for row in checks if row.due_at < clock.now() - timedelta(hours=3)), None)
    for number, row in enumerate(each for each in rows[LEFT_LATE:] if each != failing):
        if row.owner is not None:
            with clock.travel(row.due_at - timedelta(hours=2)):
                _settle(row, row.owner, number, notes)
    if failing is not None and failing.owner is not None:
        recovery.finish_followup(failing.owner, failing.pk, notes["failed"], held=False)


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
