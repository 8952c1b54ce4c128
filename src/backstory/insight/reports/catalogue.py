"""All reports by name. Each takes a snapshot and what was asked."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from django.utils.translation import gettext as _

from backstory.cases.queries import cause_tree
from backstory.insight.reports import tally
from backstory.insight.reports.asking import Asked, Lens
from backstory.insight.reports.board import board
from backstory.insight.reports.breakdown import breakdown
from backstory.insight.reports.dimensions import DIMENSIONS
from backstory.insight.reports.monday import monday
from backstory.insight.reports.regulatory import regulatory
from backstory.insight.reports.shape import Report
from backstory.insight.reports.vulnerable import vulnerable
from backstory.insight.warehouse import Snapshot, snapshot
from backstory.kernel.errors import NotFound
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission

Builder = Callable[[Snapshot, Asked], Report]

BUILDERS: dict[str, Builder] = {
    "monday": monday,
    "board": board,
    **{name: partial(breakdown, dimension=each) for name, each in DIMENSIONS.items()},
    "regulatory": regulatory,
    "vulnerable": vulnerable,
}
OWN_PERIOD = frozenset({"monday"})
"""Reports of a time of their own, whatever period is chosen."""
NEVER_COMPARED = frozenset({"monday", "vulnerable"})


def titles() -> dict[str, str]:
    """The names of all reports, in their order."""
    found = {name: str(each.title) for name, each in DIMENSIONS.items()}
    return {
        "monday": _("Monday page"),
        "board": _("For the board"),
        **found,
        "regulatory": _("Regulatory counts"),
        "vulnerable": _("Vulnerable customers and others"),
    }


def report(name: str, asked: Asked, at: Snapshot | None = None) -> Report:
    """One report. Raises NotFound for a name that is none, warehouse.NotReady while there is no read model."""
    if name not in BUILDERS:
        raise NotFound("There is no such report.")
    at = at or snapshot()
    made = BUILDERS[name](at, asked)
    team = asked.teams[asked.team_id] if asked.team_id is not None else ""
    return replace(made, updated=at.manifest.updated_at, team=team)


def require(viewer: User, name: str, team_id: int | None) -> None:
    """Raise NotAllowed unless the viewer may ask for this report at all."""
    if name == "vulnerable":
        policy.require(viewer, Permission.COMPARE_VULNERABLE, team_id)
    policy.require(viewer, Permission.VIEW_INSIGHT, team_id)


def offered(asked: Asked, at: Snapshot) -> list[tuple[str, str]]:
    """Names and titles of the reports that this viewer may ask for and that tell something on this desk."""
    lens = Lens(at, asked, asked.period)
    unknown = {each.name for each in DIMENSIONS.values() if each.hidden_until_known and not tally.known(lens, each)}
    if not any(node.parent_id for node in cause_tree()):
        unknown.add("topic")  # the same as by cause
    if not policy.can(asked.viewer, Permission.COMPARE_VULNERABLE):
        unknown.add("vulnerable")
    return [(name, title) for name, title in titles().items() if name not in unknown]
