from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backstory.cases.actions import add_resolution_action
from backstory.cases.models import Complaint
from backstory.conversations.actions import send_reply
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from backstory.live.models import Event
from backstory.people.actions import add_user, join_team
from backstory.people.models import Role, User
from backstory.recovery import actions, queries
from backstory.recovery.models import Remedy
from conftest import PASSWORD, Cast

State = Remedy.State


def offer(viewer: User, complaint: Complaint, amount: str, **given: str) -> Remedy:
    fields = {"kind": "goodwill", "currency": "EUR", "reason": "Cold nights", **given}
    return actions.offer_remedy(viewer, complaint.pk, amount=amount, **fields)


@pytest.fixture
def second_lead(cast: Cast) -> User:
    return add_user("priya.lead@desk.example", "Petra Platt", PASSWORD, Role.LEAD, (cast.care,))


def test_within_the_limit_it_is_granted_at_once_and_above_it_requested(cast: Cast, complaint: Complaint) -> None:
    granted = offer(cast.alice, complaint, "100")
    assert (granted.state, granted.decided_by) == (State.GRANTED, cast.alice)
    requested = offer(cast.alice, complaint, "100.01", currency="gbp")
    assert (requested.state, requested.decided_by, requested.currency) == (State.REQUESTED, None, "GBP")
    events = Event.objects.filter(subject="remedy").order_by("id")
    assert [event.kind for event in events] == ["remedy.granted", "remedy.requested"]
    assert events[0].data == {"remedy": "goodwill", "money": "€100.00"}
    assert {event.team_id for event in events} == {cast.care.pk}


def test_a_limit_is_not_passed_in_small_steps(cast: Cast, complaint: Complaint) -> None:
    assert offer(cast.alice, complaint, "60").state == State.GRANTED
    assert offer(cast.alice, complaint, "60").state == State.REQUESTED
    assert offer(cast.alice, complaint, "40").state == State.GRANTED


def test_an_apology_needs_no_authority_and_a_currency_without_a_limit_has_none(
    cast: Cast, complaint: Complaint
) -> None:
    assert offer(cast.alice, complaint, "0", kind="apology").state == State.GRANTED
    assert offer(cast.alice, complaint, "0", kind="repair").state == State.GRANTED
    assert offer(cast.alice, complaint, "1", currency="CHF").state == State.REQUESTED


@pytest.mark.parametrize(
    ("amount", "given"),
    [
        ("-1", {}),
        ("ten", {}),
        ("1.001", {}),
        ("0", {}),
        ("5", {"currency": "XXQ"}),
        ("5", {"kind": "x"}),
        ("5", {"reason": " "}),
    ],
)
def test_a_doubtful_offer_is_refused_and_nothing_is_kept(
    cast: Cast, complaint: Complaint, amount: str, given: dict[str, str]
) -> None:
    with pytest.raises(InvalidInput):
        offer(cast.alice, complaint, amount, **given)
    assert not Remedy.objects.exists()


def test_only_the_team_offers_and_only_leads_decide(cast: Cast, complaint: Complaint) -> None:
    requested = offer(cast.alice, complaint, "500")
    with pytest.raises(NotFound):
        offer(cast.charlie, complaint, "5")
    with pytest.raises(NotAllowed):
        offer(cast.dana, complaint, "5")
    for viewer, error in ((cast.charlie, NotFound), (cast.alice, NotAllowed), (cast.dana, NotAllowed)):
        with pytest.raises(error):
            actions.approve_remedy(viewer, requested.pk)
        with pytest.raises(error):
            actions.decline_remedy(viewer, requested.pk, "no")
    assert actions.approve_remedy(cast.bob, requested.pk, "fair").state == State.GRANTED
    with pytest.raises(Conflict):
        actions.decline_remedy(cast.bob, requested.pk, "no")


def test_nobody_decides_about_their_own_request(cast: Cast, complaint: Complaint, second_lead: User) -> None:
    own = offer(cast.bob, complaint, "1000.01")
    assert own.state == State.REQUESTED
    with pytest.raises(NotAllowed, match="own request"):
        actions.approve_remedy(cast.bob, own.pk)
    assert own not in queries.approvals(cast.bob)
    assert own in queries.approvals(second_lead)
    with pytest.raises(NotAllowed, match="administrator"):
        actions.approve_remedy(second_lead, own.pk)
    actions.set_limit(cast.dana, "lead", "EUR", "2000")
    assert actions.approve_remedy(second_lead, own.pk).decided_by == second_lead


