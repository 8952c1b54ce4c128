"""All reports by name. Each takes a snapshot and what was asked."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from backstory.insight.reports import tally
from backstory.insight.reports.asking import Asked, Lens
from backstory.insight.reports.breakdown import breakdown
from backstory.insight.reports.dimensions import DIMENSIONS
from backstory.insight.reports.shape import Report
from backstory.insight.warehouse import Snapshot, snapshot
from backstory.kernel.errors import NotFound

Builder = Callable[[Snapshot, Asked], Report]

BUILDERS: dict[str, Builder] = {name: partial(breakdown, dimension=each) for name, each in DIMENSIONS.items()}


def report(name: str, asked: Asked, at: Snapshot | None = None) -> Report:
    """One report. Raises NotFound for a name that is none, warehouse.NotReady while there is no read model."""
    if name not in BUILDERS:
        raise NotFound("There is no such report.")
    at = at or snapshot()
    made = BUILDERS[name](at, asked)
    team = asked.teams[asked.team_id] if asked.team_id is not None else ""
    return replace(made, updated=at.manifest.updated_at, team=team)


def offered(asked: Asked, at: Snapshot) -> list[tuple[str, str]]:
    """Names and titles of the groupings that tell something on this desk."""
    lens = Lens(at, asked, asked.period)
    return [
        (each.name, str(each.title))
        for each in DIMENSIONS.values()
        if not each.hidden_until_known or tally.known(lens, each)
    ]
