"""Passwords that are forgotten and changed, and the letters about it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.test import Client, RequestFactory

from backstory.config import settings as configured
from backstory.conversations.models import ServiceLetter
from backstory.kernel import files
from backstory.live.models import Event
from backstory.web.accounts import ClosedAccountAdapter
from conftest import Cast
from tests.accounts import NEW_PASSWORD, RESET, ask_for_reset, choose, is_in, link_in, log_in, reset_link, work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def as_configured(settings: Any) -> None:
    """Django's test runner puts its own mail backend in; limits start afresh with each test."""
    settings.EMAIL_BACKEND = configured.EMAIL_BACKEND
    cache.clear()


# Forgotten passwords


def test_a_forgotten_password_is_replaced_by_the_link_in_a_letter(cast: Cast, client: Client) -> None:
    old_session = Client()
    log_in(old_session, cast.alice.email, cast.password)
    done = choose(client, reset_link(cast.alice.email), NEW_PASSWORD)
    assert done.headers["Location"] == "/accounts/password/reset/key/done/"
    assert not is_in(old_session)
    assert not is_in(client)
    log_in(client, cast.alice.email, cast.password)
    assert not is_in(client)
    log_in(client, cast.alice.email, NEW_PASSWORD)
    assert is_in(client)


def test_a_link_works_once(cast: Cast, client: Client) -> None:
    link = reset_link(cast.alice.email)
    choose(client, link, NEW_PASSWORD)
    assert "used up or too old" in Client().get(link, follow=True).content.decode()


def test_a_weak_new_password_is_refused_and_the_link_still_works(cast: Cast, client: Client) -> None:
    link = reset_link(cast.alice.email)
    assert "too short" in choose(client, link, "short").content.decode()
    assert choose(client, link, NEW_PASSWORD).status_code == 302


def test_a_new_password_ends_the_wait_after_wrong_guesses(cast: Cast, client: Client) -> None:
    for guess in range(5):
        log_in(Client(), cast.alice.email, f"guess {guess}")
    choose(Client(), reset_link(cast.alice.email), NEW_PASSWORD)
    log_in(client, cast.alice.email, NEW_PASSWORD)
    assert is_in(client)


def test_an_older_link_is_dead_when_the_password_has_changed(cast: Cast) -> None:
    older = reset_link(cast.alice.email)
    choose(Client(), reset_link(cast.alice.email), NEW_PASSWORD)
    assert "used up or too old" in Client().get(older, follow=True).content.decode()


def test_a_link_is_dead_after_a_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    link = reset_link(cast.alice.email)
    later = datetime.now() + timedelta(hours=25)  # noqa: DTZ005 - Django counts in local time
    monkeypatch.setattr("django.contrib.auth.tokens.PasswordResetTokenGenerator._now", lambda _: later)
    assert "used up or too old" in Client().get(link, follow=True).content.decode()


def test_the_secret_of_a_link_leaves_the_address_bar(cast: Cast, client: Client) -> None:
    link = reset_link(cast.alice.email)
    shown = client.get(link, follow=True).request["PATH_INFO"]
    assert shown.endswith("-set-password/") and link != shown


def test_asking_looks_the_same_for_an_address_without_a_log_in(cast: Cast) -> None:
    known, unknown = Client(), Client()
    answers = [ask_for_reset(cast.alice.email, known), ask_for_reset("stranger@customer.example", unknown)]
    assert [(one.status_code, one.headers["Location"]) for one in answers] == [(302, f"{RESET}done/")] * 2
    assert known.get(f"{RESET}done/").content == unknown.get(f"{RESET}done/").content
    assert ServiceLetter.objects.count() == 2  # the same work for both, so that time tells nothing either


def test_nothing_is_sent_to_strangers_and_the_administrators_see_why(cast: Cast) -> None:
    ask_for_reset("stranger@customer.example")
    work()
    letter = ServiceLetter.objects.get()
    assert (letter.state, letter.path) == (ServiceLetter.State.FAILED, "")
    assert "No active log-in has this address" in letter.last_error


def test_who_is_deactivated_gets_no_link(cast: Cast) -> None:
    cast.alice.is_active = False
    cast.alice.save()
    ask_for_reset(cast.alice.email)
    work()
    assert ServiceLetter.objects.get().state == ServiceLetter.State.FAILED


