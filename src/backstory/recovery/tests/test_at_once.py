"""Two people press the button at the same moment: it is decided once, and no limit is passed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import Sum

from backstory.cases.actions import open_complaint
from backstory.conversations.models import Message
from backstory.kernel.errors import BackstoryError
from backstory.live.models import Event
from backstory.people.actions import add_user
from backstory.people.models import Role
from backstory.recovery import actions
from backstory.recovery.models import Remedy
from conftest import PASSWORD, Cast

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work: list[Callable[[], Remedy]]) -> list[str]:
    """Each piece of work in a thread of its own: the state that came of it, or why it was refused."""

    def run(one: Callable[[], Remedy]) -> str:
        try:
            return one().state
        except BackstoryError as error:
            return type(error).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return sorted(pool.map(run, work))


def test_two_approvals_at_once_decide_once(cast: Cast, write: Callable[..., Message]) -> None:
    petra = add_user("petra@desk.example", "Petra Platt", PASSWORD, Role.LEAD, (cast.care,))
    complaint = open_complaint(cast.alice, write("Cold").conversation_id)
    remedy = actions.offer_remedy(cast.alice, complaint.pk, "refund", "500", "EUR", "Paid twice.")
    leads = [cast.bob, petra, cast.bob, petra]
    found = at_once([lambda lead=lead: actions.approve_remedy(lead, remedy.pk) for lead in leads])  # type: ignore[misc]
    assert found == ["Conflict"] * 3 + ["granted"]
    assert Event.objects.filter(kind="remedy.granted").count() == 1
    assert Remedy.objects.get(pk=remedy.pk).approvals.count() == 1


def test_the_two_people_of_a_second_look_may_press_at_once(cast: Cast, write: Callable[..., Message]) -> None:
    petra = add_user("petra@desk.example", "Petra Platt", PASSWORD, Role.LEAD, (cast.care,))
    actions.set_second_look(cast.dana, "EUR", "400")
    complaint = open_complaint(cast.alice, write("Cold").conversation_id)
    remedy = actions.offer_remedy(cast.alice, complaint.pk, "refund", "500", "EUR", "Paid twice.")
    found = at_once([lambda lead=lead: actions.approve_remedy(lead, remedy.pk) for lead in (cast.bob, petra)])  # type: ignore[misc]
    assert found == ["granted", "requested"]
    assert Event.objects.filter(kind="remedy.granted").count() == 1


def test_a_limit_of_a_day_is_not_passed_by_offers_at_once(cast: Cast, write: Callable[..., Message]) -> None:
    actions.set_limit(cast.dana, "agent", "EUR", "100", period="day")
    letters = [write("Cold", sender=f"c{n}@customer.example").conversation_id for n in range(5)]
    complaints = [open_complaint(cast.alice, pk).pk for pk in letters]
    offer = actions.offer_remedy
    at_once([lambda pk=pk: offer(cast.alice, pk, "credit", "40", "EUR", "Cold") for pk in complaints])  # type: ignore[misc]
    rows = Remedy.objects.filter(state=Remedy.State.GRANTED)
    assert rows.aggregate(total=Sum("amount"))["total"] == 80
    assert Remedy.objects.count() == 5
