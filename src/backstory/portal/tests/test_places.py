"""A code leads to the form, which knows where it was scanned."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from backstory.cases.actions import open_complaint
from backstory.cases.queries import complaints_by_place
from backstory.channels.form import printed
from backstory.conversations.actions import add_place, change_place, retire_place
from backstory.conversations.models import Conversation, PlaceDay
from backstory.conversations.queries import place_link
from backstory.kernel import clock
from backstory.kernel.errors import InvalidInput, NotAllowed, NotFound
from backstory.portal.tests.visitors import Visitor, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter(cast):
    given = {"label": "Counter, Leeds", "kind": "place", "topic": "At the counter", "product": "K2 kettle"}
    return add_place(cast.bob, given, cast.mailbox.pk)


def test_the_form_behind_a_code_keeps_where_it_was_scanned(cast, counter) -> None:
    page = Client().get(f"/q/{counter.code}").content.decode()
    assert "It is about: K2 kettle" in page
    assert 'value="At the counter"' in page
    sent = Visitor().send(f"/q/{counter.code}")
    assert sent.status_code == 302
    [message] = take_in()
    assert message.conversation.place == counter
    assert message.conversation.team == cast.care


def test_a_typed_code_is_forgiving_and_an_unknown_one_leads_to_the_form_too(counter) -> None:
    assert Client().get(f"/q/{counter.code.upper()}/").status_code == 200
    Visitor().send("/q/nowhere")
    [message] = take_in()
    assert message.conversation.place is None


def test_a_retired_code_still_leads_to_the_form_and_is_known(cast, counter) -> None:
    retire_place(cast.bob, counter.pk)
    Visitor().send(f"/q/{counter.code}")
    assert take_in()[0].conversation.place == counter


def test_scans_are_counted_a_day_and_nobody_is_remembered(counter) -> None:
    visitor = Client()
    visitor.get(f"/q/{counter.code}")
    visitor.get(f"/q/{counter.code}")
    visitor.get(f"/q/{counter.code}?lang=de")
    visitor.head(f"/q/{counter.code}")
    visitor.get(f"/q/{counter.code}", headers={"Sec-Purpose": "prefetch"})
    [row] = PlaceDay.objects.values()
    assert row["scans"] == 2
    assert set(row) == {"id", "place_id", "day", "scans"}


def test_one_address_cannot_count_without_end(counter) -> None:
    visitor = Client()
    for _ in range(40):
        visitor.get(f"/q/{counter.code}")
    assert PlaceDay.objects.get().scans == 30


def test_complaints_are_counted_by_place_and_apart_from_those_without(cast, counter, write) -> None:
    Client().get(f"/q/{counter.code}")
    Client().get(f"/q/{counter.code}")
    Visitor().send(f"/q/{counter.code}")
    [message] = take_in()
    open_complaint(cast.alice, message.conversation_id)
    open_complaint(cast.alice, write("By mail: it is cold.", sender="tom@customer.example").conversation_id)
    day = timedelta(days=1)
    rows = complaints_by_place(clock.now() - day, clock.now() + day, viewer=cast.bob)
    assert [(row.label, row.scans, row.forms, row.complaints) for row in rows] == [
        ("Counter, Leeds", 3, 1, 1),
        ("", 0, 0, 1),
    ]
    assert rows[0].share == pytest.approx(1 / 3)
    assert rows[1].share is None
    assert [row.label for row in complaints_by_place(clock.now() - day, clock.now(), viewer=cast.charlie)] == [""]
    earlier = complaints_by_place(clock.now() - 9 * day, clock.now() - 8 * day)
    assert [row.complaints for row in earlier] == [0, 0]


def test_leads_make_codes_for_their_own_teams_only(cast, counter) -> None:
    given = {"label": "Box", "kind": "product"}
    with pytest.raises(NotAllowed):
        add_place(cast.alice, given, cast.mailbox.pk)
    with pytest.raises(InvalidInput):
        add_place(cast.bob, given, cast.parts_mailbox.pk)
    with pytest.raises(InvalidInput):
        add_place(cast.bob, {**given, "label": " "}, cast.mailbox.pk)
    other = add_place(cast.dana, given, cast.parts_mailbox.pk)
    with pytest.raises(NotFound):
        change_place(cast.bob, other.pk, given, cast.mailbox.pk)
    assert re.fullmatch(r"[a-z2-9]{7}", other.code)


def test_the_printed_page_and_the_code_lead_to_the_short_link(cast, counter) -> None:
    link = place_link(counter)
    assert link.endswith(f"/q/{counter.code}")
    assert printed.svg(link).startswith(b"<svg")
    assert printed.pdf(link, 'Counter "1" #panic()', "de", "Care").startswith(b"%PDF")


def test_a_lead_makes_prints_and_sees_what_came_of_it(cast, counter) -> None:
    bob = Client()
    bob.force_login(cast.bob, backend="allauth.account.auth_backends.AuthenticationBackend")
    made = bob.post("/places/add/", {"label": "Box of K2", "kind": "product", "mailbox": cast.mailbox.pk})
    assert "QR code of" in bob.get(made["Location"]).content.decode()
    assert bob.get(f"{made['Location']}sheet.pdf").content.startswith(b"%PDF")
    assert bob.get(f"{made['Location']}code.svg")["Content-Type"] == "image/svg+xml"
    bob.post(f"{made['Location']}retire/")
    page = bob.get("/places/").content.decode()
    assert "Box of K2" in page
    assert "Retired (1)" in page
    assert bob.post("/places/add/", {"label": "", "kind": "product"}).status_code == 422
    Visitor().send(f"/q/{counter.code}")
    [message] = take_in()
    assert "Counter, Leeds" in bob.get(f"/conversations/{message.conversation_id}/").content.decode()
    assert Conversation.objects.get().place_id == counter.pk
