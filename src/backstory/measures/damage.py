"""What a problem costs in customers and money: Goodman's market damage model, with the doubt of its inputs. Pure.

John Goodman, Strategic Customer Service (2009):

    lost   = N·p·[(1−c)·L_nc + c·(s·L_s + m·L_m + d·L_d)]
    damage = lost·V + word of mouth
    word of mouth = Σ cell count · persons told · P(sale lost | told) · V, less what good word of mouth brings

Every figure may be an array of draws; then so is every result. Asking for complaints pays only where
s·L_s + m·L_m + d·L_d < L_nc, and nothing here keeps a dissatisfied complainer from being worse than a silent one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from backstory.kernel.errors import InvalidInput
from backstory.measures.intervals import Estimate

Draws = NDArray[np.float64]
Number = float | Draws

DRAWS = 8000
SEED = 2009
CELLS = ("silent", "satisfied", "mollified", "dissatisfied")


@dataclass(frozen=True)
class Market:
    """The inputs. Outcome shares of complainers add up to 1; `baseline` is the loss among those without the problem.

    The loss probabilities are as observed; the baseline is subtracted from each, so that only what the problem caused
    is counted. A cell below the baseline counts as a gain.
    """

    customers: Number
    problem_rate: Number
    complaint_rate: Number
    satisfied: Number
    mollified: Number
    dissatisfied: Number
    loss_silent: Number
    loss_satisfied: Number
    loss_mollified: Number
    loss_dissatisfied: Number
    value: Number
    baseline: Number = 0.0

    def __post_init__(self) -> None:
        for field in fields(self):
            wrong = np.asarray(getattr(self, field.name))
            most = np.inf if field.name in {"customers", "value"} else 1 + 1e-9
            if (wrong < 0).any() or (wrong > most).any() or np.isnan(wrong).any():
                raise InvalidInput(
                    "Shares and probabilities lie between 0 and 1, numbers are zero or more.", field.name
                )
        if not np.allclose(self.satisfied + self.mollified + self.dissatisfied, 1, atol=1e-6):
            raise InvalidInput("Satisfied, mollified and dissatisfied must add up to everybody.", "satisfied")


@dataclass(frozen=True)
class WordOfMouth:
    """Persons told per customer in each cell; what share of sales is lost or won by it. No defaults exist for these."""

    told_silent: Number
    told_satisfied: Number
    told_mollified: Number
    told_dissatisfied: Number
    sale_lost: Number
    sale_won: Number = 0.0


@dataclass(frozen=True)
class Damage:
    """Customers lost by cell and in all, what they are worth, and word of mouth (None where its inputs are unknown)."""

    cells: Mapping[str, Number]
    lost: Number
    value: Number
    word_of_mouth: Number | None

    @property
    def total(self) -> Number:
        return self.value if self.word_of_mouth is None else self.value + self.word_of_mouth


def counts(market: Market) -> dict[str, Number]:
    """How many customers with the problem are in each cell."""
    troubled = market.customers * market.problem_rate
    told_us = troubled * market.complaint_rate
    complained = {name: told_us * getattr(market, name) for name in CELLS[1:]}
    return {"silent": troubled - told_us, **complained}


def damage(market: Market, word_of_mouth: WordOfMouth | None = None) -> Damage:
    """Customers lost because of the problem, and what that costs; unknown word of mouth is left out, not guessed."""
    many = counts(market)
    cells = {name: many[name] * (getattr(market, f"loss_{name}") - market.baseline) for name in CELLS}
    lost = sum(cells.values(), start=0.0 * market.customers)
    mouth = None if word_of_mouth is None else _word_of_mouth(many, word_of_mouth, market.value)
    return Damage(cells, lost, lost * market.value, mouth)


def _word_of_mouth(many: Mapping[str, Number], words: WordOfMouth, value: Number) -> Number:
    """Satisfied complainers speak well of us; everybody else does not."""
    bad = sum((many[name] * getattr(words, f"told_{name}") for name in CELLS if name != "satisfied"), start=0.0)
    good = many["satisfied"] * words.told_satisfied
    return (bad * words.sale_lost - good * words.sale_won) * value


def asking_pays(market: Market) -> NDArray[np.bool_]:
    """Whether easing complaints saves customers: a complainer must be less likely to leave than a silent customer."""
    complained = sum(getattr(market, name) * getattr(market, f"loss_{name}") for name in CELLS[1:])
    return np.asarray(complained < market.loss_silent)


@dataclass(frozen=True)
class Levers:
    """What could be done: problem rate times `problems`, a new complaint rate, new outcome shares; None leaves it."""

    problems: float = 1.0
    complaint_rate: float | None = None
    outcomes: tuple[float, float, float] | None = None


def pulled(market: Market, levers: Levers) -> Market:
    """The market as it would be."""
    changes: dict[str, Number] = {"problem_rate": market.problem_rate * levers.problems}
    if levers.complaint_rate is not None:
        changes["complaint_rate"] = levers.complaint_rate
    if levers.outcomes is not None:
        changes |= dict(zip(CELLS[1:], levers.outcomes, strict=True))
    return replace(market, **changes)


@dataclass(frozen=True)
class Uncertain:
    """One input and what is known of it: `count` of `total` were counted, or somebody judged `value`, from `low` to
    `high`; without either it is taken as exact."""

    value: float
    low: float | None = None
    high: float | None = None
    count: int | None = None
    total: int | None = None

    def draws(self, random: np.random.Generator, size: int = DRAWS) -> Draws:
        """A counted share: Beta with Jeffreys' prior. A judged range: a triangle, no more certain than it says."""
        if self.count is not None and self.total:
            return random.beta(self.count + 0.5, self.total - self.count + 0.5, size)
        if self.low is None or self.high is None or self.low >= self.high:
            return np.full(size, self.value)
        return random.triangular(self.low, min(max(self.value, self.low), self.high), self.high, size)


def draw_outcomes(
    answers: tuple[int, int, int], random: np.random.Generator, size: int = DRAWS
) -> tuple[Draws, Draws, Draws]:
    """Outcome shares from how many were satisfied, mollified and dissatisfied: Dirichlet with Jeffreys' prior."""
    shares = random.dirichlet([count + 0.5 for count in answers], size)
    return shares[:, 0], shares[:, 1], shares[:, 2]


def summary(value: Number, middle: Number) -> Estimate:
    """The figure at the best guess of each input, with the middle 95 % of what the draws give."""
    low, high = np.quantile(np.asarray(value), [0.025, 0.975])
    return Estimate(float(np.asarray(middle)), float(low), float(high))
