"""Maya's complaint, as far as each test wants it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from backstory.cases.actions import open_complaint
from backstory.cases.models import Complaint, Promise
from backstory.conversations.actions import send_reply
from backstory.conversations.models import Message
from backstory.kernel import clock
from conftest import Cast

LETTER = "There is never enough hot water! The water is cold every night. Please move my family to another house."


@pytest.fixture
def letter(write: Callable[..., Message]) -> Message:
    return write(LETTER)


@pytest.fixture
def complaint(cast: Cast, letter: Message) -> Complaint:
    return open_complaint(cast.alice, letter.conversation_id)


@pytest.fixture
def promised(cast: Cast, letter: Message) -> Callable[..., Promise]:
    """A promise in a reply by Alice, by default open and due in two days."""

    def add(state: str = Promise.State.OPEN, days: float | None = 2, text: str = "I will call you.") -> Promise:
        message = send_reply(cast.alice, letter.conversation_id, text)
        return Promise.objects.create(
            conversation_id=letter.conversation_id,
            message=message,
            quote=text,
            end=len(text),
            owner=cast.alice,
            due_at=None if days is None else clock.now() + timedelta(days=days),
            state=state,
        )

    return add
