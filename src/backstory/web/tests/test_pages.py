"""Every other page: who may open it, what it shows, and the pages for what went wrong."""

import re
from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings

from backstory.cases.models import Cause
from backstory.conversations.actions import quarantine, send_reply, store_raw
from backstory.conversations.models import Message, RawMessage
from backstory.people.models import ApiToken, User
from backstory.web.views import errors
from conftest import Cast

# page: the status that agent, lead, another team's agent and administrator get
PAGES = {
    "/": (200, 200, 200, 200),
    "/promises/": (200, 200, 200, 200),
    "/approvals/": (403, 200, 403, 200),  # an administrator sees what waits too long
    "/insight/": (403, 200, 403, 200),
    "/causes/": (403, 200, 403, 200),
    "/quarantine/": (403, 403, 403, 200),
    "/profile/": (200, 200, 200, 200),
    "/palette/": (200, 200, 200, 200),
    "/palette/?q=hot": (200, 200, 200, 200),
    "/mailbox/": (404, 404, 404, 404),
    "/nowhere/": (404, 404, 404, 404),
}


@pytest.mark.parametrize("url", PAGES)
def test_each_role_opens_its_pages_and_no_others(
    url: str, alice: Client, bob: Client, charlie: Client, dana: Client
) -> None:
    assert tuple(client.get(url).status_code for client in (alice, bob, charlie, dana)) == PAGES[url]


VALUES = {
    r"<int:\w+>": "1",
    "<slug:table>": "causes",
    "<slug:field>": "severity",
    "<slug:step>": "start",
    "<slug:key>": "complaint_rate",
    "<slug:report>": "team",
    "<slug:form>": "csv",
}


def workspace_urls() -> list[tuple[str, str]]:
    """(name, a path) of every address of the workspace."""
    found: list[tuple[str, str]] = []

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> None:
        for pattern in patterns:
            here = prefix + str(pattern.pattern)
            for part, value in VALUES.items():
                here = re.sub(part, value, here)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, here)
            else:
                found.append((pattern.name or "", here))

    walk(
        next(
            each for each in get_resolver().url_patterns if getattr(each, "namespace", "") == "web" or _is_web(each)
        ).url_patterns,
        "/",
    )
    return found


def _is_web(pattern: URLPattern | URLResolver) -> bool:
    inner = getattr(pattern, "url_patterns", [])
    return any(getattr(each, "namespace", "") == "web" for each in inner)


OPEN_TO_ALL = {"theme", "live"}  # a cookie; the stream answers 401 by itself


def test_no_page_and_no_form_answers_a_stranger(client: Client, db: None) -> None:
    urls = [(name, url) for name, url in workspace_urls() if name not in OPEN_TO_ALL]
    assert len(urls) > 35
    for name, url in urls:
        for method in ("get", "post"):
            answer = getattr(client, method)(url)
            sent_away = answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/")
            assert sent_away or answer.status_code == 405, (method, name, url, answer.status_code)


def test_what_changes_something_is_never_a_get(alice: Client, cast: Cast) -> None:
    changing = {"draft", "check", "send", "assign", "close", "reopen", "open_complaint", "judge", "backstory", "theme"}
    changing |= {"confirm_backstory", "plan_action", "finish_action", "offer_remedy", "close_complaint"}
    changing |= {"recipients", "attach", "detach", "undo", "confirm_delivery", "cancel_delivery", "attend_delivery"}
    changing |= {"save_playbook", "check_playbook", "force_playbook", "retire_playbook", "preview_playbook"}
    changing |= {"move_to_playbook", "take_break", "hand_over", "second_decision", "review_decision"}
    changing |= {"several_originals", "correct_original", "release_original", "delete_original"}
    changing |= {"reopen_complaint", "retry_delivery", "decide_promise", "add_cause", "change_cause"}
    changing |= {"correct_reading", "undo_correction", "retire_cause", "answer_letter", "save_profile"}
    changing |= {"issue_token", "revoke_token"}
    urls = dict(workspace_urls())
    assert changing <= set(urls)
    for name in changing:
        assert alice.get(urls[name]).status_code == 405, name


