"""Settings of mailboxes, as administrators and leads use them."""

from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backstory.cases.models import Promise
from backstory.conversations import actions, queries
from backstory.conversations.models import Delivery, Mailbox, MailboxTest, Message
from backstory.kernel import clock, files
from backstory.kernel.secret import unseal
from backstory.live.models import Event
from backstory.people.actions import set_language
from conftest import Cast

pytestmark = pytest.mark.django_db
LIST = "/settings/mailboxes/"
IMAP = {
    "way": "imap",
    "imap_host": "imap.desk.example",
    "imap_port": "993",
    "imap_security": "tls",
    "imap_user": "care",
    "imap_password": "hunter2 hunter2",
    "imap_folder": "INBOX",
}
LOOK = {"sender_name": "Warm Homes", "signature": "", "language": ""}
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def standing(address: str) -> str:
    """What the listener would say to a letter for the address."""
    if queries.mailbox_for(address):
        return "taken"
    return "later" if queries.paused_mailbox_for(address) else "unknown"


def text_of(response: Any) -> str:
    return unescape(response.content.decode())


def page(client: Client, mailbox: Mailbox, part: str = "") -> str:
    response = client.get(f"{LIST}{mailbox.pk}/{part}")
    assert response.status_code == 200
    return text_of(response)


def post(client: Client, mailbox: Mailbox, part: str, form: dict[str, Any]) -> Any:
    return client.post(f"{LIST}{mailbox.pk}/{part}", form)


def test_a_mailbox_is_set_up_step_by_step(dana: Client, cast: Cast) -> None:
    form = {"address": "Returns@Desk.example", "name": "Returns", "team": cast.care.pk}
    step = dana.post(f"{LIST}add/", form)["Location"]
    mailbox = Mailbox.objects.get(address="returns@desk.example")
    assert step == f"{LIST}{mailbox.pk}/incoming/?guide=1"
    assert not mailbox.is_active and standing("returns@desk.example") == "later"
    step = dana.post(step, IMAP)["Location"]
    assert step.endswith("/outgoing/?guide=1")
    step = dana.post(step, {"way": "relay"})["Location"]
    step = dana.post(step, LOOK)["Location"]
    assert step == f"{LIST}{mailbox.pk}/?guide=1"
    assert "Switch on" in text_of(dana.get(step))
    post(dana, mailbox, "state/", {"to": "resume"})
    assert standing("returns@desk.example") == "taken"
    assert list(Event.objects.filter(kind="mailbox.resumed").values_list("actor_name", flat=True)) == ["Dana Diaz"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"address": "no address"}, "cannot be a mailbox address"),
        ({"address": "care+x@desk.example"}, "cannot be a mailbox address"),
        ({"address": "care@desk.example"}, "There is already a mailbox"),
        ({"name": " "}, "Give the mailbox a name"),
        ({"team": "999"}, "Choose the team"),
    ],
)
def test_a_wrong_form_comes_back_with_what_was_typed(
    dana: Client, cast: Cast, form: dict[str, str], words: str
) -> None:
    typed = {"address": "new@desk.example", "name": "A new box", "team": str(cast.care.pk), **form}
    response = dana.post(f"{LIST}add/", typed)
    assert response.status_code == 422 and words in text_of(response)
    assert f'value="{typed["address"]}"' in text_of(response)
    assert Mailbox.objects.count() == 2


def test_a_password_is_sealed_and_never_shown(dana: Client, cast: Cast) -> None:
    post(dana, cast.mailbox, "incoming/", IMAP)
    mailbox = Mailbox.objects.get(pk=cast.mailbox.pk)
    assert "hunter2" not in mailbox.imap_password_sealed and unseal(mailbox.imap_password_sealed) == "hunter2 hunter2"
    assert "hunter2" not in page(dana, mailbox, "incoming/") and mailbox.imap_password_sealed not in page(dana, mailbox)
    post(dana, cast.mailbox, "incoming/", {**IMAP, "imap_password": "", "imap_folder": "Help"})
    mailbox.refresh_from_db()
    assert (unseal(mailbox.imap_password_sealed), mailbox.imap_folder) == ("hunter2 hunter2", "Help")
    assert "hunter2" not in str(list(Event.objects.values()))


def test_a_stored_password_goes_to_no_other_server(dana: Client, cast: Cast) -> None:
    post(dana, cast.mailbox, "incoming/", IMAP)
    for change in ({"imap_host": "evil.example"}, {"imap_user": "somebody"}):
        refused = post(dana, cast.mailbox, "incoming/", {**IMAP, "imap_password": "", **change})
        assert refused.status_code == 422 and "Enter the password" in text_of(refused)
    assert Mailbox.objects.get(pk=cast.mailbox.pk).imap_host == "imap.desk.example"


@pytest.mark.parametrize(
    "change", [{"imap_host": "http://x"}, {"imap_port": "70000"}, {"imap_security": "ssl3"}, {"imap_port": "x"}]
)
def test_a_server_that_is_none_is_refused(dana: Client, cast: Cast, change: dict[str, str]) -> None:
    assert post(dana, cast.mailbox, "incoming/", {**IMAP, **change}).status_code == 422
    assert Mailbox.objects.get(pk=cast.mailbox.pk).incoming == Mailbox.Incoming.LISTENER


