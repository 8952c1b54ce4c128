"""Abuse: who has had enough is protected, what is decided is recorded, dated and looked at again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from backstory.cases import actions, conduct, queries, tasks
from backstory.cases.models import AbusiveContact, ConductDecision, SensitiveReading
from backstory.conversations.actions import send_reply
from backstory.conversations.models import Conversation, Delivery
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from backstory.language.reading import Abuse, Language, Reading, Severity, Span
from backstory.live.models import Event
from backstory.people.actions import add_user
from backstory.people.models import Role

CALM = Reading(Language("en", 0.98), models={"rules": "1"})
HEAVY = replace(CALM, abuse=Abuse(-2, ("insult",), (Span("abuse", "useless idiots", 4, 18),)))
THREAT = replace(CALM, abuse=Abuse(-3, ("threat",), (Span("abuse", "useless idiots", 4, 18),)))
NOW = clock.now()


@pytest.fixture
def insulted(cast, write):
    """Messages that insult, each in a conversation of its own that Alice has."""

    def add(count: int = 1, reading: Reading = HEAVY, holder=cast.alice):
        found = []
        for number in range(count):
            message = write("You useless idiots.", sender=f"rude{number}@customer.example", subject=f"Rude {number}")
            if holder:
                actions.assign(holder, message.conversation_id, holder.pk)
            actions.record_reading(message.pk, reading)
            found.append(message)
        return found

    return add


@pytest.fixture
def erin(cast):
    return add_user("erin@desk.example", "Erin Ekström", cast.password, Role.LEAD, (cast.care,))


def decide(viewer, message, kind="warning", **more):
    given = {
        "reason": "Insults after a limit.",
        "letter": "Dear customer, …",
        "review_at": clock.ahead(days=90),
        **more,
    }
    return actions.decide_conduct(viewer, message.conversation_id, kind, **given)


@pytest.mark.parametrize(
    ("hours_ago", "respites", "expected"),
    [
        ([1, 2], [], None),
        ([1, 2, 25], [], None),
        ([1, 2, 3], [], 23),
        ([1, 2, 3, 4], [], 23),
        ([], [1], 1),
        ([1, 2, 3], [40], 40),
        ([], [-1], None),
    ],
)
def test_three_contacts_in_a_day_or_a_break_protect(hours_ago, respites, expected) -> None:
    hour = timedelta(hours=1)
    found = conduct.protected_until([NOW - at * hour for at in hours_ago], [NOW + at * hour for at in respites], NOW)
    assert found == (None if expected is None else NOW + expected * hour)


def test_after_three_abusive_contacts_nobody_is_made_to_take_a_fourth(cast, insulted) -> None:
    insulted(3)
    assert queries.contacts_borne(cast.alice) == 3
    fourth = insulted(1, holder=None)[0]
    with pytest.raises(Conflict, match="enough abusive contacts"):
        actions.assign(cast.bob, fourth.conversation_id, cast.alice.pk)
    actions.assign(cast.alice, fourth.conversation_id, cast.alice.pk)  # taking it oneself is one's own decision


def test_a_calm_conversation_can_be_given_to_anybody(cast, insulted, letter) -> None:
    insulted(3)
    actions.record_reading(letter.pk, CALM)
    assert actions.assign(cast.bob, letter.conversation_id, cast.alice.pk).assignee == cast.alice


def test_the_protection_ends_a_day_after_the_last(cast, insulted) -> None:
    insulted(3)
    fourth = insulted(1, holder=None)[0]
    with clock.travel(clock.ahead(hours=25)):
        assert actions.assign(cast.bob, fourth.conversation_id, cast.alice.pk).assignee == cast.alice


def test_whoever_answers_an_abusive_message_that_nobody_had_has_borne_it_and_once_only(cast, insulted) -> None:
    message = insulted(1, holder=None)[0]
    assert not AbusiveContact.objects.exists()
    reply = send_reply(cast.alice, message.conversation_id, "Let me help you with that.")
    tasks.note_answered_abuse.call_local(reply.pk)
    tasks.note_answered_abuse.call_local(reply.pk)
    assert [row.user for row in AbusiveContact.objects.all()] == [cast.alice]


def test_a_contact_that_people_found_not_abusive_is_not_counted(cast, insulted) -> None:
    message = insulted(1)[0]
    actions.correct_reading(cast.alice, message.pk, "abuse", 1)
    assert queries.contacts_borne(cast.alice) == 0
    actions.undo_correction(cast.alice, message.pk, "abuse")
    assert queries.contacts_borne(cast.alice) == 1


def test_an_old_message_read_again_is_no_contact_of_today(cast, insulted) -> None:
    message = insulted(1, holder=None)[0]
    actions.assign(cast.alice, message.conversation_id, cast.alice.pk)
    with clock.travel(clock.ahead(days=3)):
        actions.replace_reading(message.pk, HEAVY, "new")
        assert queries.contacts_borne(cast.alice) == 0


def test_a_break_keeps_abusive_contacts_away_and_is_not_longer_than_offered(cast, insulted) -> None:
    message = insulted(1, holder=None)[0]
    actions.take_break(cast.alice, 30)
    with pytest.raises(Conflict):
        actions.assign(cast.bob, message.conversation_id, cast.alice.pk)
    with pytest.raises(InvalidInput):
        actions.take_break(cast.alice, 600)


def test_handing_over_gives_it_to_a_lead_at_once_and_asks_no_reason(cast, insulted) -> None:
    message = insulted(1)[0]
    actions.hand_over(cast.alice, message.conversation_id)
    message.conversation.refresh_from_db()
    assert message.conversation.assignee == cast.bob
    event = Event.objects.get(kind="conduct.handed_over")
    assert event.data == {"to": "Bob Byrne"} and event.team_id == cast.care.pk
    with pytest.raises(Conflict, match="no other lead"):
        actions.hand_over(cast.bob, message.conversation_id)
    with pytest.raises(NotFound):
        actions.hand_over(cast.charlie, message.conversation_id)


def test_a_warning_is_a_letter_a_reason_and_a_day_of_review(cast, insulted) -> None:
    message = insulted(1)[0]
    with pytest.raises(NotAllowed):
        decide(cast.alice, message)
    for wrong in ({"reason": " "}, {"letter": ""}, {"review_at": None}, {"review_at": clock.ahead(days=400)}):
        with pytest.raises(InvalidInput):
            decide(cast.bob, message, **wrong)
    warning = decide(cast.bob, message)
    assert warning.state == "standing" and warning.message.author == cast.bob
    assert Delivery.objects.get().message == warning.message
    assert queries.decision_facts(message.conversation_id)[0].review_at == warning.review_at


def test_no_contact_is_ended_without_a_warning_unless_somebody_was_threatened(cast, insulted) -> None:
    message = insulted(1)[0]
    with pytest.raises(InvalidInput, match="a warning in writing"):
        decide(cast.bob, message, "ending")
    decide(cast.bob, message)
    assert decide(cast.bob, message, "ending").state == "standing"
    threat = insulted(1, reading=THREAT)[0]
    assert decide(cast.bob, threat, "ending").state == "standing"


@pytest.mark.parametrize("why", ["vulnerable", "safety", "promise"])
def test_nobody_vulnerable_in_danger_or_promised_something_is_shut_out_by_one_person_alone(
    cast, insulted, erin, why, promised, letter
) -> None:
    message = letter if why == "promise" else insulted(1)[0]
    if why == "vulnerable":
        SensitiveReading.objects.create(message=message, data={"vulnerability": [{"kind": "health"}]})
    elif why == "safety":
        actions.record_reading(message.pk, replace(HEAVY, severity=Severity(4, True, "gas")))
    else:
        promised("open")
    decide(cast.bob, message)
    sent = Delivery.objects.count()
    ending = decide(cast.bob, message, "ending")
    assert ending.state == "proposed" and Delivery.objects.count() == sent
    with pytest.raises(NotAllowed, match="second person"):
        actions.second_decision(cast.bob, ending.pk, agrees=True)
    with pytest.raises(NotAllowed):
        actions.second_decision(cast.alice, ending.pk, agrees=True)
    assert actions.second_decision(erin, ending.pk, agrees=True).message
    assert Delivery.objects.count() == sent + 1
    assert queries.decision_facts(message.conversation_id)[-1].seconded


def test_a_second_person_may_decline_and_nothing_is_sent(cast, insulted, erin) -> None:
    message = insulted(1)[0]
    SensitiveReading.objects.create(message=message, data={"vulnerability": [{"kind": "health"}]})
    decide(cast.bob, message)
    ending = decide(cast.bob, message, "ending")
    actions.second_decision(erin, ending.pk, agrees=False, words="He has just lost his wife.")
    assert Delivery.objects.count() == 1
    with pytest.raises(Conflict):
        actions.second_decision(erin, ending.pk, agrees=True)


def test_a_decision_is_looked_at_again_and_lifted_or_upheld_with_a_new_day(cast, insulted) -> None:
    warning = decide(cast.bob, insulted(1)[0])
    with clock.travel(clock.ahead(days=91)):
        assert list(queries.reviews_due(cast.bob)) == [warning]
        with pytest.raises(InvalidInput):
            actions.review_decision(cast.bob, warning.pk, lift=False, words="Still rude.")
        actions.review_decision(cast.bob, warning.pk, lift=False, words="Still rude.", next_review=clock.ahead(days=30))
        assert not queries.reviews_due(cast.bob).exists()
        lifted = actions.review_decision(cast.bob, warning.pk, lift=True, words="Friendly for a month.")
        assert lifted.state == "lifted" and lifted.reviewed_by == cast.bob
    kinds = Event.objects.filter(kind__startswith="conduct.").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["conduct.warned", "conduct.upheld", "conduct.lifted"]


def test_a_pause_takes_the_answer_off_the_list_until_it_ends(cast, insulted) -> None:
    message = insulted(1)[0]
    with pytest.raises(NotAllowed):
        actions.pause_answering(cast.alice, message.conversation_id, clock.ahead(days=1), "To cool off.")
    with pytest.raises(InvalidInput):
        actions.pause_answering(cast.bob, message.conversation_id, clock.ahead(days=30), "To cool off.")
    actions.pause_answering(cast.bob, message.conversation_id, clock.ahead(days=1), "To cool off.")
    message.conversation.refresh_from_db()
    assert message.conversation.state == Conversation.State.WAITING
    assert actions.end_pauses() == 0
    with clock.travel(clock.ahead(days=2)):
        assert actions.end_pauses() == 1
        assert actions.end_pauses() == 0
    message.conversation.refresh_from_db()
    assert message.conversation.state == Conversation.State.OPEN and message.conversation.waiting_since


def test_decisions_are_for_those_who_see_the_conversation(cast, insulted) -> None:
    warning = decide(cast.bob, insulted(1)[0])
    with pytest.raises(NotFound):
        queries.get_decision(cast.charlie, warning.pk)
    with pytest.raises(NotAllowed):
        actions.review_decision(cast.alice, warning.pk, lift=True, words="He said sorry.")
    assert ConductDecision.objects.get().state == "standing"


@pytest.mark.parametrize("language", ["en", "de", "fr"])
@pytest.mark.parametrize("kind", ["warning", "ending"])
def test_the_letters_say_that_the_complaint_goes_on_and_when_it_is_reviewed(kind: str, language: str) -> None:
    text = conduct.letter(kind, language, name="Maya", agent="Alice", lead="Bob", review="1 May")
    assert "Maya" in text and "1 May" in text and text.endswith("Bob")
    assert "{" not in text
