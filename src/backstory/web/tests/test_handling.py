"""Assigning, closing, promises, letters, and the complaint from opening to closing."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from backstory.cases.actions import suggest_promises
from backstory.cases.models import Backstory, Cause, Complaint, Promise, ResolutionAction
from backstory.conversations.actions import mark_failed, send_reply
from backstory.conversations.models import Conversation, Delivery, Message
from backstory.kernel import clock
from backstory.recovery.models import Remedy
from backstory.web.tests.conftest import HTMX
from conftest import Cast


def post(client: Client, url: str, **data: object) -> tuple[int, str]:
    answer = client.post(url, data, headers=HTMX)
    return answer.status_code, answer.content.decode()


def test_an_agent_takes_and_gives_back_a_conversation(alice: Client, cast: Cast, letter: Message) -> None:
    url = f"/conversations/{letter.conversation_id}/assign/"
    assert "Assigned to Alice Archer." in post(alice, url, assignee=cast.alice.pk)[1]
    assert Conversation.objects.get().assignee == cast.alice
    post(alice, url, assignee="")
    assert Conversation.objects.get().assignee is None


def test_only_colleagues_can_be_given_a_conversation(alice: Client, cast: Cast, letter: Message) -> None:
    url = f"/conversations/{letter.conversation_id}/assign/"
    for wrong in (cast.charlie.pk, "x", "-1", "9" * 40):
        assert post(alice, url, assignee=wrong)[0] == 422, wrong


def test_closing_and_reopening(alice: Client, letter: Message) -> None:
    post(alice, f"/conversations/{letter.conversation_id}/close/")
    assert Conversation.objects.get().state == "closed"
    post(alice, f"/conversations/{letter.conversation_id}/reopen/")
    assert Conversation.objects.get().state == "open"


def test_a_letter_that_failed_is_sent_again_by_hand(alice: Client, cast: Cast, letter: Message) -> None:
    delivery = send_reply(cast.alice, letter.conversation_id, "Hello").delivery
    mark_failed(delivery, "550 no such mailbox")
    page = alice.get(f"/conversations/{letter.conversation_id}/").content.decode()
    assert "550 no such mailbox" in page and f"/deliveries/{delivery.pk}/retry/" in page
    assert post(alice, f"/deliveries/{delivery.pk}/retry/")[0] == 200
    assert Delivery.objects.get().state == Delivery.State.WAITING


def test_a_promise_found_is_offered_accepted_and_kept(alice: Client, cast: Cast, letter: Message) -> None:
    sent = send_reply(cast.alice, letter.conversation_id, "I will call you within 3 days.")
    suggest_promises(sent.pk)
    promise = Promise.objects.get()
    assert "Keep it in the ledger" in alice.get(f"/conversations/{letter.conversation_id}/").content.decode()
    post(alice, f"/promises/{promise.pk}/", decision="accept")
    assert "I will call you within 3 days" in alice.get("/promises/").content.decode()
    post(alice, f"/promises/{promise.pk}/", decision="kept")
    assert Promise.objects.get().state == "kept"
    assert "I will call you" in alice.get("/promises/?show=kept").content.decode()


def test_an_unknown_decision_changes_no_promise(alice: Client, cast: Cast, letter: Message) -> None:
    suggest_promises(send_reply(cast.alice, letter.conversation_id, "I will call you within 3 days.").pk)
    assert post(alice, f"/promises/{Promise.objects.get().pk}/", decision="eat")[0] == 422
    assert Promise.objects.get().state == "suggested"


def test_one_key_makes_a_complaint_of_it(alice: Client, read_letter: Message) -> None:
    page = alice.get(f"/conversations/{read_letter.conversation_id}/").content.decode()
    assert 'data-key="c"' in page
    assert "opened" in post(alice, f"/conversations/{read_letter.conversation_id}/complaint/")[1]
    assert (
        Complaint.objects.get().number in alice.get(f"/conversations/{read_letter.conversation_id}/").content.decode()
    )


def test_cause_and_severity_are_judged_together(alice: Client, cast: Cast, complaint: Complaint) -> None:
    cause = Cause.objects.exclude(pk=complaint.cause_id).first()
    assert cause is not None
    post(alice, f"/complaints/{complaint.pk}/judge/", cause=cause.pk, severity=4)
    complaint.refresh_from_db()
    assert (complaint.cause, complaint.severity, complaint.cause_confirmed_by) == (cause, 4, cast.alice)
    assert post(alice, f"/complaints/{complaint.pk}/judge/", cause=cause.pk, severity=9)[0] == 422


def test_a_suggested_cause_can_be_confirmed_as_it_is(alice: Client, cast: Cast, complaint: Complaint) -> None:
    complaint.cause = Cause.objects.first()
    complaint.save()
    post(alice, f"/complaints/{complaint.pk}/judge/", cause=complaint.cause_id, severity=complaint.severity)
    complaint.refresh_from_db()
    assert complaint.cause_confirmed_by is None
    post(
        alice,
        f"/complaints/{complaint.pk}/judge/",
        cause=complaint.cause_id,
        severity=complaint.severity,
        confirm="yes",
    )
    complaint.refresh_from_db()
    assert complaint.cause_confirmed_by == cast.alice


def test_the_backstory_is_kept_and_the_administrator_may_not_write_it(
    alice: Client, dana: Client, complaint: Complaint
) -> None:
    fields = {"stated_problem": "cold", "demand": "move", "backstory": "croup", "need": "safety"}
    assert post(dana, f"/complaints/{complaint.pk}/backstory/", **fields)[0] == 403
    assert not Backstory.objects.exists()
    assert post(alice, f"/complaints/{complaint.pk}/backstory/", **fields)[0] == 200
    assert Backstory.objects.get().backstory == "croup"


def test_a_step_is_planned_with_owner_and_day_and_then_done(alice: Client, cast: Cast, complaint: Complaint) -> None:
    url = f"/complaints/{complaint.pk}/actions/"
    day = (clock.now() + timedelta(days=3)).date().isoformat()
    assert post(alice, url, serves="cause", text="Second tank", due="tomorrow", owner=cast.bob.pk)[0] == 422
    assert post(alice, url, serves="cause", text="Second tank", due=day, owner=cast.bob.pk)[0] == 200
    step = ResolutionAction.objects.get()
    assert step.owner == cast.bob
    post(alice, f"/actions/{step.pk}/done/")
    step.refresh_from_db()
    assert step.done_at is not None


def test_a_remedy_within_the_limit_is_granted_and_one_above_waits_for_the_lead(
    alice: Client, bob: Client, complaint: Complaint
) -> None:
    url = f"/complaints/{complaint.pk}/remedies/"
    assert "Granted." in post(alice, url, kind="goodwill", amount="20", currency="EUR", reason="cold nights")[1]
    assert "waits for Bob Byrne" in post(alice, url, kind="refund", amount="500", currency="EUR", reason="a month")[1]
    asked = Remedy.objects.get(state="requested")
    assert "€500.00" in bob.get("/approvals/").content.decode()
    assert bob.post(f"/approvals/{asked.pk}/", {"decision": "decline", "reason": ""}).status_code == 302
    asked.refresh_from_db()
    assert asked.state == "requested"
    bob.post(f"/approvals/{asked.pk}/", {"decision": "approve", "reason": "fair"})
    asked.refresh_from_db()
    assert asked.state == "granted"


def test_an_amount_that_is_none_is_refused_in_words(alice: Client, complaint: Complaint) -> None:
    url = f"/complaints/{complaint.pk}/remedies/"
    status, notice = post(alice, url, kind="goodwill", amount="lots", currency="EUR", reason="x")
    assert status == 422
    assert "is not an amount" in notice


def test_closing_names_what_is_missing_and_closes_when_nothing_is(alice: Client, complaint: Complaint) -> None:
    url = f"/complaints/{complaint.pk}/close/"
    status, notice = post(alice, url, outcome="upheld", reason="")
    assert status == 422 and "confirm the cause" in notice
    cause = Cause.objects.first()
    assert cause is not None
    post(alice, f"/complaints/{complaint.pk}/judge/", cause=cause.pk, severity=complaint.severity, confirm="yes")
    assert post(alice, url, outcome="upheld", reason="The tank was too small.")[0] == 200
    assert "Reopen the complaint" in alice.get(f"/conversations/{complaint.conversation_id}/").content.decode()
    post(alice, f"/complaints/{complaint.pk}/reopen/")
    complaint.refresh_from_db()
    assert complaint.state == "open"


def test_an_outsider_finds_no_complaint_to_change(
    charlie: Client, complaint: Complaint, write: Callable[..., Message]
) -> None:
    for part in ("judge", "backstory", "confirm", "actions", "remedies", "close", "reopen"):
        data = {"severity": "1", "currency": "EUR", "due": "2030-01-01", "serves": "need", "text": "x", "reason": "x"}
        assert post(charlie, f"/complaints/{complaint.pk}/{part}/", **data)[0] == 404, part
