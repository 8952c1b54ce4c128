"""The left pane: whose conversations, in which order, in how many queries."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from backstory.cases.models import Complaint
from backstory.conversations.actions import assign, close, send_reply
from backstory.conversations.models import Message
from backstory.web.tests.conftest import HTMX
from conftest import Cast


def body(client: Client, url: str, **headers: str) -> str:
    answer = client.get(url, headers=headers or None)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_stranger_is_sent_to_the_log_in_page(client: Client, db: None) -> None:
    answer = client.get("/?view=mine")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/accounts/login/?next=/%3Fview%3Dmine"


def test_a_fragment_asked_for_after_the_session_ended_leads_the_whole_page_to_the_log_in(
    client: Client, db: None
) -> None:
    answer = client.get("/", headers={**HTMX, "HX-Current-URL": "http://testserver/conversations/7/"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=/conversations/7/"


def test_the_queue_shows_the_own_teams_conversations_only(alice: Client, charlie: Client, letter: Message) -> None:
    assert "No hot water" in body(alice, "/")
    assert "No hot water" not in body(charlie, "/")


def test_an_empty_queue_says_so(alice: Client) -> None:
    assert "New conversations appear by themselves." in body(alice, "/")


def test_each_view_holds_what_its_name_says(alice: Client, cast: Cast, write: Callable[..., Message]) -> None:
    fresh = write("a", subject="Fresh")
    mine = write("b", subject="Taken", sender="tom@customer.example")
    answered = write("c", subject="Answered", sender="priya@customer.example")
    done = write("d", subject="Done", sender="four@customer.example")
    assign(cast.alice, mine.conversation_id, cast.alice.pk)
    send_reply(cast.bob, answered.conversation_id, "Here you are.")
    close(cast.bob, done.conversation_id)
    subjects = {fresh: "Fresh", mine: "Taken", answered: "Answered", done: "Done"}
    expected = {
        "mine": {"Taken"},
        "unassigned": {"Fresh"},
        "open": {"Fresh", "Taken"},
        "waiting": {"Answered"},
        "closed": {"Done"},
        "complaints": set(),
        "all": {"Fresh", "Taken", "Answered", "Done"},
    }
    for view, wanted in expected.items():
        page = body(alice, f"/?view={view}", **HTMX)
        assert {subject for subject in subjects.values() if f">{subject}<" in page} == wanted, view


def test_complaints_have_a_view_of_their_own(alice: Client, complaint: Complaint) -> None:
    page = body(alice, "/?view=complaints", **HTMX)
    assert complaint.number in page
    assert "No hot water" in page


def test_a_search_looks_into_names_addresses_subjects_and_words(alice: Client, letter: Message) -> None:
    for words in ("Ortiz", "maya@customer", "hot water", "baby"):
        found = alice.get("/", {"q": words}, headers=HTMX).content.decode()
        assert f"row-{letter.conversation_id}" in found, words
    nothing = alice.get("/", {"q": "zebra"}, headers=HTMX).content.decode()
    assert "No conversation matches “zebra”" in nothing
    assert "Search in all conversations" in nothing


def test_an_unknown_view_or_page_counts_as_the_plain_queue(alice: Client, letter: Message) -> None:
    for url in ("/?view=nope", "/?page=x", "/?page=-4", "/?page=99999999999999"):
        assert "No hot water" in body(alice, url), url


def test_names_and_subjects_are_escaped(alice: Client, write: Callable[..., Message]) -> None:
    write("<script>alert(1)</script>", subject="<img src=x onerror=alert(1)>", from_name="<b>Maya</b>")
    page = body(alice, "/")
    assert "<img src=x" not in page and "<script>alert" not in page and "<b>Maya" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_a_fragment_is_the_pane_alone_and_marks_what_is_open(alice: Client, letter: Message) -> None:
    here = f"http://testserver/conversations/{letter.conversation_id}/"
    fragment = body(alice, "/", **HTMX, **{"HX-Current-URL": here})
    assert fragment.lstrip().startswith("<section")
    assert 'aria-current="true">' in fragment
    assert "<html" not in fragment


def test_pages_and_fragments_are_never_mistaken_for_each_other_by_a_cache(alice: Client) -> None:
    answer = alice.get("/")
    assert "HX-Request" in answer.headers["Vary"]
    assert "private" in answer.headers["Cache-Control"]


def test_the_queue_is_paged(alice: Client, write: Callable[..., Message]) -> None:
    for number in range(31):
        write(f"text {number}", subject=f"Matter {number:02}", sender=f"c{number}@customer.example")
    first, second = body(alice, "/", **HTMX), body(alice, "/?page=2", **HTMX)
    assert first.count("queue-row") == 30 and second.count("queue-row") == 1
    assert "Matter 00" in second


@pytest.mark.parametrize("many", [1, 25])
def test_the_queue_costs_the_same_queries_however_long_it_is(
    many: int, alice: Client, write: Callable[..., Message], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(many):
        write(f"text {number}", sender=f"c{number}@customer.example")
    alice.get("/")
    with django_assert_num_queries(12):
        alice.get("/")
