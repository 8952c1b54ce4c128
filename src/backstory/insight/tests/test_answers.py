"""Answers by group: none below thirty, with response rate, of the viewer's teams only, sensitive names folded in."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from backstory.cases.actions import seed_playbooks
from backstory.cases.models import Cause, Complaint, ComplaintPlaybook, Playbook
from backstory.conversations.models import Conversation, Message
from backstory.insight import answers, queries
from backstory.kernel import clock
from backstory.kernel.errors import NotAllowed
from backstory.measures.surveys import Kind
from backstory.people.models import User
from backstory.recovery.models import SecondRecovery, Survey
from conftest import Cast


@pytest.fixture
def ask(cast: Cast, write: Callable[..., Message]) -> Callable[..., None]:
    """`ask([5, 5, None], team=…)`: so many surveys with these scores, None for no answer."""
    first = write("It is cold.").conversation

    def many(scores: list[int | None], kind: str = "csat", playbook: str = "", **fields: object) -> None:
        for number, score in enumerate(scores):
            talk = Conversation.objects.create(
                customer=first.customer,
                mailbox=first.mailbox,
                team=fields.get("team", cast.care),
                channel=fields.get("channel", "email"),
                last_message_at=clock.now(),
            )
            case = Complaint.objects.create(
                number=f"C-{talk.pk}-{number}",
                conversation=talk,
                received_at=clock.now(),
                cause=Cause.objects.get(slug=fields["cause"]) if "cause" in fields else None,
            )
            if playbook:
                version = Playbook.objects.get(slug=playbook).in_force
                ComplaintPlaybook.objects.create(complaint=case, version=version)
            sent = clock.now() - timedelta(days=1)
            Survey.objects.create(
                complaint=case,
                kind=kind,
                due_at=sent,
                sent_at=sent,
                score=score,
                answered_at=sent if score is not None else None,
            )

    return many


def of(viewer: User, kind: Kind | None = None) -> answers.Answers:
    return answers.answers(viewer, queries.period_for("4w"), "month", kind)


def test_a_whole_desk_is_shown_and_a_small_team_is_not(cast: Cast, ask: Callable[..., None]) -> None:
    ask([5] * 20 + [4] * 5 + [1] * 5 + [None] * 30)
    ask([1] * 12 + [None] * 3, team=cast.parts)
    seen = of(cast.dana)
    assert (seen.whole.answered, seen.whole.asked) == (42, 75)
    assert seen.whole.figure and seen.whole.figure.value == pytest.approx(25 / 42)
    care, parts = seen.teams
    assert care.result.figure and care.result.figure.value == pytest.approx(25 / 30)
    assert care.result.response.value == 0.5
    assert parts.result.figure is None and parts.result.answered == 12 and parts.result.missing == 18


def test_a_lead_sees_their_own_teams_and_an_agent_nothing(cast: Cast, ask: Callable[..., None]) -> None:
    ask([5] * 3)
    ask([1] * 3, team=cast.parts)
    assert [line.name for line in of(cast.bob).teams] == ["Customer care"]
    with pytest.raises(NotAllowed):
        of(cast.alice)


def test_each_question_is_counted_apart_and_the_most_asked_is_shown_first(cast: Cast, ask: Callable[..., None]) -> None:
    ask([5] * 3)
    ask([10] * 20 + [7] * 12 + [0] * 8, kind="nps")
    seen = of(cast.bob)
    assert seen.kind is Kind.NPS and seen.whole.figure and seen.whole.figure.value == pytest.approx(30)
    assert dict(seen.scores)[10] == 20 and len(seen.scores) == 11
    assert of(cast.bob, Kind.CSAT).whole.answered == 3
    assert queries.satisfaction(cast.bob, queries.period_for("4w")).answered == 3


def test_groups_by_cause_channel_playbook_and_period_each_count_everything(
    cast: Cast, ask: Callable[..., None]
) -> None:
    seed_playbooks()
    ask([5] * 4, cause="outage", channel="form", playbook="billing-error")
    ask([3] * 2, playbook="vulnerable-customer")
    seen = of(cast.bob)
    for lines in (seen.causes, seen.channels, seen.playbooks, seen.periods):
        assert sum(line.result.answered for line in lines) == 6
    assert {line.name for line in seen.playbooks} == {"Billing error", "Other playbooks"}
    assert [line.name for line in seen.channels] == ["Web form", "E-mail"]


def test_the_question_after_a_second_attempt_is_counted_by_its_outcome(cast: Cast, ask: Callable[..., None]) -> None:
    ask([1, 1])
    for number, case in enumerate(Complaint.objects.filter(surveys__isnull=False)):
        Survey.objects.create(complaint=case, round=2, due_at=clock.now(), sent_at=clock.now(), score=5)
        SecondRecovery.objects.create(
            complaint=case,
            why="low_score",
            due_at=clock.now(),
            state="done",
            outcome=["recovered", "not_recovered"][number],
        )
    seen = of(cast.bob)
    assert seen.whole.answered == 2
    assert (seen.second.begun, seen.second.recovered, seen.second.not_recovered) == (2, 1, 1)
