"""Who may call, how often, and what another team's agent learns: nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from backstory.api.tests.conftest import Caller
from backstory.cases.actions import open_complaint, save_backstory
from backstory.cases.models import Promise
from backstory.conversations.actions import send_reply
from backstory.conversations.models import Message
from backstory.kernel import clock
from backstory.people.actions import issue_token, revoke_token
from backstory.people.models import ApiToken, User
from backstory.recovery.actions import offer_remedy

Call = Callable[[User], Caller]
Write = Callable[..., Message]
SECRET = "the baby had croup that night"


def test_without_a_token_nothing_is_answered(db: None) -> None:
    response = Client().get("/api/v1/me")
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert "token" in response.json()["error"]


@pytest.mark.parametrize("secret", ["bsy_wrong", "", " ", "é" * 300])
def test_a_wrong_token_is_refused_for_reading_and_writing(cast: Any, secret: str) -> None:
    client = Client(enforce_csrf_checks=True)
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/me", headers=headers).status_code == 401
    assert client.post("/api/v1/check", {}, "application/json", headers=headers).status_code == 401


def test_a_token_acts_for_its_owner(cast: Any, call: Call) -> None:
    answer = call(cast.alice).get("/me").json()
    assert answer == {
        "id": cast.alice.pk,
        "name": "Alice Archer",
        "email": "alice@desk.example",
        "role": "agent",
        "team_ids": [cast.care.pk],
    }


def test_a_revoked_token_is_refused_at_once(cast: Any) -> None:
    caller = Caller(issue_token(cast.alice, "A script"))
    assert caller.get("/me").status_code == 200
    revoke_token(cast.alice, ApiToken.objects.get(user=cast.alice).pk)
    assert caller.get("/me").status_code == 401


def test_the_token_of_somebody_who_left_is_refused(cast: Any, call: Call) -> None:
    caller = call(cast.alice)
    User.objects.filter(pk=cast.alice.pk).update(is_active=False)
    assert caller.get("/me").status_code == 401


def test_that_a_token_was_used_is_remembered(cast: Any, call: Call) -> None:
    call(cast.alice).get("/me")
    assert ApiToken.objects.get(user=cast.alice).last_used_at is not None


def test_calls_beyond_the_limit_wait_until_the_next_minute(cast: Any, call: Call, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3
    caller, other = call(cast.alice), call(cast.bob)
    statuses = [caller.get("/me").status_code for _ in range(8)]  # a minute may turn once meanwhile
    assert statuses[:3] == [200, 200, 200]
    assert 429 in statuses[3:]
    assert other.get("/me").status_code == 200
    settings.API_REQUESTS_PER_MINUTE = 0
    assert caller.get("/me").status_code == 200


def test_a_throttled_call_is_told_how_long_to_wait(cast: Any, call: Call, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1
    caller = call(cast.alice)
    refused = next(answer for answer in (caller.get("/me") for _ in range(9)) if answer.status_code == 429)
    assert 0 < int(refused["Retry-After"]) <= 60
    assert "Too many" in refused.json()["error"]


def test_a_log_in_serves_too_but_writes_only_with_its_csrf_token(cast: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.alice)
    assert client.get("/api/v1/me").json()["name"] == "Alice Archer"
    refused = client.post("/api/v1/check", {"draft": "Hello"}, "application/json")
    assert refused.status_code == 403
    assert "CSRF" in refused.json()["error"]


def test_a_log_in_does_not_rescue_a_bad_token(cast: Any) -> None:
    client = Client(headers={"Authorization": "Bearer bsy_wrong"})
    client.force_login(cast.alice)
    assert client.get("/api/v1/me").status_code == 401


@pytest.fixture
def matter(cast: Any, write: Write) -> dict[str, int]:
    """A complaint of Customer care with everything in it, and the ids of its parts."""
    message = write("There is no hot water!")
    complaint = open_complaint(cast.alice, message.conversation_id)
    save_backstory(cast.alice, complaint.pk, stated_problem="", demand="", backstory=SECRET, need="")
    sent = send_reply(cast.alice, message.conversation_id, "I will come on Friday.")
    promise = Promise.objects.filter(message=sent).first() or Promise.objects.create(
        conversation_id=message.conversation_id, message=sent, quote="I will come on Friday", start=0, end=21
    )
    remedy = offer_remedy(cast.alice, complaint.pk, "refund", "500", "EUR", "A cold month")
    return {
        "conversation": message.conversation_id,
        "complaint": complaint.pk,
        "promise": promise.pk,
        "remedy": remedy.pk,
    }


PATHS = [
    ("get", "/conversations/{conversation}"),
    ("patch", "/conversations/{conversation}"),
    ("get", "/conversations/{conversation}/messages"),
    ("get", "/conversations/{conversation}/readings"),
    ("get", "/conversations/{conversation}/colleagues"),
    ("post", "/conversations/{conversation}/replies"),
    ("post", "/conversations/{conversation}/notes"),
    ("post", "/conversations/{conversation}/complaint"),
    ("get", "/complaints/{complaint}"),
    ("patch", "/complaints/{complaint}"),
    ("get", "/complaints/{complaint}/care"),
    ("get", "/complaints/{complaint}/backstory"),
    ("put", "/complaints/{complaint}/backstory"),
    ("post", "/complaints/{complaint}/summary"),
    ("post", "/complaints/{complaint}/confirmation"),
    ("get", "/complaints/{complaint}/actions"),
    ("post", "/complaints/{complaint}/actions"),
    ("post", "/complaints/{complaint}/close"),
    ("post", "/complaints/{complaint}/reopen"),
    ("get", "/complaints/{complaint}/remedies"),
    ("post", "/complaints/{complaint}/remedies"),
    ("post", "/promises/{promise}/accept"),
    ("post", "/promises/{promise}/dismiss"),
    ("post", "/promises/{promise}/keep"),
    ("post", "/promises/{promise}/break"),
    ("post", "/remedies/{remedy}/approve"),
    ("post", "/remedies/{remedy}/decline"),
]
BODIES: dict[str, dict[str, Any]] = {
    "replies": {"text": "Hello"},
    "notes": {"text": "Hello"},
    "summary": {"text": "Hello"},
    "confirmation": {"words": "Yes"},
    "actions": {"serves": "need", "text": "Call", "due_at": "2100-01-01T00:00:00Z"},
    "close": {"outcome": "upheld", "reason": "Late"},
    "remedies": {"kind": "apology", "currency": "EUR", "reason": "Late"},
    "decline": {"reason": "No"},
    "{complaint}": {"severity": 2},
    "{conversation}": {"state": "closed"},
}


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_what_another_team_has_does_not_exist_for_charlie(
    cast: Any, call: Call, matter: dict[str, int], method: str, path: str
) -> None:
    caller, body = call(cast.charlie), BODIES.get(path.rsplit("/", 1)[-1], {})
    address = path.format(**matter)
    answer = caller.get(address) if method == "get" else caller.send(method, address, **body)
    assert answer.status_code == 404, answer.content
    assert SECRET not in answer.content.decode()


def test_lists_hold_nothing_of_another_team(cast: Any, call: Call, matter: dict[str, int]) -> None:
    caller = call(cast.charlie)
    for path in ("/conversations", "/complaints", "/promises", "/remedies/waiting"):
        assert caller.get(path, **({"view": "all"} if path == "/conversations" else {})).json()["items"] == []
    with clock.travel(clock.now() + timedelta(minutes=1)):
        rows = caller.get("/events").json()["items"]
    assert {row["kind"] for row in rows} == {"mailbox.added"}  # their own
    assert not any(row["conversation_id"] for row in rows)


def test_what_is_at_stake_stands_in_no_answer_but_its_own(cast: Any, call: Call, matter: dict[str, int]) -> None:
    caller = call(cast.alice)
    with clock.travel(clock.now() + timedelta(minutes=1)):
        for method, path in PATHS:
            if method == "get" and not path.endswith("/backstory"):
                answer = caller.get(path.format(**matter))
                assert answer.status_code == 200
                assert SECRET not in answer.content.decode(), path
        for path in ("/conversations", "/complaints", "/events", "/promises"):
            assert SECRET not in caller.get(path).content.decode(), path
        answer = caller.get(f"/complaints/{matter['complaint']}/backstory")
    assert answer.json()["backstory"] == SECRET


def test_an_administrator_sees_the_complaint_but_not_what_is_at_stake(
    cast: Any, call: Call, matter: dict[str, int]
) -> None:
    caller = call(cast.dana)
    assert caller.get(f"/complaints/{matter['complaint']}").status_code == 200
    refused = caller.get(f"/complaints/{matter['complaint']}/backstory")
    assert refused.status_code == 403
    assert SECRET not in refused.content.decode()
    assert caller.post(f"/conversations/{matter['conversation']}/replies", text="Hello").status_code == 403


def test_nobody_decides_about_their_own_request(cast: Any, call: Call, matter: dict[str, int]) -> None:
    refused = call(cast.alice).post(f"/remedies/{matter['remedy']}/approve")
    assert refused.status_code == 403
    granted = call(cast.bob).post(f"/remedies/{matter['remedy']}/approve", reason="It was cold")
    assert granted.json()["state"] == "granted"
    again = call(cast.bob).post(f"/remedies/{matter['remedy']}/approve")
    assert again.status_code == 409
