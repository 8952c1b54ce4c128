"""Precedent in rows for a table, and the tabs of the approvals."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.recovery.queries import Weighed
from backstory.recovery.rules.precedent import in_words

SHOWN = 5


@dataclass(frozen=True)
class PrecedentRow:
    """One similar case and how near it is."""

    number: str
    conversation_id: int
    amount: Decimal
    at: datetime
    nearness: str


def precedent_rows(weighed: Weighed) -> list[PrecedentRow]:
    """The nearest cases, nearest first."""
    return [
        PrecedentRow(near.case.number, near.case.conversation_id, near.case.amount, near.case.at, in_words(near))
        for near in weighed.precedent.nearest[:SHOWN]
    ]


def tabs(viewer: User, here: str) -> dict[str, object]:
    """The tabs that the viewer may open, and which one is open."""
    may_decide = policy.can(viewer, Permission.APPROVE_REMEDY)
    sees_policy = policy.can(viewer, Permission.EDIT_REMEDY_POLICY)
    shown = [
        ("waiting", _("Waiting"), "web:approvals", True),
        ("measured", _("How it goes"), "web:empowerment", may_decide or sees_policy),
        ("absences", _("Absences"), "web:absences", True),
        ("policy", _("What is given"), "web:remedy_policy", sees_policy),
        ("limits", _("Limits"), "web:limits", sees_policy),
    ]
    return {"tabs": [(key, label, view) for key, label, view, may in shown if may], "here": here}
