"""The demo mailbox: what the demo company's customers have received, and their answers to it."""

from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid

from django.db.models import QuerySet

from backstory.conversations.models import Delivery
from backstory.conversations.queries import visible
from backstory.conversations.rules import answer_subject
from backstory.kernel import clock
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.people.models import User


def letters(viewer: User) -> QuerySet[Delivery]:
    """Letters that went out to customers in conversations this viewer may see, newest first."""
    rows = Delivery.objects.select_related("message__conversation__customer", "message__conversation__mailbox")
    return rows.filter(message__conversation__in=visible(viewer)).order_by("-id")


def get_letter(viewer: User, pk: int) -> Delivery:
    found = letters(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such letter.")
    return found


def reply_address(delivery: Delivery) -> str:
    """Where the customer's mail program would answer to: the mailbox, with the thread's token."""
    conversation = delivery.message.conversation
    local, _, domain = conversation.mailbox.address.rpartition("@")
    return f"{local}+{conversation.reply_token}@{domain}"


def answer(delivery: Delivery, text: str) -> bytes:
    """The customer's answer as their mail program would send it (RFC 5322), the letter quoted below."""
    if not text.strip():
        raise InvalidInput("There is nothing written yet.", "text")
    message = delivery.message
    to = message.to[0] if message.to else {}
    address = str(to.get("email", ""))
    letter = EmailMessage()
    letter["From"] = formataddr((str(to.get("name", "")), address))
    letter["To"] = reply_address(delivery)
    letter["Subject"] = answer_subject(message.subject)
    letter["Date"] = format_datetime(clock.now())
    letter["Message-ID"] = make_msgid(domain=address.rpartition("@")[2] or "customer.example")
    letter["In-Reply-To"] = letter["References"] = f"<{message.message_id}>"
    quoted = "\n".join(f"> {line}" for line in message.text.splitlines())
    sender = message.sender_name or message.sender_address
    letter.set_content(f"{text.strip()}\n\nOn {format_datetime(message.created_at)}, {sender} wrote:\n{quoted}\n")
    return letter.as_bytes()