def test_a_form_without_its_token_changes_nothing(cast: Cast, letter: Message) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = strict.post(f"/conversations/{letter.conversation_id}/close/")
    assert answer.status_code == 403
    assert "Nothing was changed" in answer.content.decode()


def test_a_fault_of_ours_gets_a_page_that_needs_no_database(rf: RequestFactory) -> None:
    answer = errors.server_error(rf.get("/"))
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()


def test_the_api_gets_json_where_people_get_pages(rf: RequestFactory) -> None:
    answer = errors.not_found(rf.get("/api/nothing"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/json")


def test_the_security_policy_allows_no_inline_code(alice: Client) -> None:
    policy = alice.get("/").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "style-src 'self'" in policy
    assert "unsafe" not in policy


def test_logging_in_by_the_page_and_out_again(cast: Cast, client: Client) -> None:
    assert "Log in" in client.get("/accounts/login/").content.decode()
    wrong = client.post("/accounts/login/", {"login": cast.alice.email, "password": "nope"})
    assert wrong.status_code == 200 and "alert-danger" in wrong.content.decode()
    right = client.post("/accounts/login/", {"login": cast.alice.email, "password": cast.password})
    assert (right.status_code, right.headers["Location"]) == (302, "/")
    client.post("/accounts/logout/")
    assert client.get("/").status_code == 302


def test_nobody_signs_up(client: Client, db: None) -> None:
    page = client.get("/accounts/signup/")
    assert "An administrator of your desk adds people" in page.content.decode()
    client.post("/accounts/signup/", {"email": "eve@desk.example", "password1": "a long enough one"})
    assert not User.objects.filter(email="eve@desk.example").exists()


def test_the_theme_is_painted_by_the_server(alice: Client) -> None:
    assert 'data-bs-theme="light"' in alice.get("/").content.decode()
    alice.post("/theme/", {"theme": "dark"})
    assert 'data-bs-theme="dark"' in alice.get("/").content.decode()
    alice.post("/theme/", {"theme": "<script>"})
    assert 'data-bs-theme="dark"' in alice.get("/").content.decode()


def test_a_form_returns_to_pages_of_ours_only(alice: Client, cast: Cast) -> None:
    fields = {"name": "Alice Archer", "signature": "Alice"}
    assert alice.post("/profile/save/", fields | {"next": "/promises/"}).headers["Location"] == "/promises/"
    for evil in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert alice.post("/profile/save/", fields | {"next": evil}).headers["Location"] == "/profile/", evil


def test_the_signature_is_ones_own_to_change(alice: Client, cast: Cast) -> None:
    alice.post("/profile/save/", {"name": "Alice A.", "signature": "Kind regards\nAlice"})
    cast.alice.refresh_from_db()
    assert (cast.alice.name, cast.alice.signature) == ("Alice A.", "Kind regards\nAlice")


def test_a_token_is_shown_once_and_can_be_revoked(alice: Client, bob: Client) -> None:
    answer = alice.post("/profile/tokens/", {"name": "script"})
    assert "bsy_" in answer.content.decode() and answer.headers["Cache-Control"] == "no-store"
    assert "bsy_" not in alice.get("/profile/").content.decode()
    token = ApiToken.objects.get()
    assert bob.post(f"/profile/tokens/{token.pk}/revoke/").status_code == 404
    alice.post(f"/profile/tokens/{token.pk}/revoke/")
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_a_lead_grows_the_tree_of_causes(bob: Client, cast: Cast) -> None:
    bob.post("/causes/add/", {"name": "Hot water", "definition": "Tank too small", "parent": ""})
    cause = Cause.objects.get(name="Hot water")
    parent = Cause.objects.exclude(pk=cause.pk).first()
    assert parent is not None
    bob.post(f"/causes/{cause.pk}/", {"name": "Cold water", "definition": "x", "parent": str(parent.pk)})
    cause.refresh_from_db()
    assert (cause.name, cause.parent) == ("Cold water", parent)
    bob.post(f"/causes/{cause.pk}/retire/")
    cause.refresh_from_db()
    assert not cause.is_active
    refused = bob.post("/causes/add/", {"name": " "}, follow=True)
    assert "Please fill in the name" in refused.content.decode()


def test_the_quarantine_shows_the_reason_gives_the_bytes_and_tries_again(dana: Client, cast: Cast) -> None:
    raw, _ = store_raw("email", cast.mailbox, b"\x00 not a letter")
    quarantine(raw.pk, "No sender can be made out.")
    assert "No sender can be made out." in dana.get("/quarantine/").content.decode()
    download = dana.get(f"/originals/{raw.pk}/source/")
    assert download.content == b"\x00 not a letter"
    assert download.headers["Content-Disposition"].startswith("attachment")
    dana.post(f"/originals/{raw.pk}/release/")
    raw.refresh_from_db()
    assert raw.state == RawMessage.State.RECEIVED


def test_the_quarantines_bytes_are_for_administrators(alice: Client, bob: Client, cast: Cast) -> None:
    raw, _ = store_raw("email", cast.mailbox, b"secret")
    quarantine(raw.pk, "reason")
    assert alice.get(f"/originals/{raw.pk}/source/").status_code == 404
    assert bob.post(f"/originals/{raw.pk}/release/").status_code == 403


def test_the_palette_finds_conversations_customers_and_places(alice: Client, charlie: Client, letter: Message) -> None:
    found = alice.get("/palette/?q=hot").content.decode()
    assert f'data-href="/conversations/{letter.conversation_id}/"' in found
    assert "Maya Ortiz" in alice.get("/palette/?q=ortiz").content.decode()
    assert 'data-href="/promises/"' in alice.get("/palette/?q=promi").content.decode()
    assert "Nothing found" in charlie.get("/palette/?q=ortiz").content.decode()


def test_the_demo_mailbox_answers_through_the_real_door(
    alice: Client, cast: Cast, letter: Message, settings: Settings
) -> None:
    settings.DEMO = True
    delivery = send_reply(cast.alice, letter.conversation_id, "Dear Maya, I am coming.").delivery
    assert "Dear Maya, I am coming." in alice.get(f"/mailbox/{delivery.pk}/").content.decode()
    before = RawMessage.objects.count()
    alice.post(f"/mailbox/{delivery.pk}/answer/", {"text": "Thank you!\r\nBcc: eve@evil.example"})
    raw = RawMessage.objects.order_by("-id").first()
    assert raw is not None and RawMessage.objects.count() == before + 1
    data = alice_bytes(raw)
    assert b"Thank you!" in data.partition(b"\n\n")[2]
    assert b"Bcc" not in data.partition(b"\n\n")[0]
    assert letter.conversation.reply_token.encode() in data


def alice_bytes(raw: RawMessage) -> bytes:
    from backstory.kernel import files

    return files.get(raw.path).replace(b"\r\n", b"\n")


def test_a_stranger_to_the_conversation_reads_no_demo_letter(
    charlie: Client, cast: Cast, letter: Message, settings: Settings
) -> None:
    settings.DEMO = True
    delivery = send_reply(cast.alice, letter.conversation_id, "Dear Maya").delivery
    assert charlie.get(f"/mailbox/{delivery.pk}/").status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_numbers_beyond_the_database_are_simply_not_there(alice: Client, method: str) -> None:
    for url in ("/conversations/999999999999999999999/", "/attachments/999999999999999999999/"):
        answer = getattr(alice, method)(url)
        assert answer.status_code in (404, 405), url


def test_every_page_of_the_list_asks_the_reader_who_they_are(browser_of: Callable[[User], Client], cast: Cast) -> None:
    """A log-in that was switched off is a stranger again."""
    client = browser_of(cast.alice)
    cast.alice.is_active = False
    cast.alice.save()
    assert client.get("/").status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/status/%00/", "/survey/%00/", "/?q=a%00b", "/conversations/%00/"])
def test_an_address_with_nul_finds_nothing_on_any_database(path: str) -> None:
    assert Client().get(path).status_code == 404
