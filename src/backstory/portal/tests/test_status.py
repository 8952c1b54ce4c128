from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from backstory.cases.actions import add_resolution_action, save_backstory
from backstory.cases.models import Complaint, Promise
from backstory.conversations.actions import add_note, send_reply
from backstory.conversations.models import Conversation, Message, RawMessage
from backstory.kernel import clock
from backstory.portal.tests.visitors import Visitor, file, take_in
from backstory.recovery.models import Remedy
from backstory.recovery.queries import status_token
from conftest import Cast


def path(complaint: Complaint) -> str:
    return f"/status/{status_token(complaint)}/"


def promise(complaint: Complaint, quote: str, state: str) -> Promise:
    """A promise as the ledger keeps it, on the first message of the conversation."""
    start = Promise.objects.count() * 10
    return Promise.objects.create(
        conversation=complaint.conversation,
        message=complaint.conversation.messages.all()[0],
        quote=quote,
        start=start,
        end=start + 5,
        state=state,
        due_at=clock.ahead(days=1),
    )


def test_a_customer_sees_where_the_complaint_stands(cast: Cast, complaint: Complaint) -> None:
    send_reply(cast.alice, complaint.conversation_id, "I will call the plumber.")
    promise(complaint, "I will call the plumber", Promise.State.KEPT)
    promise(complaint, "The tank comes tomorrow", Promise.State.OPEN)
    promise(complaint, "You hear from us today", Promise.State.BROKEN)
    page = Client().get(path(complaint)).content.decode()
    assert complaint.number in page and "We are working on it." in page
    assert "Alice takes care of it." in page and "Archer" not in page
    assert "You told us about it." in page and "We answered you." in page
    assert "Kept" in page and "We are on it" in page and "Not kept in time. We are sorry." in page


def test_nothing_internal_is_on_the_page(cast: Cast, complaint: Complaint, write: Callable[..., Message]) -> None:
    write("My rent is too high!", sender="tom@customer.example", customer_name="Tom Other")
    add_note(cast.alice, complaint.conversation_id, "She sounds exhausted NOTE-MARK")
    save_backstory(cast.alice, complaint.pk, stated_problem="", demand="", backstory="CROUP-MARK", need="SAFETY-MARK")
    promise(complaint, "DISMISSED-MARK", Promise.State.DISMISSED)
    promise(complaint, "SUGGESTED-MARK", Promise.State.SUGGESTED)
    remedy(complaint, Remedy.State.REQUESTED, "111.11")
    remedy(complaint, Remedy.State.DECLINED, "222.22")
    remedy(complaint, Remedy.State.GRANTED, "25.00")
    add_resolution_action(
        cast.alice, complaint.pk, serves="cause", text="TANK-MARK", due_at=clock.ahead(days=2), owner_id=cast.alice.pk
    )
    page = Client().get(path(complaint)).content.decode()
    assert "€25.00" in page and "Our next step is planned" in page
    for hidden in ("MARK", "111.11", "222.22", "REASON", "Tom", "Archer", "Byrne", "desk.example/", "customer.example"):
        assert hidden not in page


def remedy(complaint: Complaint, state: str, amount: str) -> Remedy:
    return Remedy.objects.create(
        complaint=complaint, kind="refund", amount=Decimal(amount), currency="EUR", reason="REASON-MARK", state=state
    )


def test_a_remedy_is_told_in_the_readers_words_and_notation(complaint: Complaint) -> None:
    remedy(complaint, Remedy.State.GRANTED, "25.00")
    page = Client().get(path(complaint) + "?lang=de").content.decode()
    assert "Erstattung" in page and "25,00\xa0€" in page


def test_a_closed_complaint_tells_its_outcome_and_the_way_back(closed: Complaint) -> None:
    page = Client().get(path(closed)).content.decode()
    assert "Closed on" in page and "You were right." in page and "we will take it up again" in page
    assert "tank" not in page  # the reason is internal; what customers get to read is in the answer


def test_a_closed_complaint_with_an_open_promise_does_not_say_that_nothing_comes(closed: Complaint) -> None:
    promise(closed, "I will refund it today", Promise.State.OPEN)
    page = Client().get(path(closed)).content.decode()
    assert "Our next step is planned by" in page and "Nothing more is planned" not in page


