"""Every write about conversations. Each: check, one transaction, change, record the event."""

from backstory.conversations.actions.delivering import (
    claim_delivery,
    mark_bounced,
    mark_deferred,
    mark_failed,
    mark_sent,
    mark_uncertain,
    release_stuck,
    retry_delivery,
)
from backstory.conversations.actions.mailboxes import add_mailbox, note_imap_position, note_mailbox_error
from backstory.conversations.actions.receiving import (
    ignore,
    postpone,
    quarantine,
    receive,
    retry_raw,
    store_raw,
)
from backstory.conversations.actions.replying import (
    add_note,
    discard_draft,
    save_draft,
    send_notice,
    send_reply,
)
from backstory.conversations.actions.service_letters import (
    claim_service_letter,
    forget_service_letters,
    keep_service_letter,
    release_stuck_service_letters,
    settle_service_letter,
    store_service_letter,
)
from backstory.conversations.actions.states import assign, close, reopen, set_team

__all__ = [
    "add_mailbox",
    "add_note",
    "assign",
    "claim_delivery",
    "claim_service_letter",
    "close",
    "discard_draft",
    "forget_service_letters",
    "ignore",
    "keep_service_letter",
    "mark_bounced",
    "mark_deferred",
    "mark_failed",
    "mark_sent",
    "mark_uncertain",
    "note_imap_position",
    "note_mailbox_error",
    "postpone",
    "quarantine",
    "receive",
    "release_stuck",
    "release_stuck_service_letters",
    "reopen",
    "retry_delivery",
    "retry_raw",
    "save_draft",
    "send_notice",
    "send_reply",
    "set_team",
    "settle_service_letter",
    "store_raw",
    "store_service_letter",
]
