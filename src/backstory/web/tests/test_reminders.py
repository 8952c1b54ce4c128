"""A promise that is soon due comes to the eye of whoever gave it, on every page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from backstory.cases.actions import accept_promise, keep_promise, remind_due_promises, suggest_promises
from backstory.cases.models import Promise
from backstory.conversations.actions import send_reply
from backstory.conversations.models import Message
from backstory.kernel import clock
from conftest import Cast


@pytest.mark.django_db
def test_the_giver_of_a_promise_is_reminded_before_it_is_due_until_it_is_kept(
    cast: Cast, write: Callable[..., Message]
) -> None:
    reply = send_reply(cast.alice, write("It is cold.").conversation_id, "I will call you in two days.")
    suggest_promises(reply.pk)
    promise = accept_promise(cast.alice, Promise.objects.get().pk)
    alice, bob = Client(), Client()
    alice.force_login(cast.alice)
    bob.force_login(cast.bob)

    assert "rail-count" not in alice.get("/profile/").content.decode()
    assert promise.due_at is not None
    with clock.travel(promise.due_at - timedelta(minutes=5)):
        remind_due_promises()
    assert "rail-count" in alice.get("/profile/").content.decode()
    assert "rail-count" not in bob.get("/profile/").content.decode()
    assert "A promise is soon due" in alice.get(f"/conversations/{reply.conversation_id}/").content.decode()
    keep_promise(cast.alice, promise.pk)
    assert "rail-count" not in alice.get("/profile/").content.decode()
