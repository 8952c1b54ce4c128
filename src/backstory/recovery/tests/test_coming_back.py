"""Coming back to customers as their playbook says."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from backstory.cases.actions import reopen_complaint, seed_playbooks, set_severity
from backstory.cases.models import Complaint, ComplaintPlaybook, Playbook, PlaybookVersion
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput, NotFound
from backstory.live import bus
from backstory.live.models import Event
from backstory.people.actions import add_user
from backstory.people.models import Role
from backstory.recovery import actions, queries, tasks
from backstory.recovery.models import Absence, FollowUp, SecondRecovery
from conftest import Cast

Close = Callable[[Complaint], Complaint]
PLAN = """
id: coming-back
name: Coming back
steps:
  - {key: ensure, title: Ensure, evidence: [followup_done]}
followups:
  - {key: call, after_days: 3, kind: call, words: Ask whether it is settled., when: {severity_at_least: 2}}
  - {key: held, after_days: 30, kind: check, words: {en: See whether it holds., de: "Sehen, ob es hält."}}
  - {key: arrived, after_days: 5, counted_from: remedy, kind: letter, words: "Has it arrived?"}
"""


@pytest.fixture
def planned(complaint: Complaint) -> Complaint:
    """Maya's complaint, handled by a playbook that comes back."""
    playbook = Playbook.objects.create(slug="coming-back")
    version = PlaybookVersion.objects.create(playbook=playbook, number=1, source=PLAN)
    ComplaintPlaybook.objects.update_or_create(complaint=complaint, defaults={"version": version})
    return complaint


def come_back(complaint: Complaint) -> dict[str, FollowUp]:
    actions.plan_followups(complaint.pk)
    return {row.key: row for row in queries.followups_of(complaint)}


def test_closing_and_a_remedy_carried_out_wake_the_planning() -> None:
    assert tasks.follow_up_remedy in bus._subscribers["remedy.carried_out"]
    assert tasks.put_aside in bus._subscribers["complaint.reopened"]


def test_a_closing_plans_what_applies_once_with_owner_and_working_day(
    cast: Cast, planned: Complaint, close: Close
) -> None:
    close(planned)
    assert list(come_back(planned)) == ["held"], "the severity is too low for a call"
    assert list(come_back(planned)) == ["held"]
    row = FollowUp.objects.get()
    assert (row.owner, row.kind, row.words["de"]) == (cast.alice, "check", "Sehen, ob es hält.")
    assert timedelta(days=29) < row.due_at - clock.now() < timedelta(days=34)
    assert Event.objects.filter(kind="followups.planned").count() == 1


def test_a_grave_complaint_is_called_about_too(cast: Cast, planned: Complaint, close: Close) -> None:
    set_severity(cast.alice, planned.pk, 3)
    close(planned)
    assert list(come_back(planned)) == ["call", "held"]


def test_a_remedy_carried_out_plans_its_own_once(cast: Cast, planned: Complaint) -> None:
    remedy = actions.offer_remedy(cast.alice, planned.pk, "refund", "20", "EUR", "Paid twice.")
    assert actions.plan_after_remedy(remedy.pk) == 0
    actions.mark_carried_out(remedy.pk, "Transfer 4711", cast.alice)
    moment = clock.ahead(minutes=5)
    assert queries.overlooked_remedies(moment, moment - tasks.LOOK_BACK) == [remedy.pk]
    assert [actions.plan_after_remedy(remedy.pk) for _ in range(2)] == [1, 0]
    assert queries.overlooked_remedies(moment, moment - tasks.LOOK_BACK) == []
    assert FollowUp.objects.get().key == "arrived"


def test_opening_again_puts_aside_what_the_closing_planned(cast: Cast, planned: Complaint, close: Close) -> None:
    close(planned)
    come_back(planned)
    reopen_complaint(cast.alice, planned.pk)
    assert queries.outlived_followups() == [planned.pk]
    assert come_back(planned)["held"].state == "skipped"
    with clock.travel(clock.ahead(days=1)):
        close(planned)
        assert come_back(planned) and FollowUp.objects.filter(state="open").count() == 1