def test_a_providers_key_is_sealed_and_its_address_shown_to_administrators_alone(
    dana: Client, bob: Client, cast: Cast
) -> None:
    form = {"way": "webhook", "provider": "mailgun", "mailgun.webhook_signing_key": "key-123"}
    post(dana, cast.mailbox, "incoming/", form)
    mailbox = Mailbox.objects.get(pk=cast.mailbox.pk)
    shown = page(dana, mailbox, "incoming/")
    assert f"/hooks/mail/{mailbox.pk}/" in shown and "key-123" not in shown + mailbox.provider_settings_sealed
    assert "/hooks/mail/" not in page(bob, mailbox)
    refused = post(dana, mailbox, "incoming/", {"way": "webhook", "provider": "mailersend"})
    assert refused.status_code == 422 and "this is needed" in text_of(refused)


def test_pausing_puts_letters_off_and_archiving_refuses_them_but_keeps_all(
    dana: Client, cast: Cast, letter: Message
) -> None:
    post(dana, cast.mailbox, "state/", {"to": "pause"})
    assert standing("care@desk.example") == "later"
    post(dana, cast.mailbox, "state/", {"to": "archive"})
    assert standing("care@desk.example") == "unknown"
    assert "care@desk.example" not in text_of(dana.get(LIST))
    assert "care@desk.example" in text_of(dana.get(f"{LIST}?archived=1"))
    assert actions.send_reply(cast.alice, letter.conversation_id, "We are coming.").delivery
    post(dana, cast.mailbox, "state/", {"to": "resume"})
    assert standing("care@desk.example") == "taken" and Message.objects.filter(pk=letter.pk).exists()


def test_the_list_says_how_each_mailbox_is(
    dana: Client, cast: Cast, letter: Message, django_assert_max_num_queries: Any
) -> None:
    actions.note_mailbox_error(cast.mailbox.pk, "imap.desk.example answered, but the log-in was refused.")
    actions.store_raw("email", cast.mailbox, b"not yet read")
    with django_assert_max_num_queries(12):
        shown = text_of(dana.get(LIST))
    assert "In trouble" in shown and "the log-in was refused" in shown
    assert "last letter" in shown and "no letter yet" in shown and "1 waits to be read" in shown


def test_leads_see_their_teams_mailboxes_and_change_how_letters_look(bob: Client, cast: Cast) -> None:
    shown = text_of(bob.get(LIST))
    assert "care@desk.example" in shown and "parts@desk.example" not in shown
    assert "Switch on" not in page(bob, cast.mailbox) and "Test now" not in page(bob, cast.mailbox)
    assert post(bob, cast.mailbox, "letters/", LOOK).status_code == 302
    assert Mailbox.objects.get(pk=cast.mailbox.pk).sender_name == "Warm Homes"
    assert post(bob, cast.parts_mailbox, "letters/", LOOK).status_code == 404
    assert post(bob, cast.mailbox, "incoming/", IMAP).status_code == 403


