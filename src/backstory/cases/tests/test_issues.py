"""A complaint may hold several issues: each with its own cause and outcome."""

import pytest

from backstory.cases import actions
from backstory.cases.models import Cause, Complaint, Issue
from backstory.kernel.errors import Conflict, InvalidInput, NotFound
from backstory.live import bus
from conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue(cast: Cast, complaint: Complaint) -> Issue:
    with bus.quiet():
        return actions.add_issue(cast.alice, complaint.pk, "You charged me twice for the visit of the engineer.")


def close(cast: Cast, complaint: Complaint) -> Complaint:
    return actions.close_complaint(cast.alice, complaint.pk, "upheld", "The boiler was too small.")


def test_the_reading_proposes_the_cause_of_an_issue_and_a_person_confirms_it(cast: Cast, issue: Issue) -> None:
    actions.propose_causes(issue.complaint_id)
    issue.refresh_from_db()
    assert issue.cause is not None and issue.cause.slug == "billing" and issue.cause_confirmed_by is None
    actions.set_issue_cause(cast.alice, issue.pk, issue.cause_id)
    issue.refresh_from_db()
    assert issue.cause_confirmed_by == cast.alice


def test_a_cause_that_a_person_gave_is_not_proposed_over(cast: Cast, complaint: Complaint) -> None:
    delay = Cause.objects.get(slug="delay")
    given = actions.add_issue(cast.alice, complaint.pk, "You charged me twice.", delay.pk)
    actions.propose_causes(complaint.pk)
    given.refresh_from_db()
    assert given.cause == delay and given.cause_confirmed_by == cast.alice


def test_closing_waits_until_each_issue_has_a_cause_and_an_outcome(
    cast: Cast, complaint: Complaint, issue: Issue
) -> None:
    billing = Cause.objects.get(slug="billing")
    actions.set_cause(cast.alice, complaint.pk, Cause.objects.get(slug="outage").pk)
    with pytest.raises(InvalidInput, match="each issue"):
        close(cast, complaint)
    actions.set_issue_cause(cast.alice, issue.pk, billing.pk)
    with pytest.raises(InvalidInput, match="charged me twice"):
        close(cast, complaint)
    actions.decide_issue(cast.alice, issue.pk, "not_upheld", "There were two visits.")
    assert close(cast, complaint).state == "closed"


def test_a_decided_issue_stays_in_the_file_and_another_can_be_taken_back(cast: Cast, complaint, issue: Issue) -> None:
    other = actions.add_issue(cast.alice, complaint.pk, "The engineer was late.")
    actions.remove_issue(cast.alice, other.pk)
    actions.decide_issue(cast.alice, issue.pk, "upheld", "It was our error.")
    with pytest.raises(Conflict):
        actions.remove_issue(cast.alice, issue.pk)
    assert list(Issue.objects.all()) == [issue]


@pytest.mark.parametrize("text", ["", "  ", "x" * 501])
def test_an_issue_says_in_a_line_what_it_is(cast: Cast, complaint: Complaint, text: str) -> None:
    with pytest.raises(InvalidInput):
        actions.add_issue(cast.alice, complaint.pk, text)


def test_another_team_s_issue_is_as_if_there_were_none(cast: Cast, issue: Issue) -> None:
    with pytest.raises(NotFound):
        actions.decide_issue(cast.charlie, issue.pk, "upheld", "No business of mine.")
