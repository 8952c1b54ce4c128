"""Further issues of complaints."""

from django.db.models import Q

from backstory.cases.models import Complaint, Issue
from backstory.cases.queries.complaints import complaints
from backstory.kernel.errors import NotFound
from backstory.people.models import User


def issues_of(complaint: Complaint) -> list[Issue]:
    """The further issues of a complaint that the caller may know of, in the order they were noted."""
    return list(complaint.issues.select_related("cause"))


def get_issue(viewer: User, pk: int) -> Issue:
    """One issue of a complaint that the viewer may see. Raises NotFound."""
    seen = complaints(viewer).order_by()
    found = Issue.objects.select_related("complaint__conversation", "cause").filter(pk=pk, complaint__in=seen).first()
    if found is None:
        raise NotFound("There is no such issue.")
    return found


def undecided_issues(complaint: Complaint) -> list[str]:
    """The words of the issues that have no confirmed cause or no outcome yet."""
    rows = complaint.issues.filter(Q(cause_confirmed_by=None) | Q(outcome=""))
    return list(rows.values_list("text", flat=True))


def unread_issues() -> list[int]:
    """Complaints with an issue whose cause nobody has looked for: a wake-up was lost."""
    rows = Issue.objects.filter(cause=None, read_at=None).order_by()
    return list(rows.values_list("complaint_id", flat=True).distinct()[:200])
