"""Follow-ups and survey answers through the API."""

import pytest

from backstory.cases.actions import open_complaint
from backstory.kernel import clock
from backstory.people.actions import issue_token
from backstory.recovery.models import FollowUp, SecondRecovery, Survey


@pytest.fixture
def check(cast, write):
    complaint = open_complaint(cast.alice, write("It is cold.").conversation_id)
    Survey.objects.create(complaint=complaint, due_at=clock.now(), sent_at=clock.now())
    return FollowUp.objects.create(
        complaint=complaint, key="held", kind="check", counted_from="closing", begun_at=clock.now(), due_at=clock.now()
    )


def headers(user):
    return {"Authorization": f"Bearer {issue_token(user, 'test')}"}


def test_a_check_that_failed_is_told_and_the_second_recovery_listed(cast, check, client) -> None:
    alice = headers(cast.alice)
    listed = client.get("/api/v1/followups?state=open", headers=alice).json()["items"]
    assert [row["kind"] for row in listed] == ["check"] and "note" not in listed[0]
    path = f"/api/v1/followups/{check.pk}/finish"
    said = {"note": "The baby is ill again.", "held": False}
    assert client.post(path, {}, "application/json", headers=alice).status_code == 422
    assert client.post(path, said, "application/json", headers=alice).json()["held"] is False
    second = client.get("/api/v1/second-recoveries?state=open", headers=alice).json()["items"]
    assert [row["why"] for row in second] == ["check_failed"] and SecondRecovery.objects.count() == 1


def test_a_chat_asks_the_question_and_an_administrator_hands_in_the_answer(cast, check, client) -> None:
    survey = Survey.objects.get()
    asked = client.get(f"/api/v1/surveys/{survey.pk}/question?language=de", headers=headers(cast.dana)).json()
    assert asked["text"].startswith("Wie zufrieden") and [one["score"] for one in asked["choices"]] == [1, 2, 3, 4, 5]
    path = f"/api/v1/surveys/{survey.pk}/answer"
    assert client.post(path, {"score": 5}, "application/json", headers=headers(cast.alice)).status_code == 403
    given = client.post(path, {"score": 2, "comment": "Still cold"}, "application/json", headers=headers(cast.dana))
    assert given.json()["via"] == "chat" and SecondRecovery.objects.get().why == "low_score"
    found = client.get("/api/v1/surveys?answered=true", headers=headers(cast.alice)).json()["items"]
    assert [row["comment"] for row in found] == ["Still cold"]
