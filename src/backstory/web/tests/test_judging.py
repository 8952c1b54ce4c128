"""What was read in a message stands beside it and is judged: by form, by script, and not by everybody."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from backstory.cases import engine
from backstory.cases.actions import correct_reading, record_reading
from backstory.cases.models import Reading, ReadingCorrection
from backstory.conversations.models import Message
from backstory.language import read
from backstory.web.tests.conftest import HTMX
from conftest import Cast


def value(said: object) -> dict[str, str]:
    return {"value": json.dumps(said)}


def test_every_field_has_a_line_with_its_scale_and_the_withheld_ones_say_so(
    alice: Client, write: Callable[..., Message]
) -> None:
    message = write("Цена билета очень высокая, верните деньги, пожалуйста.")
    record_reading(message.pk, read(message.text, explain=True))
    page = alice.get(f"/messages/{message.pk}/reading/").content.decode()
    assert "not read in this language" in page
    assert "0 no harm to 4 critical" in page and "Russian" in page


def test_a_judgement_by_plain_form_is_kept_shown_and_taken_back(alice: Client, read_letter: Message) -> None:
    here = f"/messages/{read_letter.pk}/reading/"
    alice.post(f"{here}severity/", {**value(4), "next": here})
    assert Reading.objects.get().severity == 4
    assert "corrected" in alice.get(here).content.decode()
    assert "4 · Critical" in alice.get(f"{here}?field=severity").content.decode()
    alice.post(f"{here}severity/undo/", {"next": here})
    assert ReadingCorrection.objects.get().undone_at
    assert "taken back by Alice Archer" in alice.get(f"{here}?field=severity").content.decode()


def test_quoted_words_are_added_taken_away_and_must_stand_in_the_message(alice: Client, read_letter: Message) -> None:
    harms = f"/messages/{read_letter.pk}/reading/harms/"
    assert alice.post(harms, {"quote": "my dog is ill", "kind": "health"}, headers=HTMX).status_code == 422
    alice.post(harms, {"quote": "my baby is ill", "kind": "health"})
    added = next(span for span in Reading.objects.get().data["harms"] if span["text"] == "my baby is ill")
    alice.post(harms, {"remove": f"{added['start']}-{added['end']}-health"})
    assert added not in Reading.objects.get().data["harms"]


@pytest.mark.parametrize("sent", ["", "nonsense", "9", '"high"', "[]", "{}", "null"])
def test_what_is_no_value_is_refused_in_words(alice: Client, read_letter: Message, sent: str) -> None:
    answer = alice.post(f"/messages/{read_letter.pk}/reading/severity/", {"value": sent}, headers=HTMX)
    assert answer.status_code == 422 and "toast-line" in answer.content.decode()


def test_signs_of_vulnerability_are_shown_to_the_team_and_not_to_an_administrator_outside_it(
    alice: Client, dana: Client, read_letter: Message
) -> None:
    paths = (f"/messages/{read_letter.pk}/reading/", f"/conversations/{read_letter.conversation_id}/")
    for path in paths:
        assert "ulnerability" in alice.get(path).content.decode(), path
        assert "ulnerability" not in dana.get(path).content.decode(), path


def test_the_leads_page_counts_what_was_corrected_and_has_the_same_as_tables(
    bob: Client, cast: Cast, read_letter: Message
) -> None:
    assert "Nobody has judged a reading" in bob.get("/readings/").content.decode()
    correct_reading(cast.alice, read_letter.pk, "cause", "billing")
    page = bob.get("/readings/").content.decode()
    assert "Read 1 message again" in page and "too few messages to tell" in page
    assert "cause,1,1,1.0,0.2065,1.0,1,0,0.0,0.0,0.7935" in bob.get("/readings/agreement.csv").content.decode()
    assert ",billing" in bob.get("/readings/labels.csv?field=cause").content.decode()
    for table in ("drift", "versions"):
        assert bob.get(f"/readings/{table}.csv").status_code == 200
    assert bob.get("/readings/labels.csv?field=vulnerability").status_code == 422


def test_without_any_message_the_page_says_what_will_stand_there(bob: Client) -> None:
    assert "Nothing was read in this period" in bob.get("/readings/").content.decode()


@pytest.mark.browser
@pytest.mark.slow
def test_one_key_opens_what_was_read_numbers_choose_and_enter_keeps(
    wide_page: Callable[..., Page], cast: Cast, letter: Message
) -> None:
    record_reading(letter.pk, read(letter.text, explain=True), engine.version())
    page = wide_page(cast.alice, f"/conversations/{letter.conversation_id}/")
    message = page.locator(f"#message-{letter.pk}")
    message.locator("button[data-field=asks]").focus()
    expect(message.locator("mark").first).to_be_visible()
    page.keyboard.press("v")
    expect(page.locator("#judging-title")).to_have_text("Asks")
    page.keyboard.press("Escape")
    expect(page.locator("#judging")).to_be_hidden()
    message.locator("[data-judge]").focus()
    page.keyboard.press("v")
    expect(page.locator("#judging [data-choice]").first).to_be_focused()
    page.keyboard.press("2")
    expect(page.locator("#judging-title")).to_have_text("Severity")
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    expect(message.locator("[data-field=severity]")).to_contain_text("Critical")
    expect(page.locator("#judging")).to_be_hidden()
