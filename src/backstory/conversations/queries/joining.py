"""Which mailbox and which thread a letter belongs to."""

from dataclasses import dataclass
from typing import Literal

from django.db.models import Q, QuerySet

from backstory.conversations import belonging
from backstory.conversations.belonging import Candidate
from backstory.conversations.letters import Inbound
from backstory.conversations.models import Channel, Conversation, Mailbox, Message, Participant
from backstory.conversations.rules import bare_subject, is_answer_subject, named_parents
from backstory.kernel import clock
from backstory.people.models import Customer, Identity
from backstory.people.queries import colleague
from backstory.people.rules import normalise_email

Basis = Literal["reply-address", "reference", "subject"]
MOST_CANDIDATES = 20
MESSAGES_LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class Found:
    """The thread a letter belongs to, on what grounds, how sure that is (0 to 1) and what is doubtful about it."""

    conversation: Conversation
    basis: Basis
    confidence: float
    doubt: str = ""


def mailbox_for(address: str) -> tuple[Mailbox, str] | None:
    """The active mailbox an address belongs to and the reply token it carries (`support+TOKEN@…`), if any."""
    return _addressed(Mailbox.objects.filter(is_active=True), address)


def paused_mailbox_for(address: str) -> Mailbox | None:
    """The mailbox an address belongs to that takes no letters for now, but will."""
    found = _addressed(Mailbox.objects.filter(is_active=False, archived_at=None), address)
    return found[0] if found else None


def _addressed(mailboxes: QuerySet[Mailbox], address: str) -> tuple[Mailbox, str] | None:
    wanted = normalise_email(address)
    local, _, domain = wanted.rpartition("@")
    name, _, reply_token = local.partition("+")
    exact = mailboxes.filter(address__iexact=wanted).first()
    if exact:
        return exact, ""
    plain = mailboxes.filter(address__iexact=f"{name}@{domain}").first()
    return (plain, reply_token) if plain else None


def thread_for(inbound: Inbound, mailbox: Mailbox) -> Found | None:
    """The conversation a message belongs to: by reply address, else by the Message-IDs it names, else by subject,
    people and quoted words if that is sure enough. What was merged is found where it is now."""
    by_token = _by_reply_token(inbound.reply_token)
    named = by_token or _by_parents(inbound, mailbox)
    if named is None:
        return _by_subject(inbound, mailbox)
    conversation = standing(named)
    basis: Basis = "reply-address" if by_token else "reference"
    if _is_hijacked(inbound, mailbox, conversation):
        return Found(conversation, basis, belonging.HIJACKED, Message.Doubt.HIJACK)
    return Found(conversation, basis, belonging.CERTAIN if by_token else belonging.BY_REFERENCE)


def _is_hijacked(inbound: Inbound, mailbox: Mailbox, conversation: Conversation) -> bool:
    if not belonging.is_other_topic(inbound.subject, {conversation.subject}):
        return False  # the usual case needs no look at the messages
    if colleague(inbound.from_address):
        return False
    moment = inbound.received_at or clock.now()
    return belonging.is_hijacked(inbound.subject, _people_of(inbound, mailbox), candidate(conversation), moment)


def standing(conversation: Conversation) -> Conversation:
    """The conversation itself, or the one that it was merged into."""
    while conversation.merged_into is not None:
        conversation = conversation.merged_into
    return conversation


def _by_reply_token(token: str) -> Conversation | None:
    return Conversation.objects.filter(reply_token=token).first() if token else None


def _by_parents(inbound: Inbound, mailbox: Mailbox) -> Conversation | None:
    """By the letters it names. Ours hold a secret in their Message-ID, so naming one is enough wherever its thread
    is now; one that came in counts in its own mailbox or team only."""
    parents = named_parents(inbound)
    if not parents:
        return None
    near = Q(conversation__team_id=mailbox.team_id) | Q(conversation__mailbox=mailbox)
    named = Message.objects.select_related("conversation").filter(
        Q(direction=Message.Direction.OUT) | near, message_id__in=parents
    )
    by_id = {message.message_id: message.conversation for message in named}
    return next((by_id[parent] for parent in parents if parent in by_id), None)


