"""From the decision to the customer's hands: told, answered, carried out."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.utils.module_loading import import_string

from backstory.cases.models import Complaint
from backstory.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from backstory.live.models import Event
from backstory.live.phrases import sentence
from backstory.recovery import actions, rules
from backstory.recovery.models import Remedy
from conftest import Cast


@pytest.fixture
def granted(cast: Cast, complaint: Complaint) -> Remedy:
    return actions.offer_remedy(cast.alice, complaint.pk, "replacement", "90", "EUR", "It broke twice.", cost="41.50")


def kinds() -> list[str]:
    return list(Event.objects.filter(subject="remedy").order_by("id").values_list("kind", flat=True))


def test_a_remedy_is_told_accepted_and_carried_out_once_each(cast: Cast, granted: Remedy) -> None:
    assert granted.cost_to_us.amount == Decimal("41.50")
    for _ in range(2):
        actions.mark_offered(cast.alice, granted.pk)
        actions.record_answer(granted.pk, "accepted", "Thank you!", viewer=None)
        done = actions.mark_carried_out(granted.pk, "Parcel 00340", None)
    assert (done.answer, done.answer_note, done.evidence) == ("accepted", "Thank you!", "Parcel 00340")
    assert done.offered_at and done.answered_at and done.carried_out_at
    assert kinds() == ["remedy.granted", "remedy.offered", "remedy.accepted", "remedy.carried_out"]
    told = [sentence(event) for event in Event.objects.filter(subject="remedy").order_by("id")]
    assert told[2] == "The customer accepted: replacement €90.00 (noted by Maya Lind)."


def test_an_answer_stands_and_what_is_declined_is_not_carried_out(cast: Cast, granted: Remedy) -> None:
    refused = actions.record_answer(granted.pk, "declined", viewer=cast.alice)
    assert refused.offered_at == refused.answered_at
    with pytest.raises(Conflict, match="declined before"):
        actions.record_answer(granted.pk, "accepted", viewer=None)
    with pytest.raises(Conflict, match="declined this"):
        actions.mark_carried_out(granted.pk, "Parcel", None)
    assert kinds()[-1] == "remedy.refused"


def test_what_the_customer_has_can_be_declined_no_more(cast: Cast, granted: Remedy) -> None:
    actions.mark_carried_out(granted.pk, "Parcel 00340", cast.alice)
    with pytest.raises(Conflict, match="carried out already"):
        actions.record_answer(granted.pk, "declined", viewer=None)


def test_what_is_not_granted_is_neither_offered_nor_carried_out(cast: Cast, complaint: Complaint) -> None:
    waiting = actions.offer_remedy(cast.alice, complaint.pk, "refund", "500", "EUR", "Paid twice.")
    refused: list[Callable[[], Remedy]] = [
        lambda: actions.mark_offered(cast.alice, waiting.pk),
        lambda: actions.record_answer(waiting.pk, "accepted", viewer=None),
        lambda: actions.mark_carried_out(waiting.pk, "Bank", None),
    ]
    for act in refused:
        with pytest.raises(Conflict, match="not granted"):
            act()


def test_only_whoever_works_there_keeps_what_became_of_it(cast: Cast, granted: Remedy) -> None:
    for viewer, error in ((cast.charlie, NotFound), (cast.dana, NotAllowed)):
        with pytest.raises(error):
            actions.mark_offered(viewer, granted.pk)
        with pytest.raises(error):
            actions.mark_carried_out(granted.pk, "Parcel", viewer)
    with pytest.raises(InvalidInput):
        actions.mark_carried_out(granted.pk, "  ", cast.alice)
    with pytest.raises(InvalidInput):
        actions.record_answer(granted.pk, "perhaps", viewer=cast.alice)
    with pytest.raises(NotFound):
        actions.mark_carried_out(0, "Parcel", None)


def test_an_apology_is_a_named_persons(cast: Cast, complaint: Complaint) -> None:
    own = actions.offer_remedy(cast.alice, complaint.pk, "apology", "0", "EUR", "We hung up.")
    chief = actions.offer_remedy(cast.alice, complaint.pk, "apology", 0, "EUR", "We hung up.", given_by=" Anna  Berg ")
    assert (own.given_by, chief.given_by) == ("Alice Archer", "Anna Berg")


def test_the_rules_know_every_kind_that_rows_may_have() -> None:
    assert list(rules.KINDS) == Remedy.Kind.values


def test_remedies_that_were_fixes_are_repairs_after_the_migration(cast: Cast, granted: Remedy) -> None:
    from django.apps import apps

    Remedy.objects.filter(pk=granted.pk).update(kind="fix")
    import_string("backstory.recovery.migrations.0002_remedies_as_data.call_repair")(apps, None)
    assert Remedy.objects.get(pk=granted.pk).kind == Remedy.Kind.REPAIR
