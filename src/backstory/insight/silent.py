"""How many had a problem and said nothing, per cause and team, and where complaining is hard."""

from dataclasses import dataclass

from django.db.models import Count

from backstory.cases.models import Complaint
from backstory.insight import known
from backstory.insight.known import EVERYWHERE, Figures, Known, Place
from backstory.insight.queries import by_cause, scope, within
from backstory.insight.rules import Period
from backstory.measures.iceberg import Iceberg, iceberg, is_hard_to_complain
from backstory.measures.intervals import Share
from backstory.people.models import Team, User


@dataclass(frozen=True)
class Hidden:
    """Complaints of one cause or team with what the complaint rate says about the others.

    `borrowed`: the rate is that of the whole desk, for want of its own. `estimate` is None where none is known or it
    was judged without anybody being counted: an interval needs a count.
    """

    name: str
    place: Place
    complaints: int
    rate: Known
    borrowed: bool
    estimate: Iceberg | None
    leaving: Share | None
    is_hard: bool


@dataclass(frozen=True)
class Silent:
    """The page: the whole desk, each cause, each team."""

    desk: Hidden
    causes: list[Hidden]
    teams: list[Hidden]

    @property
    def hard(self) -> list[Hidden]:
        return [row for row in (*self.causes, *self.teams) if row.is_hard]

    @property
    def unasked(self) -> list[Hidden]:
        """The causes with most complaints of which nobody knows how many stay silent."""
        return [row for row in self.causes if row.borrowed or row.estimate is None][:3]


def silent(viewer: User, period: Period) -> Silent:
    """Of the complaints received in the period in the viewer's teams."""
    found = known.figures()
    here = Complaint.objects.filter(scope(viewer) & within("received_at", period)).order_by()
    by_team = dict(here.values_list("conversation__team_id").annotate(many=Count("pk")))
    names = dict(Team.objects.filter(pk__in=by_team).values_list("pk", "name"))
    causes = [row for row in by_cause(viewer, period) if row.item.id]
    teams = sorted(by_team, key=lambda pk: -by_team[pk])
    return Silent(
        _hidden(found, "", EVERYWHERE, sum(by_team.values())),
        [_hidden(found, row.item.path, (row.item.id, None), row.count) for row in causes],
        [_hidden(found, names[pk], (None, pk), by_team[pk]) for pk in teams],
    )


def _hidden(found: Figures, name: str, place: Place, complaints: int) -> Hidden:
    own = found.exactly("complaint_rate", place)
    rate = own if own.figure else found.get("complaint_rate", place)
    share, leaving = _share(rate), _share(found.exactly("loss_silent", place))
    estimate = iceberg(complaints, share) if share else None
    borrowed = own.figure is None and rate.figure is not None
    return Hidden(name, place, complaints, rate, borrowed, estimate, leaving, _is_hard(found, own, leaving))


def _share(one: Known) -> Share | None:
    """The count behind it, if people were counted."""
    figure = one.figure
    return Share(figure.count, figure.total) if figure and figure.count is not None and figure.total else None


def _is_hard(found: Figures, own: Known, leaving: Share | None) -> bool:
    """Few complain there and many leave, both against the whole desk and beyond chance."""
    share = _share(own)
    desk, away = _share(found.exactly("complaint_rate", EVERYWHERE)), _share(found.exactly("loss_silent", EVERYWHERE))
    if not (share and leaving and desk and away):
        return False
    return is_hard_to_complain(share, desk, leaving, away)
