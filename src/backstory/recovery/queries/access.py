"""Codes for the sensitive parts of the status page: derived under the desk's key, kept nowhere."""

from datetime import datetime

from django.utils.crypto import salted_hmac

from backstory.cases.models import Complaint
from backstory.conversations.models import Message
from backstory.recovery.models import AccessCode
from backstory.recovery.rules import access as rules


def code_of(salt: str) -> str:
    """The six digits that belong to a salt; without the desk's SECRET_KEY nobody can find them."""
    return rules.code_from(salted_hmac("backstory.recovery.code", salt, algorithm="sha256").hexdigest())


def digest_of(salt: str, code: str) -> str:
    """What is kept to compare a typed code with."""
    return salted_hmac("backstory.recovery.code.digest", f"{salt}:{code}", algorithm="sha256").hexdigest()


def revealed(message: Message) -> str:
    """The text of a letter as it leaves: where a code belongs it is put in, at no other place."""
    if rules.MASK not in message.text:
        return message.text
    code = AccessCode.objects.filter(message=message).first()
    return message.text if code is None else message.text.replace(rules.MASK, code_of(code.salt))


def codes_since(complaint: Complaint, moment: datetime) -> int:
    """How many codes were sent for a complaint since then."""
    return AccessCode.objects.filter(complaint=complaint, created_at__gt=moment).count()


def written_lately(complaint: Complaint, subject: str, since: datetime) -> bool:
    """Whether the desk itself has sent a letter with this subject since then."""
    rows = Message.objects.filter(conversation=complaint.conversation_id, author=None, subject=subject)
    return rows.filter(direction=Message.Direction.OUT, created_at__gt=since).exists()
