"""Logging in and out, and what must not come of either."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from conftest import Cast
from tests.accounts import LOGIN, NEW_PASSWORD, is_in, log_in

pytestmark = pytest.mark.django_db
REFUSAL = "The email address and/or password you specified are not correct."


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


# Logging in and out


def test_the_right_password_opens_the_desk(cast: Cast, client: Client) -> None:
    answer = log_in(client, cast.alice.email, cast.password)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert is_in(client)


@pytest.mark.parametrize("email", ["alice@desk.example", "nobody@desk.example"])
def test_a_wrong_password_is_refused_in_the_same_words_for_everybody(cast: Cast, client: Client, email: str) -> None:
    answer = log_in(client, email, "not the password")
    assert answer.status_code == 200 and REFUSAL in answer.content.decode()
    assert not is_in(client)


def test_the_case_of_an_address_does_not_matter(cast: Cast, client: Client) -> None:
    log_in(client, "ALICE@Desk.Example", cast.password)
    assert is_in(client)


def test_an_address_the_administrator_wrote_in_capitals_logs_in(cast: Cast, client: Client) -> None:
    dana = Client()
    dana.force_login(cast.dana)
    form = {"email": "Eve@Desk.Example", "name": "Eve", "role": "agent"}
    passwords = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    no_teams = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    assert dana.post("/admin/people/user/add/", {**form, **passwords, **no_teams}).status_code == 302
    log_in(client, "Eve@Desk.Example", NEW_PASSWORD)
    assert is_in(client)


def test_the_case_of_a_password_matters(cast: Cast, client: Client) -> None:
    log_in(client, cast.alice.email, cast.password.upper())
    assert not is_in(client)


def test_only_a_post_logs_out(cast: Cast, client: Client) -> None:
    client.force_login(cast.alice)
    assert client.get("/accounts/logout/").status_code == 200
    assert is_in(client)
    assert client.post("/accounts/logout/").status_code == 302
    assert not is_in(client)


def test_who_is_deactivated_cannot_log_in(cast: Cast, client: Client) -> None:
    cast.alice.is_active = False
    cast.alice.save()
    answer = log_in(client, cast.alice.email, cast.password)
    assert answer.headers["Location"] == "/accounts/inactive/"
    assert "This log-in is not active" in client.get("/accounts/inactive/").content.decode()
    assert not is_in(client)


def test_who_is_deactivated_is_out_at_once(cast: Cast, client: Client) -> None:
    client.force_login(cast.alice)
    assert is_in(client)
    cast.alice.is_active = False
    cast.alice.save()
    assert not is_in(client)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"])
def test_logging_in_never_leads_to_another_site(cast: Cast, client: Client, elsewhere: str) -> None:
    answer = log_in(client, cast.alice.email, cast.password, next=elsewhere)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_logging_in_leads_back_to_where_one_wanted_to_go(cast: Cast, client: Client) -> None:
    page = client.get(f"{LOGIN}?next=/promises/").content.decode()
    assert 'name="next" value="/promises/"' in page
    assert log_in(client, cast.alice.email, cast.password, next="/promises/").headers["Location"] == "/promises/"


def test_logging_in_starts_a_new_session(cast: Cast, client: Client) -> None:
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    log_in(client, cast.alice.email, cast.password)
    assert client.session.session_key != before


def test_a_log_in_form_without_its_token_is_refused_in_our_look(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = log_in(strict, cast.alice.email, cast.password)
    page = answer.content.decode()
    assert answer.status_code == 403 and "open for too long" in page and "app.css" in page
    assert not is_in(strict)


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(cast: Cast, client: Client) -> None:
    cookie = log_in(client, cast.alice.email, cast.password).cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and not cookie["secure"]


@pytest.mark.parametrize(("base_url", "secure"), [("https://desk.example", True), ("http://localhost:8000", False)])
def test_behind_https_cookies_travel_by_https_only(tmp_path: Path, base_url: str, secure: bool) -> None:
    ask = "from backstory.config import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)"
    given = {**os.environ, "BACKSTORY_BASE_URL": base_url, "BACKSTORY_DATA_DIR": str(tmp_path)}
    told = subprocess.run([sys.executable, "-c", ask], env=given, capture_output=True, text=True, check=True)
    assert told.stdout.split() == [str(secure)] * 2


def test_guessing_passwords_is_limited_even_for_the_right_one(cast: Cast) -> None:
    for guess in range(5):
        assert REFUSAL in log_in(Client(), cast.alice.email, f"guess {guess}").content.decode()
    client = Client(REMOTE_ADDR="198.51.100.7")
    answer = log_in(client, cast.alice.email, cast.password)
    assert "Too many failed login attempts" in answer.content.decode()
    assert not is_in(client)
    assert log_in(client, cast.bob.email, cast.password).status_code == 302


def test_trying_many_log_ins_from_one_address_is_limited(cast: Cast) -> None:
    for number in range(10):
        log_in(Client(), f"person{number}@desk.example", "guess")
    assert "Too many failed" in log_in(Client(), cast.alice.email, cast.password).content.decode()
    assert log_in(Client(REMOTE_ADDR="198.51.100.7"), cast.alice.email, cast.password).status_code == 302


def test_limits_hold_in_the_cache_that_processes_share(cast: Cast, settings: Any, tmp_path: Path) -> None:
    backend = "django.core.cache.backends.filebased.FileBasedCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": tmp_path}}
    for guess in range(5):
        log_in(Client(), cast.alice.email, f"guess {guess}")
    assert any(tmp_path.iterdir())
    assert "Too many failed" in log_in(Client(), cast.alice.email, cast.password).content.decode()


# What is not offered


def test_signing_up_is_closed_and_says_whom_to_ask(db: None, client: Client) -> None:
    for answer in (client.get("/accounts/signup/"), client.post("/accounts/signup/", {"email": "eve@desk.example"})):
        assert answer.status_code == 403
        assert "An administrator of your desk adds people" in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["", "email/", "confirm-email/", "confirm-email/abc/", "login/code/confirm/", "reauthenticate/"]
)
def test_pages_the_desk_does_not_need_are_not_there(cast: Cast, client: Client, path: str) -> None:
    client.force_login(cast.alice)
    assert client.get(f"/accounts/{path}").status_code == 404


@pytest.mark.parametrize("name", ["account_email", "account_confirm_login_code", "account_email_verification_sent"])
def test_pages_the_desk_does_not_need_have_no_name_either(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("login/", "Log in"),
        ("inactive/", "This log-in is not active"),
        ("password/reset/", "Forgotten password"),
        ("password/reset/done/", "Look into your mail"),
        ("password/reset/key/1-nonsense/", "This link is used up or too old"),
        ("password/reset/key/done/", "Password changed"),
    ],
)
def test_every_page_of_a_visitor_renders(db: None, client: Client, path: str, words: str) -> None:
    answer = client.get(f"/accounts/{path}")
    assert answer.status_code == 200 and "<h1" in answer.content.decode() and words in answer.content.decode()
