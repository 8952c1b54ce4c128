"""The page of follow-ups, the list of second recoveries, what is asked, and both in the panel of a conversation."""

import pytest
from django.test import Client

from backstory.cases.models import Complaint
from backstory.kernel import clock
from backstory.recovery.models import FollowUp, SecondRecovery, Survey, SurveyChoice
from conftest import Cast


@pytest.fixture
def call(cast: Cast, complaint: Complaint) -> FollowUp:
    return FollowUp.objects.create(
        complaint=complaint,
        key="call",
        kind="call",
        words={"en": "Ask whether it is warm."},
        counted_from="closing",
        begun_at=clock.now(),
        owner=cast.alice,
        due_at=clock.ahead(days=-1),
    )


@pytest.fixture
def second(cast: Cast, complaint: Complaint) -> SecondRecovery:
    survey = Survey.objects.create(
        complaint=complaint, due_at=clock.now(), sent_at=clock.now(), answered_at=clock.now(), score=2, comment="Cold."
    )
    return SecondRecovery.objects.create(
        complaint=complaint,
        why="low_score",
        survey=survey,
        before=cast.alice,
        owner=cast.bob,
        due_at=clock.ahead(days=2),
    )


def test_everybody_sees_their_own_and_the_late_ones_of_their_team(
    call: FollowUp, alice: Client, bob: Client, charlie: Client
) -> None:
    assert "Ask whether it is warm." in alice.get("/followups/").content.decode()
    assert "Ask whether it is warm." not in bob.get("/followups/").content.decode()
    assert "Ask whether it is warm." in bob.get("/followups/?show=late&whose=team").content.decode()
    assert "Ask whether it is warm." not in charlie.get("/followups/?show=late&whose=team").content.decode()


def test_a_follow_up_is_settled_where_it_is_listed_and_its_note_stands_in_the_panel_alone(
    call: FollowUp, alice: Client, dana: Client
) -> None:
    answer = alice.post(f"/followups/{call.pk}/", {"decision": "done", "note": "Croup again.", "next": "/followups/"})
    assert answer.status_code == 302 and answer["Location"] == "/followups/"
    assert "Croup" not in alice.get("/followups/?show=done").content.decode()
    talk = f"/conversations/{call.complaint.conversation_id}/"
    assert "Croup again." in alice.get(talk).content.decode()
    assert "Croup again." not in dana.get(talk).content.decode(), "who may not read a backstory reads no note"


def test_handing_over_trying_again_and_skipping(cast: Cast, call: FollowUp, alice: Client) -> None:
    path = f"/followups/{call.pk}/"
    alice.post(path, {"decision": "give", "owner": str(cast.bob.pk)})
    call.refresh_from_db()
    assert call.owner == cast.bob
    alice.post(path, {"decision": "missed", "again": f"{clock.ahead(days=3):%Y-%m-%d}"})
    call.refresh_from_db()
    assert (call.state, call.tries) == ("open", 1)
    assert alice.post(path, {"decision": "skip"}, headers={"HX-Request": "true"}).status_code == 422
    alice.post(path, {"decision": "skip", "reason": "They wrote that all is well."})
    call.refresh_from_db()
    assert call.state == "skipped"


def test_a_second_recovery_stands_above_the_thread_and_in_a_list(
    second: SecondRecovery, alice: Client, bob: Client
) -> None:
    talk = bob.get(f"/conversations/{second.complaint.conversation_id}/").content.decode()
    assert "Second recovery: A low score (2 / 5). With Bob Byrne" in talk and "Cold." in talk
    listed = alice.get("/second-recoveries/").content.decode()
    assert "A low score: 2 / 5" in listed and "before: Alice Archer" in listed
    assert 'value="give"' not in listed and 'value="give"' in bob.get("/second-recoveries/").content.decode()


def test_a_lead_gives_it_to_somebody_and_its_end_is_counted(cast: Cast, second: SecondRecovery, bob: Client) -> None:
    path = f"/second-recoveries/{second.pk}/"
    bob.post(path, {"decision": "give", "owner": str(cast.alice.pk)})
    bob.post(path, {"decision": "done", "outcome": "recovered"})
    second.refresh_from_db()
    assert (second.owner, second.state, second.outcome) == (cast.alice, "done", "recovered")
    assert "1 recovered at the second attempt" in bob.get("/second-recoveries/?show=done").content.decode()


def test_a_lead_chooses_what_a_team_and_a_mailbox_ask(cast: Cast, alice: Client, bob: Client) -> None:
    assert alice.get("/followups/questions/").status_code == 403
    bob.post("/followups/questions/choose/", {"of": "team", "id": str(cast.care.pk), "kind": "nps", "low": "5"})
    bob.post("/followups/questions/choose/", {"of": "mailbox", "id": str(cast.mailbox.pk), "kind": "none"})
    rows = SurveyChoice.objects.values_list("team_id", "mailbox_id", "kind", "low")
    assert set(rows) == {(cast.care.pk, None, "nps", 5), (None, cast.mailbox.pk, "none", None)}
    other = {"of": "team", "id": str(cast.parts.pk), "kind": "nps"}
    assert bob.post("/followups/questions/choose/", other).status_code == 404
    page = bob.get("/followups/questions/").content.decode()
    assert "Customer care" in page and "Spare parts" not in page
