"""Satisfaction (CSAT), recommendation (NPS) and effort (CES) from counts of scores, each with its interval. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from backstory.kernel.errors import InvalidInput
from backstory.measures.intervals import Z_95, Estimate, Share, wilson

FEWEST_ANSWERS = 30
"""Below this many answers no figure is shown: it would say more about chance than about us."""

Scores = Mapping[int, int]
"""How many gave each score."""


class Kind(StrEnum):
    CSAT = "csat"
    NPS = "nps"
    CES = "ces"


SCALES: Mapping[Kind, range] = {Kind.CSAT: range(1, 6), Kind.NPS: range(11), Kind.CES: range(1, 8)}
TOP_BOXES = frozenset({4, 5})
PROMOTERS, DETRACTORS = range(9, 11), range(7)


def _count(kind: Kind, scores: Scores) -> int:
    """How many answered; InvalidInput for a score outside the scale, a negative count or nobody at all."""
    scale = SCALES[kind]
    if any(score not in scale or count < 0 for score, count in scores.items()):
        raise InvalidInput(f"Scores of {kind.upper()} go from {scale[0]} to {scale[-1]}.", "scores")
    if not (total := sum(scores.values())):
        raise InvalidInput("There is no answer to count.", "scores")
    return total


def csat(scores: Scores) -> Estimate:
    """The share of 4 and 5 among answers from 1 to 5 (top-2-box): 84 of 100 is .756 to .899 (Wilson)."""
    total = _count(Kind.CSAT, scores)
    satisfied = sum(count for score, count in scores.items() if score in TOP_BOXES)
    return Estimate(satisfied / total, *wilson(satisfied, total))


def nps_standard_error(promoters: float, detractors: float, answers: int) -> float:
    """√((P + D − (P − D)²) / n) for shares P and D: the standard error of their difference in a multinomial sample."""
    return sqrt(max(promoters + detractors - (promoters - detractors) ** 2, 0.0) / answers)


def nps(scores: Scores) -> Estimate:
    """Promoters (9, 10) less detractors (0 to 6) per hundred answers, −100 to 100, with its normal interval.

    50 % promoters and 20 % detractors of 400 are 30, from 22.3 to 37.7.
    """
    total = _count(Kind.NPS, scores)
    promoters = sum(scores.get(score, 0) for score in PROMOTERS) / total
    detractors = sum(scores.get(score, 0) for score in DETRACTORS) / total
    value, half = 100 * (promoters - detractors), 100 * Z_95 * nps_standard_error(promoters, detractors, total)
    return Estimate(value, max(value - half, -100.0), min(value + half, 100.0))


def ces(scores: Scores) -> Estimate:
    """The mean of answers from 1 to 7 with Student's t interval, kept within the scale; needs two answers."""
    from scipy.special import stdtrit

    total = _count(Kind.CES, scores)
    if total < 2:
        raise InvalidInput("One answer has no spread to judge a mean by.", "scores")
    mean = sum(score * count for score, count in scores.items()) / total
    variance = sum(count * (score - mean) ** 2 for score, count in scores.items()) / (total - 1)
    half = float(stdtrit(total - 1, 0.975)) * sqrt(variance / total)
    return Estimate(mean, max(mean - half, 1.0), min(mean + half, 7.0))


MEASURES = {Kind.CSAT: csat, Kind.NPS: nps, Kind.CES: ces}


@dataclass(frozen=True)
class SurveyResult:
    """What a survey says: the figure (None below 30 answers) and always how many of those asked answered."""

    kind: Kind
    asked: int
    answered: int
    figure: Estimate | None

    @property
    def response(self) -> Share:
        return Share(self.answered, self.asked)

    @property
    def missing(self) -> int:
        """How many answers are still needed before a figure is shown."""
        return max(FEWEST_ANSWERS - self.answered, 0)


def result(kind: Kind, asked: int, scores: Scores) -> SurveyResult:
    """From how many were asked and the counts of their scores; who answers unasked counts as asked."""
    answered = _count(kind, scores) if any(scores.values()) else 0
    figure = MEASURES[kind](scores) if answered >= FEWEST_ANSWERS else None
    return SurveyResult(kind, max(asked, answered), answered, figure)
