"""The figures of complaints by group: how many, how quickly, how they ended, and whether we kept our word.

Each figure counts by its own moment: complaints by receipt, closings by closing, promises and remedies by decision,
surveys by sending. So a period's closings may belong to complaints received before it.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from backstory.cases.trajectory import SETTLED, STRAINED
from backstory.insight.reports import dimensions
from backstory.insight.reports.asking import SEEN, Lens, during
from backstory.insight.reports.dimensions import DIMENSIONS, Dimension
from backstory.insight.reports.shape import Amounts, Span
from backstory.measures.intervals import Share


@dataclass
class Tally:
    """Plain counts of one group; the properties are the figures."""

    received: int = 0
    reopened_count: int = 0
    first_answer: Span = field(default_factory=lambda: Span(None, 0))
    closed: int = 0
    time_to_close: Span = field(default_factory=lambda: Span(None, 0))
    upheld_count: int = 0
    decided: int = 0
    strained: int = 0
    settled: int = 0
    kept: int = 0
    broken: int = 0
    asked: int = 0
    answered: int = 0
    rated: int = 0
    satisfied: int = 0
    remedies: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)

    @property
    def upheld(self) -> Share:
        """Wholly or partly, of those closed with an outcome."""
        return Share(self.upheld_count, self.decided)

    @property
    def reopened(self) -> Share:
        return Share(self.reopened_count, self.received)

    @property
    def promises(self) -> Share:
        return Share(self.kept, self.kept + self.broken)

    @property
    def recovered(self) -> Share:
        """Of the closed ones with a strained letter, those whose last letter had settled."""
        return Share(self.settled, self.strained)

    @property
    def response(self) -> Share:
        return Share(self.answered, self.asked)

    @property
    def satisfaction(self) -> Share:
        return Share(self.satisfied, self.rated)

    @property
    def money(self) -> Amounts:
        return Amounts(
            tuple(sorted((currency, sum_) for currency, sum_ in self.amounts.items() if sum_)), self.remedies
        )


WAIT = "greatest(epoch(first_answer_at) - epoch(first_in_at), 0)"
RECEIVED = (
    "SELECT {key}, count(*), count(*) FILTER (WHERE reopened > 0), "
    f"median({WAIT}) FILTER (WHERE first_answer_at IS NOT NULL AND first_in_at IS NOT NULL), "
    "count(*) FILTER (WHERE first_answer_at IS NOT NULL AND first_in_at IS NOT NULL) "
    f"FROM {{cases}} WHERE complaint_id IS NOT NULL AND {during('received_at')} {{group}}"
)
CLOSED = (
    "SELECT {key}, count(*), median(epoch(closed_at) - epoch(received_at)), "
    "count(*) FILTER (WHERE outcome IN ('upheld', 'partly_upheld')), count(*) FILTER (WHERE outcome <> ''), "
    f"count(*) FILTER (WHERE worst_strain >= {STRAINED}), "
    f"count(*) FILTER (WHERE worst_strain >= {STRAINED} AND last_strain <= {SETTLED}) "
    f"FROM {{cases}} WHERE complaint_state = 'closed' AND {during('closed_at')} {{group}}"
)
PROMISES = (
    "SELECT {key}, count(*) FILTER (WHERE p.state = 'kept'), count(*) FILTER (WHERE p.state = 'broken') "
    f"FROM promises p JOIN {{cases}} USING (conversation_id) WHERE {during('p.decided_at')} {{group}}"
)
SURVEYS = (
    "SELECT {key}, count(*), count(v.score), count(v.score) FILTER (WHERE v.kind = 'csat'), "
    "count(*) FILTER (WHERE v.kind = 'csat' AND v.score >= 4) "
    f"FROM surveys v JOIN {{cases}} USING (conversation_id) WHERE {during('v.sent_at')} {{group}}"
)
REMEDIES = (
    "SELECT {key}, y.currency, count(*), sum(y.amount) FROM remedies y JOIN {cases} USING (conversation_id) "
    f"WHERE y.state = 'granted' AND {during('y.decided_at')} {{group}}"
)


MOMENTS = {
    RECEIVED: "received_at",
    CLOSED: "closed_at",
    PROMISES: "p.decided_at",
    SURVEYS: "v.sent_at",
    REMEDIES: "y.decided_at",
}
"""By which moment each question counts."""
HELD = (
    "SELECT conversation_id, key, complaint_id, complaint_state, received_at, closed_at, outcome, reopened, "
    "first_in_at, first_answer_at, worst_strain, last_strain FROM grouped"
)
ALL = "all"
"""The key of everything together."""


def tallies(lens: Lens, dimension: Dimension, where: str = "") -> dict[str, Tally]:
    """Every group that has anything to count in the period, by its key, and `ALL` for everything together: medians
    cannot be had by adding up groups. `where` narrows the cases."""
    return _counted(lens, dimension, where, dict.fromkeys(MOMENTS, "key"))


def whole(lens: Lens, where: str = "") -> Tally:
    """The same of all cases together."""
    return tallies(lens, DIMENSIONS["team"], where)[ALL]


def by_month(lens: Lens) -> dict[str, Tally]:
    """The same by months of the desk's calendar, `2026-03`, each figure by its own moment."""
    zone = lens.period.zone.key
    month = "strftime(timezone('{zone}', timezone('UTC', {moment})), '%Y-%m')"
    keys = {question: month.format(zone=zone, moment=moment) for question, moment in MOMENTS.items()}
    return _counted(lens, DIMENSIONS["team"], "", keys)


def _counted(lens: Lens, dimension: Dimension, where: str, keys: dict[str, str]) -> dict[str, Tally]:
    """The cases are read once and held, then asked five times."""
    found: defaultdict[str, Tally] = defaultdict(Tally)
    found[ALL] = Tally()
    held = f"{SEEN}{dimensions.keyed(dimension)}{HELD}{f' WHERE {where}' if where else ''}"
    with lens.snapshot.session() as session:
        session.hold("cases_held", held, lens.needed(held, dimensions.values(dimension)))

        def ask(question: str, group: str = "GROUP BY ROLLUP ({key})") -> list[tuple[Any, ...]]:
            by = group.format(key=keys[question])
            text = question.format(key=f"coalesce({keys[question]}, '{ALL}')", cases="cases_held", group=by)
            return session.rows(text, lens.needed(text))

        for name, *numbers in ask(RECEIVED):
            one = found[name]
            one.received, one.reopened_count, one.first_answer = numbers[0], numbers[1], Span(numbers[2], numbers[3])
        for name, *numbers in ask(CLOSED):
            one = found[name]
            one.closed, one.time_to_close = numbers[0], Span(numbers[1], numbers[0])
            one.upheld_count, one.decided, one.strained, one.settled = numbers[2:]
        for name, kept, broken in ask(PROMISES):
            found[name].kept, found[name].broken = kept, broken
        for name, *numbers in ask(SURVEYS):
            one = found[name]
            one.asked, one.answered, one.rated, one.satisfied = numbers
        for name, currency, count, amount in ask(
            REMEDIES, "GROUP BY GROUPING SETS (({key}, y.currency), (y.currency))"
        ):
            found[name].remedies += count
            found[name].amounts[currency] = amount
    return dict(found)


def known(lens: Lens, dimension: Dimension) -> bool:
    """Whether any case the viewer sees has a value of this dimension."""
    rows = lens.rows(f"SELECT 1 FROM seen WHERE {dimension.sql} IS NOT NULL LIMIT 1")
    return bool(rows)