def _by_subject(inbound: Inbound, mailbox: Mailbox) -> Found | None:
    moment, sender = inbound.received_at or clock.now(), normalise_email(inbound.from_address)
    if inbound.channel != Channel.EMAIL or not belonging.may_answer(inbound):
        return None
    rows = {row.pk: row for row in _near_threads(inbound, mailbox, sender)}
    found = belonging.best(inbound, sender, [candidate(row) for row in rows.values()], moment)
    if found is None:
        return None
    return Found(rows[found[0]], "subject", found[1], Message.Doubt.SUBJECT)


def _near_threads(inbound: Inbound, mailbox: Mailbox, sender: str) -> list[Conversation]:
    """Recent threads of the mailbox or its team where the sender may have taken part."""
    since = (inbound.received_at or clock.now()) - belonging.RECENT
    here = Q(mailbox=mailbox) | Q(team_id=mailbox.team_id)
    recent = Conversation.objects.filter(here, merged_into=None, last_message_at__gte=since)
    known = Q(customer__in=Customer.objects.filter(identities__value=sender))
    took_part = Q(pk__in=Participant.objects.filter(address=sender).values("conversation_id"))
    near = recent.filter(known | took_part)
    if is_answer_subject(inbound.subject):  # perhaps of somebody who was only copied in
        near = near | recent.filter(subject__iexact=bare_subject(inbound.subject)[:500])
    return list(near.select_related("mailbox", "customer").order_by("-last_message_at")[:MOST_CANDIDATES])


def candidate(conversation: Conversation) -> Candidate:
    """What is known of a thread when a letter may belong to it."""
    messages = _latest(conversation)
    ours = " ".join(message.text for message in messages if message.direction == Message.Direction.OUT)
    return Candidate(
        id=conversation.pk,
        subjects=frozenset({conversation.subject, *(message.subject for message in messages if message.subject)}),
        people=people_in(conversation, messages),
        our_words=ours,
        last_message_at=conversation.last_message_at,
        closed_at=conversation.closed_at,
    )


def _latest(conversation: Conversation) -> list[Message]:
    return list(conversation.messages.defer("html", "quoted", "problems").order_by("-id")[:MESSAGES_LOOKED_AT])


def people_in(conversation: Conversation, messages: list[Message]) -> frozenset[str]:
    """Everybody of a thread but the desk: who wrote, who was written to, who was copied in."""
    own = normalise_email(conversation.mailbox.address)
    named = [each["email"] for message in messages for each in (*message.to, *message.cc) if each.get("email")]
    wrote = [m.sender_address for m in messages if m.direction == Message.Direction.IN]
    known = conversation.customer.identities.values_list("value", flat=True)
    return frozenset(normalise_email(one) for one in (*named, *wrote, *known)) - {own, ""}


def _people_of(inbound: Inbound, mailbox: Mailbox) -> frozenset[str]:
    """Who a letter is from and to, without the mailbox itself."""
    named = (inbound.from_address, *(one.email for one in (*inbound.to, *inbound.cc)))
    own = normalise_email(mailbox.address)
    people = (normalise_email(one) for one in named if one)
    return frozenset(one for one in people if _without_plus(one) != own)


def _without_plus(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def part_of(conversation: Conversation, address: str) -> str:
    """What an address is to a thread (`Participant.Kind`), "" for the one the customer began it with."""
    value = normalise_email(address)
    known = list(conversation.customer.identities.filter(kind=Identity.Kind.EMAIL).values_list("value", flat=True))
    first = conversation.messages.filter(direction=Message.Direction.IN).order_by("id").first()
    if value in known:
        return "" if first is None or normalise_email(first.sender_address) == value else Participant.Kind.OTHER_ADDRESS
    if colleague(value):
        return Participant.Kind.COLLEAGUE
    messages = _latest(conversation)
    copied = {normalise_email(each["email"]) for m in messages for each in (*m.to, *m.cc) if each.get("email")}
    return Participant.Kind.COPIED if value in copied else Participant.Kind.UNKNOWN


def repeated(inbound: Inbound, mailbox: Mailbox) -> Message | None:
    """The message this one repeats: same Message-ID, sender and words in the same mailbox (RFC 5322, 3.6.4)."""
    if not inbound.message_id:
        return None
    return Message.objects.filter(
        message_id=inbound.message_id,
        direction=Message.Direction.IN,
        conversation__mailbox=mailbox,
        sender_address=inbound.from_address,
        text=inbound.text,
    ).first()


def sent_message(message_id: str) -> Message | None:
    """Our own letter with this Message-ID, as a bounce names it."""
    return Message.objects.filter(message_id=message_id, direction=Message.Direction.OUT).first()
