"""How much people may decide themselves, and how long they wait for others. Pure.

Decided at first contact: of the remedies offered in a period, those that whoever offered them granted there and then.
Waiting: of those that were requested and are decided, the time from request to decision, median and 90th percentile
(linear interpolation); what still waits is counted beside it, as it would make the figures look better.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median, quantiles

from backstory.measures.intervals import Share


@dataclass(frozen=True, slots=True)
class Offered:
    """One remedy: whose group it counts in, whether it was granted at once, and how long it waited (None: still
    does)."""

    group: str
    at_once: bool
    waited: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Empowerment:
    """The figures of one team or role; the times are None where no request was decided."""

    group: str
    at_once: Share
    decided: int
    still_waiting: int
    median: timedelta | None
    ninetieth: timedelta | None


def measure(group: str, offers: Iterable[Offered]) -> Empowerment:
    """The figures of these offers together."""
    every = list(offers)
    requested = [each for each in every if not each.at_once]
    waited = [each.waited.total_seconds() for each in requested if each.waited is not None]
    return Empowerment(
        group=group,
        at_once=Share(len(every) - len(requested), len(every)),
        decided=len(waited),
        still_waiting=len(requested) - len(waited),
        median=timedelta(seconds=median(waited)) if waited else None,
        ninetieth=timedelta(seconds=_ninetieth(waited)) if waited else None,
    )


def _ninetieth(seconds: list[float]) -> float:
    return quantiles(seconds, n=10, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]


def by_group(offers: Iterable[Offered]) -> list[Empowerment]:
    """The figures of each group, in the order of their names."""
    groups: defaultdict[str, list[Offered]] = defaultdict(list)
    for each in offers:
        groups[each.group].append(each)
    return [measure(name, groups[name]) for name in sorted(groups)]
