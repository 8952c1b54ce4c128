import pytest

from backstory.cases import actions, queries
from backstory.cases.models import Backstory, Complaint
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from backstory.live.models import Event
from backstory.people.actions import join_team
from conftest import Cast

GOLDEN = {
    "stated_problem": "not enough hot water",
    "demand": "move the family to another house",
    "backstory": "baby with croup, no steam possible in the night",
    "need": "the child's safety",
}


@pytest.fixture
def told(cast: Cast, complaint: Complaint) -> Backstory:
    return actions.save_backstory(cast.alice, complaint.pk, **GOLDEN)


def log() -> str:
    return repr(list(Event.objects.values_list("kind", "data", "actor_name")))


def test_the_log_says_which_fields_were_saved_and_never_a_word_of_them(
    cast: Cast, complaint: Complaint, told: Backstory
) -> None:
    actions.read_backstory(cast.bob, complaint)
    actions.send_summary(cast.alice, complaint.pk, "This is what I heard: croup")
    actions.confirm_backstory(cast.alice, complaint.pk, "Yes, the croup was terrible")
    saved = Event.objects.get(kind="backstory.saved")
    assert saved.data == {"fields": list(GOLDEN)}
    assert "croup" not in log() and "steam" not in log()


def test_saving_the_same_again_changes_and_tells_nothing(cast: Cast, complaint: Complaint, told: Backstory) -> None:
    actions.save_backstory(cast.alice, complaint.pk, **GOLDEN)
    assert Event.objects.filter(kind="backstory.saved").count() == 1


def test_reading_is_told_once_an_hour_for_each_reader(cast: Cast, complaint: Complaint, told: Backstory) -> None:
    for viewer in (cast.bob, cast.bob, cast.alice):
        assert actions.read_backstory(viewer, complaint) == told
    assert Event.objects.filter(kind="backstory.read").count() == 2
    with clock.travel(clock.ahead(hours=2)):
        actions.read_backstory(cast.bob, complaint)
    assert Event.objects.filter(kind="backstory.read").count() == 3


def test_an_administrator_reads_no_backstory_unless_on_the_team(
    cast: Cast, complaint: Complaint, told: Backstory
) -> None:
    assert queries.backstory(cast.dana, complaint) is None
    assert actions.read_backstory(cast.dana, complaint) is None
    with pytest.raises(NotAllowed):
        actions.save_backstory(cast.dana, complaint.pk, **GOLDEN)
    assert not Event.objects.filter(kind="backstory.read").exists()
    join_team(cast.dana, cast.care)
    assert queries.backstory(cast.dana, complaint) == told


def test_an_outsider_neither_reads_nor_writes_a_backstory(cast: Cast, complaint: Complaint, told: Backstory) -> None:
    assert queries.backstory(cast.charlie, complaint) is None
    with pytest.raises(NotFound):
        actions.save_backstory(cast.charlie, complaint.pk, **GOLDEN)


def test_the_summary_goes_out_as_the_agent_approved_it_and_only_then_can_be_confirmed(
    cast: Cast, complaint: Complaint, told: Backstory
) -> None:
    with pytest.raises(Conflict):
        actions.confirm_backstory(cast.alice, complaint.pk, "yes")
    message = actions.send_summary(cast.alice, complaint.pk, "I heard that the water runs out at night. Right?")
    assert message.text == "I heard that the water runs out at night. Right?"
    confirmed = actions.confirm_backstory(cast.alice, complaint.pk, "Exactly!")
    assert confirmed.confirmed_at and confirmed.summary_message == message
    with pytest.raises(InvalidInput):
        actions.confirm_backstory(cast.alice, complaint.pk, "  ")


def test_words_that_change_after_the_customers_yes_are_no_longer_confirmed(
    cast: Cast, complaint: Complaint, told: Backstory
) -> None:
    actions.send_summary(cast.alice, complaint.pk, "Right?")
    actions.confirm_backstory(cast.alice, complaint.pk, "Yes")
    changed = actions.save_backstory(cast.alice, complaint.pk, **{**GOLDEN, "need": "to be believed"})
    assert changed.confirmed_at is None and changed.confirmation == ""


def test_far_too_long_a_story_is_refused_and_nothing_is_kept(cast: Cast, complaint: Complaint) -> None:
    with pytest.raises(InvalidInput) as error:
        actions.save_backstory(cast.alice, complaint.pk, **{**GOLDEN, "need": "x" * 20_001})
    assert error.value.field == "need"
    assert not Backstory.objects.exists()
