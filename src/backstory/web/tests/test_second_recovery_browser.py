"""Tom clicks 2 of 5 in a letter, confirms, and writes a line; Bob sees the second recovery."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from backstory.cases.actions import close_complaint, open_complaint, set_cause
from backstory.cases.models import Cause
from backstory.conversations.models import Message
from backstory.kernel import clock
from backstory.recovery.actions import schedule_survey, send_due_surveys
from backstory.recovery.models import Survey
from backstory.web.tests.conftest import Opener
from conftest import Cast
from tools.browser import visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_low_score_from_a_letter_reaches_the_lead(
    chromium: Browser, live_server: Any, cast: Cast, write: Callable[..., Message], wide_page: Opener
) -> None:
    letter = write("The boiler drips again.", sender="tom@customer.example", from_name="Tom Tanner")
    complaint = open_complaint(cast.alice, letter.conversation_id)
    set_cause(cast.alice, complaint.pk, Cause.objects.get(slug="outage").pk)
    close_complaint(cast.alice, complaint.pk, "upheld", "The seal was old.")
    schedule_survey(complaint.pk)
    with clock.travel(clock.ahead(days=4)):
        assert send_due_surveys() == 1
    text = Survey.objects.get().message.text
    link = re.search(r"2 · [^:]+: http://[^/]+(\S+)", text)
    assert link

    phone = visit(chromium, viewport={"width": 390, "height": 844}, locale="en-GB")
    tom = phone.new_page()
    tom.goto(live_server.url + link.group(1))
    expect(tom.get_by_label("2 · Dissatisfied")).to_be_checked()
    assert Survey.objects.get().answered_at is None
    tom.get_by_role("button", name="Send my answer").click()
    expect(tom.get_by_text("taken up again")).to_be_visible()
    tom.get_by_label("What made the difference?").fill("It drips as before.")
    tom.get_by_role("button", name="Send this line").click()
    expect(tom.get_by_text("It drips as before.")).to_be_visible()
    phone.close()

    bob = wide_page(cast.bob, "/second-recoveries/")
    expect(bob.get_by_text("A low score: 2 / 5")).to_be_visible()
    expect(bob.get_by_text("It drips as before.")).to_be_visible()
    bob.get_by_role("link", name=complaint.number).click()
    expect(bob.get_by_text("Second recovery: A low score (2 / 5). With Bob Byrne")).to_be_visible()
