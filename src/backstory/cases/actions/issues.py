"""Further issues of a complaint: noted, given a cause, decided about. The first issue is the complaint itself."""

from django.db import transaction

from backstory.cases import learning, rules
from backstory.cases.actions.common import lock_open, tell
from backstory.cases.models import Cause, Complaint, Issue
from backstory.cases.queries.issues import get_issue, undecided_issues
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput
from backstory.people.models import User

MOST_ISSUES = 20


@transaction.atomic
def add_issue(viewer: User, complaint_id: int, text: str, cause_id: int | None = None) -> Issue:
    """Note what else the complaint is about, in a line; without a cause the reading proposes one soon after."""
    complaint = lock_open(viewer, complaint_id)
    if complaint.issues.count() >= MOST_ISSUES:
        raise Conflict(f"A complaint holds at most {MOST_ISSUES} further issues.")
    cause = _cause(cause_id) if cause_id is not None else None
    issue = Issue.objects.create(
        complaint=complaint,
        text=rules.required(text, "text", "what it is about", 500),
        cause=cause,
        cause_confirmed_by=viewer if cause else None,
        read_at=clock.now() if cause else None,
        added_by=viewer,
    )
    tell("issue.added", complaint, viewer, issue_id=issue.pk)
    return issue


def _cause(cause_id: int) -> Cause:
    found = Cause.objects.filter(pk=cause_id, is_active=True).first()
    if found is None:
        raise InvalidInput("Choose one of the causes in use.", "cause")
    return found


def propose_causes(complaint_id: int) -> None:
    """Read the issues that have no cause and propose one for each: the reading runs outside any transaction."""
    for issue in Issue.objects.filter(complaint_id=complaint_id, cause=None, read_at=None):
        slug = rules.suggested_cause(learning.read(issue.text).to_dict())
        cause = Cause.objects.filter(slug=slug, is_active=True).first() if slug else None
        Issue.objects.filter(pk=issue.pk, cause=None).update(cause=cause, read_at=clock.now())


def _lock(viewer: User, issue_id: int) -> tuple[Issue, Complaint]:
    complaint = lock_open(viewer, get_issue(viewer, issue_id).complaint_id)
    return Issue.objects.select_for_update().get(pk=issue_id), complaint


@transaction.atomic
def set_issue_cause(viewer: User, issue_id: int, cause_id: int) -> Issue:
    """Confirm the cause of a further issue: a person says so."""
    issue, complaint = _lock(viewer, issue_id)
    cause = _cause(cause_id)
    if issue.cause_id != cause.pk or issue.cause_confirmed_by_id is None:
        issue.cause, issue.cause_confirmed_by = cause, viewer
        issue.save(update_fields=["cause", "cause_confirmed_by"])
        tell("issue.cause_set", complaint, viewer, issue_id=issue.pk, cause=cause.name)
    return issue


@transaction.atomic
def decide_issue(viewer: User, issue_id: int, outcome: str, reason: str) -> Issue:
    """Upheld, partly upheld or not upheld, with the reason for it."""
    issue, complaint = _lock(viewer, issue_id)
    if outcome not in Complaint.Outcome.values:
        raise InvalidInput("Say whether it is upheld, partly upheld or not upheld.", "outcome")
    issue.outcome, issue.outcome_reason = outcome, rules.required(reason, "reason", "the reason", 2000)
    issue.save(update_fields=["outcome", "outcome_reason"])
    tell("issue.decided", complaint, viewer, issue_id=issue.pk, outcome=outcome)
    return issue


@transaction.atomic
def remove_issue(viewer: User, issue_id: int) -> None:
    """Take back an issue that nobody has decided about."""
    issue, complaint = _lock(viewer, issue_id)
    if issue.outcome:
        raise Conflict("It was decided about: it stays in the file.")
    issue.delete()
    tell("issue.removed", complaint, viewer, issue_id=issue_id)


def ensure_issues_decided(complaint: Complaint) -> None:
    """Raises InvalidInput while a further issue has no confirmed cause or no outcome."""
    open_issues = undecided_issues(complaint)
    if open_issues:
        names = "; ".join(f"“{text}”" for text in open_issues[:3])
        raise InvalidInput(f"Before closing: confirm the cause of each issue and decide about it: {names}.", "issues")
