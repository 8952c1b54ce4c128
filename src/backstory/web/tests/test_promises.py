"""The ledger of promises and its rates, as the people of a team see them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from backstory.cases.actions import (
    accept_promise,
    break_overdue_promises,
    keep_promise,
    open_complaint,
    suggest_promises,
)
from backstory.cases.models import Promise
from backstory.conversations.actions import add_note, close, send_reply
from backstory.conversations.models import Conversation, Message
from backstory.kernel import clock
from backstory.recovery.queries import status_token
from backstory.web.tests.conftest import HTMX
from conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def promise(cast: Cast, letter: Message) -> Promise:
    reply = send_reply(cast.alice, letter.conversation_id, "I will call you within two days.")
    (found,) = suggest_promises(reply.pk)
    return found


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_an_offer_is_accepted_with_another_day_and_keeper(cast: Cast, alice: Client, promise: Promise) -> None:
    assert "I will call you within two days" in page(alice, f"/conversations/{promise.conversation_id}/")
    due = f"{clock.ahead(days=5):%Y-%m-%d}T10:30"
    sent = {"decision": "accept", "due": due, "owner": str(cast.bob.pk)}
    assert alice.post(f"/promises/{promise.pk}/", sent, headers=HTMX).status_code == 200
    promise.refresh_from_db()
    assert (promise.state, promise.owner) == (Promise.State.OPEN, cast.bob)
    assert promise.due_at and promise.due_at.minute == 30
    sent = {"decision": "amend", "due": f"{clock.ahead(days=6):%Y-%m-%d}T11:45", "owner": str(cast.alice.pk)}
    alice.post(f"/promises/{promise.pk}/", sent)
    promise.refresh_from_db()
    assert (promise.due_at.minute, promise.owner) == (45, cast.alice)


@pytest.mark.parametrize("wrong", [{"due": "tomorrow"}, {"due": "2020-01-01T10:00"}, {"owner": "999999"}, {}])
def test_a_change_that_cannot_be_is_refused_in_words(
    cast: Cast, alice: Client, promise: Promise, wrong: dict[str, str]
) -> None:
    accept_promise(cast.alice, promise.pk)
    answer = alice.post(f"/promises/{promise.pk}/", {"decision": "amend", **wrong}, headers=HTMX)
    assert answer.status_code in (400, 422)


def test_a_broken_promise_raises_its_conversation_and_says_what_could_be_said(
    cast: Cast, alice: Client, promise: Promise, write: Callable[..., Message]
) -> None:
    accept_promise(cast.alice, promise.pk)
    close(cast.alice, promise.conversation_id)
    with clock.travel(clock.ahead(days=1)):
        other = write("Another one.", subject="Other")
    assert promise.due_at
    with clock.travel(promise.due_at + timedelta(minutes=1)):
        assert break_overdue_promises() == 1
        queue = page(alice, "/")
        assert queue.index(f"row-{promise.conversation_id}") < queue.index(f"row-{other.conversation_id}")
        opened = page(alice, f"/conversations/{promise.conversation_id}/")
        assert "A promise was broken" in opened and "I did not keep that" in opened
        assert "rail-count" in opened
    assert Conversation.objects.get(pk=promise.conversation_id).state == Conversation.State.OPEN
    with clock.travel(promise.due_at + timedelta(hours=1)):
        send_reply(cast.alice, promise.conversation_id, "I am sorry that I did not call.")
        opened = page(alice, f"/conversations/{promise.conversation_id}/")
        assert "Nobody has told the customer" not in opened and "rail-count" not in opened


def test_what_was_kept_shows_its_evidence(cast: Cast, alice: Client, promise: Promise) -> None:
    accept_promise(cast.alice, promise.pk)
    proof = add_note(cast.alice, promise.conversation_id, "Called her at 10.")
    alice.post(f"/promises/{promise.pk}/", {"decision": "kept", "evidence": "called at 10"})
    shown = page(alice, "/promises/?show=kept")
    assert "called at 10" in shown and f"#message-{proof.pk}" in shown


def test_mine_and_the_teams_soon_and_later(cast: Cast, alice: Client, bob: Client, promise: Promise) -> None:
    accept_promise(cast.alice, promise.pk, clock.ahead(days=1))
    words = promise.quote
    assert words in page(alice, "/promises/?whose=mine") and words in page(bob, "/promises/")
    assert words not in page(bob, "/promises/?whose=mine")
    assert words in page(bob, "/promises/?show=soon") and words not in page(bob, "/promises/?show=overdue")


def test_promises_of_call_notes_are_found_and_their_words_stay_with_the_team(
    cast: Cast, letter: Message, client: Client
) -> None:
    note = add_note(cast.alice, letter.conversation_id, "Difficult man. Promised him a plumber by Friday noon.")
    (found,) = suggest_promises(note.pk)
    accept_promise(cast.alice, found.pk, clock.ahead(days=2))
    complaint = open_complaint(cast.alice, letter.conversation_id)
    shown = page(client, f"/status/{status_token(complaint)}/")
    assert "plumber" not in shown and "Something we told you on the telephone" in shown


def test_leads_see_how_many_are_kept_by_team_and_cause(
    cast: Cast, bob: Client, alice: Client, promise: Promise
) -> None:
    assert "No promise was settled" in page(bob, "/promises/rates/")
    accept_promise(cast.alice, promise.pk)
    keep_promise(cast.alice, promise.pk)
    shown = page(bob, "/promises/rates/?period=4w")
    assert "Customer care" in shown and "Cause not yet known" in shown and "too few to tell" in shown
    assert alice.get("/promises/rates/").status_code == 403
