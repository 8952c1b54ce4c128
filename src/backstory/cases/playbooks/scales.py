"""The scales that a survey after a complaint may ask on. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """From which score to which, up to which one the matter is not settled, and from which on all is well."""

    lowest: int
    highest: int
    low: int
    top: int

    @property
    def scores(self) -> range:
        return range(self.lowest, self.highest + 1)

    def may_be_low(self, score: int) -> bool:
        """Whether a threshold makes sense: on the scale, and not so high that every answer would be a bad one."""
        return self.lowest <= score < self.highest


SCALES = {"csat": Scale(1, 5, 2, 4), "nps": Scale(0, 10, 6, 9), "ces": Scale(1, 7, 2, 5)}
"""CSAT: satisfaction; NPS: recommendation, detractors up to 6 and promoters from 9; CES: agreement that it was easy."""
