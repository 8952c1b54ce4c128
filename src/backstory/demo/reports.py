"""What the demo's leads have sent by mail: the Monday page, and a report for the management once a month."""

from backstory.demo.desk import Desk
from backstory.insight.actions import Wish, add_schedule
from backstory.people.models import Role, User


def have_sent(desk: Desk) -> None:
    """From now on; nothing has gone out yet."""
    lead = desk.user(desk.plan.cast.lead("care").email)
    add_schedule(lead, Wish("monday", "pdf", "4w", "", None, "week", 0, 7, [lead.pk]))
    head = User.objects.filter(role=Role.ADMINISTRATOR).order_by("pk").first()
    if head is not None:
        add_schedule(head, Wish("board", "pdf", "3m", "before", None, "month", 0, 8, [head.pk, lead.pk]))
