"""Keeping a customer informed from the case panel: read, change, send, skip, plan, switch off, revoke."""

from datetime import timedelta

import pytest
from django.test import Client

from backstory.cases.models import Complaint
from backstory.conversations.models import Message
from backstory.kernel import clock
from backstory.recovery.actions import note_changes
from backstory.recovery.models import StageUpdate, UpdateManner
from backstory.recovery.queries import complaint_by_status_token, manner_of, status_token
from backstory.web.tests.conftest import HTMX
from conftest import Cast


@pytest.fixture
def update(complaint: Complaint) -> StageUpdate:
    """The acknowledgement, still to go out."""
    note_changes()
    return complaint.updates.get(kind="changed")


def post(client: Client, url: str, **data: object) -> tuple[int, str]:
    answer = client.post(url, data, headers=HTMX)
    return answer.status_code, answer.content.decode()


def test_the_panel_tells_what_is_planned_and_shows_the_letter(
    alice: Client, complaint: Complaint, update: StageUpdate
) -> None:
    page = alice.get(f"/conversations/{complaint.conversation_id}/").content.decode()
    assert "Keep them informed" in page and "It has arrived" in page and "Not opened yet" in page
    assert f"/status/preview/{complaint.pk}/" in page
    letter = alice.get(f"/updates/{update.pk}/", headers=HTMX).content.decode()
    assert complaint.number in letter and "Send it now" in letter and "<html" not in letter
    assert "<html" in alice.get(f"/updates/{update.pk}/").content.decode()


def test_an_agent_changes_the_words_and_sends_them(alice: Client, update: StageUpdate) -> None:
    url = f"/updates/{update.pk}/decide/"
    assert "in your words" in post(alice, url, decision="save", text="We are on it. {link}")[1]
    assert "is told" in post(alice, url, decision="send", text="We are on it today. {link}")[1]
    letter = Message.objects.latest("id")
    assert letter.text.startswith("We are on it today. http")
    assert post(alice, url, decision="send")[0] == 409


def test_an_agent_skips_with_a_reason(alice: Client, update: StageUpdate) -> None:
    url = f"/updates/{update.pk}/decide/"
    assert post(alice, url, decision="skip")[0] == 422 and post(alice, url, decision="burn")[0] == 422
    assert "Skipped" in post(alice, url, decision="skip", reason="I called her.")[1]
    update.refresh_from_db()
    assert (update.state, update.reason) == ("skipped", "I called her.")


def test_an_agent_plans_a_letter_and_switches_the_rest_off(
    alice: Client, complaint: Complaint, update: StageUpdate
) -> None:
    due = f"{clock.ahead(days=2):%Y-%m-%dT10:00}"
    assert post(alice, f"/complaints/{complaint.pk}/updates/", due=due, text="The part comes.")[0] == 200
    assert post(alice, f"/complaints/{complaint.pk}/updates/")[0] == 422
    assert StageUpdate.objects.filter(text="The part comes.", planned_by__isnull=False).count() == 1
    post(alice, f"/complaints/{complaint.pk}/updates/switch/", automatic="no")
    assert not manner_of(complaint).automatic
    page = alice.get(f"/conversations/{complaint.conversation_id}/").content.decode()
    assert "you send it" in page and "Let updates go out by themselves" in page


def test_what_is_late_is_shown_as_late(alice: Client, complaint: Complaint, update: StageUpdate) -> None:
    StageUpdate.objects.update(due_at=clock.now() - timedelta(hours=3), held="unanswered")
    page = alice.get(f"/conversations/{complaint.conversation_id}/").content.decode()
    listed = alice.get("/updates/").content.decode()
    assert "Late" in page and "waits for an answer of yours" in page
    assert complaint.number in listed and "Late" in listed
    assert complaint.number not in alice.get("/updates/?show=coming").content.decode()


def test_an_agent_revokes_the_links(alice: Client, complaint: Complaint) -> None:
    old = status_token(complaint)
    assert "open nothing any more" in post(alice, f"/complaints/{complaint.pk}/links/revoke/")[1]
    with pytest.raises(Exception, match="not valid"):
        complaint_by_status_token(old)


def test_a_lead_says_how_it_is_done_in_the_team(bob: Client, cast: Cast, complaint: Complaint) -> None:
    page = bob.get("/updates/manner/").content.decode()
    assert "Customer care" in page and "The whole desk" not in page and "Spare parts" not in page
    fields = {"place": f"team:{cast.care.pk}", "automatic": "no", "carer": "team", "every-2": "7", "every-0": "0"}
    assert bob.post("/updates/manner/", fields).status_code == 302
    row = UpdateManner.objects.get()
    assert (row.team, row.automatic, row.carer, row.every) == (cast.care, False, "team", {"0": 0, "2": 7})
    assert bob.post("/updates/manner/", {**fields, "place": f"team:{cast.parts.pk}"}).status_code == 403
    assert "from 0 (never) to 60" in post(bob, "/updates/manner/", **{**fields, "every-2": "999"})[1]
    assert UpdateManner.objects.get().every["2"] == 7
    assert 'value="7"' in bob.get("/updates/manner/").content.decode()