def test_the_page_is_kept_nowhere_and_told_nobody(complaint: Complaint) -> None:
    for page in (Client().get(path(complaint)), Client().get("/status/forged/")):
        assert page["Cache-Control"] == "no-store"
        assert page["Referrer-Policy"] == "no-referrer"
        assert page["X-Robots-Tag"] == "noindex"


def test_forged_revoked_and_expired_links_get_the_same_kind_page(complaint: Complaint) -> None:
    good = status_token(complaint)
    forged = good[:-4] + "AAAA"
    with clock.travel(clock.now() - timedelta(days=200)):
        expired = status_token(complaint)
    revoked = good
    complaint.link_version += 1
    complaint.save()
    pages = [Client().get(f"/status/{token}/") for token in (forged, expired, revoked, "x" * 500, "..")]
    assert {page.status_code for page in pages} == {404}
    for page in pages[:4]:
        assert "care@desk.example" in page.content.decode() and "/help/" in page.content.decode()


def test_a_customer_writes_back_into_the_same_conversation(visitor: Visitor, closed: Complaint) -> None:
    link = path(closed)
    answer = visitor.client.post(link, {**visitor.open(link), "happened": "It is cold again.", "files": [file()]})
    assert answer.status_code == 302 and "done=written" in answer["Location"]
    assert "your message has arrived" in visitor.client.get(answer["Location"]).content.decode()
    (message,) = take_in()
    assert message.conversation_id == closed.conversation_id and message.text == "It is cold again."
    assert message.conversation.customer == closed.conversation.customer
    assert message.attachments.count() == 1
    assert Conversation.objects.get(pk=closed.conversation_id).state == Conversation.State.OPEN


def test_the_browsers_own_form_on_a_no_referrer_page_passes(visitor: Visitor, complaint: Complaint) -> None:
    link = path(complaint)
    answer = visitor.client.post(
        link, {**visitor.open(link), "happened": "Any news?"}, headers={"origin": "null"}, secure=True
    )
    assert answer.status_code == 302


@pytest.mark.parametrize("headers", [{"origin": "https://elsewhere.example"}, {}])
def test_writing_back_needs_the_token_of_the_page(
    visitor: Visitor, complaint: Complaint, headers: dict[str, str]
) -> None:
    link = path(complaint)
    fields = {**visitor.open(link), "happened": "Any news?"} | ({} if headers else {"csrfmiddlewaretoken": "no"})
    answer = visitor.client.post(link, fields, headers=headers)
    assert answer.status_code == 403 and "Any news?" in answer.content.decode()
    assert RawMessage.objects.filter(channel="form").count() == 0


def test_an_empty_message_is_asked_for(visitor: Visitor, complaint: Complaint) -> None:
    link = path(complaint)
    answer = visitor.client.post(link, {**visitor.open(link), "happened": " "})
    assert answer.status_code == 422 and "Please tell us what happened" in answer.content.decode()


def test_a_double_click_writes_once_and_the_same_words_later_are_heard_again(
    visitor: Visitor, complaint: Complaint
) -> None:
    link = path(complaint)
    fields = {**visitor.open(link), "happened": "Any news?"}
    for _ in range(2):
        visitor.client.post(link, fields)
    assert len(take_in()) == 1
    visitor.client.post(link, {**visitor.open(link), "happened": "Any news?"})
    assert len(take_in()) == 1


def test_html_in_a_promise_is_shown_as_text(complaint: Complaint) -> None:
    promise(complaint, "<img src=x onerror=alert(1)>", Promise.State.OPEN)
    assert "<img" not in Client().get(path(complaint)).content.decode()


def test_a_link_never_reaches_the_log(visitor: Visitor, complaint: Complaint, caplog: pytest.LogCaptureFixture) -> None:
    link = path(complaint)
    visitor.client.post(link, {**visitor.open(link), "happened": ""})
    visitor.client.post(link, {"happened": "forged"})
    complaint.link_version += 1
    complaint.save()
    assert visitor.client.get(link).status_code == 404
    assert link not in caplog.text
