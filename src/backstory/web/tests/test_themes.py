"""The page of new themes, and the further issues of a complaint in its pane."""

import html
import re
from collections.abc import Callable

import pytest
from django.test import Client

from backstory.cases import actions
from backstory.cases.models import Cause, Complaint, Issue, Theme
from backstory.conversations.models import Message
from backstory.live import bus
from backstory.web.tests.conftest import HTMX
from conftest import Cast

pytestmark = pytest.mark.django_db
WHEN = ("today", "yesterday", "again", "early", "late")


def text_of(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.fixture
def lids(cast: Cast, write: Callable[..., Message]) -> None:
    """Five complaints about lids that fit no cause."""
    with bus.quiet():
        for when in WHEN:
            text = f"The lid of the <b>kettle</b> broke {when}, the hinge of the lid snapped."
            actions.open_complaint(cast.alice, write(text, sender=f"{when}@customer.example").conversation_id)


def test_a_lead_has_themes_searched_sees_examples_and_makes_one_a_cause(
    client: Client, cast: Cast, lids: None, django_capture_on_commit_callbacks
) -> None:
    client.force_login(cast.bob)
    assert "Nobody has looked yet" in text_of(client.get("/themes/"))
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/themes/search/")
    shown = text_of(client.get("/themes/"))
    assert "5 complaints of the last year" in shown and "kettle" in shown and "C-2" in shown
    theme = Theme.objects.get()
    client.post(f"/themes/{theme.pk}/promote/", {"name": "Kettle lid", "definition": "It broke.", "parent": ""})
    assert Complaint.objects.filter(cause=Cause.objects.get(name="Kettle lid")).count() == 5
    assert "Kettle lid" in text_of(client.get("/themes/")) and "No themes to judge" in text_of(client.get("/themes/"))


def test_while_a_search_is_under_way_the_page_shows_how_far_it_is(client: Client, cast: Cast) -> None:
    client.force_login(cast.bob)
    with bus.quiet():
        client.post("/themes/search/")
    page = client.get("/themes/").content.decode()
    assert 'hx-get="/themes/progress/"' in page and "/themes/search/" not in page
    assert "Waiting for a worker" in client.get("/themes/progress/", headers=HTMX).content.decode()


def test_agents_have_no_business_there(alice: Client) -> None:
    assert alice.get("/themes/").status_code == 403


def test_an_agent_notes_a_further_issue_confirms_its_cause_and_decides(
    alice: Client, cast: Cast, complaint: Complaint
) -> None:
    alice.post(f"/complaints/{complaint.pk}/issues/", {"text": "<i>Charged twice</i>", "cause": ""}, headers=HTMX)
    issue = Issue.objects.get()
    pane = alice.get(f"/conversations/{complaint.conversation_id}/").content.decode()
    assert "&lt;i&gt;Charged twice&lt;/i&gt;" in pane
    billing = Cause.objects.get(slug="billing")
    alice.post(f"/issues/{issue.pk}/", {"cause": billing.pk}, headers=HTMX)
    answer = alice.post(f"/issues/{issue.pk}/decide/", {"outcome": "upheld", "reason": ""}, headers=HTMX)
    assert answer.status_code == 422
    alice.post(f"/issues/{issue.pk}/decide/", {"outcome": "upheld", "reason": "It was so."}, headers=HTMX)
    issue.refresh_from_db()
    assert (issue.cause, issue.outcome, issue.outcome_reason) == (billing, "upheld", "It was so.")
    assert alice.post(f"/issues/{issue.pk}/remove/", headers=HTMX).status_code == 409


def test_a_cause_keeps_what_customers_say_who_mean_it(client: Client, cast: Cast) -> None:
    client.force_login(cast.bob)
    cause = Cause.objects.get(slug="delay")
    given = {"name": "Delay", "definition": "Too late.", "examples": "Where is it?\n\n  Still waiting. ", "parent": ""}
    client.post(f"/causes/{cause.pk}/", given)
    cause.refresh_from_db()
    assert cause.examples == "Where is it?\nStill waiting."
