"""Telling customers what changed: written, previewed, approved by another lead, sent a few at a time, declined."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client

from backstory.cases.actions import close_complaint, open_complaint, set_cause
from backstory.cases.models import Cause, SensitiveReading
from backstory.channels.email.compose import render
from backstory.channels.email.send import letter_of
from backstory.conversations.models import Conversation, Message
from backstory.improvement import actions
from backstory.improvement.models import Campaign, Recipient
from backstory.improvement.tasks import send_campaign_letters
from backstory.kernel import clock
from backstory.people.actions import add_user, note_trouble
from backstory.people.models import AddressTrouble, Role
from backstory.web.tests.conftest import HTMX

pytestmark = pytest.mark.django_db
NEWS = "Hello {name},\nyour complaint {number} led to this:\na second tank is in."


def text_of(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.fixture
def grace(cast, browser_of) -> Client:
    return browser_of(add_user("grace@desk.example", "Grace Gray", "correct horse battery", Role.LEAD, (cast.care,)))


@pytest.fixture
def complained(cast, write):
    """Somebody complains; by default the complaint is closed again."""
    cause = Cause.objects.create(name="Tank too small", slug="tank")

    def complain(name: str, *, closed: bool = True):
        message = write("No hot water again.", sender=f"{name.lower()}@customer.example", from_name=name)
        complaint = open_complaint(cast.alice, message.conversation_id)
        set_cause(cast.alice, complaint.pk, cause.pk)
        if closed:
            close_complaint(cast.alice, complaint.pk, "upheld", "The tank was too small.")
        return complaint

    return complain


@pytest.fixture
def campaign(cast, complained) -> Campaign:
    people = [complained("Maya").pk, complained("Tom").pk]
    problem = actions.open_problem(cast.bob, "Cold at night", team_id=cast.care.pk, complaint_ids=people)
    found = actions.plan_campaign(cast.bob, problem.pk, "changed", "Second tanks")
    for language in ("de", "es", "fr"):
        actions.write_text(cast.bob, found.pk, language, "", "")
    actions.write_text(cast.bob, found.pk, "en", "A second tank", NEWS)
    return found


def outgoing() -> list[Message]:
    return list(Message.objects.filter(direction="out", delivery__kind="news").order_by("id"))


def send(campaign: Campaign, bob: Client, grace: Client) -> None:
    bob.post(f"/campaigns/{campaign.pk}/preview/")
    grace.post(f"/campaigns/{campaign.pk}/approve/")
    grace.post(f"/campaigns/{campaign.pk}/step/", {"step": "start"})
    send_campaign_letters.call_local()


def test_who_complained_is_told_once_with_their_own_number_by_a_letter_another_lead_approved(
    campaign, bob, grace, cast
) -> None:
    at = f"/campaigns/{campaign.pk}"
    assert grace.post(f"{at}/approve/", headers=HTMX).status_code == 409
    bob.post(f"{at}/preview/")
    assert bob.post(f"{at}/approve/", headers=HTMX).status_code == 403
    assert "your complaint C-" in text_of(grace.get(f"{at}/"))
    grace.post(f"{at}/approve/")
    assert outgoing() == []
    bob.post(f"{at}/step/", {"step": "start"})
    send_campaign_letters.call_local()
    send_campaign_letters.call_local()
    letters = outgoing()
    assert sorted(letter.to[0]["email"] for letter in letters) == ["maya@customer.example", "tom@customer.example"]
    for letter in letters:
        assert letter.conversation.complaint.number in letter.text and "No more such letters: http" in letter.text
    campaign.refresh_from_db()
    assert campaign.state == "done" and "2 of 2 told" in text_of(bob.get(f"{at}/"))


def test_the_letter_can_be_declined_from_any_mail_program_and_then_no_other_comes(campaign, bob, grace) -> None:
    send(campaign, bob, grace)
    first = outgoing()[0]
    raw = render(letter_of(first.delivery), "loop")
    assert b"List-Unsubscribe: <http" in raw.replace(b"\r\n ", b" ") and b"Auto-Submitted" in raw
    link = re.search(r"http\S+(/unsubscribe/news/\S+)", first.text).group(1)
    assert "News from us" in text_of(Client().get(link))
    assert Recipient.objects.filter(reason="declined").count() == 0
    assert "no more news" in text_of(Client().post(link))
    again = actions.plan_campaign(campaign.made_by, campaign.problem_id, "notice", "Warning")
    for language in ("de", "es", "fr"):
        actions.write_text(campaign.made_by, again.pk, language, "", "")
    actions.write_text(campaign.made_by, again.pk, "en", "Frost", "Frost is coming.")
    actions.preview_campaign(campaign.made_by, again.pk)
    declined = again.recipients.get(reason="declined")
    assert declined.customer == first.conversation.customer and declined.state == "left_out"
    assert Client().get("/unsubscribe/news/forged/").status_code == 404


def test_nobody_is_told_twice_and_an_open_complaint_waits(campaign, bob, grace, cast, complained) -> None:
    send(campaign, bob, grace)
    priya = complained("Priya", closed=False)
    actions.link_complaints(cast.bob, campaign.problem_id, [priya.pk])
    again = actions.plan_campaign(cast.bob, campaign.problem_id, "changed", "Once more")
    for language in ("de", "es", "fr"):
        actions.write_text(cast.bob, again.pk, language, "", "")
    actions.write_text(cast.bob, again.pk, "en", "A second tank", NEWS)
    actions.preview_campaign(cast.bob, again.pk)
    assert sorted(again.recipients.values_list("reason", flat=True)) == ["open", "told", "told"]


def test_undeliverable_addresses_and_people_in_need_of_care_are_left_to_a_person_without_saying_why(
    campaign, bob, cast
) -> None:
    note_trouble("maya@customer.example", AddressTrouble.Kind.UNDELIVERABLE, "550 unknown")
    tom = Message.objects.get(sender_address="tom@customer.example")
    SensitiveReading.objects.create(message=tom, engine="test", data={"vulnerability": [{"driver": "health"}]})
    bob.post(f"/campaigns/{campaign.pk}/preview/")
    assert set(campaign.recipients.values_list("state", "reason")) == {
        ("by_hand", "undeliverable"),
        ("by_hand", "person"),
    }
    shown = text_of(bob.get(f"/campaigns/{campaign.pk}/"))
    assert "Better told by a person" in shown and "health" not in shown.lower() and "vulnerab" not in shown.lower()


def test_letters_go_out_no_faster_than_agreed_and_stop_when_paused(campaign, bob, grace) -> None:
    bob.post(f"/campaigns/{campaign.pk}/reach/", {"per_hour": "1"})
    start = clock.now()
    with clock.travel(start):
        send(campaign, bob, grace)
        send_campaign_letters.call_local()
        assert len(outgoing()) == 1
    with clock.travel(start + timedelta(minutes=61)):
        bob.post(f"/campaigns/{campaign.pk}/step/", {"step": "pause"})
        send_campaign_letters.call_local()
        assert len(outgoing()) == 1
        bob.post(f"/campaigns/{campaign.pk}/step/", {"step": "resume"})
        send_campaign_letters.call_local()
        assert len(outgoing()) == 2


def test_who_opens_a_complaint_meanwhile_is_not_told(campaign, bob, grace, cast) -> None:
    bob.post(f"/campaigns/{campaign.pk}/preview/")
    grace.post(f"/campaigns/{campaign.pk}/approve/")
    from backstory.cases.actions import reopen_complaint

    maya = campaign.recipients.get(address="maya@customer.example")
    reopen_complaint(cast.alice, maya.complaint_id)
    grace.post(f"/campaigns/{campaign.pk}/step/", {"step": "start"})
    send_campaign_letters.call_local()
    assert [letter.to[0]["email"] for letter in outgoing()] == ["tom@customer.example"]
    maya.refresh_from_db()
    assert (maya.state, maya.reason) == ("left_out", "open")


def test_the_affected_who_kept_silent_are_told_in_a_thread_where_their_answer_lands(
    campaign, bob, grace, write, cast
) -> None:
    handed = "address,name,language\nPriya@customer.example,Priya Patel,en\ntom@customer.example,Tom,en\n"
    bob.post(f"/campaigns/{campaign.pk}/reach/", {"per_hour": "600", "list": handed})
    send(campaign, bob, grace)
    letters = outgoing()
    assert len(letters) == 3
    priya = next(letter for letter in letters if letter.to[0]["email"] == "priya@customer.example")
    assert "Hello Priya Patel" in priya.text and "complaint" not in priya.text
    assert priya.conversation.state == Conversation.State.CLOSED
    answer = write("Thank you!", sender="priya@customer.example", reply_token=priya.conversation.reply_token)
    assert answer.conversation_id == priya.conversation_id
    assert answer.conversation.state == Conversation.State.OPEN


def test_a_letter_with_a_blank_or_a_list_with_a_typo_is_refused(campaign, bob, cast) -> None:
    draft = actions.plan_campaign(cast.bob, campaign.problem_id, "changed", "Unwritten")
    assert "square brackets" in text_of(bob.post(f"/campaigns/{draft.pk}/preview/", headers=HTMX))
    wrong = bob.post(f"/campaigns/{campaign.pk}/reach/", {"per_hour": "9", "list": "no address@"}, headers=HTMX)
    assert wrong.status_code == 422 and "Line 1" in text_of(wrong)


def test_changing_the_letter_after_the_approval_is_not_possible(campaign, bob, grace) -> None:
    bob.post(f"/campaigns/{campaign.pk}/preview/")
    grace.post(f"/campaigns/{campaign.pk}/approve/")
    form = {"language": "en", "subject": "Ha", "text": "Buy our boiler"}
    assert bob.post(f"/campaigns/{campaign.pk}/text/", form, headers=HTMX).status_code == 409
