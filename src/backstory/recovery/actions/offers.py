"""After the decision: the customer is told, answers, and gets what was granted. Each is kept once, with its date."""

from django.db import transaction

from backstory.cases import rules as case_rules
from backstory.cases.actions import lock, lock_for
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput, NotFound
from backstory.kernel.text import storable
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.recovery import queries
from backstory.recovery.actions.asking import tell_of_remedy
from backstory.recovery.actions.by_hand import stop_for_hand
from backstory.recovery.models import Remedy

LONGEST_EVIDENCE = 300


def _granted(viewer: User | None, remedy_id: int) -> Remedy:
    """The remedy, held with its complaint; Conflict unless it is granted. Without a viewer the caller has proven
    another way who asks (the signed link of the status page, a connector)."""
    if viewer is None:
        seen = Remedy.objects.filter(pk=remedy_id).first()
        if seen is None:
            raise NotFound("There is no such remedy.")
        lock(seen.complaint_id)
    else:
        lock_for(viewer, queries.get_remedy(viewer, remedy_id).complaint_id, Permission.GRANT_REMEDY)
    rows = Remedy.objects.select_related("complaint__conversation__customer").select_for_update(of=("self",))
    remedy = rows.get(pk=remedy_id)
    if remedy.state != Remedy.State.GRANTED:
        raise Conflict("This is not granted, so it can be neither offered nor carried out.")
    return remedy


@transaction.atomic
def mark_offered(viewer: User, remedy_id: int) -> Remedy:
    """The customer was told of a granted remedy; told twice, the first time counts."""
    remedy = _granted(viewer, remedy_id)
    if remedy.offered_at is None:
        remedy.offered_at = clock.now()
        remedy.save(update_fields=["offered_at"])
        tell_of_remedy("remedy.offered", remedy, viewer)
    return remedy


@transaction.atomic
def record_answer(remedy_id: int, answer: str, note: str = "", *, viewer: User | None) -> Remedy:
    """Keep what the customer said to an offer; without a viewer it is the customer who says so.

    The same answer twice is one. An answer stands: Conflict for another one, or where nothing is granted. For
    another offer there is another remedy.
    """
    if answer not in Remedy.Answer.values:
        raise InvalidInput("Accept or decline the offer.", "answer")
    remedy = _granted(viewer, remedy_id)
    if remedy.answer == answer:
        return remedy
    if remedy.answer:
        raise Conflict(f"This offer was {remedy.answer} before. Offer something else instead.")
    if answer == Remedy.Answer.DECLINED and remedy.carried_out_at is not None:
        raise Conflict("This was carried out already, so it can be declined no more.")
    remedy.answer, remedy.answered_at = answer, clock.now()
    remedy.offered_at = remedy.offered_at or remedy.answered_at  # who answers has heard of it
    remedy.answer_note = storable(note).strip()[:2000]
    remedy.save(update_fields=["answer", "answered_at", "offered_at", "answer_note"])
    kind = "remedy.accepted" if answer == Remedy.Answer.ACCEPTED else "remedy.refused"
    tell_of_remedy(kind, remedy, viewer or remedy.complaint.conversation.customer)
    return remedy


@transaction.atomic
def mark_carried_out(remedy_id: int, evidence: str, viewer: User | None) -> Remedy:
    """Keep that the customer has what was granted, and how we know (at most 300 characters).

    Without a viewer the desk itself carried it out. Done twice the first stands; Conflict for what the customer
    declined.
    """
    reference = case_rules.required(evidence, "evidence", "how we know that it is done", LONGEST_EVIDENCE)
    remedy = _granted(viewer, remedy_id)
    if remedy.carried_out_at is not None:
        return remedy
    if remedy.answer == Remedy.Answer.DECLINED:
        raise Conflict("The customer declined this: offer something else instead.")
    if viewer is not None and not stop_for_hand(remedy.pk):
        raise Conflict("This is on its way through a connector: look there what became of it before paying by hand.")
    remedy.carried_out_at, remedy.evidence = clock.now(), reference
    remedy.save(update_fields=["carried_out_at", "evidence"])
    tell_of_remedy("remedy.carried_out", remedy, viewer)
    return remedy
