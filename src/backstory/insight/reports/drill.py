"""From a figure to the conversations behind it, as far as the viewer may see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext_lazy

from backstory.conversations.queries import visible
from backstory.insight.reports import dimensions
from backstory.insight.reports.asking import Asked, Lens, during
from backstory.insight.reports.dimensions import Dimension
from backstory.insight.warehouse import Snapshot

MOST = 200

What = Literal["received", "closed", "open", "reopened", "upheld"]
WHAT = {
    "received": (gettext_lazy("received in the period"), during("received_at")),
    "closed": (gettext_lazy("closed in the period"), f"complaint_state = 'closed' AND {during('closed_at')}"),
    "upheld": (
        gettext_lazy("closed as upheld, wholly or partly"),
        f"complaint_state = 'closed' AND outcome IN ('upheld', 'partly_upheld') AND {during('closed_at')}",
    ),
    "reopened": (gettext_lazy("reopened since"), f"reopened > 0 AND {during('received_at')}"),
    "open": (gettext_lazy("still open"), "complaint_state = 'open' AND received_at < $end"),
}


@dataclass(frozen=True)
class Case:
    """Enough of a complaint to find it by."""

    number: str
    conversation_id: int
    customer: str
    subject: str
    state: str
    received_at: datetime


@dataclass(frozen=True)
class Drilled:
    """The newest of `count` complaints; those that the viewer may not open are missing."""

    count: int
    cases: list[Case]


def cases(snapshot: Snapshot, asked: Asked, dimension: Dimension, key: str, what: str) -> Drilled:
    """The read model knows which; the operational tables say whether this viewer may see them, and their names."""
    lens = Lens(snapshot, asked, asked.period)
    question = (
        f"{dimensions.keyed(dimension)} SELECT conversation_id, count(*) OVER () FROM grouped "
        f"WHERE complaint_id IS NOT NULL AND key = $key AND {WHAT[what][1]} ORDER BY received_at DESC LIMIT {MOST}"
    )
    rows = lens.rows(question, {**dimensions.values(dimension), "key": key})
    fields = ("number", "conversation_id", "conversation__customer__name", "conversation__subject", "state")
    seen = visible(asked.viewer).filter(pk__in=[pk for pk, _ in rows], complaint__isnull=False)
    found = seen.order_by("-complaint__received_at").values_list(
        *(f"complaint__{name}" for name in fields), "complaint__received_at"
    )
    return Drilled(rows[0][1] if rows else 0, [Case(*values) for values in found])
