"""The page on which leads weigh the coach's checks, and what follows for a draft."""

from django.test import Client

from backstory.conversations.models import Delivery, Message
from backstory.web.tests.conftest import HTMX
from conftest import Cast

HARSH = "Dear Maya, I am sorry that it is cold. Calm down, I will come soon."
DECISION = "This is our final response. We reject your complaint because the heating works."


def checked(client: Client, message: Message, text: str) -> str:
    answer = client.post(f"/conversations/{message.conversation_id}/check/", {"text": text}, headers=HTMX)
    return answer.content.decode()


def test_a_lead_sees_every_check_with_its_evidence_and_weighs_it(
    bob: Client, alice: Client, cast: Cast, letter: Message
):
    page = bob.get("/coaching/").content.decode()
    assert "Marinova" in page and 'name="weight-calm_down"' in page
    assert "calm_down:" in checked(alice, letter, HARSH)
    saved = bob.post("/coaching/save/", {"team": cast.care.pk, "weight-calm_down": "off"}, follow=True)
    assert '<option value="off" selected>' in saved.content.decode()
    assert "calm_down:" not in checked(alice, letter, HARSH)


def test_a_decision_that_lacks_what_the_regime_asks_is_not_sent(
    bob: Client, alice: Client, cast: Cast, letter: Message
):
    bob.post("/coaching/save/", {"team": cast.care.pk, "regime": "uk-fca-disp"})
    assert "Ombudsman" in checked(alice, letter, DECISION)
    sent = {"mode": "reply", "text": DECISION, "seen": letter.pk}
    answer = alice.post(f"/conversations/{letter.conversation_id}/send/", sent, headers=HTMX)
    assert answer.status_code == 409 and "Ombudsman" in answer.content.decode()
    assert not Delivery.objects.exists()
    plain = sent | {"text": "Dear Maya, I will call you tomorrow at 9."}
    assert alice.post(f"/conversations/{letter.conversation_id}/send/", plain, headers=HTMX).status_code == 200


def test_agents_and_strangers_have_no_such_page(alice: Client, charlie: Client, cast: Cast):
    assert alice.get("/coaching/").status_code == 403
    assert charlie.post("/coaching/save/", {"team": cast.care.pk}).status_code == 403
