"""The middle and right panes: what is shown, to whom, and what a stranger's bytes cannot do."""

from collections.abc import Callable

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from backstory.cases.actions import save_backstory
from backstory.cases.models import Complaint
from backstory.conversations.actions import add_note, close, reopen, send_reply
from backstory.conversations.letters import InboundAttachment
from backstory.conversations.models import Attachment, Message, RawMessage
from backstory.web.tests.conftest import HTMX
from conftest import Cast


def url(message: Message, part: str = "") -> str:
    return f"/conversations/{message.conversation_id}/{part}"


def test_another_teams_conversation_does_not_exist(charlie: Client, letter: Message) -> None:
    for part in ("", "changes/", "composer/"):
        assert charlie.get(url(letter, part)).status_code == 404, part
    assert charlie.get(url(letter), headers=HTMX).status_code == 404


def test_the_page_shows_who_wrote_what(alice: Client, cast: Cast, letter: Message) -> None:
    add_note(cast.bob, letter.conversation_id, "The tank is small.")
    send_reply(cast.alice, letter.conversation_id, "I will come today.")
    page = alice.get(url(letter)).content.decode()
    for words in ("never enough hot water", "Maya Ortiz", "The tank is small.", "Internal note", "I will come today."):
        assert words in page
    assert "Waiting to be sent" in page


def test_what_customers_write_is_text_and_never_markup(alice: Client, write: Callable[..., Message]) -> None:
    message = write("<script>alert(1)</script><hx-partial hx-target='body'>", quoted="<img src=x onerror=alert(1)>")
    page = alice.get(url(message)).content.decode()
    assert "<script>alert" not in page and "<hx-partial" not in page and "<img src=x" not in page


def test_addresses_in_our_letters_are_links_and_the_rest_stays_text(alice: Client, cast: Cast, letter: Message) -> None:
    send_reply(cast.alice, letter.conversation_id, 'See https://desk.example/a?b=1&c="><script>alert(1)</script>')
    page = alice.get(url(letter)).content.decode()
    assert 'href="https://desk.example/a?b=1&amp;c=' in page
    assert "<script>alert" not in page


def test_a_verdict_carries_the_places_it_rests_on(alice: Client, read_letter: Message) -> None:
    page = alice.get(url(read_letter)).content.decode()
    assert "Complaint" in page
    assert 'data-evidence="[[' in page


def test_the_fragment_is_both_panes_without_the_queue(alice: Client, letter: Message) -> None:
    fragment = alice.get(url(letter), headers=HTMX).content.decode()
    assert 'id="conversation"' in fragment and 'id="panel"' in fragment
    assert 'id="queue"' not in fragment


def test_what_changed_is_sent_as_parts_that_leave_the_reply_box_alone(alice: Client, letter: Message) -> None:
    parts = alice.get(url(letter, "changes/"), headers=HTMX).content.decode()
    assert 'hx-target="#thread-body"' in parts and 'hx-target="#panel"' in parts
    assert 'id="composer"' not in parts


def test_the_panel_stays_as_it_is_while_the_agent_writes_in_it(alice: Client, letter: Message) -> None:
    parts = alice.get(url(letter, "changes/?panel=no"), headers=HTMX).content.decode()
    assert 'id="panel"' not in parts


def test_a_long_conversation_begins_with_its_latest_part(alice: Client, cast: Cast, letter: Message) -> None:
    for number in range(70):
        add_note(cast.alice, letter.conversation_id, f"note {number:02}")
    short, whole = alice.get(url(letter)).content.decode(), alice.get(url(letter, "?all=yes")).content.decode()
    assert "note 69" in short and "note 02" not in short
    assert "Show 11 earlier entries" in short
    assert "note 02" in whole and "earlier entries" not in whole


def test_what_happened_between_two_messages_is_folded_into_one_line(alice: Client, cast: Cast, letter: Message) -> None:
    for _ in range(2):
        close(cast.alice, letter.conversation_id)
        reopen(cast.alice, letter.conversation_id)
    page = alice.get(url(letter)).content.decode()
    assert page.count('class="event-run"') == 1
    assert "3 more before" in page


def test_a_file_is_only_ever_downloaded(alice: Client, charlie: Client, write: Callable[..., Message]) -> None:
    page = InboundAttachment("bad\r\nname.html", "text/html", b"<script>alert(1)</script>")
    write("see attached", attachments=(page,))
    file = Attachment.objects.get()
    answer = alice.get(f"/attachments/{file.pk}/")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "\n" not in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert charlie.get(f"/attachments/{file.pk}/").status_code == 404


def test_the_original_layout_stands_in_a_sandbox(alice: Client, charlie: Client, write: Callable[..., Message]) -> None:
    message = write("hello", html="<p><b>hello</b></p>")
    answer = alice.get(f"/messages/{message.pk}/original/")
    assert "<b>hello</b>" in answer.content.decode()
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert charlie.get(f"/messages/{message.pk}/original/").status_code == 404


def test_the_team_reads_the_backstory_and_the_administrator_does_not(
    alice: Client, dana: Client, cast: Cast, complaint: Complaint
) -> None:
    save_backstory(
        cast.alice,
        complaint.pk,
        stated_problem="no hot water",
        demand="move",
        backstory="croup at night",
        need="safety",
    )
    here = f"/conversations/{complaint.conversation_id}/"
    assert "croup at night" in alice.get(here).content.decode()
    seen = dana.get(here).content.decode()
    assert "croup at night" not in seen
    assert "Only the owner of this complaint" in seen
    assert dana.get(here + "?compose=summary").status_code == 404


def test_the_summary_comes_as_a_draft_to_be_edited(alice: Client, cast: Cast, complaint: Complaint) -> None:
    save_backstory(cast.alice, complaint.pk, stated_problem="no hot water", demand="", backstory="", need="")
    box = alice.get(f"/conversations/{complaint.conversation_id}/composer/", headers=HTMX).content.decode()
    assert "no hot water" in box
    assert f'name="summary" value="{complaint.pk}"' in box


def test_a_conversation_costs_the_same_queries_however_long_it_is(
    alice: Client, cast: Cast, complaint: Complaint, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    here = f"/conversations/{complaint.conversation_id}/"
    alice.get(here)
    with django_assert_max_num_queries(70) as short:
        alice.get(here)
    for number in range(6):
        add_note(cast.alice, complaint.conversation_id, f"note {number}")
        send_reply(cast.alice, complaint.conversation_id, f"reply {number}")
    with django_assert_max_num_queries(len(short)):
        alice.get(here)


def test_a_sender_whose_domain_disowns_the_letter_is_marked_at_the_name(alice: Client, letter: Message) -> None:
    page = f"/conversations/{letter.conversation_id}/"
    assert "Sender not proven" not in alice.get(page).content.decode()
    found = {"verdict": "failed", "dmarc": "fail", "spf": "softfail", "domain": "customer.example"}
    RawMessage.objects.filter(message=letter).update(checks={"identity": found})
    shown = alice.get(page).content.decode()
    assert "Sender not proven" in shown
    assert "customer.example does not vouch for it (SPF softfail, DMARC fail)" in shown
