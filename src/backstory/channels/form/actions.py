"""The web form's door: store the bytes first, understand them afterwards."""

from backstory.channels.form import wire
from backstory.conversations.actions import describe, receive, store_raw
from backstory.conversations.models import Channel, Mailbox, Message, RawMessage
from backstory.kernel import files


def submit(mailbox: Mailbox, submission: wire.Submission) -> RawMessage:
    """Keep what a person filled in, durably, before anything else; the same submission again is the same row."""
    raw, _ = store_raw(Channel.FORM, mailbox, wire.encode(submission), {"reference": submission.reference})
    return raw


def accept(raw: RawMessage) -> Message | None:
    """Put a stored form into its conversation; raises InvalidInput when there is no letter in the bytes."""
    submission = wire.decode(files.get(raw.path))
    inbound = wire.to_inbound(submission, raw.mailbox.address, raw.created_at)
    describe(raw.pk, inbound)
    return receive(inbound, raw.mailbox, raw)
