"""Customers are told how their complaint stands: together, at decent hours, and by people's leave."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from backstory.cases.actions import (
    accept_promise,
    add_resolution_action,
    amend_promise,
    finish_resolution_action,
    reopen_complaint,
    save_backstory,
    set_severity,
)
from backstory.cases.models import Complaint, Promise
from backstory.conversations.actions import add_note, assign, send_reply
from backstory.conversations.models import Delivery, Message
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from backstory.live import bus
from backstory.live.models import Event
from backstory.live.phrases import known
from backstory.people.actions import note_trouble, set_language
from backstory.people.models import Identity
from backstory.recovery import actions, queries, tasks
from backstory.recovery.models import StageChange, StageUpdate
from backstory.recovery.rules import updates as timing
from conftest import Cast

Close = Callable[[Complaint], Complaint]
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    """Every test begins on a Monday at ten."""
    with clock.travel(MONDAY):
        yield


def later(**parts: float) -> object:
    return clock.travel(MONDAY + timedelta(**parts))


def pass_a_minute(**parts: float) -> int:
    """What the worker does each minute, so much later than Monday at ten."""
    with later(**parts):
        actions.note_changes()
        return actions.send_due_updates()


def sent() -> list[str]:
    rows = Message.objects.filter(delivery__kind=Delivery.Kind.NOTICE).order_by("id")
    return list(rows.values_list("text", flat=True))


def planned(kind: str) -> StageUpdate:
    return StageUpdate.objects.get(kind=kind, state="planned")


@pytest.fixture
def told(complaint: Complaint) -> Complaint:
    """A complaint whose customer has got the acknowledgement, on Monday at a quarter past ten."""
    assert pass_a_minute() == 0
    assert pass_a_minute(minutes=16) == 1
    return complaint


def test_what_wakes_the_planning_is_what_customers_are_told_of() -> None:
    assert all(tasks.note_changes in bus._subscribers[kind] for kind in timing.STAGES)
    assert tasks.replan_after_message in bus._subscribers["message.sent"]


def test_a_complaint_is_acknowledged_with_its_number_its_link_and_the_next_date(told: Complaint) -> None:
    (letter,) = sent()
    assert "Hello Maya Lind," in letter and told.number in letter and "again by 9 March 2026" in letter
    link = re.search(r"/status/([^/\s]+)/", letter)
    assert link and queries.complaint_by_status_token(link.group(1)) == told
    message = Message.objects.get(text=letter)
    assert message.in_reply_to == told.conversation.messages.all()[0].message_id, "it stays in the thread"


def test_several_changes_within_a_while_are_one_letter(cast: Cast, told: Complaint) -> None:
    with later(hours=5):
        assign(cast.alice, told.conversation_id, cast.alice.pk)
        step = add_resolution_action(cast.alice, told.pk, serves="cause", text="TANK", due_at=clock.ahead(days=2))
        actions.note_changes()
    with later(hours=5, minutes=5):
        finish_resolution_action(cast.alice, step.pk)
        actions.offer_remedy(cast.alice, told.pk, "refund", "25", "EUR", "cold nights")
    assert pass_a_minute(hours=5, minutes=16) == 0, "the quiet time begins anew with each change"
    assert pass_a_minute(hours=5, minutes=21) == 1
    letter = sent()[-1]
    for words in ("Alice takes care of it.", "agreed on what we will do", "is done", "a refund of €25.00"):
        assert words in letter
    assert "TANK" not in letter and "cold nights" not in letter
    assert letter.index("refund") < letter.index("Alice takes care")
    assert told.remedies.get().offered_at, "who was told of it has been offered it"


def test_letters_wait_for_business_hours_and_keep_a_distance(cast: Cast, told: Complaint) -> None:
    with later(minutes=30):
        actions.offer_remedy(cast.alice, told.pk, "refund", "25", "EUR", "cold nights")
    assert pass_a_minute(hours=3) == 0, "four hours after the acknowledgement"
    assert pass_a_minute(hours=4, minutes=17) == 1
    with later(hours=9):
        actions.offer_remedy(cast.alice, told.pk, "goodwill", "5", "EUR", "cold nights")
    assert pass_a_minute(hours=12) == 0, "nobody gets letters in the night"
    assert pass_a_minute(days=1) == 1


def test_a_lost_wake_up_is_made_good_and_nothing_is_told_twice(complaint: Complaint) -> None:
    assert StageChange.objects.count() == 0
    for _ in range(3):
        tasks.tell_customers.call_local()
    assert StageChange.objects.count() == 1
    assert [pass_a_minute(minutes=20 + each) for each in range(3)] == [1, 0, 0]
    assert StageUpdate.objects.filter(state="planned", kind="scheduled").count() == 1


def test_what_was_announced_is_sent_at_its_time_even_without_news(cast: Cast, told: Complaint) -> None:
    send_reply(cast.alice, told.conversation_id, "I am on it.")
    with later(minutes=20):
        actions.note_changes()
        actions.replan(told.pk)
    due = planned("scheduled").due_at
    assert due == datetime(2026, 3, 9, 10, tzinfo=UTC)
    assert pass_a_minute(days=6) == 0
    assert pass_a_minute(days=7, minutes=1) == 1
    assert "We are still working on your complaint" in sent()[-1] and "again by 16 March 2026" in sent()[-1]


def test_who_writes_in_person_has_kept_the_word(cast: Cast, told: Complaint) -> None:
    assert planned("scheduled").promised_by == datetime(2026, 3, 9, 17, tzinfo=UTC)
    with later(days=2):
        send_reply(cast.alice, told.conversation_id, "The plumber comes tomorrow.")
        tasks.replan_after_message.call_local(Message.objects.latest("id").pk)
    row = planned("scheduled")
    assert (row.due_at.date().isoformat(), row.promised_by) == ("2026-03-11", None)
    assert queries.waiting_updates(cast.alice).count() == 0


def test_small_news_is_not_told_after_a_person_has_written(cast: Cast, told: Complaint) -> None:
    with later(hours=5):
        assign(cast.alice, told.conversation_id, cast.alice.pk)
        actions.note_changes()
    with later(hours=5, minutes=3):
        send_reply(cast.alice, told.conversation_id, "I take care of it.")
    assert pass_a_minute(hours=5, minutes=30) == 0
    assert StageUpdate.objects.get(kind="changed", state="skipped").reason == "Nothing was left to tell."


def test_the_more_serious_the_more_often_and_the_desk_may_say_otherwise(cast: Cast, told: Complaint) -> None:
    set_severity(cast.alice, told.pk, 4)
    assert actions.replan(told.pk).due_at.date().isoformat() == "2026-03-03"  # type: ignore[union-attr]
    actions.set_update_manner(cast.bob, "team", cast.care.pk, automatic=None, every={"4": 3}, carer="team")
    assert planned("scheduled").due_at.date().isoformat() == "2026-03-05"
    assert queries.carer_of(Complaint.objects.get()) == ("Customer care", True)
    actions.set_update_manner(cast.bob, "mailbox", cast.mailbox.pk, automatic=None, every={"4": 0}, carer="name")
    assert not StageUpdate.objects.filter(kind="scheduled").exists()
    assert queries.carer_of(Complaint.objects.get()) == ("Alice", False)


def test_only_who_may_sets_the_manner(cast: Cast) -> None:
    for viewer, place, pk in (
        (cast.alice, "team", cast.care.pk),
        (cast.bob, "desk", None),
        (cast.bob, "team", cast.parts.pk),
    ):
        with pytest.raises(NotAllowed):
            actions.set_update_manner(viewer, place, pk, automatic=False, every={}, carer="")
    for wrong in ({"every": {"9": 3}}, {"every": {"1": 99}}, {"carer": "secret"}):
        with pytest.raises(InvalidInput):
            actions.set_update_manner(cast.dana, "desk", None, **{"automatic": None, "every": {}, "carer": "", **wrong})  # type: ignore[arg-type]


def test_switched_off_nothing_goes_by_itself_and_what_was_promised_is_shown_as_late(
    cast: Cast, told: Complaint
) -> None:
    actions.switch_updates(cast.alice, told.pk, False)
    send_reply(cast.alice, told.conversation_id, "I am on it.")  # nothing of hers waits for an answer
    StageUpdate.objects.filter(kind="scheduled").update(promised_by=MONDAY + timedelta(days=7, hours=7))
    assert pass_a_minute(days=7, hours=1) == 0
    row = planned("scheduled")
    assert row.held == "off" and not timing.is_late(row.due_at, row.promised_by, MONDAY + timedelta(days=7, hours=6))
    with later(days=7, hours=8):
        assert timing.is_late(row.due_at, row.promised_by, clock.now())
        assert list(queries.waiting_updates(cast.alice)) == [row] and not queries.waiting_updates(cast.charlie)
        actions.send_update(cast.alice, row.pk)
    assert len(sent()) == 2


def test_while_a_question_lies_unanswered_no_machine_says_that_all_is_well(
    cast: Cast, told: Complaint, write: Callable[..., Message]
) -> None:
    with later(days=4):
        send_reply(cast.alice, told.conversation_id, "I am on it.")
        actions.replan(told.pk)
    with later(days=7):
        write("When will you come?", reply_token=told.conversation.reply_token)
    assert pass_a_minute(days=11, hours=2) == 0
    assert planned("scheduled").held == "unanswered"
    with later(days=11, hours=3):
        send_reply(cast.alice, told.conversation_id, "Tomorrow at nine.")
        actions.replan(told.pk)
    assert planned("scheduled").held == ""
    assert pass_a_minute(days=18, hours=4) == 1


def test_nobody_is_written_to_whose_letters_come_back(complaint: Complaint) -> None:
    note_trouble("maya@customer.example", "undeliverable", "no such mailbox")
    pass_a_minute()
    assert pass_a_minute(hours=1) == 0 and planned("changed").held == "unreachable"


def test_nobody_to_write_to_at_the_last_moment_is_tried_again_and_then_shown(cast: Cast, told: Complaint) -> None:
    row = planned("scheduled")
    Identity.objects.all().delete()
    Message.objects.update(answer_address="")
    for hours in range(10):
        with later(days=7, hours=hours), pytest.raises(InvalidInput):
            actions.send_update(cast.alice, row.pk)
    assert planned("scheduled") == row


def test_a_moved_promise_is_told_with_our_own_words_and_another_owner_is_no_news(cast: Cast, told: Complaint) -> None:
    reply = send_reply(cast.alice, told.conversation_id, "I will send the plumber by Friday.")
    promise = Promise.objects.create(
        conversation=told.conversation,
        message=reply,
        quote="I will send the plumber",
        owner=cast.alice,
        due_at=MONDAY + timedelta(days=4),
    )
    accept_promise(cast.alice, promise.pk)
    amend_promise(cast.alice, promise.pk, owner_id=cast.bob.pk)
    pass_a_minute(minutes=30)
    assert not StageUpdate.objects.filter(kind="changed", state="planned").exists()
    with later(hours=5):
        amend_promise(cast.alice, promise.pk, due_at=MONDAY + timedelta(days=8))
        actions.note_changes()
    assert pass_a_minute(hours=6) == 1
    assert "“I will send the plumber”" in sent()[-1] and "by 10 March 2026" in sent()[-1]


def test_a_promise_from_a_note_is_never_quoted(cast: Cast, told: Complaint) -> None:
    note = add_note(cast.alice, told.conversation_id, "Told her on the phone, she cried: I will send SECRET")
    promise = Promise.objects.create(
        conversation=told.conversation, message=note, quote="I will send SECRET", due_at=MONDAY + timedelta(days=4)
    )
    accept_promise(cast.alice, promise.pk)
    amend_promise(cast.alice, promise.pk, due_at=MONDAY + timedelta(days=8))
    pass_a_minute(minutes=30)
    pass_a_minute(hours=6)
    assert "something that we told you" in sent()[-1] and "SECRET" not in sent()[-1]


def test_the_closing_letter_tells_what_was_still_to_be_told(cast: Cast, told: Complaint, close: Close) -> None:
    actions.offer_remedy(cast.alice, told.pk, "refund", "25", "EUR", "cold nights")
    actions.note_changes()
    actions.send_closing_notice(close(told).pk)
    assert "We have closed" in sent()[-1] or "we have closed" in sent()[-1]
    assert "a refund of €25.00" in sent()[-1]
    assert pass_a_minute(days=30) == 0 and len(sent()) == 2
    assert set(StageUpdate.objects.values_list("state", flat=True)) == {"sent", "skipped"}
    reopen_complaint(cast.alice, told.pk)
    pass_a_minute(minutes=30)
    assert pass_a_minute(hours=5) == 1 and "taken your complaint up again" in sent()[-1]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "hat die Nummer"),
        ("es", "con el número"),
        ("fr", "porte le numéro"),
        ("xx", "has the number"),
        ("", "has the number"),
    ],
)
def test_letters_speak_the_customers_language(complaint: Complaint, language: str, words: str) -> None:
    set_language(complaint.conversation.customer_id, language)
    pass_a_minute()
    assert pass_a_minute(hours=1) == 1 and words in sent()[0]


def test_every_language_has_every_word_and_placeholder() -> None:
    from backstory.recovery.telling import words

    english = words("en")
    for language in ("de", "es", "fr"):
        other = words(language)
        assert other.keys() == english.keys() and other is not english
        for key, text in english.items():
            assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", other[key])), (language, key)


def test_the_agent_reads_writes_sends_and_skips_before_anything_goes(cast: Cast, complaint: Complaint) -> None:
    pass_a_minute()
    row = planned("changed")
    composed = queries.letter_of_update(row).text
    assert complaint.number in composed and "{link}" in composed
    assert actions.edit_update(cast.alice, row.pk, composed).text == "", "nothing changed, so it goes on collecting"
    actions.edit_update(cast.alice, row.pk, "Dear Maya, we are on it {really}. {link}")
    with later(minutes=5):
        actions.offer_remedy(cast.alice, complaint.pk, "refund", "25", "EUR", "cold nights")
        actions.note_changes()
    assert StageUpdate.objects.filter(kind="changed", state="planned").count() == 2, "her words stay as they are"
    actions.send_update(cast.alice, row.pk)
    assert sent()[0].startswith("Dear Maya, we are on it {really}. http") and "/status/" in sent()[0]
    with pytest.raises(Conflict):
        actions.send_update(cast.alice, row.pk)
    other = planned("changed")
    with pytest.raises(InvalidInput):
        actions.skip_update(cast.alice, other.pk, " ")
    actions.skip_update(cast.alice, other.pk, "I have called her.")
    assert pass_a_minute(hours=6) == 0
    kinds = set(Event.objects.filter(subject="complaint").values_list("kind", flat=True))
    assert {"update.sent", "update.skipped"} <= kinds <= known()


def test_a_skipped_letter_at_its_time_is_followed_by_the_next(cast: Cast, told: Complaint) -> None:
    actions.skip_update(cast.alice, planned("scheduled").pk, "She is on holiday.")
    assert planned("scheduled").due_at.date().isoformat() == "2026-03-09"


def test_foreign_updates_do_not_exist_and_who_may_not_is_told(cast: Cast, told: Complaint) -> None:
    row = planned("scheduled")
    for act in (
        actions.send_update,
        lambda who, pk: actions.skip_update(who, pk, "x"),
        lambda who, pk: actions.edit_update(who, pk, "x"),
    ):
        with pytest.raises(NotFound):
            act(cast.charlie, row.pk)
        with pytest.raises(NotAllowed):
            act(cast.dana, row.pk)


def test_a_planned_letter_of_ones_own_goes_at_its_time(cast: Cast, told: Complaint) -> None:
    send_reply(cast.alice, told.conversation_id, "I am on it.")
    with pytest.raises(InvalidInput):
        actions.plan_update(cast.alice, told.pk, MONDAY - timedelta(hours=1))
    actions.plan_update(cast.alice, told.pk, MONDAY + timedelta(days=1), "The parts are here.\n{link}")
    assert pass_a_minute(days=1, minutes=1) == 1
    assert sent()[-1].startswith("The parts are here.")


def test_nothing_internal_is_in_any_letter(cast: Cast, told: Complaint, close: Close) -> None:
    save_backstory(
        cast.alice, told.pk, stated_problem="SECRET", demand="SECRET", backstory="croup SECRET", need="SECRET"
    )
    add_note(cast.alice, told.conversation_id, "SECRET she sounds exhausted")
    step = add_resolution_action(cast.alice, told.pk, serves="need", text="SECRET visit", due_at=clock.ahead(days=2))
    finish_resolution_action(cast.alice, step.pk)
    actions.offer_remedy(cast.alice, told.pk, "goodwill", "20", "EUR", "SECRET reason")
    actions.offer_remedy(cast.alice, told.pk, "refund", "900", "EUR", "SECRET and undecided")
    pass_a_minute(minutes=30)
    assert pass_a_minute(hours=6) == 1
    actions.send_closing_notice(close(told).pk)
    everything = " ".join(
        [
            *sent(),
            *Message.objects.values_list("subject", flat=True),
            *map(str, Event.objects.filter(kind__startswith="update").values_list("data", flat=True)),
        ]
    )
    for hidden in ("SECRET", "croup", "exhausted", "900", "tank", "Archer"):
        assert hidden not in everything
