"""What was begun comes back as what it was begun as."""

from collections.abc import Callable

import pytest
from django.test import Client

from backstory.conversations.actions import save_draft
from backstory.conversations.models import Message
from conftest import Cast


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["reply", "note"])
def test_a_draft_comes_back_in_the_mode_it_was_written_in(mode: str, cast: Cast, write: Callable[..., Message]) -> None:
    conversation = write("It is cold.").conversation_id
    save_draft(cast.alice, conversation, "Half a thought", mode=mode)
    client = Client()
    client.force_login(cast.alice)
    page = client.get(f"/conversations/{conversation}/").content.decode()
    assert "Half a thought" in page
    assert f'name="mode" value="{mode}" checked' in page
