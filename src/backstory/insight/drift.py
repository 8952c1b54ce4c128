"""Whether what is read today is like what was read before. Pure."""

from collections.abc import Mapping, Sequence
from math import log

FEWEST = 50
"""Below so many messages on either side two periods are not compared: chance would speak."""
STEADY, SHIFTED = 0.1, 0.25
SMOOTHING = 0.5


def stability_index(before: Sequence[int], after: Sequence[int]) -> float | None:
    """The population stability index of two histograms over the same bins: sum of (q - p) ln(q / p), 0 for the same.

    Half a message is added to each bin, so that an empty one does not make it infinite. Below 0.1 a scorecard is
    commonly called steady, from 0.25 shifted (Siddiqi 2006, Credit Risk Scorecards). None where one has too few.
    """
    if min(sum(before), sum(after)) < FEWEST:
        return None
    p, q = _shares(before), _shares(after)
    return sum((new - old) * log(new / old) for old, new in zip(p, q, strict=True))


def _shares(counts: Sequence[int]) -> list[float]:
    total = sum(counts) + SMOOTHING * len(counts)
    return [(count + SMOOTHING) / total for count in counts]


def mix_index(before: Mapping[str, int], after: Mapping[str, int]) -> float | None:
    """The same of two counts by name, such as messages by language."""
    names = sorted({*before, *after})
    return stability_index([before.get(name, 0) for name in names], [after.get(name, 0) for name in names])


def verdict(index: float | None) -> str:
    """ "unknown", "steady", "moved" or "shifted"."""
    if index is None:
        return "unknown"
    return "steady" if index < STEADY else "moved" if index < SHIFTED else "shifted"
