"""The status page as a customer uses it: offers, the code, letters and files, a call, and coming back."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from backstory.cases.actions import add_resolution_action, save_backstory
from backstory.cases.models import Complaint
from backstory.channels.email.send import letter_of
from backstory.conversations.actions import add_note, send_reply
from backstory.conversations.letters import InboundAttachment
from backstory.conversations.models import Message
from backstory.kernel import clock
from backstory.live.models import Event
from backstory.people.actions import set_language
from backstory.people.models import Identity
from backstory.portal.tests.visitors import Visitor, take_in
from backstory.recovery import tasks
from backstory.recovery.actions import mark_carried_out, note_changes, offer_remedy, send_due_updates
from backstory.recovery.models import AccessCode, Remedy, StatusOpenings
from backstory.recovery.queries import complaint_by_status_token, status_token
from backstory.recovery.rules.access import MASK
from conftest import Cast


@pytest.fixture
def link(complaint: Complaint) -> str:
    return f"/status/{status_token(complaint)}/"


def mailed_code() -> str:
    """The digits as they stand in the newest letter that leaves; in the desk itself they stand nowhere."""
    message = Message.objects.filter(text__contains=MASK).latest("id")
    found = re.search(r"^\d{6}$", letter_of(message.delivery).text, re.MULTILINE)
    assert found and found.group() not in message.text
    return found.group()


def post(visitor: Visitor, page: str, to: str, **fields: object) -> tuple[int, str]:
    """Press a button of the page at `page`; follows to the page that comes."""
    answer = visitor.client.post(to, {**visitor.open(page), "do": "", **fields}, follow=True)
    return answer.status_code, answer.content.decode()


def unlock(visitor: Visitor, link: str) -> None:
    post(visitor, link, f"{link}code/", do="send")
    assert post(visitor, f"{link}code/", f"{link}code/", code=mailed_code())[0] == 200


def refund(cast: Cast, complaint: Complaint, amount: str = "25") -> Remedy:
    return offer_remedy(cast.alice, complaint.pk, "refund", amount, "EUR", "REASON-MARK")


def test_money_is_accepted_only_after_the_code(cast: Cast, visitor: Visitor, complaint: Complaint, link: str) -> None:
    remedy = refund(cast, complaint)
    page = visitor.client.get(link).content.decode()
    assert "€25.00" in page and "we first send a code" in page and ">Accept<" not in page
    status, page = post(visitor, link, f"{link}offers/{remedy.pk}/", answer="accepted")
    assert status == 422 and "open the page with a code first" in page and not Remedy.objects.get().answer
    unlock(visitor, link)
    status, page = post(visitor, link, f"{link}offers/{remedy.pk}/", answer="accepted")
    assert status == 200 and "You have accepted this." in page
    kept = Remedy.objects.get()
    assert kept.answer == "accepted" and kept.answered_at
    assert Event.objects.get(kind="remedy.accepted").actor_kind == "customer"
    status, page = post(visitor, link, f"{link}offers/{remedy.pk}/", answer="declined")
    assert status == 422 and "answered before" in page and Remedy.objects.get().answer == "accepted"


def test_what_costs_nothing_is_answered_without_a_code_and_what_is_done_needs_no_answer(
    cast: Cast, visitor: Visitor, complaint: Complaint, link: str
) -> None:
    repair = offer_remedy(cast.alice, complaint.pk, "repair", "0", "EUR", "x")
    apology = offer_remedy(cast.alice, complaint.pk, "apology", "0", "EUR", "x")
    assert "You have declined" in post(visitor, link, f"{link}offers/{repair.pk}/", answer="declined")[1]
    mark_carried_out(apology.pk, "by telephone", cast.alice)
    page = visitor.client.get(link).content.decode()
    assert "This is done." in page and "by telephone" not in page
    assert post(visitor, link, f"{link}offers/{repair.pk}/", answer="perhaps")[0] == 422


def test_talking_about_an_offer_writes_into_the_conversation_and_leaves_it_open(
    cast: Cast, visitor: Visitor, complaint: Complaint, link: str
) -> None:
    remedy = refund(cast, complaint)
    to = f"{link}offers/{remedy.pk}/"
    assert "stays open while we talk" in post(visitor, link, to, answer="discuss", discuss="Half would do.")[1]
    (message,) = take_in()
    assert message.conversation_id == complaint.conversation_id
    assert "Refund €25.00" in message.text and "Half would do." in message.text
    assert not Remedy.objects.get().answer
    assert post(visitor, link, to, answer="discuss", discuss=" ")[0] == 422 and take_in() == []


def test_an_offer_of_another_complaint_or_not_granted_does_not_exist(
    cast: Cast, visitor: Visitor, complaint: Complaint, link: str
) -> None:
    waiting = refund(cast, complaint, "900")
    for pk in (waiting.pk, 4711):
        assert post(visitor, link, f"{link}offers/{pk}/", answer="accepted")[0] == 404


def test_the_code_is_for_this_browser_short_lived_tried_few_times_and_kept_nowhere(
    visitor: Visitor, complaint: Complaint, link: str
) -> None:
    post(visitor, link, f"{link}code/", do="send")
    code, other = mailed_code(), Visitor()
    row = AccessCode.objects.get()
    assert (
        code not in f"{row.salt} {row.digest}" and row.message and row.message.to[0]["email"] == "maya@customer.example"
    )
    assert "works no more" in post(other, f"{link}code/", f"{link}code/", code=code)[1], "another browser"
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert "has six digits" in post(visitor, f"{link}code/", f"{link}code/", code="12 34")[1]
    for _ in range(4):
        assert "That is not the code" in post(visitor, f"{link}code/", f"{link}code/", code=wrong)[1]
    assert "works no more" in post(visitor, f"{link}code/", f"{link}code/", code=wrong)[1]
    assert "works no more" in post(visitor, f"{link}code/", f"{link}code/", code=code)[1]
    assert visitor.client.get(f"{link}letters/").status_code == 302


def test_an_old_code_opens_nothing_and_an_opened_page_shuts_again(
    visitor: Visitor, complaint: Complaint, link: str
) -> None:
    post(visitor, link, f"{link}code/", do="send")
    with clock.travel(clock.ahead(minutes=16)):
        assert "works no more" in post(visitor, f"{link}code/", f"{link}code/", code=mailed_code())[1]
        unlock(visitor, link)
        assert visitor.client.get(f"{link}letters/").status_code == 200
    with clock.travel(clock.ahead(minutes=50)):
        assert visitor.client.get(f"{link}letters/").status_code == 302


def test_revoking_the_links_shuts_what_was_opened(visitor: Visitor, complaint: Complaint, link: str) -> None:
    unlock(visitor, link)
    Complaint.objects.update(link_version=2)
    complaint.refresh_from_db()
    assert visitor.client.get(f"{link}letters/").status_code == 404
    assert visitor.client.get(f"/status/{status_token(complaint)}/letters/").status_code == 302


def test_no_more_than_a_few_codes_an_hour_are_sent(visitor: Visitor, complaint: Complaint, link: str) -> None:
    for _ in range(4):
        post(visitor, link, f"{link}code/", do="send")
    assert "Too many codes" in post(visitor, link, f"{link}code/", do="send")[1]
    assert AccessCode.objects.count() == 4


def test_a_code_goes_to_the_address_on_record_whatever_a_letter_asked_for(
    visitor: Visitor, complaint: Complaint, link: str
) -> None:
    Message.objects.update(answer_address="thief@elsewhere.example")
    post(visitor, link, f"{link}code/", do="send")
    assert AccessCode.objects.get().message.to[0]["email"] == "maya@customer.example"  # type: ignore[union-attr]
    Identity.objects.all().delete()
    assert "no e-mail address of yours" in post(visitor, f"{link}code/", f"{link}code/", do="send")[1]


def test_letters_and_files_are_read_after_the_code_and_nothing_else_is(
    cast: Cast, visitor: Visitor, complaint: Complaint, link: str, write: Callable[..., Message]
) -> None:
    token = complaint.conversation.reply_token
    receipt = InboundAttachment(name="receipt <1>.pdf", content_type="application/pdf", data=b"%PDF receipt")
    mine = write("Here is the receipt.", reply_token=token, attachments=(receipt,))
    send_reply(cast.alice, complaint.conversation_id, "Thank you for the receipt.")
    others = write("I am her neighbour NEIGHBOUR-MARK", sender="tom@customer.example", reply_token=token)
    add_note(cast.alice, complaint.conversation_id, "NOTE-MARK")
    file = f"{link}files/{mine.attachments.get().pk}/"
    assert visitor.client.get(file).status_code == 302
    unlock(visitor, link)
    page = visitor.client.get(f"{link}letters/").content.decode()
    assert "Here is the receipt." in page and "Thank you for the receipt." in page and "receipt &lt;1&gt;.pdf" in page
    assert "MARK" not in page and MASK not in page and others.conversation_id == complaint.conversation_id
    answer = visitor.client.get(file)
    assert answer.content == b"%PDF receipt" and answer["Content-Disposition"].startswith("attachment")
    assert answer["Cache-Control"] == "no-store" and "sandbox" in answer["Content-Security-Policy"]
    assert visitor.client.get(f"{link}files/4711/").status_code == 404


def test_a_customer_asks_to_be_called(visitor: Visitor, complaint: Complaint, link: str) -> None:
    to = f"{link}call/"
    for wrong in ("", "call me", "1", "<script>"):
        assert post(visitor, link, to, phone=wrong)[0] == 422, wrong
    assert "will call you" in post(visitor, link, to, phone="+44 20 7946 0958", when="after six")[1]
    (message,) = take_in()
    assert "+44 20 7946 0958" in message.text and "after six" in message.text


def test_it_is_not_settled_opens_the_complaint_again_at_once(visitor: Visitor, closed: Complaint) -> None:
    link = f"/status/{status_token(closed)}/"
    status, page = post(visitor, link, f"{link}unsettled/", unsettled="It is cold again.")
    closed.refresh_from_db()
    assert status == 200 and "taken up again" in page and closed.state == "open" and closed.reopened_count == 1
    (message,) = take_in()
    assert "It is cold again." in message.text and "not settled" in message.text


@pytest.mark.parametrize("part", ["offers/{remedy}/", "call/", "unsettled/", "code/"])
def test_nothing_is_done_without_the_pages_own_token_or_by_looking(
    cast: Cast, visitor: Visitor, complaint: Complaint, link: str, part: str
) -> None:
    to = link + part.format(remedy=refund(cast, complaint, "5").pk)
    fields = {
        **visitor.open(link),
        "csrfmiddlewaretoken": "no",
        "answer": "declined",
        "phone": "+49 30 1234",
        "do": "send",
    }
    assert visitor.client.post(to, fields).status_code == 403
    assert visitor.client.get(to).status_code in {200, 302}
    assert not AccessCode.objects.exists() and not Remedy.objects.get().answer and take_in() == []


def test_every_page_of_a_case_is_kept_nowhere(visitor: Visitor, complaint: Complaint, link: str) -> None:
    unlock(visitor, link)
    for part in ("", "code/", "letters/", "fresh/"):
        page = visitor.client.get(link + part)
        assert (page["Cache-Control"], page["Referrer-Policy"], page["X-Robots-Tag"]) == (
            "no-store",
            "no-referrer",
            "noindex",
        )


def test_an_old_link_is_exchanged_for_a_fresh_one_that_goes_to_the_address_on_record(
    visitor: Visitor, complaint: Complaint, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(tasks, "send_fresh_link", asked.append)
    with clock.travel(clock.now() - timedelta(days=200)):
        old = f"/status/{status_token(complaint)}/"
    pages = []
    for link in (old, "/status/forged.link/"):
        assert "We can send a fresh one" in visitor.client.get(link).content.decode()
        pages.append(post(visitor, link, f"{link}fresh/"))
    assert pages[0][0] == 200 and re.sub(r"forged.link|" + old.split("/")[2], "", pages[0][1]) == re.sub(
        "forged.link", "", pages[1][1]
    )
    from backstory.recovery.actions import send_fresh_link

    assert [send_fresh_link(each) for each in asked] == [True, False]
    assert not send_fresh_link(asked[0]), "one an hour"
    letter = Message.objects.latest("id")
    found = re.search(r"/status/([^/\s]+)/", letter.text)
    assert letter.to[0]["email"] == "maya@customer.example" and found
    assert complaint_by_status_token(found.group(1)) == complaint


def test_openings_are_counted_and_nothing_more(cast: Cast, complaint: Complaint, link: str) -> None:
    for _ in range(2):
        Client().get(link)
    Client().head(link)
    assert StatusOpenings.objects.get().count == 2
    assert {field.name for field in StatusOpenings._meta.get_fields()} == {"id", "created_at", "complaint", "count"}


def test_an_agent_sees_the_page_as_the_customer_does_without_leaving_a_trace(cast: Cast, complaint: Complaint) -> None:
    remedy = refund(cast, complaint)
    events = Event.objects.count()
    for user, expected in ((None, 404), (cast.charlie, 404), (cast.alice, 200)):
        client = Client()
        if user:
            client.force_login(user)
        answer = client.get(f"/status/preview/{complaint.pk}/")
        assert answer.status_code == expected
    page = answer.content.decode()
    assert complaint.number in page and "This is a preview" in page and "€25.00" in page
    assert page.count(" disabled") >= 3 and client.post(f"/status/preview/{complaint.pk}/").status_code == 405
    assert (
        not StatusOpenings.objects.exists()
        and Event.objects.count() == events
        and not Remedy.objects.get(pk=remedy.pk).answer
    )


def test_the_page_speaks_the_customers_language_unless_another_is_asked_for(complaint: Complaint, link: str) -> None:
    set_language(complaint.conversation.customer_id, "de")
    assert "Ihre Beschwerde" in Client().get(link, headers={"accept-language": "fr"}).content.decode()
    assert "Votre réclamation" in Client().get(f"{link}?lang=fr").content.decode()


def test_what_was_announced_and_told_stands_on_the_page(cast: Cast, complaint: Complaint, link: str) -> None:
    note_changes()
    with clock.travel(clock.ahead(minutes=20)):
        assert send_due_updates() == 1
        page = Client().get(link).content.decode()
    assert "We told you how it stands." in page and "We will write to you again by" in page


def test_none_of_the_inside_words_of_the_golden_case_is_on_any_page_or_in_any_letter(
    cast: Cast, visitor: Visitor, complaint: Complaint, link: str
) -> None:
    save_backstory(
        cast.alice,
        complaint.pk,
        stated_problem="hotwater-stated",
        demand="relocation-demand",
        backstory="croup steam infant",
        need="safeguarding-need",
    )
    add_note(cast.alice, complaint.conversation_id, "exhausted vulnerable mother, ask about croup")
    add_resolution_action(cast.alice, complaint.pk, serves="cause", text="tankinstall", due_at=clock.ahead(days=2))
    refund(cast, complaint)
    inside = "hotwater-stated relocation-demand croup steam infant safeguarding exhausted vulnerable tankinstall REASON"
    note_changes()
    with clock.travel(clock.ahead(minutes=90)):
        send_due_updates()
    unlock(visitor, link)
    shown = [visitor.client.get(link + part).content.decode() for part in ("", "letters/", "code/")]
    letters = [letter_of(each.delivery).text for each in Message.objects.filter(direction="out")]
    assert len(letters) == 2 and all("croup" not in each for each in letters)
    for word in inside.split():
        assert not any(word in text for text in (*shown, *letters)), word
