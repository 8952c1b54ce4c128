"""The ledger of originals: found again, corrected, released, deleted, and counted."""

import pytest

from backstory.conversations import queries
from backstory.conversations.actions import (
    begin_try,
    correct_original,
    delete_original,
    describe,
    ignore,
    note_checks,
    quarantine,
    release_original,
    store_raw,
)
from backstory.conversations.letters import Address, Inbound
from backstory.conversations.models import RawMessage
from backstory.conversations.queries import Asked
from backstory.kernel import files
from backstory.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from backstory.live.models import Event

pytestmark = pytest.mark.django_db
State, Decision = RawMessage.State, RawMessage.Decision


def kept(cast, data: bytes = b"odd bytes", **fields: object) -> RawMessage:
    """An original in quarantine, described by `fields` of an Inbound."""
    raw, _ = store_raw("email", cast.mailbox, data, {"recipients": ["care+token@desk.example"]})
    given = {"channel": "email", "from_address": "Maya@Customer.example", "subject": "No heat", **fields}
    describe(raw.pk, Inbound(**given))  # type: ignore[arg-type]
    quarantine(raw.pk, "Odd.", "unreadable")
    raw.refresh_from_db()
    return raw


@pytest.mark.parametrize(
    "words",
    [
        "maya@customer",
        "from:MAYA",
        "to:care+token",
        "to:ben@home.example",
        'subject:"no heat"',
        "id:<letter-1@customer.example>",
        "letter-1@customer.example",
        "from:maya heat",
    ],
)
def test_an_original_is_found_by_what_it_says_of_itself(cast, words: str) -> None:
    raw = kept(cast, message_id="letter-1@customer.example", cc=(Address("Ben@home.example"),))
    kept(cast, b"other bytes", from_address="tom@customer.example", subject="A chair")
    RawMessage.objects.exclude(pk=raw.pk).update(recipients="parts@desk.example")
    assert list(queries.originals(cast.dana, Asked(words))) == [raw]


def test_an_original_is_found_by_its_hash_and_by_its_decision(cast) -> None:
    raw = kept(cast)
    other, _ = store_raw("email", cast.mailbox, b"waits")
    for words in (raw.sha256, f"sha256:{raw.sha256[:12].upper()}"):
        assert list(queries.originals(cast.dana, Asked(words))) == [raw]
    assert list(queries.originals(cast.dana, Asked(decision="quarantined"))) == [raw]
    assert list(queries.originals(cast.dana, Asked(decision="waiting"))) == [other]
    assert queries.decision_counts(cast.dana, Asked()) == {"quarantined": 1, "waiting": 1}


def test_only_an_administrator_looks_through_the_originals(cast) -> None:
    raw = kept(cast)
    for viewer in (cast.alice, cast.bob, cast.charlie):
        for ask in (queries.originals, queries.decision_counts):
            with pytest.raises(NotAllowed):
                ask(viewer, Asked())
        with pytest.raises(NotAllowed):
            queries.days(viewer)
        with pytest.raises(NotFound):
            queries.get_raw(viewer, raw.pk)


def test_whoever_sees_a_conversation_sees_what_came_for_it(cast, write) -> None:
    conversation = write("Hello").conversation
    raw, _ = store_raw("email", cast.mailbox, b"I am away")
    ignore(raw.pk, "An automatic answer.", Decision.AUTO_REPLY, conversation=conversation)
    assert queries.get_raw(cast.alice, raw.pk) == raw
    assert queries.quiet_originals([conversation.pk]) == [raw]
    with pytest.raises(NotFound):
        queries.get_raw(cast.charlie, raw.pk)


def test_every_original_of_a_day_is_counted_once(cast, write) -> None:
    write("Hello")
    kept(cast)
    store_raw("email", cast.mailbox, b"waits")
    ignore(store_raw("email", cast.mailbox, b"away")[0].pk, "Away.", Decision.AUTO_REPLY)
    delete_original(cast.dana, kept(cast, b"advertising").pk, "Advertising")
    [day] = queries.days(cast.dana)
    assert (day.arrived, day.accepted, day.kept, day.quarantined, day.waiting, day.deleted) == (5, 1, 1, 1, 1, 1)
    assert day.is_balanced
    RawMessage.objects.filter(state=State.RECEIVED).update(state=State.ACCEPTED)
    assert not queries.days(cast.dana)[0].is_balanced


def test_the_same_bytes_again_are_counted(cast) -> None:
    raw, _ = store_raw("email", cast.mailbox, b"twice")
    store_raw("email", cast.mailbox, b"twice")
    raw.refresh_from_db()
    assert raw.repeats == 1


