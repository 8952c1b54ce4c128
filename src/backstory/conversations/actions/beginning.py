"""Beginning a conversation from our side, where a customer has none with the mailbox yet."""

from django.db import transaction

from backstory.conversations.models import Channel, Conversation, Mailbox
from backstory.kernel import clock
from backstory.live.actions import record
from backstory.people.models import Customer


@transaction.atomic
def begin_with(customer: Customer, mailbox: Mailbox, subject: str) -> Conversation:
    """A thread that nobody has to answer: closed, until the customer writes into it."""
    moment = clock.now()
    conversation = Conversation.objects.create(
        customer=customer,
        mailbox=mailbox,
        team_id=mailbox.team_id,
        subject=" ".join(subject.split())[:500],
        channel=Channel.EMAIL,
        state=Conversation.State.CLOSED,
        closed_at=moment,
        last_message_at=moment,
    )
    record(
        "conversation.begun",
        conversation_id=conversation.pk,
        team_id=conversation.team_id,
        subject=("conversation", conversation.pk),
    )
    return conversation
