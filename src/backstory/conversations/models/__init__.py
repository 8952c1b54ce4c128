"""Threads, messages, what they arrived as and how they left."""

from backstory.conversations.models.coaching import Coaching, Dismissal
from backstory.conversations.models.connections import Grant, MailboxTest, ProviderCall
from backstory.conversations.models.mailboxes import Channel, DkimKey, Mailbox, RawMessage
from backstory.conversations.models.outgoing import Delivery, Outgoing, ServiceLetter
from backstory.conversations.models.places import (
    Place,
    PlaceDay,
)
from backstory.conversations.models.threads import Attachment, Conversation, Draft, Message, Participant, ThreadMove

__all__ = [
    "Attachment",
    "Channel",
    "Coaching",
    "Conversation",
    "Delivery",
    "Dismissal",
    "DkimKey",
    "Draft",
    "Grant",
    "Mailbox",
    "MailboxTest",
    "Message",
    "Outgoing",
    "Participant",
    "Place",
    "PlaceDay",
    "ProviderCall",
    "RawMessage",
    "ServiceLetter",
    "ThreadMove",
]
