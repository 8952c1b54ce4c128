"""Every write about conversations. Each: check, one transaction, change, record the event."""

from backstory.conversations.actions.delivering import (
    attend_delivery,
    begin_handing_over,
    cancel_delivery,
    claim_delivery,
    confirm_delivery,
    mark_bounced,
    mark_deferred,
    mark_failed,
    mark_sent,
    mark_uncertain,
    release_stuck,
    retry_delivery,
)
from backstory.conversations.actions.drafting import attach, detach, discard_draft, save_draft
from backstory.conversations.actions.mailboxes import add_mailbox, note_imap_position, note_mailbox_error
from backstory.conversations.actions.originals import (
    begin_try,
    correct_original,
    delete_original,
    describe,
    ignore,
    mark_address,
    note_checks,
    postpone,
    quarantine,
    release_original,
    store_raw,
)
from backstory.conversations.actions.receiving import receive
from backstory.conversations.actions.replying import add_note, send_notice, send_reply
from backstory.conversations.actions.service_letters import (
    claim_service_letter,
    forget_service_letters,
    keep_service_letter,
    release_stuck_service_letters,
    settle_service_letter,
    store_service_letter,
)
from backstory.conversations.actions.signing import add_dkim_key
from backstory.conversations.actions.states import assign, close, reopen, set_team
from backstory.conversations.actions.undoing import undo_send

__all__ = [
    "add_dkim_key",
    "add_mailbox",
    "add_note",
    "assign",
    "attach",
    "attend_delivery",
    "begin_handing_over",
    "begin_try",
    "cancel_delivery",
    "claim_delivery",
    "claim_service_letter",
    "close",
    "confirm_delivery",
    "correct_original",
    "delete_original",
    "describe",
    "detach",
    "discard_draft",
    "forget_service_letters",
    "ignore",
    "keep_service_letter",
    "mark_address",
    "mark_bounced",
    "mark_deferred",
    "mark_failed",
    "mark_sent",
    "mark_uncertain",
    "note_checks",
    "note_imap_position",
    "note_mailbox_error",
    "postpone",
    "quarantine",
    "receive",
    "release_original",
    "release_stuck",
    "release_stuck_service_letters",
    "reopen",
    "retry_delivery",
    "save_draft",
    "send_notice",
    "send_reply",
    "set_team",
    "settle_service_letter",
    "store_raw",
    "store_service_letter",
    "undo_send",
]
