"""Threads, messages, what they arrived as and how they left."""

from backstory.conversations.models.mailboxes import Channel, DkimKey, Mailbox, RawMessage
from backstory.conversations.models.outgoing import Delivery, Outgoing, ServiceLetter
from backstory.conversations.models.threads import Attachment, Conversation, Draft, Message

__all__ = [
    "Attachment",
    "Channel",
    "Conversation",
    "Delivery",
    "DkimKey",
    "Draft",
    "Mailbox",
    "Message",
    "Outgoing",
    "RawMessage",
    "ServiceLetter",
]
