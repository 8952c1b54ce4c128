"""Failure mode and effects analysis: three scales from 1 to 10 and what follows from them. Pure.

The scales follow the shape of the AIAG FMEA handbook (4th edition, 2008), in words for a service. The product
S·O·D hides that a rare disaster is still one, so a severity of 9 or 10 comes before any product.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from backstory.kernel.errors import InvalidInput

OVERRIDING_SEVERITY = 9
HIGH_PRODUCT = 125
SCALES: dict[str, Sequence[tuple[str, str]]] = {
    "severity": (
        ("1", "Nobody notices"),
        ("2–3", "A nuisance; the customer shrugs"),
        ("4–5", "Time or patience lost; the service works"),
        ("6–7", "The service does not do what was promised; money lost"),
        ("8", "The customer's plans, home or income are hit; many will leave"),
        ("9", "Danger to health or livelihood, or a law broken, with a warning before"),
        ("10", "The same without a warning"),
    ),
    "occurrence": (
        ("1", "Never seen; could hardly happen"),
        ("2–3", "Fewer than 1 in 10 000 contacts, orders or customers"),
        ("4–5", "About 1 in 2 000"),
        ("6–7", "About 1 in 200"),
        ("8", "About 1 in 50"),
        ("9", "About 1 in 20"),
        ("10", "1 in 10 or more"),
    ),
    "detection": (
        ("1", "Prevented by design, or always noticed before the customer does"),
        ("2–3", "An automatic check finds it almost always"),
        ("4–5", "A check by a person finds it mostly"),
        ("6–7", "Found by chance, or by a spot check"),
        ("8", "Mostly found by the customer"),
        ("9–10", "Found by the customer only, long afterwards"),
    ),
}


class Rated(Protocol):
    @property
    def severity(self) -> int: ...
    @property
    def occurrence(self) -> int: ...
    @property
    def detection(self) -> int: ...


R = TypeVar("R", bound=Rated)


@dataclass(frozen=True, slots=True)
class Weight:
    """The product S·O·D (1 to 1000) and whether the severity overrides it."""

    product: int
    overrides: bool

    @property
    def label(self) -> str:
        """`critical` (severity overrides), `high` or `ordinary`."""
        if self.overrides:
            return "critical"
        return "high" if self.product >= HIGH_PRODUCT else "ordinary"


def weigh(row: Rated) -> Weight:
    return Weight(row.severity * row.occurrence * row.detection, row.severity >= OVERRIDING_SEVERITY)


def in_order(rows: Iterable[R]) -> list[R]:
    """The gravest first: severity 9 and 10 before all others, then by product, then by severity."""
    return sorted(rows, key=lambda row: (-weigh(row).overrides, -weigh(row).product, -row.severity))


def rating(value: int | None, field: str) -> int:
    """A rating of one scale; InvalidInput unless it is a whole number from 1 to 10."""
    if value is None or not 1 <= value <= 10:
        raise InvalidInput("Rate from 1 to 10, as the scale says.", field)
    return value