def test_a_check_that_fails_opens_the_complaint_with_a_second_recovery(
    cast: Cast, planned: Complaint, close: Close
) -> None:
    close(planned)
    row = come_back(planned)["held"]
    with pytest.raises(InvalidInput):
        actions.finish_followup(cast.alice, row.pk, "Looked")
    actions.finish_followup(cast.alice, row.pk, "The baby is ill again, it is cold", held=False)
    planned.refresh_from_db()
    second = SecondRecovery.objects.get()
    assert planned.state == Complaint.State.OPEN and (second.why, second.owner) == ("check_failed", cast.bob)
    assert "baby" not in str([event.data for event in Event.objects.all()])
    with pytest.raises(Conflict):
        actions.finish_followup(cast.alice, row.pk, held=True)


def test_a_check_that_holds_is_evidence_that_we_came_back(cast: Cast, planned: Complaint, close: Close) -> None:
    close(planned)
    row = come_back(planned)["held"]
    assert not queries.care_panel(cast.alice, planned)[0].done
    actions.finish_followup(cast.alice, row.pk, held=True)
    assert queries.care_panel(cast.alice, planned)[0].done


def test_whoever_was_not_reached_is_tried_again_or_given_up(cast: Cast, planned: Complaint, close: Close) -> None:
    close(planned)
    row = come_back(planned)["held"]
    again = clock.ahead(days=2)
    assert actions.miss_followup(cast.alice, row.pk, "Voice box", again).due_at == again
    with pytest.raises(InvalidInput):
        actions.miss_followup(cast.alice, row.pk, again_at=clock.now() - timedelta(days=1))
    given_up = actions.miss_followup(cast.alice, row.pk)
    assert (given_up.state, given_up.tries, given_up.note) == ("not_reached", 2, "Voice box")


def test_skipping_needs_a_reason_and_another_team_sees_nothing(cast: Cast, planned: Complaint, close: Close) -> None:
    close(planned)
    row = come_back(planned)["held"]
    with pytest.raises(InvalidInput):
        actions.skip_followup(cast.alice, row.pk, " ")
    with pytest.raises(NotFound):
        actions.skip_followup(cast.charlie, row.pk, "No")
    with pytest.raises(InvalidInput):
        actions.hand_over_followup(cast.alice, row.pk, cast.charlie.pk)
    assert actions.hand_over_followup(cast.alice, row.pk, cast.bob.pk).owner == cast.bob
    assert actions.skip_followup(cast.bob, row.pk, "They moved away").state == "skipped"


def test_what_somebody_who_is_gone_had_to_do_goes_to_a_lead(cast: Cast, planned: Complaint, close: Close) -> None:
    close(planned)
    come_back(planned)
    assert actions.hand_over_absent() == 0
    cast.alice.memberships.all().delete()
    assert [actions.hand_over_absent() for _ in range(2)] == [1, 0]
    assert FollowUp.objects.get().owner == cast.bob


def test_what_somebody_who_is_away_had_to_do_goes_to_their_stand_in(
    cast: Cast, planned: Complaint, close: Close
) -> None:
    eve = add_user("eve@desk.example", "Eve Evans", "correct horse battery", Role.AGENT, (cast.care,))
    close(planned)
    due = come_back(planned)["held"].due_at
    with clock.travel(due - timedelta(days=2)):
        Absence.objects.create(user=cast.alice, deputy=eve, from_at=clock.now(), until_at=due + timedelta(days=7))
        assert [actions.hand_over_absent() for _ in range(2)] == [1, 0]
    assert FollowUp.objects.get().owner == eve


def test_a_reminder_comes_once_and_counts_at_its_owner(cast: Cast, planned: Complaint, close: Close) -> None:
    close(planned)
    row = come_back(planned)["held"]
    assert actions.remind_of_followups() == 0 and queries.followup_reminders(cast.alice) == 0
    with clock.travel(row.due_at - timedelta(hours=3)):
        assert [actions.remind_of_followups() for _ in range(2)] == [1, 0]
        assert queries.followup_reminders(cast.alice) == 1 and queries.followup_reminders(cast.bob) == 0
    assert Event.objects.get(kind="followup.reminded").data["owner_id"] == cast.alice.pk


def test_every_shipped_playbook_says_when_to_come_back(db: None) -> None:
    seed_playbooks()
    from backstory.cases.queries import in_force

    plans = {plan.id: plan for plan, _ in in_force()}
    assert all(plan.followups for name, plan in plans.items() if name != "abusive-contact")
    assert plans["abusive-contact"].survey and plans["abusive-contact"].survey.kind == "none"
    assert all(set(each.words) >= {"en", "de"} for plan in plans.values() for each in plan.followups)
