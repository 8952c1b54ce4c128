"""What the money and iceberg pages need to be told: each input with its question, its unit and how sure it is. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    SHARE = "share"
    NUMBER = "number"
    MONEY = "money"


class Group(StrEnum):
    PROBLEM = "problem"
    LOSS = "loss"
    VALUE = "value"
    MOUTH = "mouth"
    SERVICE = "service"


@dataclass(frozen=True)
class Input:
    """One figure. `per_cause`: it may differ by cause; `per_team`: by segment too."""

    key: str
    group: Group
    unit: Unit
    label: str
    question: str
    per_cause: bool = False
    per_team: bool = False


def _share(
    key: str, group: Group, label: str, question: str, *, per_cause: bool = False, per_team: bool = False
) -> Input:
    return Input(key, group, Unit.SHARE, label, question, per_cause, per_team)


_ALL = (
    _share(
        "complaint_rate",
        Group.PROBLEM,
        "Complaint rate",
        "Of customers who had the problem, how many complained to us?",
        per_cause=True,
        per_team=True,
    ),
    Input(
        "customers", Group.PROBLEM, Unit.NUMBER, "Customers", "How many customers do we have in the period looked at?"
    ),
    _share(
        "problem_rate", Group.PROBLEM, "Problem rate", "Of all customers, how many had a serious problem in the period?"
    ),
    _share(
        "satisfied",
        Group.PROBLEM,
        "Satisfied complainers",
        "Of those who complained, how many were satisfied in the end?",
    ),
    _share(
        "dissatisfied",
        Group.PROBLEM,
        "Dissatisfied complainers",
        "Of those who complained, how many stayed dissatisfied?",
    ),
    _share(
        "loss_silent",
        Group.LOSS,
        "Leave without a word",
        "Of customers with the problem who did not complain, how many left?",
        per_cause=True,
        per_team=True,
    ),
    _share(
        "loss_satisfied",
        Group.LOSS,
        "Leave though satisfied",
        "Of satisfied complainers, how many left?",
        per_cause=True,
    ),
    _share(
        "loss_mollified",
        Group.LOSS,
        "Leave half satisfied",
        "Of half-satisfied complainers, how many left?",
        per_cause=True,
    ),
    _share(
        "loss_dissatisfied",
        Group.LOSS,
        "Leave dissatisfied",
        "Of dissatisfied complainers, how many left?",
        per_cause=True,
    ),
    _share("baseline", Group.LOSS, "Leave anyway", "Of customers without any problem, how many left in the same time?"),
    Input(
        "value",
        Group.VALUE,
        Unit.MONEY,
        "Value of a customer",
        "What is a customer worth to us, if that is known as such?",
    ),
    Input("margin", Group.VALUE, Unit.MONEY, "Margin a year", "What margin does a customer bring in a year?"),
    _share("retention", Group.VALUE, "Stay a year", "How many customers of one year are still customers in the next?"),
    _share("discount", Group.VALUE, "Discount a year", "At what rate does money of next year count for less?"),
    Input(
        "told_silent",
        Group.MOUTH,
        Unit.NUMBER,
        "Told by the silent",
        "How many people does a silent unhappy customer tell?",
    ),
    Input(
        "told_satisfied",
        Group.MOUTH,
        Unit.NUMBER,
        "Told by the satisfied",
        "How many people does a satisfied complainer tell?",
    ),
    Input("told_mollified", Group.MOUTH, Unit.NUMBER, "Told by the half satisfied", "And a half-satisfied one?"),
    Input("told_dissatisfied", Group.MOUTH, Unit.NUMBER, "Told by the dissatisfied", "And a dissatisfied one?"),
    _share(
        "sale_lost",
        Group.MOUTH,
        "Sales lost by bad words",
        "Of people who hear bad words, how many therefore do not buy?",
    ),
    _share(
        "sale_won", Group.MOUTH, "Sales won by good words", "Of people who hear good words, how many therefore buy?"
    ),
    Input(
        "minutes",
        Group.SERVICE,
        Unit.NUMBER,
        "Minutes an answer",
        "How many minutes does an answer take, everything counted?",
    ),
    Input(
        "minute_rate",
        Group.SERVICE,
        Unit.MONEY,
        "Cost of a minute",
        "What does a minute of work cost, everything counted?",
    ),
)

INPUTS: Mapping[str, Input] = {one.key: one for one in _ALL}
MODEL = ("complaint_rate", "loss_silent", "loss_satisfied", "loss_mollified", "loss_dissatisfied", "baseline")
"""Without these nothing is said about customers lost; outcomes of complaints are measured or entered."""
MOUTH = ("told_silent", "told_satisfied", "told_mollified", "told_dissatisfied", "sale_lost", "sale_won")
"""Word of mouth has no defensible defaults: without all of these it is left out."""
LIFETIME = ("margin", "retention", "discount")
