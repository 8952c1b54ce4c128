"""Reading conversations. Every function that takes a viewer returns only what they may see."""

from backstory.conversations.queries.joining import (
    mailbox_for,
    repeated,
    sent_message,
    thread_for,
)
from backstory.conversations.queries.originals import (
    due_raw,
    get_raw,
    quarantined,
)
from backstory.conversations.queries.outgoing import (
    desk_sender,
    due_deliveries,
    due_service_letters,
    get_delivery,
)
from backstory.conversations.queries.threads import (
    VIEWS,
    QueueRow,
    answered,
    draft_of,
    get_attachment,
    get_conversation,
    get_message,
    others_of_customer,
    queue,
    rows,
    thread,
    unanswered_text,
    visible,
)

__all__ = [
    "VIEWS",
    "QueueRow",
    "answered",
    "desk_sender",
    "draft_of",
    "due_deliveries",
    "due_raw",
    "due_service_letters",
    "get_attachment",
    "get_conversation",
    "get_delivery",
    "get_message",
    "get_raw",
    "mailbox_for",
    "others_of_customer",
    "quarantined",
    "queue",
    "repeated",
    "rows",
    "sent_message",
    "thread",
    "thread_for",
    "unanswered_text",
    "visible",
]
