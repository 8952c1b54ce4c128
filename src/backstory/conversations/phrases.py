"""How this room's events read in a timeline."""

from backstory.live.phrases import register

register(
    {
        "message.received": "{actor} wrote.",
        "message.sent": "{actor} sent a message.",
        "note.added": "{actor} added a note.",
        "conversation.assigned": "{actor} gave this to {to}.",
        "conversation.closed": "{actor} closed the conversation.",
        "conversation.reopened": "{actor} reopened the conversation.",
        "conversation.moved": "{actor} handed this to {to}.",
        "message.taken_back": "{actor} took a message back before it was sent.",
        "delivery.held": "A letter is held for a moment, to be taken back.",
        "delivery.bounced": "The letter came back: {error}",
        "delivery.cancelled": "{actor} stopped a letter that had not got through.",
        "delivery.confirmed": "{actor} found out that the letter was sent.",
        "delivery.attended": "{actor} has dealt with a letter that did not get through.",
        "delivery.waiting": "A letter waits to be sent.",
        "delivery.sent": "The letter was sent.",
        "delivery.deferred": "The letter could not be sent yet: {error}",
        "delivery.failed": "The letter could not be sent: {error}",
        "delivery.uncertain": "It is not certain that the letter was sent: {error}",
        "service_letter.waiting": "A letter of the desk itself waits to be sent.",
        "service_letter.sent": "A letter of the desk itself was sent.",
        "service_letter.deferred": "A letter of the desk itself could not be sent yet: {error}",
        "service_letter.failed": "A letter of the desk itself could not be sent: {error}",
        "service_letter.uncertain": "It is not certain that a letter of the desk itself was sent: {error}",
        "raw.stored": "An original was stored.",
        "raw.quarantined": "An original was put in quarantine: {reason}",
        "raw.ignored": "An original was kept without a conversation: {reason}",
        "raw.released": "{actor} sent an original through the door again.",
        "raw.corrected": "{actor} corrected what was read of an original.",
        "raw.deleted": "{actor} deleted an original: {reason}",
        "dkim_key.added": "A key to sign letters of {domain} was made.",
        "mailbox.added": "The mailbox {address} was added.",
    }
)