def test_a_correction_waits_for_the_release(cast) -> None:
    raw = kept(cast)
    correct_original(cast.dana, raw.pk, sender="Tom@customer.example", name="Tom", ordinary=True)
    raw.refresh_from_db()
    assert raw.corrections == {"sender": "tom@customer.example", "name": "Tom", "ordinary": True}
    assert raw.state == State.QUARANTINED
    assert release_original(cast.dana, raw.pk).state == State.RECEIVED
    assert Event.objects.filter(kind__in=["raw.corrected", "raw.released"], actor_name="Dana Diaz").count() == 2


def test_an_original_is_moved_to_another_mailbox_unless_that_has_it(cast) -> None:
    raw, twin = kept(cast), kept(cast, b"twin")
    correct_original(cast.dana, raw.pk, mailbox_id=cast.parts_mailbox.pk)
    raw.refresh_from_db()
    assert raw.mailbox == cast.parts_mailbox
    store_raw("email", cast.parts_mailbox, b"twin")
    with pytest.raises(Conflict, match="has the same letter"):
        correct_original(cast.dana, twin.pk, mailbox_id=cast.parts_mailbox.pk)
    with pytest.raises(InvalidInput):
        correct_original(cast.dana, twin.pk, mailbox_id=999)
    with pytest.raises(InvalidInput):
        correct_original(cast.dana, twin.pk, sender="nobody")


def test_deleting_removes_the_bytes_and_leaves_who_when_and_why(cast, django_capture_on_commit_callbacks) -> None:
    raw = kept(cast)
    with pytest.raises(InvalidInput, match="Say why"):
        delete_original(cast.dana, raw.pk, "  ")
    with django_capture_on_commit_callbacks(execute=True):
        delete_original(cast.dana, raw.pk, "Advertising")
    raw.refresh_from_db()
    assert not files.exists(raw.path)
    assert (raw.state, raw.deleted_by, raw.reason, raw.size) == (State.DELETED, cast.dana, "Advertising", 9)
    assert raw.deleted_at and raw.sha256 and not (raw.sender or raw.subject or raw.recipients or raw.summary)
    assert Event.objects.get(kind="raw.deleted").actor_name == "Dana Diaz"


def test_bytes_that_another_mailbox_needs_stay(cast, django_capture_on_commit_callbacks) -> None:
    raw = kept(cast)
    store_raw("email", cast.parts_mailbox, b"odd bytes")
    with django_capture_on_commit_callbacks(execute=True):
        delete_original(cast.dana, raw.pk, "Advertising")
    assert files.get(raw.path) == b"odd bytes"


def test_what_was_deleted_and_comes_again_waits_in_quarantine(cast, django_capture_on_commit_callbacks) -> None:
    raw = kept(cast)
    with django_capture_on_commit_callbacks(execute=True):
        delete_original(cast.dana, raw.pk, "Advertising")
    again, is_new = store_raw("email", cast.mailbox, b"odd bytes")
    assert (again.pk, is_new, again.state) == (raw.pk, False, State.QUARANTINED)
    assert files.get(again.path) == b"odd bytes"


def test_what_became_a_message_is_not_deleted(cast, write) -> None:
    raw = write("Hello").raw
    with pytest.raises(InvalidInput):
        delete_original(cast.dana, raw.pk, "Advertising")


def test_nobody_but_an_administrator_corrects_releases_or_deletes(cast) -> None:
    raw = kept(cast)
    for viewer in (cast.alice, cast.bob, cast.charlie):
        with pytest.raises(NotAllowed):
            correct_original(viewer, raw.pk, name="x")
        with pytest.raises(NotAllowed):
            release_original(viewer, raw.pk)
        with pytest.raises(NotAllowed):
            delete_original(viewer, raw.pk, "x")


def test_an_original_that_ends_every_try_waits_in_quarantine(cast) -> None:
    raw, _ = store_raw("email", cast.mailbox, b"deadly")
    assert [begin_try(raw.pk) for _ in range(9)] == [True] * 8 + [False]
    raw.refresh_from_db()
    assert (raw.state, raw.basis) == (State.QUARANTINED, "fault")


def test_verdicts_of_checks_add_up(cast) -> None:
    raw, _ = store_raw("email", cast.mailbox, b"bytes")
    note_checks(raw.pk, {"dkim": {"result": "pass"}})
    quarantine(raw.pk, "Spam.", "spam", {"spam": {"score": 9.1}})
    raw.refresh_from_db()
    assert raw.checks == {"dkim": {"result": "pass"}, "spam": {"score": 9.1}}
