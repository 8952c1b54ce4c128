"""The desk's own letters, in the customer's language."""

from backstory.cases.models import Complaint
from backstory.recovery import wording


def letter_to(templates: dict[str, wording.Template], complaint: Complaint, link: str) -> wording.Written:
    """A letter of these templates about a complaint, in the customer's language, else the mailbox's."""
    customer = complaint.conversation.customer
    language = customer.language or complaint.conversation.mailbox.language
    return wording.write(templates, language, number=complaint.number, name=customer.name, link=link)