def test_the_link_is_at_the_desks_own_address_whatever_host_was_claimed(cast: Cast, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    Client(headers={"host": "evil.example"}).post(RESET, {"email": cast.alice.email})
    data = files.get(ServiceLetter.objects.get().path)
    assert b"http://localhost:8000/accounts/" in data and b"evil.example" not in data


def test_a_letter_goes_to_the_address_as_we_know_it(cast: Cast, rf: RequestFactory) -> None:
    ask_for_reset("ALICE@desk.example")
    with request_context(rf.get("/")):  # an “а” that is Cyrillic, as a lenient look-up in a database might let pass
        ClosedAccountAdapter().send_password_reset_mail(
            cast.alice, "\u0430lice@desk.example", {"password_reset_url": ""}
        )
    assert [letter.to for letter in ServiceLetter.objects.all()] == [["alice@desk.example"]] * 2


def test_asking_again_and_again_is_limited_for_every_address_alike(cast: Cast) -> None:
    for address in (cast.alice.email, "stranger@customer.example"):
        statuses = [Client(REMOTE_ADDR=f"192.0.2.{n}").post(RESET, {"email": address}).status_code for n in range(6)]
        assert statuses == [302] * 5 + [429]
    assert ServiceLetter.objects.count() == 10


def test_the_limit_is_told_in_our_look(cast: Cast) -> None:
    answers = [ask_for_reset(cast.alice.email) for _ in range(6)]
    assert "That was asked too often" in answers[-1].content.decode() and "<nav" not in answers[-1].content.decode()


def test_no_page_waits_for_a_mail_server(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a page view used the network")

    monkeypatch.setattr("backstory.channels.email.submission.submit", never)
    monkeypatch.setattr("backstory.channels.email.service_letters.submit", never)
    assert ask_for_reset(cast.alice.email).status_code == 302
    assert ServiceLetter.objects.get().state == ServiceLetter.State.WAITING


def test_an_address_that_was_taken_away_opens_nothing_any_more(cast: Cast) -> None:
    log_in(Client(), cast.alice.email, cast.password)
    choose(Client(), reset_link(cast.alice.email), NEW_PASSWORD)
    cast.alice.refresh_from_db()
    cast.alice.email = "alice.archer@desk.example"
    cast.alice.save()
    before, after = Client(), Client()
    log_in(before, "alice@desk.example", NEW_PASSWORD)
    assert not is_in(before)
    ask_for_reset("alice@desk.example")
    work()
    assert ServiceLetter.objects.latest("id").state == ServiceLetter.State.FAILED
    assert not EmailAddress.objects.exists()
    log_in(after, "alice.archer@desk.example", NEW_PASSWORD)
    assert is_in(after)


# Changing a password


def test_a_password_is_changed_by_who_knows_the_old_one(cast: Cast, client: Client) -> None:
    client.force_login(cast.alice)
    form = {"oldpassword": "wrong", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    refused = client.post("/accounts/password/change/", form)
    assert refused.status_code == 200 and "invalid-feedback" in refused.content.decode()
    changed = client.post("/accounts/password/change/", {**form, "oldpassword": cast.password}, follow=True)
    assert changed.request["PATH_INFO"] == "/profile/" and "The password was changed." in changed.content.decode()
    assert is_in(client)
    other = Client()
    log_in(other, cast.alice.email, NEW_PASSWORD)
    assert is_in(other)


def test_who_never_had_a_password_sets_one(cast: Cast, client: Client) -> None:
    cast.alice.set_unusable_password()
    cast.alice.save()
    client.force_login(cast.alice)
    page = client.get("/accounts/password/change/", follow=True)
    assert page.request["PATH_INFO"] == "/accounts/password/set/" and "Choose a password" in page.content.decode()
    client.post("/accounts/password/set/", {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    cast.alice.refresh_from_db()
    assert cast.alice.check_password(NEW_PASSWORD)


def test_administrators_see_where_letters_are_and_not_what_they_say(cast: Cast, client: Client) -> None:
    ask_for_reset(cast.alice.email)
    letter = ServiceLetter.objects.get()
    secret = link_in(letter).rstrip("/").rpartition("-")[2]
    client.force_login(cast.dana)
    for page in ("", f"{letter.pk}/change/"):
        answer = client.get(f"/admin/conversations/serviceletter/{page}")
        text = answer.content.decode()
        assert answer.status_code == 200 and "Choose a new password" in text
        assert secret not in text and letter.path not in text
    assert client.post(f"/admin/conversations/serviceletter/{letter.pk}/delete/").status_code == 403
    assert default_storage.exists(letter.path)


def test_the_event_log_tells_who_chose_a_password(cast: Cast) -> None:
    choose(Client(), reset_link(cast.alice.email), NEW_PASSWORD)
    assert Event.objects.get(kind="user.password_set").actor_name == "Alice Archer"
