"""How many had the problem, when only some complain. Pure.

Problems ≈ complaints ÷ complaint rate. The rate comes from asking people with the problem whether they complained; its
Wilson interval is carried over, and an estimate is never given without it. There is no default rate: shares quoted
elsewhere ("one complains, 26 do not") are folklore.
"""

from dataclasses import dataclass

from backstory.kernel.errors import InvalidInput
from backstory.measures.intervals import Share


@dataclass(frozen=True)
class Iceberg:
    """Of those with the problem `rate` complained. `value` and `high` are None where nobody in the sample did."""

    complaints: int
    rate: Share
    low: float
    value: float | None
    high: float | None

    @property
    def silent(self) -> tuple[float, float | None]:
        """How many had the problem and said nothing: at least and at most."""
        return self.low - self.complaints, None if self.high is None else self.high - self.complaints


def iceberg(complaints: int, rate: Share) -> Iceberg:
    """The number of customers with the problem, with the interval that follows from that of the rate.

    100 complaints where 30 of 120 complained are 400, from 299 to 552. Never fewer than complained.
    """
    if complaints < 0 or rate.interval is None:
        raise InvalidInput("An estimate needs complaints from 0 and a rate measured on at least one customer.", "rate")
    least, most = rate.interval
    value = complaints * rate.total / rate.count if rate.count else None
    return Iceberg(complaints, rate, complaints / most, value, complaints / least if least else None)


def is_hard_to_complain(complaint_rate: Share, desk_rate: Share, churn: Share, desk_churn: Share) -> bool:
    """Whether fewer complain than elsewhere on the desk while more leave, both beyond chance.

    Beyond chance: the whole 95 % interval lies on the far side of the desk's figure.
    """
    seldom, leaving = complaint_rate.interval, churn.interval
    if not seldom or not leaving or complaint_rate.total < 1 or desk_rate.value is None or desk_churn.value is None:
        return False
    return seldom[1] < desk_rate.value and leaving[0] > desk_churn.value
