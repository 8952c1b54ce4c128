"""The whole loop through the API: read, answer, complain, learn the backstory, make amends, keep, close."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from backstory.api.tests.conftest import Caller
from backstory.cases import tasks
from backstory.cases.models import Cause, Promise
from backstory.channels.form.actions import accept
from backstory.conversations.models import Delivery, Message, RawMessage
from backstory.kernel import clock
from backstory.people.models import User

Call = Callable[[User], Caller]
Write = Callable[..., Message]


@pytest.fixture
def alice(cast: Any, call: Call) -> Caller:
    return call(cast.alice)


def test_a_complaint_goes_from_the_first_letter_to_its_end(cast: Any, alice: Caller, write: Write) -> None:
    pk = write("There is never enough hot water. Move us at once!").conversation_id
    assert [row["id"] for row in alice.get("/conversations").json()["items"]] == [pk]
    complaint = alice.post(f"/conversations/{pk}/complaint")
    assert complaint.status_code == 201
    number, case = complaint.json()["number"], complaint.json()["id"]
    assert number.startswith("C-")

    told = {"stated_problem": "No hot water", "demand": "Move", "backstory": "Croup", "need": "Safety"}
    assert alice.send("put", f"/complaints/{case}/backstory", **told).json()["need"] == "Safety"
    assert alice.post(f"/complaints/{case}/summary", text="This is what I heard. Is it right?").status_code == 201
    confirmed = alice.post(f"/complaints/{case}/confirmation", words="Yes").json()
    assert confirmed["confirmed_at"] is not None

    due = (clock.now() + timedelta(days=2)).isoformat()
    step = alice.post(f"/complaints/{case}/actions", serves="cause", text="Put in a second tank", due_at=due).json()
    assert step["owner"]["name"] == "Alice Archer"
    remedy = alice.post(
        f"/complaints/{case}/remedies", kind="goodwill", amount="25.50", currency="EUR", reason="A cold night"
    ).json()
    assert (remedy["state"], remedy["amount"]) == ("granted", "25.50")
    assert alice.post(f"/actions/{step['id']}/finish").json()["done_at"] is not None

    refused = alice.post(f"/complaints/{case}/close", outcome="upheld", reason="The tank was too small")
    assert refused.status_code == 422
    assert refused.json()["field"] == "cause"
    cause = Cause.objects.get(slug="outage")
    changed = alice.send("patch", f"/complaints/{case}", cause_id=cause.pk, severity=3).json()
    assert (changed["cause"]["confirmed"], changed["severity"]) == (True, 3)
    closed = alice.post(f"/complaints/{case}/close", outcome="upheld", reason="The tank was too small").json()
    assert (closed["state"], closed["outcome"]) == ("closed", "upheld")
    assert alice.get(f"/conversations/{pk}").json()["state"] == "closed"
    assert alice.post(f"/complaints/{case}/close", outcome="upheld", reason="Again").status_code == 409
    assert alice.post(f"/complaints/{case}/reopen").json()["reopened_count"] == 1
    assert next(step["key"] for step in alice.get(f"/complaints/{case}/care").json()) == "connect"


def test_a_reply_becomes_a_letter_on_its_way(cast: Any, alice: Caller, write: Write) -> None:
    pk = write("Where is my part?").conversation_id
    sent = alice.post(f"/conversations/{pk}/replies", text="It leaves today.")
    assert sent.status_code == 201
    assert sent.json()["direction"] == "out"
    assert Delivery.objects.get(message_id=sent.json()["id"]).kind == "reply"
    rows = alice.get(f"/conversations/{pk}/messages").json()
    assert [row["direction"] for row in rows["items"]] == ["in", "out"]
    assert rows["count"] == 2


def test_a_doubtful_recipient_is_refused_until_its_warning_is_sent_along(
    cast: Any, alice: Caller, write: Write
) -> None:
    path = f"/conversations/{write('Where is my part?').conversation_id}/replies"
    letter: dict[str, Any] = {"text": "It leaves today.", "to": ["maya@customer.example"], "cc": ["tom@other.example"]}
    refused = alice.post(path, **letter)
    assert refused.status_code == 409 and refused.json()["confirm"] == ["new:tom@other.example:"]
    sent = alice.post(path, **letter, confirmed=refused.json()["confirm"])
    assert sent.status_code == 201 and sent.json()["cc"] == [{"name": "", "email": "tom@other.example"}]
    assert Delivery.objects.get().state == "waiting", "programs cannot take a letter back, so it is not held"
    assert alice.post(path, text="Hi", to=["maya"]).json()["field"] == "to"


def test_a_note_never_becomes_a_letter(cast: Any, alice: Caller, write: Write) -> None:
    pk = write("Where is my part?").conversation_id
    note = alice.post(f"/conversations/{pk}/notes", text="Ask the warehouse.").json()
    assert (note["direction"], note["delivery"]) == ("note", None)


def test_a_conversation_is_given_away_closed_and_opened_again(cast: Any, alice: Caller, write: Write) -> None:
    pk = write("Where is my part?").conversation_id
    changed = alice.send("patch", f"/conversations/{pk}", assignee_id=cast.bob.pk, state="closed").json()
    assert (changed["assignee"]["name"], changed["state"]) == ("Bob Byrne", "closed")
    assert alice.send("patch", f"/conversations/{pk}", assignee_id=None, state="open").json()["assignee"] is None
    assert [row["name"] for row in alice.get(f"/conversations/{pk}/colleagues").json()] == ["Alice Archer", "Bob Byrne"]


def test_a_conversation_handed_to_another_team_is_out_of_sight(cast: Any, alice: Caller, write: Write) -> None:
    pk = write("Where is my part?").conversation_id
    moved = alice.send("patch", f"/conversations/{pk}", team_id=cast.parts.pk)
    assert moved.json()["team"]["name"] == "Spare parts"
    assert alice.get(f"/conversations/{pk}").status_code == 404


def test_a_change_that_cannot_be_made_whole_is_not_made_at_all(cast: Any, alice: Caller, write: Write) -> None:
    pk = write("Where is my part?").conversation_id
    refused = alice.send("patch", f"/conversations/{pk}", state="closed", team_id=2**40)
    assert refused.status_code == 422
    assert alice.get(f"/conversations/{pk}").json()["state"] == "open"


def test_a_promise_is_accepted_and_kept(cast: Any, alice: Caller, write: Write) -> None:
    pk = write("Where is my part?").conversation_id
    message = alice.post(f"/conversations/{pk}/replies", text="Thank you for asking.").json()["id"]
    row = Promise.objects.create(conversation_id=pk, message_id=message, quote="I will", start=0, end=6)
    assert alice.get("/promises", state="suggested").json()["count"] == 1
    due = (clock.now() + timedelta(days=1)).isoformat()
    assert alice.post(f"/promises/{row.pk}/accept", due_at=due).json()["state"] == "open"
    assert alice.post(f"/promises/{row.pk}/keep").json()["state"] == "kept"
    assert alice.post(f"/promises/{row.pk}/dismiss").status_code == 409


def test_a_wrong_verdict_is_put_right_and_taken_back(cast: Any, alice: Caller, call: Call, write: Write) -> None:
    message = write("There is never enough hot water. Move us at once!")
    tasks.read_message.call_local(message.pk)
    field = f"/messages/{message.pk}/reading/severity"
    said = alice.send("put", field, value=4)
    assert said.status_code == 200 and (said.json()["field"], said.json()["becomes"]) == ("severity", 4)
    told = alice.get(f"/conversations/{message.conversation_id}/readings").json()[0]
    assert (told["severity"], told["corrected"]) == (4, ["severity"])

    assert alice.send("put", field, value="very").json()["field"]
    assert alice.send("put", field.replace("severity", "mood"), value=1).status_code == 422
    assert call(cast.charlie).send("put", field, value=0).status_code == 404
    assert alice.post(f"{field}/undo").status_code == 200
    told = alice.get(f"/conversations/{message.conversation_id}/readings").json()[0]
    assert told["severity"] == said.json()["was"] and told["corrected"] == []
    assert alice.post(f"{field}/undo").status_code == 409


def test_events_come_once_each_in_order_and_as_sentences(cast: Any, alice: Caller, write: Write) -> None:
    pk = write("Where is my part?").conversation_id
    alice.post(f"/conversations/{pk}/notes", text="Ask the warehouse.")
    assert alice.get("/events").json() == {"items": [], "next": 0}  # not settled yet
    with clock.travel(clock.now() + timedelta(seconds=5)):
        seen, after = [], 0
        while page := alice.get("/events", after=after, limit=2).json()["items"]:
            seen += page
            after = page[-1]["id"]
    kinds = [row["kind"] for row in seen]
    assert kinds.index("message.received") < kinds.index("note.added")
    assert len({row["id"] for row in seen}) == len(seen)
    assert all(row["text"] and "{" not in row["text"] for row in seen)


def test_a_draft_is_checked_without_being_kept(cast: Any, alice: Caller) -> None:
    answer = alice.post("/check", draft="Calm down. That is our policy.", message="You charged me twice!")
    assert answer.status_code == 200
    assert answer.json()["verdict"] in ("improve", "stop")
    assert answer.json()["findings"]


def test_the_tree_of_causes_is_told_with_its_paths(cast: Any, alice: Caller) -> None:
    rows = alice.get("/causes").json()
    assert "billing" in [row["slug"] for row in rows]


def test_lists_come_in_pages(cast: Any, alice: Caller, write: Write) -> None:
    for number in range(3):
        write(f"Question {number}", sender=f"c{number}@customer.example")
    first = alice.get("/conversations", size=2).json()
    second = alice.get("/conversations", size=2, page=2).json()
    assert (first["count"], len(first["items"]), len(second["items"])) == (3, 2, 1)
    assert not {row["id"] for row in first["items"]} & {row["id"] for row in second["items"]}


@pytest.mark.parametrize("query", [{"size": 0}, {"size": 1000}, {"page": 0}, {"view": "nearby"}, {"search": "a\x00"}])
def test_a_question_that_makes_no_sense_is_told_so(cast: Any, alice: Caller, query: dict[str, Any]) -> None:
    answer = alice.get("/conversations", **query)
    assert answer.status_code == 422
    assert answer.json()["field"] in query


def test_a_misspelt_field_is_an_error(cast: Any, alice: Caller, write: Write) -> None:
    pk = write("Where is my part?").conversation_id
    answer = alice.post(f"/conversations/{pk}/replies", text="Hello", textt="x")
    assert answer.status_code == 422
    assert answer.json()["field"] == "textt"


def test_a_body_that_is_not_json_is_told_so(cast: Any, alice: Caller) -> None:
    answer = alice.client.post("/api/v1/check", "{", content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (400, "The request body is not JSON.")


@pytest.mark.parametrize("pk", ["0", str(2**70), "x"])
def test_an_id_that_cannot_be_is_refused_in_words(cast: Any, alice: Caller, pk: str) -> None:
    answer = alice.get(f"/conversations/{pk}")
    assert answer.status_code in (404, 422)
    assert answer.json()["error"]


def test_an_unknown_address_answers_in_the_apis_shape(cast: Any, alice: Caller) -> None:
    answer = alice.get("/nothing")
    assert answer.status_code == 404
    assert answer.json()["error"]


SAID = {"id": "till-4711", "email": "tom@customer.example", "text": "The till charged me twice.", "name": "Tom"}


def test_what_a_customer_said_elsewhere_is_handed_in_once(cast: Any, alice: Caller) -> None:
    first = alice.post("/messages", **SAID, mailbox="care@desk.example")
    again = alice.post("/messages", **SAID, mailbox="care@desk.example")
    assert first.status_code == again.status_code == 202
    assert first.json()["id"] == again.json()["id"]
    message = accept(RawMessage.objects.get(pk=first.json()["id"]))
    assert message is not None
    assert (message.text, message.sender_address) == ("The till charged me twice.", "tom@customer.example")
    assert alice.get(f"/conversations/{message.conversation_id}").json()["customer"]["name"] == "Tom"


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"mailbox": "parts@desk.example"}, 404),
        ({"mailbox": "nobody@desk.example"}, 404),
        ({"email": "tom"}, 422),
        ({"text": " "}, 422),
        ({"id": "x"}, 422),
    ],
)
def test_a_message_that_cannot_be_filed_is_refused(
    cast: Any, alice: Caller, changed: dict[str, str], status: int
) -> None:
    answer = alice.post("/messages", **{"mailbox": "care@desk.example", **SAID, **changed})
    assert answer.status_code == status
    assert not RawMessage.objects.exists()
