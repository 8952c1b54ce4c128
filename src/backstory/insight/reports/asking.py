"""What somebody asks of the reports, and the part of the read model that they may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any, Literal

from backstory.insight.rules import Period
from backstory.insight.warehouse import Snapshot
from backstory.kernel.errors import NotFound
from backstory.people import policy
from backstory.people.models import Team, User
from backstory.people.policy import Permission

Against = Literal["", "before", "year"]
YEAR = timedelta(weeks=52)


@dataclass(frozen=True)
class Asked:
    """A report for a viewer: of a period, maybe against another, maybe of one team. NotAllowed without insight, and
    NotFound for a team that the viewer has none into."""

    viewer: User
    period: Period
    against: Against = ""
    team_id: int | None = None

    def __post_init__(self) -> None:
        policy.require(self.viewer, Permission.VIEW_INSIGHT)
        if self.team_id is not None and self.team_id not in self.teams:
            raise NotFound("There is no such team.")

    @cached_property
    def teams(self) -> dict[int, str]:
        """The teams that the viewer has insight into, by id."""
        rows = Team.objects.order_by("name")
        if not policy.sees_all_teams(self.viewer, Permission.VIEW_INSIGHT):
            rows = rows.filter(pk__in=policy.team_ids(self.viewer))
        return dict(rows.values_list("pk", "name"))

    @property
    def compared(self) -> Period | None:
        """The period to compare with: as many days right before, or the same weekdays 52 weeks ago."""
        first, last, zone = self.period.first, self.period.last, self.period.zone
        if self.against == "before":
            day = timedelta(days=1)
            return Period(first - (last - first) - day, first - day, zone)
        if self.against == "year":
            return Period(first - YEAR, last - YEAR, zone)
        return None


SEEN = "WITH seen AS (FROM cases WHERE list_contains($teams, team_id)) "


@dataclass(frozen=True)
class Lens:
    """A snapshot through which one viewer looks at one period: only rows of their teams come through."""

    snapshot: Snapshot
    asked: Asked
    period: Period

    @property
    def values(self) -> dict[str, Any]:
        teams = [self.asked.team_id] if self.asked.team_id is not None else list(self.asked.teams)
        return {"teams": teams, "start": _naive(self.period.start), "end": _naive(self.period.end)}

    def rows(self, question: str, more: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Ask a question about `seen`, the cases of the viewer's teams; `$start` and `$end` are the period's."""
        return self.snapshot.rows(SEEN + question, self.needed(SEEN + question, more))

    def needed(self, question: str, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The values that a question asks for: DuckDB takes no others."""
        given = {**self.values, **(more or {})}
        return {name: value for name, value in given.items() if f"${name}" in question}


def _naive(moment: Any) -> Any:
    """As the read model keeps moments: UTC without saying so."""
    return moment.replace(tzinfo=None)


def during(column: str) -> str:
    return f"{column} >= $start AND {column} < $end"
