from collections.abc import Callable

import pytest

from backstory.cases import actions, queries
from backstory.cases.models import Cause, Complaint
from backstory.kernel.errors import InvalidInput, NotAllowed
from conftest import Cast


def listed() -> list[str]:
    return [f"{'-' * node.depth}{node.slug}" for node in queries.cause_tree()]


def test_seeding_again_adds_nothing_and_leaves_changes_alone(cast: Cast) -> None:
    outage = Cause.objects.get(slug="outage")
    actions.rename_cause(cast.bob, outage.pk, "No hot water")
    assert actions.seed_causes() == 0
    assert Cause.objects.get(slug="outage").name == "No hot water"


def test_only_leads_and_administrators_edit_causes(cast: Cast) -> None:
    outage = Cause.objects.get(slug="outage").pk
    attempts: list[Callable[..., object]] = [
        lambda viewer: actions.add_cause(viewer, "Tank"),
        lambda viewer: actions.rename_cause(viewer, outage, "Tank"),
        lambda viewer: actions.move_cause(viewer, outage, None),
        lambda viewer: actions.retire_cause(viewer, outage),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt(cast.alice)
    assert actions.add_cause(cast.dana, "Tank").slug == "tank"


def test_a_tree_grows_moves_and_never_bites_its_tail(cast: Cast) -> None:
    outage = Cause.objects.get(slug="outage")
    water = actions.add_cause(cast.bob, "Hot water", parent_id=outage.pk)
    tank = actions.add_cause(cast.bob, "Tank too small", parent_id=water.pk)
    assert listed()[:3] == ["outage", "-hot-water", "--tank-too-small"]
    assert queries.cause_tree()[2].path == "Outage › Hot water › Tank too small"
    with pytest.raises(InvalidInput):
        actions.move_cause(cast.bob, outage.pk, tank.pk)
    actions.move_cause(cast.bob, water.pk, None, position=0)
    assert listed()[:3] == ["hot-water", "-tank-too-small", "outage"]


def test_siblings_have_names_of_their_own_and_every_cause_a_slug(cast: Cast) -> None:
    with pytest.raises(InvalidInput):
        actions.add_cause(cast.bob, " outage ")
    outage = Cause.objects.get(slug="outage")
    below = actions.add_cause(cast.bob, "Outage", parent_id=outage.pk)
    assert below.slug == "outage-2"
    assert actions.add_cause(cast.bob, "停电").slug == "cause"
    assert actions.rename_cause(cast.bob, below.pk, "outage").slug == "outage-2"


def test_a_retired_cause_is_not_offered_but_stays_where_it_was_used(cast: Cast, complaint: Complaint) -> None:
    outage = Cause.objects.get(slug="outage")
    actions.set_cause(cast.alice, complaint.pk, outage.pk)
    below = actions.add_cause(cast.bob, "Tank", parent_id=outage.pk)
    with pytest.raises(InvalidInput):
        actions.retire_cause(cast.bob, outage.pk)
    actions.retire_cause(cast.bob, below.pk)
    actions.retire_cause(cast.bob, outage.pk)
    assert "outage" not in [node.slug for node in queries.cause_tree(active_only=True)]
    assert Complaint.objects.get(pk=complaint.pk).cause == outage
    with pytest.raises(InvalidInput):
        actions.set_cause(cast.alice, complaint.pk, outage.pk)
