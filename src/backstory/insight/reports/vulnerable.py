"""Outcomes of customers with signs of vulnerability against all others: aggregates, never a person.

Asked by regulators (FCA FG21/1). What is sensitive stays where it is: the read model knows one yes or no, nobody can
go from here to conversations, and where a group is small neither its figure nor the other's is told, so that no
subtraction gives it away.
"""

from datetime import timedelta

from django.utils.translation import gettext as _

from backstory.insight.reports import breakdown, tally
from backstory.insight.reports.asking import Asked, Lens
from backstory.insight.reports.shape import Amounts, Cell, Hidden, Report, Row, Section, Span
from backstory.insight.reports.tally import Tally
from backstory.insight.warehouse import Snapshot
from backstory.measures.intervals import Share
from backstory.people import policy
from backstory.people.policy import Permission

LEAST = 10
"""Below so many people or cases a figure is withheld [G]."""
SHORTEST = timedelta(days=28)
"""Shorter periods could be subtracted from one another until one person is left."""


def vulnerable(snapshot: Snapshot, asked: Asked) -> Report:
    """NotAllowed without the permission of its own."""
    policy.require(asked.viewer, Permission.COMPARE_VULNERABLE, asked.team_id)
    lens = Lens(snapshot, asked, asked.period)
    long_enough = asked.period.last - asked.period.first >= SHORTEST - timedelta(days=1)
    with_signs = tally.whole(lens, "vulnerable") if long_enough else Tally()
    others = tally.whole(lens, "NOT vulnerable") if long_enough else Tally()
    rows = _rows(with_signs, others) if min(with_signs.received, others.received) >= LEAST else []
    words = "" if rows else _(
        "Not shown: a period of at least %(days)d days is needed, with at least %(least)d complaints in each group."
    ) % {"days": SHORTEST.days, "least": LEAST}  # fmt: skip
    return Report(
        name="vulnerable",
        title=_("Vulnerable customers and others"),
        first=asked.period.first,
        last=asked.period.last,
        words=_("Whether people in a difficult situation are treated as well as everybody else."),
        sections=[Section("vulnerable", _("Side by side"), breakdown.columns(_("Customers")), rows, words)],
        method=[*_method(), *breakdown.method()],
    )


def _rows(with_signs: Tally, others: Tally) -> list[Row]:
    here = breakdown.cells(_("With signs of vulnerability"), with_signs)
    there = breakdown.cells(_("All others"), others)
    shown = [_together(one, other) for one, other in zip(here, there, strict=True)]
    return [Row([one for one, _other in shown]), Row([other for _one, other in shown])]


def _together(one: Cell, other: Cell) -> tuple[Cell, Cell]:
    """Both, or neither where one rests on too few: from a total the hidden one could be worked out."""
    hidden = next((each for each in (one, other) if isinstance(each, Hidden)), None)
    if hidden is None and _large(one) and _large(other):
        return one, other
    return hidden or Hidden(LEAST), hidden or Hidden(LEAST)


def _large(cell: Cell) -> bool:
    """Whether enough cases stand behind a figure."""
    if isinstance(cell, Share):
        return cell.total >= LEAST
    if isinstance(cell, Span | Amounts):
        return cell.count >= LEAST
    return not isinstance(cell, int) or cell >= LEAST


def _method() -> list[str]:
    return [
        _("A conversation counts as one with signs of vulnerability where the reading of its letters, or a person, saw "
          "at least one. Which sign it was is not known here, and signs that were deleted in time do not count."),
        _("Figures that rest on fewer than %(least)d cases in either group are withheld in both, and there is no way "
          "from here to single conversations.") % {"least": LEAST},
    ]  # fmt: skip
