"""Which mailbox and which thread a letter belongs to."""

from backstory.conversations.letters import Inbound
from backstory.conversations.models import Conversation, Mailbox, Message
from backstory.conversations.rules import named_parents
from backstory.people.rules import normalise_email


def mailbox_for(address: str) -> tuple[Mailbox, str] | None:
    """The active mailbox an address belongs to and the reply token it carries (`support+TOKEN@…`), if any."""
    wanted = normalise_email(address)
    local, _, domain = wanted.rpartition("@")
    name, _, reply_token = local.partition("+")
    mailboxes = Mailbox.objects.filter(is_active=True)
    exact = mailboxes.filter(address__iexact=wanted).first()
    if exact:
        return exact, ""
    plain = mailboxes.filter(address__iexact=f"{name}@{domain}").first()
    return (plain, reply_token) if plain else None


def thread_for(inbound: Inbound, mailbox: Mailbox) -> Conversation | None:
    """The conversation a message answers: by reply address, else by the Message-IDs it names."""
    if inbound.reply_token:
        found = Conversation.objects.filter(reply_token=inbound.reply_token).first()
        if found:
            return found
    parents = named_parents(inbound)
    if not parents:
        return None
    by_id = {
        message.message_id: message.conversation
        for message in Message.objects.select_related("conversation").filter(
            message_id__in=parents, conversation__team_id=mailbox.team_id
        )
    }
    return next((by_id[parent] for parent in parents if parent in by_id), None)


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
