"""Background work on problems: letters to many, a few each minute; every day a look at each fix that is watched."""

from email.utils import formataddr

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from backstory.conversations.queries import desk_sender
from backstory.improvement import actions, queries


@db_periodic_task(crontab(minute="*"))
def send_campaign_letters() -> None:
    """The next letters of every campaign that is being sent; what a lost minute left goes in the next one."""
    actions.send_due_letters()


@db_periodic_task(crontab(minute="20", hour="4"))
def judge_plans() -> None:
    """What the figures of every plan say today. A recurrence reopens its problem, and its owner is told."""
    for plan in queries.plans_to_judge():
        actions.judge_plan(plan.pk)


@db_periodic_task(crontab(minute="*/10"))
def tell_owners() -> None:
    """Wake the letters about problems that are back; also those that a lost wake-up left."""
    for problem_id in queries.returns_to_tell():
        tell_owner(problem_id)


@db_task(retries=3, retry_delay=60)
def tell_owner(problem_id: int) -> None:
    """Write to the owner of a problem that has come back by itself, once."""
    problem = queries.problem_of_owner(problem_id)
    if problem is None or problem.owner is None or not actions.note_owner_told(problem_id):
        return
    link = f"{settings.BASE_URL}/problems/{problem.pk}/fixes/"
    subject = _("A problem is back: %(title)s") % {"title": problem.title}
    text = "\n\n".join((problem.state_reason, _("The problem is open again. Its figures: %(link)s") % {"link": link}))
    mailbox = desk_sender()
    sender = formataddr((mailbox.sender_name, mailbox.address)) if mailbox else settings.DEFAULT_FROM_EMAIL
    send_mail(" ".join(subject.split()), text, sender, [problem.owner.email])
