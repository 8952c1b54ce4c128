"""How a team weighs the coach's checks, and what agents set aside."""

import pytest

from backstory.conversations import queries
from backstory.conversations.actions import adjust_coaching, dismiss
from backstory.conversations.models import Dismissal
from backstory.kernel.errors import InvalidInput, NotAllowed, NotFound
from backstory.people.models import Membership, User

KEY = "vague_time:soon"


def test_what_is_set_aside_stays_away_for_that_agent_in_that_conversation(cast, write) -> None:
    cold, other = write("Cold.").conversation, write("Late.", sender="tom@example.com").conversation
    dismiss(cast.alice, cold.pk, KEY)
    dismiss(cast.alice, cold.pk, KEY)
    assert queries.coaching_wishes(cast.alice, cold).dismissed == {KEY}
    assert not queries.coaching_wishes(cast.bob, cold).dismissed
    assert not queries.coaching_wishes(cast.alice, other).dismissed


def test_a_check_that_an_agent_keeps_setting_aside_speaks_quieter_to_them_alone(cast, write) -> None:
    conversation = write("Cold.").conversation
    for word in ("soon", "shortly", "asap"):
        dismiss(cast.alice, conversation.pk, f"vague_time:{word}")
    assert queries.coaching_wishes(cast.alice, conversation).adjusted == {"vague_time": -1}
    assert queries.coaching_wishes(cast.bob, conversation).adjusted == {}


def test_a_team_is_counted_only_where_three_people_set_a_check_aside(cast, write) -> None:
    conversation = write("Cold.").conversation
    dismiss(cast.alice, conversation.pk, KEY)
    dismiss(cast.bob, conversation.pk, KEY)
    assert queries.dismissals_of_team(cast.bob, cast.care.pk) == {}
    third = User.objects.create(email="grace@example.com", name="Grace")
    Membership.objects.create(user=third, team=cast.care)
    dismiss(third, conversation.pk, KEY)
    assert queries.dismissals_of_team(cast.bob, cast.care.pk) == {"vague_time": 3}


def test_what_the_law_asks_cannot_be_set_aside(cast, write) -> None:
    conversation = write("Cold.").conversation
    with pytest.raises(InvalidInput):
        dismiss(cast.alice, conversation.pk, "legal_content_missing:")
    with pytest.raises(InvalidInput):
        adjust_coaching(cast.bob, cast.care.pk, {"legal_content_missing": None}, "")
    assert not Dismissal.objects.exists()


def test_only_a_lead_of_the_team_sets_its_coaching(cast, write) -> None:
    for somebody in (cast.alice, cast.charlie):
        with pytest.raises(NotAllowed):
            adjust_coaching(somebody, cast.care.pk, {}, "")
    adjust_coaching(cast.bob, cast.care.pk, {"vague_time": None, "blame": 0}, "uk-fca-disp")
    wishes = queries.coaching_wishes(cast.alice, write("Cold.").conversation)
    assert (wishes.adjusted, wishes.regime) == ({"vague_time": None}, "uk-fca-disp")


@pytest.mark.parametrize(("adjusted", "regime"), [({"nothing": 1}, ""), ({"blame": 7}, ""), ({}, "mars")])
def test_a_setting_that_means_nothing_is_refused_in_words(cast, adjusted, regime) -> None:
    with pytest.raises(InvalidInput):
        adjust_coaching(cast.bob, cast.care.pk, adjusted, regime)


def test_nobody_sets_aside_in_a_conversation_they_may_not_see(cast, write) -> None:
    with pytest.raises(NotFound):
        dismiss(cast.charlie, write("Cold.").conversation.pk, KEY)