def test_the_test_button_shows_each_step(
    dana: Client, cast: Cast, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MAIL_SMTP_PORT = settings.MAIL_LMTP_PORT = 0
    with django_capture_on_commit_callbacks():
        asked = post(dana, cast.mailbox, "test/", {})
    assert asked["Location"] == f"{LIST}{cast.mailbox.pk}/#test"
    waiting = text_of(dana.get(f"{LIST}{cast.mailbox.pk}/test/"))
    assert "Waiting for a worker" in waiting and 'hx-trigger="every 1s"' in waiting
    test = MailboxTest.objects.get()
    from backstory.channels.email import trying

    trying.run(test.pk)
    done = text_of(dana.get(f"{LIST}{cast.mailbox.pk}/test/"))
    assert "The desk listens on no port" in done and "every 1s" not in done
    assert "keeps all letters on this machine" in done


def test_the_signature_is_filled_in_shown_and_sent(
    bob: Client, alice: Client, cast: Cast, letter: Message, django_capture_on_commit_callbacks: Any
) -> None:
    cast.alice.signature = "Extension 12"
    cast.alice.save()
    words = "**{agent}**, {team}\n{signature}\n[Our promise](https://desk.example/promise) <script>x</script>"
    post(bob, cast.mailbox, "letters/", {**LOOK, "signature": words})
    assert "<strong>Alice Archer</strong>, Customer care" in text_of(
        alice.get(f"/conversations/{letter.conversation_id}/")
    )
    with django_capture_on_commit_callbacks(execute=True):
        actions.send_reply(cast.alice, letter.conversation_id, "We are coming.")
    sent = message_from_bytes(files.get(Delivery.objects.get().path), policy=default)
    plain, html = (sent.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html"))
    assert "-- \nAlice Archer, Customer care\nExtension 12" in plain
    assert "<strong>Alice Archer</strong>, Customer care" in html and "<script>" not in html
    assert '<a href="https://desk.example/promise">Our promise</a>' in html
    assert "Warm Homes" in sent["From"]


def test_a_name_with_braces_is_no_placeholder_and_an_unknown_one_is_refused(bob: Client, cast: Cast) -> None:
    refused = post(bob, cast.mailbox, "letters/", {**LOOK, "signature": "{agnet}"})
    assert refused.status_code == 422 and "{agnet} means nothing here" in text_of(refused)
    cast.bob.name = "{address}"
    cast.bob.save()
    post(bob, cast.mailbox, "letters/", {**LOOK, "signature": "{agent}"})
    assert "<p>{address}</p>" in page(bob, cast.mailbox, "letters/")


def test_promises_are_counted_in_the_mailboxs_own_hours(
    bob: Client, cast: Cast, letter: Message, django_capture_on_commit_callbacks: Any
) -> None:
    hours = {"own_hours": "yes", "day": ["5", "6"], "open": "10:00", "close": "12:30", "tz": "Asia/Tokyo"}
    assert post(bob, cast.mailbox, "letters/", {**LOOK, **hours}).status_code == 302
    monday = clock.now().replace(year=2026, month=11, day=23, hour=3, minute=0, second=0, microsecond=0)
    with clock.travel(monday), django_capture_on_commit_callbacks(execute=True):
        actions.send_reply(cast.alice, letter.conversation_id, "I will call you within two business days.")
    due = Promise.objects.get().due_at
    assert due is not None and due.isoformat() == "2026-11-29T03:30:00+00:00"  # Sunday, 12:30 in Tokyo


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"own_hours": "yes", "open": "9:00"}, "days"),
        ({"own_hours": "yes", "day": "1", "open": "17:00", "close": "09:00", "tz": "UTC"}, "closing time"),
        ({"own_hours": "yes", "day": "1", "open": "09:00", "close": "17:00", "tz": "Mars/Base"}, "no time zone"),
        ({"own_color": "yes", "brand_color": "red;}"}, "A colour is written like"),
        ({"sender_name": ""}, "Customers need a name"),
    ],
)
def test_what_cannot_be_is_refused_in_words(bob: Client, cast: Cast, change: dict[str, str], words: str) -> None:
    refused = post(bob, cast.mailbox, "letters/", {**LOOK, **change})
    assert refused.status_code == 422 and words in text_of(refused)


def test_the_brand_stands_on_customers_pages(bob: Client, cast: Cast) -> None:
    logo = SimpleUploadedFile("logo.png", PNG, "image/png")
    brand = {"brand_name": "Cosy", "own_color": "yes", "brand_color": "#0A5C3F", "logo": logo}
    assert post(bob, cast.mailbox, "letters/", {**LOOK, **brand}).status_code == 302
    visitor = Client()
    form = text_of(visitor.get(f"/help/{cast.mailbox.pk}/"))
    assert "Cosy" in form and f"/brand/{cast.mailbox.pk}/colors.css" in form and "style=" not in form
    assert b"#0a5c3f" in visitor.get(f"/brand/{cast.mailbox.pk}/colors.css").content
    picture = visitor.get(f"/brand/{cast.mailbox.pk}/logo/")
    assert (picture.content, picture["Content-Type"], picture["X-Content-Type-Options"]) == (
        PNG,
        "image/png",
        "nosniff",
    )
    post(bob, cast.mailbox, "letters/", {**LOOK, "no_logo": "yes"})
    assert visitor.get(f"/brand/{cast.mailbox.pk}/logo/").status_code == 404


@pytest.mark.parametrize("data", [b"<svg onload='alert(1)'/>", b"GIF89a", b"RIFFxxxxWAVE", PNG * 10_000])
def test_a_logo_is_a_small_picture_and_nothing_else(bob: Client, cast: Cast, data: bytes) -> None:
    logo = SimpleUploadedFile("logo.png", data, "image/png")
    assert post(bob, cast.mailbox, "letters/", {**LOOK, "logo": logo}).status_code == 422
    assert Mailbox.objects.get(pk=cast.mailbox.pk).brand_logo == ""


def test_automatic_letters_speak_the_mailboxs_language_until_the_customers_is_known(
    bob: Client, cast: Cast, letter: Message
) -> None:
    from backstory.recovery import wording
    from backstory.recovery.actions.letters import letter_to

    post(bob, cast.mailbox, "letters/", {**LOOK, "language": "de"})

    class Case:
        number = "BX-1"
        conversation = letter.conversation

    letter.conversation.mailbox.refresh_from_db()
    assert "Guten Tag" in letter_to(wording.CLOSING, Case(), "https://x").text  # type: ignore[arg-type]
    set_language(letter.conversation.customer_id, "fr")
    letter.conversation.customer.refresh_from_db()
    assert "Bonjour" in letter_to(wording.CLOSING, Case(), "https://x").text  # type: ignore[arg-type]


@pytest.fixture
def read_by() -> Callable[[Client], str]:
    return lambda client: text_of(client.get("/"))


def test_only_who_may_see_mailboxes_finds_them_in_the_navigation(
    alice: Client, bob: Client, dana: Client, read_by: Callable[[Client], str]
) -> None:
    assert LIST not in read_by(alice)
    assert LIST in read_by(bob) and LIST in read_by(dana)
