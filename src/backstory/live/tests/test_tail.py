"""Following the event log."""

import pytest

from backstory.live import bus
from backstory.live.actions import record
from backstory.live.models import Event
from backstory.live.queries import Tail

pytestmark = pytest.mark.django_db


def test_the_tail_tells_each_event_once() -> None:
    record("one.before")
    tail = Tail()
    record("two.after", conversation_id=7, team_id=3)
    (hint,) = tail.fresh()
    assert (hint.kind, hint.conversation_id, hint.team_id) == ("two.after", 7, 3)
    assert tail.fresh() == []


def test_an_event_that_commits_late_under_a_lower_id_is_told_too() -> None:
    first = record("a.first")
    tail = Tail()
    Event.objects.create(pk=first.pk + 10, kind="c.later")
    assert [hint.kind for hint in tail.fresh()] == ["c.later"]
    Event.objects.create(pk=first.pk + 5, kind="b.late")
    assert [hint.kind for hint in tail.fresh()] == ["b.late"]


def test_subscribers_are_woken_only_after_the_commit(django_capture_on_commit_callbacks) -> None:
    woken: list[int] = []
    bus.subscribe("thing.done", woken.append)
    with django_capture_on_commit_callbacks(execute=True):
        record("thing.done", subject=("thing", 42))
        assert woken == []
    assert woken == [42]
