"""Themes: searched for in the background, kept, and judged by leads."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from backstory.cases import actions, queries
from backstory.cases.models import Cause, Complaint, Theme, ThemeSearch
from backstory.cases.tasks import search_overlooked
from backstory.conversations.models import Message
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput, NotAllowed
from backstory.live import bus
from conftest import Cast

pytestmark = pytest.mark.django_db
WHEN = ("today", "yesterday", "again", "early", "late", "twice")


@pytest.fixture
def complain(cast: Cast, write: Callable[..., Message]) -> Callable[..., list[Complaint]]:
    """Complaints without a cause, one a letter."""

    def make(pattern: str, most: int = 6) -> list[Complaint]:
        found = []
        with bus.quiet():
            for when in WHEN[:most]:
                message = write(pattern.format(when), sender=f"{len(pattern)}{when}@customer.example")
                found.append(actions.open_complaint(cast.alice, message.conversation_id))
        return found

    return make


LID = "The lid of the kettle broke {}, the hinge of the lid snapped."
VAN = "Your van blocked my driveway {}, the driver of the van shouted."


def search(cast: Cast) -> ThemeSearch:
    with bus.quiet():
        asked = actions.request_themes(cast.bob)
    actions.search_themes(asked.pk)
    asked.refresh_from_db()
    return asked


def test_a_search_keeps_its_themes_with_their_complaints(cast: Cast, complain: Callable[..., list[Complaint]]) -> None:
    lids, vans = complain(LID), complain(VAN, most=5)
    asked = search(cast)
    assert asked.state == "done" and asked.considered == 11
    shown = queries.themes(cast.bob)
    assert [one.size for one in shown] == [6, 5] and all(one.is_current for one in shown)
    assert set(shown[0].theme.members.values_list("complaint_id", flat=True)) == {one.pk for one in lids}
    assert {one.number for one in shown[1].examples} <= {one.number for one in vans}
    assert actions.search_themes(asked.pk) is None and Theme.objects.count() == 2, "done once"


def test_a_confirmed_cause_fits_and_is_looked_through_no_more(cast: Cast, complain) -> None:
    billing = Cause.objects.get(slug="billing")
    for complaint in complain(LID):
        actions.set_cause(cast.alice, complaint.pk, billing.pk)
    assert search(cast).considered == 0


def test_the_next_search_keeps_a_theme_s_name_and_a_dismissed_one_stays_away(cast: Cast, complain) -> None:
    complain(LID)
    complain(VAN)
    search(cast)
    lid, van = Theme.objects.order_by("name")
    actions.rename_theme(cast.bob, lid.pk, "Kettle lids")
    actions.dismiss_theme(cast.bob, van.pk)
    again = search(cast)
    assert [one.theme.name for one in queries.themes(cast.bob)] == ["Kettle lids"]
    assert Theme.objects.get(pk=lid.pk).found_by == again and Theme.objects.count() == 2


def test_a_promoted_theme_is_a_cause_proposed_for_its_complaints(cast: Cast, complain) -> None:
    lids = complain(LID)
    search(cast)
    cause = actions.promote_theme(cast.bob, Theme.objects.get().pk, "Kettle lid", "The lid or its hinge broke.")
    rows = Complaint.objects.filter(pk__in=[one.pk for one in lids])
    assert set(rows.values_list("cause__name", "cause_confirmed_by")) == {("Kettle lid", None)}
    assert Theme.objects.get().state == "promoted" and Theme.objects.get().cause == cause
    with pytest.raises(Conflict):
        actions.dismiss_theme(cast.bob, Theme.objects.get().pk)


def test_merging_brings_the_complaints_together_once(cast: Cast, complain) -> None:
    complain(LID)
    complain(VAN)
    search(cast)
    lid, van = Theme.objects.order_by("name")
    assert actions.merge_themes(cast.bob, lid.pk, van.pk).members.count() == 12
    assert [one.size for one in queries.themes(cast.bob)] == [12]
    with pytest.raises(InvalidInput):
        actions.merge_themes(cast.bob, van.pk, van.pk)


def test_examples_of_a_team_that_the_reader_does_not_see_are_counted_only(cast: Cast, complain) -> None:
    complain(LID)
    search(cast)
    shown = queries.themes(cast.charlie)
    assert not shown[0].examples and shown[0].hidden == 6


def test_an_agent_neither_searches_nor_judges(cast: Cast, complain) -> None:
    complain(LID)
    search(cast)
    with pytest.raises(NotAllowed):
        actions.request_themes(cast.alice)
    with pytest.raises(NotAllowed):
        actions.dismiss_theme(cast.alice, Theme.objects.get().pk)


def test_two_searches_at_once_are_one(cast: Cast) -> None:
    with bus.quiet():
        actions.request_themes(cast.bob)
    with pytest.raises(Conflict):
        actions.request_themes(cast.bob)


def test_a_search_whose_worker_died_is_taken_up_again_and_at_last_given_up(cast: Cast, complain, monkeypatch) -> None:
    complain(LID)
    with bus.quiet():
        asked = actions.request_themes(cast.bob)
    ThemeSearch.objects.update(state="running", claimed_until=clock.now() - timedelta(seconds=1), attempts=1)
    search_overlooked()
    asked.refresh_from_db()
    assert asked.state == "done"
    ThemeSearch.objects.update(state="running", claimed_until=clock.now() - timedelta(seconds=1), attempts=3)
    actions.search_themes(asked.pk)
    asked.refresh_from_db()
    assert asked.state == "failed"


def test_the_week_asks_by_itself_and_not_twice(cast: Cast) -> None:
    with bus.quiet():
        first = actions.request_weekly_themes()
    assert first is not None and first.asked_by is None
    actions.search_themes(first.pk)
    assert actions.request_weekly_themes() is None
    with clock.travel(clock.now() + timedelta(days=8)), bus.quiet():
        assert actions.request_weekly_themes() is not None
