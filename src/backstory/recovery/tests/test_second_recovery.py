"""A low score or a fix that did not hold: the second attempt, its owner, its date and what came of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from backstory.cases.actions import close_complaint
from backstory.cases.models import Complaint
from backstory.conversations.models import Delivery
from backstory.kernel import clock
from backstory.kernel.errors import InvalidInput, NotAllowed, NotFound
from backstory.live.models import Event
from backstory.people.actions import add_user, decline_surveys
from backstory.people.models import Role
from backstory.recovery import actions, queries
from backstory.recovery.actions import surveys
from backstory.recovery.models import SecondRecovery, Survey, SurveyChoice
from conftest import Cast

Close = Callable[[Complaint], Complaint]


def ask(complaint: Complaint, days: float = 4) -> Survey:
    actions.schedule_survey(complaint.pk)
    with clock.travel(clock.ahead(days=days)):
        assert actions.send_due_surveys() == 1
    return complaint.surveys.order_by("-round")[0]


@pytest.fixture
def low(cast: Cast, complaint: Complaint, close: Close) -> SecondRecovery:
    survey = ask(close(complaint))
    with clock.travel(clock.ahead(days=5)):
        actions.answer_survey(survey.token, 2, "Still cold")
    return SecondRecovery.objects.get()


def test_a_low_score_begins_a_second_recovery_with_a_lead_and_a_date(cast: Cast, low: SecondRecovery) -> None:
    assert (low.why, low.owner, low.before, low.state) == ("low_score", cast.bob, cast.alice, "open")
    assert low.survey and low.survey.comment == "Still cold"
    assert timedelta(0) < low.due_at - low.created_at <= timedelta(days=5)
    low.complaint.refresh_from_db()
    assert low.complaint.state == Complaint.State.OPEN
    told = Event.objects.get(kind="recovery.begun")
    assert told.data["owner_id"] == cast.bob.pk and "cold" not in str(told.data)


def test_where_the_score_is_about_the_only_lead_it_stands_without_an_owner(
    cast: Cast, complaint: Complaint, close: Close
) -> None:
    Complaint.objects.update(owner=cast.bob)
    actions.answer_survey(ask(close(complaint)).token, 1)
    assert SecondRecovery.objects.get().owner is None
    eve = add_user("eve@desk.example", "Eve Evans", "correct horse battery", Role.LEAD, (cast.care,))
    assert actions.give_second_recovery(eve, SecondRecovery.objects.get().pk, eve.pk).owner == eve


def test_only_a_lead_gives_it_to_somebody_and_only_of_the_team(cast: Cast, low: SecondRecovery) -> None:
    with pytest.raises(NotAllowed):
        actions.give_second_recovery(cast.alice, low.pk, cast.alice.pk)
    with pytest.raises(NotFound):
        actions.give_second_recovery(cast.charlie, low.pk, cast.charlie.pk)
    with pytest.raises(InvalidInput):
        actions.give_second_recovery(cast.bob, low.pk, cast.charlie.pk)
    assert actions.give_second_recovery(cast.bob, low.pk, cast.alice.pk).owner == cast.alice


def test_a_second_reason_while_one_is_under_way_begins_no_other(cast: Cast, low: SecondRecovery) -> None:
    assert actions.ask_for_second_recovery(cast.alice, low.complaint_id) == low


@pytest.mark.parametrize(("score", "outcome"), [(5, "recovered"), (3, "recovered"), (1, "not_recovered")])
def test_the_customers_next_answer_says_what_came_of_it(
    cast: Cast, low: SecondRecovery, score: int, outcome: str
) -> None:
    with clock.travel(clock.ahead(days=6)):
        actions.close_complaint(cast.alice, low.complaint_id, "upheld", "Now it is warm.")
        low.refresh_from_db()
        assert (low.state, low.outcome) == ("done", "unknown")
        again = ask(low.complaint)
        assert again.round == 2
        actions.answer_survey(again.token, score)
    low.refresh_from_db()
    assert (low.outcome, low.outcome_by) == (outcome, "customer")
    assert SecondRecovery.objects.count() == (2 if score == 1 else 1)


def test_nobody_is_asked_while_a_second_attempt_is_under_way(cast: Cast, low: SecondRecovery) -> None:
    with clock.travel(clock.ahead(days=6)):
        close_complaint(cast.alice, low.complaint_id, "upheld", "Now it is warm.")  # closed past the desk's own door
        actions.schedule_survey(low.complaint_id)
        with clock.travel(clock.ahead(days=5)):
            assert actions.send_due_surveys() == 0
            actions.finish_second_recovery(cast.alice, low.pk, "recovered")
            assert actions.send_due_surveys() == 1


def test_a_survey_is_sent_once_though_woken_twice_and_killed_between(
    complaint: Complaint, close: Close, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.schedule_survey(close(complaint).pk)

    class Killed(BaseException):
        """As by SIGKILL: nothing may catch it."""

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with clock.travel(clock.ahead(days=4)):
        with monkeypatch.context() as patch:
            patch.setattr(surveys, "tell", killed)
            with pytest.raises(Killed), transaction.atomic():
                actions.send_due_surveys()
        assert not Delivery.objects.filter(kind=Delivery.Kind.SURVEY).exists()
        assert [actions.send_due_surveys() for _ in range(3)] == [1, 0, 0]
        survey = Survey.objects.get()
        assert surveys._ask(survey.pk) is False  # woken again by whatever lay in the queue
    assert Delivery.objects.filter(kind=Delivery.Kind.SURVEY).count() == 1


def test_one_person_is_not_asked_about_two_complaints_in_one_month(
    cast: Cast, complaint: Complaint, close: Close, write: Callable[..., object]
) -> None:
    from backstory.cases.actions import open_complaint

    other = open_complaint(cast.alice, write("And the chair broke.", subject="Chair").conversation_id)  # type: ignore[attr-defined]
    assert other != complaint
    for each in (complaint, other):
        actions.schedule_survey(close(each).pk)
    with clock.travel(clock.ahead(days=4)):
        assert actions.send_due_surveys() == 1
        assert actions.send_due_surveys() == 0
    with clock.travel(clock.ahead(days=29)):
        assert actions.send_due_surveys() == 0, "too early for the second, and then too late for anybody to remember"


def test_whoever_declined_is_not_asked(complaint: Complaint, close: Close) -> None:
    actions.schedule_survey(close(complaint).pk)
    decline_surveys(complaint.conversation.customer_id)
    with clock.travel(clock.ahead(days=4)):
        assert actions.send_due_surveys() == 0


def test_a_remedy_that_has_not_arrived_holds_the_question_back(cast: Cast, complaint: Complaint, close: Close) -> None:
    remedy = actions.offer_remedy(cast.alice, complaint.pk, "refund", "20", "EUR", "Paid twice.")
    actions.schedule_survey(close(complaint).pk)
    with clock.travel(clock.ahead(days=4)):
        assert actions.send_due_surveys() == 0
        actions.mark_carried_out(remedy.pk, "Transfer 4711", cast.alice)
        assert actions.send_due_surveys() == 1


def test_what_is_asked_is_chosen_for_mailbox_before_team(cast: Cast, complaint: Complaint, close: Close) -> None:
    with pytest.raises(NotAllowed):
        actions.choose_survey(cast.alice, "nps", team=cast.care)
    actions.choose_survey(cast.bob, "nps", 5, team=cast.care)
    assert queries.wish_for(complaint).low == 5
    actions.choose_survey(cast.bob, "ces", mailbox=cast.mailbox)
    survey = actions.schedule_survey(close(complaint).pk)
    assert survey and (survey.kind, survey.low) == ("ces", 2)
    actions.choose_survey(cast.bob, "", mailbox=cast.mailbox)
    assert SurveyChoice.objects.count() == 1
    actions.choose_survey(cast.bob, "none", mailbox=cast.mailbox)
    assert queries.wish_for(complaint).kind is None
