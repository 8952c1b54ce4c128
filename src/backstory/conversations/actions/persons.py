"""Saying that the customers of two conversations are one person, and taking it back."""

from django.db import transaction
from django.db.models import Q

from backstory.conversations import queries
from backstory.conversations.models import Conversation, Message, Participant, ThreadMove
from backstory.kernel.errors import Conflict, InvalidInput, NotFound
from backstory.live.actions import record
from backstory.people import policy
from backstory.people.actions import customer_for
from backstory.people.actions.merging import merge_customers, undo_customer_merge
from backstory.people.models import Customer, CustomerMerge, Identity, User
from backstory.people.policy import Permission
from backstory.people.queries import standing
from backstory.people.rules import normalise_email

CONVERSATIONS = "conversations.conversation.customer"
IDENTITIES = "people.identity.customer"


@transaction.atomic
def same_person(viewer: User, conversation_id: int, other_id: int | None = None, address: str = "") -> CustomerMerge:
    """Say that the customer of the other conversation is the one of this conversation, under the name they have here;
    or, with an address instead, that whoever took part in this one by it is.

    From then on each address of theirs joins their threads and has a customer's rights there. Whoever says so must see
    a conversation of each; those of other teams go along, are told of it, and stay out of sight.
    """
    here = _open_to(viewer, conversation_id)
    other = _open_to(viewer, other_id).customer if other_id is not None else _behind(here, address)
    if here.customer_id == other.pk:
        raise InvalidInput("They are one person already.")
    merge = merge_customers(viewer, other, here.customer)
    merge.before = {**merge.before, "parts": _now_theirs(merge)}
    merge.save(update_fields=["before"])
    _tell("customer.merged", viewer, merge)
    return merge


def _open_to(viewer: User, pk: int) -> Conversation:
    conversation = queries.get_conversation(viewer, pk)
    policy.require(viewer, Permission.MERGE_CUSTOMERS, conversation.team_id)
    return conversation


def _behind(conversation: Conversation, address: str) -> Customer:
    """Who took part in a conversation by an address, made a customer if they are none yet."""
    value = normalise_email(address)
    part = conversation.participants.filter(address=value).exclude(kind=Participant.Kind.COLLEAGUE).first()
    if part is None:
        raise InvalidInput("Nobody wrote into this conversation by that address.", "address")
    customer = customer_for(Identity.Kind.EMAIL, value, part.name)
    if customer.pk != conversation.customer_id and customer.conversations.exists():
        raise Conflict("That address belongs to a customer with conversations of their own: choose one of those.")
    return customer


def _now_theirs(merge: CustomerMerge) -> dict[str, str]:
    """Whoever took part by an address that is the customer's own now took part as them; how it was before, by row."""
    own = merge.target.identities.filter(kind=Identity.Kind.EMAIL).values("value")
    known = Q(kind__in=[Participant.Kind.UNKNOWN, Participant.Kind.COPIED])
    rows = Participant.objects.filter(known, conversation__customer=merge.target_id, address__in=own)
    before = {str(pk): kind for pk, kind in rows.values_list("pk", "kind")}
    Participant.objects.filter(pk__in=[int(pk) for pk in before]).update(kind=Participant.Kind.OTHER_ADDRESS)
    return before


@transaction.atomic
def undo_same_person(viewer: User, merge_id: int) -> CustomerMerge:
    """Take it back: each has their own addresses and conversations again, those begun since by the first one's.

    Raises Conflict where conversations of the two were merged since: that comes first.
    """
    merge = CustomerMerge.objects.select_related("source", "target").filter(pk=merge_id, undone_at=None).first()
    now_theirs = queries.visible(viewer).filter(customer=standing(merge.target)) if merge else None
    seen = now_theirs.order_by("-last_message_at").first() if now_theirs is not None else None
    if merge is None or seen is None:
        raise NotFound("There is nothing to take back.")
    _open_to(viewer, seen.pk)
    moved = merge.moved.get(CONVERSATIONS, [])
    across = ThreadMove.objects.filter(kind=ThreadMove.Kind.MERGE, undone_at=None)
    of_both = across.filter(Q(source__in=moved) ^ Q(target__in=moved), source__customer=merge.target_id)
    if of_both.exists():
        raise Conflict("Conversations of the two were merged since: take that back first.")
    _give_new_ones(merge)
    undo_customer_merge(viewer, merge)
    _no_longer_theirs(merge)
    _tell("customer.merge_undone", viewer, merge)
    return merge


def _give_new_ones(merge: CustomerMerge) -> None:
    """What was begun since from an address of the first customer is theirs, too."""
    own = Identity.objects.filter(pk__in=merge.moved.get(IDENTITIES, []))
    known = {(one.kind, one.value) for one in own}
    since = Conversation.objects.filter(customer=merge.target_id, created_at__gt=merge.created_at)
    begun = [row.pk for row in since if (Identity.Kind.EMAIL, _first_sender(row)) in known]
    merge.moved = {**merge.moved, CONVERSATIONS: [*merge.moved.get(CONVERSATIONS, []), *begun]}
    merge.save(update_fields=["moved"])


def _first_sender(conversation: Conversation) -> str:
    first = conversation.messages.filter(direction=Message.Direction.IN).order_by("created_at", "id").first()
    return normalise_email(first.sender_address) if first else ""


def _no_longer_theirs(merge: CustomerMerge) -> None:
    """Who took part is what they are to each thread now."""
    for pk, kind in merge.before.get("parts", {}).items():
        Participant.objects.filter(pk=int(pk), kind=Participant.Kind.OTHER_ADDRESS).update(kind=kind)
    both = Q(conversation__customer__in=[merge.source_id, merge.target_id])
    for row in Participant.objects.filter(both, kind=Participant.Kind.OTHER_ADDRESS).select_related("conversation"):
        part = queries.part_of(row.conversation, row.address)
        if part and part != row.kind:
            row.kind = part
            row.save(update_fields=["kind"])


def _tell(kind: str, viewer: User, merge: CustomerMerge) -> None:
    """Every conversation of theirs tells of it, whoever sees it; the names stay out of the log."""
    rows = Conversation.objects.filter(customer__in=[merge.source_id, merge.target_id], merged_into=None)
    for pk, team_id in rows.values_list("pk", "team_id"):
        record(kind, actor=viewer, conversation_id=pk, team_id=team_id, subject=("conversation", pk), merge=merge.pk)
