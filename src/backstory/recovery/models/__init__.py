"""Making amends: remedies within authority, and asking afterwards whether it was enough."""

from backstory.recovery.models.notices import ClosingNotice
from backstory.recovery.models.remedies import AuthorityLimit, Remedy
from backstory.recovery.models.surveys import Survey

__all__ = ["AuthorityLimit", "ClosingNotice", "Remedy", "Survey"]
