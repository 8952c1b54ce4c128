"""The phrases of a team: what ships, what it changes, and what of them was sent."""

from collections.abc import Callable

import pytest

from backstory.cases import actions, queries, tasks, toolkit
from backstory.cases.actions import Words
from backstory.cases.models import PhraseUse
from backstory.coach import Context, check
from backstory.conversations.actions import send_reply
from backstory.conversations.models import Message
from backstory.kernel.errors import InvalidInput, NotAllowed, NotFound
from conftest import Cast

OPTIONS = next(each for each in toolkit.shipped("en") if each.key == "resolve-two-options")


@pytest.mark.parametrize("language", toolkit.LANGUAGES)
def test_what_ships_is_sound_and_passes_our_own_coach(language: str) -> None:
    found = toolkit.shipped(language)
    assert len(found) >= (60 if language in ("en", "de") else 20)
    assert len({each.text for each in found}) == len(found)
    english = {each.key: each for each in toolkit.shipped("en")}
    for each in found:
        assert each.step in toolkit.STEPS and each.labels == english[each.key].labels
        assert each.emotion in ("", *toolkit.EMOTIONS) and each.style in ("", *toolkit.STYLES)
        grave = {one.id for one in check(each.text, Context()).findings if one.level in ("warning", "blocker")}
        assert grave <= {"placeholder_left"}, each.text


def test_a_phrase_was_sent_where_most_of_its_words_stand_in_order() -> None:
    sent = "Hello,\nI can do one of two things: a refund, or\na new lamp. Which is better   for you?"
    assert toolkit.stands_in(OPTIONS.text, sent)
    assert not toolkit.stands_in(OPTIONS.text, "I can do it. Which lamp do you mean?")
    assert not toolkit.stands_in("[name]", "Maya")


def test_what_fits_the_customer_is_offered_and_search_finds_the_rest() -> None:
    wanted = toolkit.Wanted(emotion="anger", channel="email")
    offered = {each.key for _, each in toolkit.fitting(toolkit.shipped("en"), wanted)}
    assert "connect-waited" in offered
    assert not offered & {"connect-worry-family", "ask-chat", "resolve-driver"}
    searched = toolkit.fitting(toolkit.shipped("en"), toolkit.Wanted(words="driver Resolve"))
    assert {each.key for _, each in searched} == {"resolve-driver"}


@pytest.mark.django_db
def test_a_team_says_it_in_its_own_words_and_another_team_keeps_the_shipped_ones(cast: Cast) -> None:
    actions.save_phrase(cast.bob, cast.care.pk, Words("A or B?", "en", "resolve"), "resolve-two-options")
    added = actions.save_phrase(cast.bob, cast.care.pk, Words("We are neighbours.", "en", "connect", style="amiable"))
    texts = {each.key: each.text for each in queries.phrases_of(cast.care.pk, "en")}
    assert texts["resolve-two-options"] == "A or B?" and texts[f"own-{added.pk}"] == "We are neighbours."
    other = cast.charlie.memberships.get().team_id
    assert OPTIONS in queries.phrases_of(other, "en")
    actions.hide_phrase(cast.bob, cast.care.pk, "en", "resolve-two-options")
    assert "resolve-two-options" not in {each.key for each in queries.phrases_of(cast.care.pk, "en")}
    actions.restore_phrase(cast.bob, cast.care.pk, "en", "resolve-two-options")
    assert OPTIONS in queries.phrases_of(cast.care.pk, "en")


@pytest.mark.django_db
def test_only_leads_of_the_team_edit_and_nonsense_is_refused(cast: Cast) -> None:
    words = Words("I am on it.", "en", "connect")
    for somebody in (cast.alice, cast.charlie, cast.dana):
        with pytest.raises(NotAllowed):
            actions.save_phrase(somebody, cast.care.pk, words)
    for wrong in (Words("", "en"), Words("x" * 1001, "en"), Words("x", "xx"), Words("x", "en", step="jump")):
        with pytest.raises(InvalidInput):
            actions.save_phrase(cast.bob, cast.care.pk, wrong)
    for key in ("nothing", "own-999", "own-x"):
        with pytest.raises(NotFound):
            actions.save_phrase(cast.bob, cast.care.pk, words, key)


@pytest.mark.django_db
def test_what_was_sent_of_the_phrases_is_kept_once(cast: Cast, letter: Message) -> None:
    text = "Two things: I can do one of two things: a refund, or a new tank. Which is better for you?"
    reply = send_reply(cast.alice, letter.conversation_id, text)
    for _ in range(2):
        tasks.note_phrases.call_local(reply.pk)
    use = PhraseUse.objects.get()
    assert (use.phrase, use.message_id, use.team_id) == ("resolve-two-options", reply.pk, cast.care.pk)


@pytest.mark.django_db
def test_customers_messages_count_as_no_use(write: Callable[..., Message]) -> None:
    assert actions.note_phrases(write(OPTIONS.text).pk) == 0