def test_a_leads_limit_also_holds_for_all_they_approve_together(cast: Cast, complaint: Complaint) -> None:
    first, second = offer(cast.alice, complaint, "700"), offer(cast.alice, complaint, "700")
    actions.approve_remedy(cast.bob, first.pk)
    with pytest.raises(NotAllowed):
        actions.approve_remedy(cast.bob, second.pk)
    assert Remedy.objects.get(pk=second.pk).state == State.REQUESTED


def test_declining_needs_a_reason(cast: Cast, complaint: Complaint) -> None:
    requested = offer(cast.alice, complaint, "500")
    with pytest.raises(InvalidInput):
        actions.decline_remedy(cast.bob, requested.pk, "  ")
    declined = actions.decline_remedy(cast.bob, requested.pk, "Offer the repair first")
    assert (declined.state, declined.decision_reason) == (State.DECLINED, "Offer the repair first")
    assert "repair" not in str(Event.objects.get(kind="remedy.declined").data)


def test_leads_see_the_requests_of_their_own_teams_only(cast: Cast, complaint: Complaint) -> None:
    requested = offer(cast.alice, complaint, "500")
    other = add_user("lead2@desk.example", "Lea Lund", PASSWORD, Role.LEAD, (cast.parts,))
    assert queries.approvals(cast.bob) == [requested]
    assert queries.approvals(other) == queries.approvals(cast.alice) == queries.approvals(cast.dana) == []
    join_team(other, cast.care)
    assert queries.approvals(other) == [requested]
    assert queries.remedies(cast.charlie, complaint) == []


def test_only_an_administrator_sets_limits(cast: Cast) -> None:
    assert actions.seed_limits() == 0
    with pytest.raises(NotAllowed):
        actions.set_limit(cast.bob, "lead", "EUR", "5")
    with pytest.raises(InvalidInput):
        actions.set_limit(cast.dana, "boss", "EUR", "5")
    actions.set_limit(cast.dana, "agent", "eur", "250")
    limit = queries.limit_for(cast.alice, "EUR")
    assert limit and str(limit) == "€250.00"
    assert queries.limit_for(cast.dana, "EUR") is None


def test_a_closed_complaint_takes_no_offer(
    cast: Cast, complaint: Complaint, close: Callable[[Complaint], Complaint]
) -> None:
    close(complaint)
    with pytest.raises(Conflict):
        offer(cast.alice, complaint, "5")


def test_the_panel_shows_remedy_and_survey_among_the_steps(cast: Cast, complaint: Complaint) -> None:
    offer(cast.alice, complaint, "500")
    resolve = next(step for step in queries.care_panel(cast.alice, complaint) if step.key == "resolve")
    remedy = resolve.evidence[2]
    assert not remedy.done and "€500.00" in remedy.quote
    with pytest.raises(NotFound):
        queries.care_panel(cast.charlie, complaint)


def test_the_panel_costs_the_same_for_a_long_matter_as_for_a_short_one(cast: Cast, complaint: Complaint) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.care_panel(cast.alice, complaint)
        return len(captured)

    short = statements()
    for n in range(5):
        send_reply(cast.alice, complaint.conversation_id, f"What happened on day {n}?")
        offer(cast.alice, complaint, "5")
        add_resolution_action(cast.alice, complaint.pk, serves="need", text="Visit", due_at=clock.ahead(days=1 + n))
    assert statements() == short <= 10


def test_nothing_closes_while_a_remedy_waits_for_approval(cast: Cast, complaint: Complaint) -> None:
    remedy = actions.offer_remedy(cast.alice, complaint.pk, "refund", "500", "EUR", "She paid twice.")
    with pytest.raises(InvalidInput, match="waits for approval"):
        actions.close_complaint(cast.alice, complaint.pk, "upheld", "We were wrong.")
    actions.approve_remedy(cast.bob, remedy.pk)
    with pytest.raises(InvalidInput, match="confirm the cause"):
        actions.close_complaint(cast.alice, complaint.pk, "upheld", "We were wrong.")
