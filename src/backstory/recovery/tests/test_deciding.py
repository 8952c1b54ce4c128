"""Requests: changed, passed on, decided by stand-ins and by two."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from backstory.cases.actions import open_complaint
from backstory.cases.models import Complaint
from backstory.conversations.models import Message
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from backstory.live.models import Event
from backstory.people.actions import add_user
from backstory.people.models import Role, User
from backstory.recovery import actions, queries
from backstory.recovery.models import Remedy
from conftest import PASSWORD, Cast

State = Remedy.State


@pytest.fixture
def petra(cast: Cast) -> User:
    return add_user("petra@desk.example", "Petra Platt", PASSWORD, Role.LEAD, (cast.care,))


@pytest.fixture
def anna(cast: Cast) -> User:
    return add_user("anna@desk.example", "Anna Berg", PASSWORD, Role.AGENT, (cast.care,))


def request(viewer: User, complaint: Complaint, amount: str = "500", kind: str = "refund") -> Remedy:
    remedy = actions.offer_remedy(viewer, complaint.pk, kind, amount, "EUR", "Paid twice.")
    assert remedy.state == State.REQUESTED
    return remedy


def away(user: User, deputy: User | None, days: float = 3) -> None:
    actions.plan_absence(user, user.pk, clock.now() - timedelta(hours=1), clock.ahead(days=days), deputy and deputy.pk)


def kinds() -> list[str]:
    return list(Event.objects.filter(subject="remedy").order_by("id").values_list("kind", flat=True))


def test_a_lead_grants_another_amount_and_the_first_is_kept(cast: Cast, complaint: Complaint) -> None:
    remedy = request(cast.alice, complaint)
    granted = actions.approve_remedy(cast.bob, remedy.pk, "Half is fair.", amount="250")
    assert (granted.state, granted.amount, granted.requested_amount) == (State.GRANTED, Decimal(250), Decimal(500))
    changed = Event.objects.get(kind="remedy.changed")
    assert (changed.data["before"], changed.data["money"]) == ("€500.00", "€250.00")
    assert granted.approvals.get().approver == cast.bob


def test_a_changed_amount_has_to_be_within_the_limit_too(cast: Cast, complaint: Complaint) -> None:
    remedy = request(cast.alice, complaint)
    with pytest.raises(NotAllowed, match="above your limit"):
        actions.approve_remedy(cast.bob, remedy.pk, amount="1000.01")
    with pytest.raises(InvalidInput):
        actions.approve_remedy(cast.bob, remedy.pk, amount="0")
    assert Remedy.objects.get(pk=remedy.pk).amount == 500


def test_limits_of_a_day_hold_over_all_complaints_of_one_person(
    cast: Cast, complaint: Complaint, write: Callable[..., Message]
) -> None:
    actions.set_limit(cast.dana, "agent", "EUR", "120", period="day")
    assert actions.offer_remedy(cast.alice, complaint.pk, "credit", "90", "EUR", "Cold").state == State.GRANTED
    second = open_complaint(cast.alice, write("Cold", sender="tom@customer.example").conversation_id)
    assert actions.offer_remedy(cast.alice, second.pk, "credit", "40", "EUR", "Cold").state == State.REQUESTED
    with clock.travel(clock.ahead(hours=25)):
        assert actions.offer_remedy(cast.alice, second.pk, "credit", "40", "EUR", "Cold").state == State.GRANTED


def test_a_colleague_is_no_way_around_the_limit_of_a_complaint(cast: Cast, complaint: Complaint, anna: User) -> None:
    assert actions.offer_remedy(cast.alice, complaint.pk, "credit", "80", "EUR", "Cold").state == State.GRANTED
    assert actions.offer_remedy(anna, complaint.pk, "goodwill", "80", "EUR", "Cold").state == State.REQUESTED


def test_what_the_customer_declined_counts_no_more(cast: Cast, complaint: Complaint) -> None:
    first = actions.offer_remedy(cast.alice, complaint.pk, "credit", "80", "EUR", "Cold")
    actions.record_answer(first.pk, "declined", viewer=None)
    assert actions.offer_remedy(cast.alice, complaint.pk, "goodwill", "90", "EUR", "Cold").state == State.GRANTED


def test_two_people_decide_from_the_amount_of_a_second_look_on(cast: Cast, complaint: Complaint, petra: User) -> None:
    actions.set_second_look(cast.dana, "EUR", "800")
    remedy = request(cast.alice, complaint, "800")
    assert actions.approve_remedy(cast.bob, remedy.pk, "Yes").state == State.REQUESTED
    with pytest.raises(Conflict, match="somebody else"):
        actions.approve_remedy(cast.bob, remedy.pk)
    remedy.refresh_from_db()
    assert remedy.asked == petra, "it goes to the other one who may"
    granted = actions.approve_remedy(petra, remedy.pk, "Agreed")
    assert (granted.state, granted.had_two, granted.decided_by) == (State.GRANTED, True, petra)
    assert kinds() == ["remedy.requested", "remedy.seconded", "remedy.granted"]


def test_a_leads_own_offer_above_the_second_look_is_a_request_of_two_others(
    cast: Cast, complaint: Complaint, petra: User
) -> None:
    actions.set_second_look(cast.dana, "EUR", "800")
    own = request(cast.bob, complaint, "900")
    assert actions.approve_remedy(petra, own.pk).state == State.REQUESTED
    with pytest.raises(NotAllowed, match="own request"):
        actions.approve_remedy(cast.bob, own.pk)


def test_a_changed_amount_is_another_matter_for_the_first_of_two(cast: Cast, complaint: Complaint, petra: User) -> None:
    actions.set_second_look(cast.dana, "EUR", "800")
    remedy = request(cast.alice, complaint, "800")
    actions.approve_remedy(cast.bob, remedy.pk)
    assert actions.approve_remedy(petra, remedy.pk, amount="950").state == State.REQUESTED
    assert actions.approve_remedy(cast.bob, remedy.pk).state == State.GRANTED


def test_below_the_second_look_after_a_change_one_suffices(cast: Cast, complaint: Complaint) -> None:
    actions.set_second_look(cast.dana, "EUR", "800")
    remedy = request(cast.alice, complaint, "800")
    assert actions.approve_remedy(cast.bob, remedy.pk, amount="300").state == State.GRANTED


def test_two_without_the_authority_do_not_make_one_with_it(cast: Cast, complaint: Complaint, petra: User) -> None:
    remedy = request(cast.alice, complaint, "3000")
    actions.approve_remedy(cast.bob, remedy.pk)
    with pytest.raises(NotAllowed, match="limit of you both"):
        actions.approve_remedy(petra, remedy.pk)
    director = add_user("d@desk.example", "Dora Dahl", PASSWORD, Role.ADMINISTRATOR, (cast.care,))
    actions.set_limit(cast.dana, "administrator", "EUR", "10000")
    granted = actions.approve_remedy(director, remedy.pk)
    assert (granted.state, granted.authority_of) == (State.GRANTED, director)


def test_a_stand_in_decides_with_the_authority_of_who_is_away(cast: Cast, complaint: Complaint, anna: User) -> None:
    remedy = request(cast.alice, complaint)
    assert queries.approvals(anna) == []
    away(cast.bob, anna)
    assert queries.approvals(anna) == [remedy]
    granted = actions.approve_remedy(anna, remedy.pk, "Standing in")
    assert (granted.decided_by, granted.authority_of) == (anna, cast.bob)


def test_nobody_approves_their_own_through_a_stand_in(cast: Cast, complaint: Complaint, anna: User) -> None:
    own = request(anna, complaint)
    of_bob = request(cast.bob, complaint, "1500")
    away(cast.bob, anna)
    for remedy in (own, of_bob):
        with pytest.raises(NotAllowed, match="own request"):
            actions.approve_remedy(anna, remedy.pk)
        with pytest.raises(NotAllowed, match="own request"):
            actions.decline_remedy(anna, remedy.pk, "no")
    assert queries.approvals(anna) == []


def test_a_stand_in_and_who_is_away_are_not_two(cast: Cast, complaint: Complaint, anna: User) -> None:
    actions.set_second_look(cast.dana, "EUR", "800")
    remedy = request(cast.alice, complaint, "900")
    actions.approve_remedy(cast.bob, remedy.pk)
    away(cast.bob, anna)
    with pytest.raises(NotAllowed, match="are one"):
        actions.approve_remedy(anna, remedy.pk)


def test_a_stand_in_has_the_authority_only_for_its_time(cast: Cast, complaint: Complaint, anna: User) -> None:
    remedy = request(cast.alice, complaint)
    away(cast.bob, anna, days=2)
    with clock.travel(clock.ahead(days=2)), pytest.raises(NotAllowed):
        actions.approve_remedy(anna, remedy.pk)
    absence = queries.absences_now()[0]
    with pytest.raises(NotAllowed):
        actions.end_absence(anna, absence.pk)
    actions.end_absence(cast.bob, absence.pk)
    with pytest.raises(NotAllowed):
        actions.approve_remedy(anna, remedy.pk)


def test_a_doubtful_absence_is_refused(cast: Cast, anna: User) -> None:
    now = clock.now()
    with pytest.raises(InvalidInput):
        actions.plan_absence(cast.bob, cast.bob.pk, now, now)
    with pytest.raises(InvalidInput, match="same team"):
        actions.plan_absence(cast.bob, cast.bob.pk, now, clock.ahead(days=1), cast.charlie.pk)
    with pytest.raises(NotAllowed):
        actions.plan_absence(cast.alice, cast.bob.pk, now, clock.ahead(days=1))
    with pytest.raises(NotFound):
        actions.plan_absence(cast.dana, 0, now, clock.ahead(days=1))
    away(cast.bob, anna)
    with pytest.raises(InvalidInput, match="already"):
        actions.plan_absence(cast.dana, cast.bob.pk, now, clock.ahead(days=1))


def test_a_request_that_nobody_answers_goes_to_the_next_and_is_shown(
    cast: Cast, complaint: Complaint, petra: User
) -> None:
    remedy = request(cast.alice, complaint)
    first = remedy.asked
    assert first in (cast.bob, petra) and remedy.decide_by is not None
    assert actions.escalate_due_requests() == 0
    with clock.travel(remedy.decide_by + timedelta(minutes=1)):
        assert actions.escalate_due_requests() == 1
        assert actions.escalate_due_requests() == 0
        remedy.refresh_from_db()
        second = remedy.asked
        assert {first, second} == {cast.bob, petra}
        assert queries.overdue_requests(cast.alice) == [remedy]
        assert queries.approvals(second)[0] == remedy  # type: ignore[arg-type]
        later = remedy.decide_by
    with clock.travel(later + timedelta(minutes=1)):
        assert actions.escalate_due_requests() == 1
        remedy.refresh_from_db()
        assert (remedy.asked, remedy.decide_by, remedy.escalations) == (None, None, 2)
        assert actions.escalate_due_requests() == 0
        assert actions.approve_remedy(cast.bob, remedy.pk).state == State.GRANTED
    told = Event.objects.filter(kind="remedy.escalated").order_by("id")
    assert [event.data["to"] for event in told] == [second.name, "everybody who may"]  # type: ignore[union-attr]


def test_who_is_away_without_a_stand_in_is_asked_last(cast: Cast, complaint: Complaint, petra: User) -> None:
    away(cast.bob, None)
    assert request(cast.alice, complaint).asked == petra


def test_a_removed_limit_lets_the_general_one_count_again(cast: Cast, complaint: Complaint) -> None:
    special = actions.set_limit(cast.dana, "agent", "EUR", "0", team_id=cast.care.pk)
    assert actions.offer_remedy(cast.alice, complaint.pk, "credit", "5", "EUR", "Cold").state == State.REQUESTED
    with pytest.raises(NotAllowed):
        actions.remove_limit(cast.bob, special.pk)
    actions.remove_limit(cast.dana, special.pk)
    assert actions.offer_remedy(cast.alice, complaint.pk, "credit", "5", "EUR", "Cold").state == State.GRANTED
    history = Event.objects.filter(subject="limit").order_by("-id")
    assert [event.kind for event in history[:2]] == ["limit.removed", "limit.set"]


def test_everybody_sees_how_far_their_authority_carries(cast: Cast, complaint: Complaint, petra: User) -> None:
    small, large, above = (request(cast.alice, complaint, amount) for amount in ("500", "2600", "1500"))
    found = queries.reach(cast.bob, [small, large, above])
    assert found == {small.pk: "alone", large.pk: "first", above.pk: "above"}
    actions.approve_remedy(cast.bob, large.pk)
    assert queries.reach(petra, [large]) == {large.pk: "second"}
