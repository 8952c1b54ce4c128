"""What complaints cost: customers lost, money, value at risk, recovery and service, per cause and in all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from backstory.cases.models import Complaint
from backstory.conversations.models import Message
from backstory.insight import known
from backstory.insight.inputs import INPUTS, LIFETIME, MODEL, MOUTH, Input
from backstory.insight.known import EVERYWHERE, Figures, Place
from backstory.insight.queries import CauseLabel, by_cause, scope, within
from backstory.insight.rules import Period
from backstory.measures import damage as model
from backstory.measures import value as worth
from backstory.measures.damage import CELLS, Damage, Draws, Levers, Market, Uncertain, WordOfMouth
from backstory.measures.intervals import Estimate
from backstory.measures.pareto import Ranked, ranked
from backstory.measures.surveys import FEWEST_ANSWERS
from backstory.people.models import User
from backstory.recovery.models import Remedy, Survey
from backstory.recovery.models.surveys import SurveyKind

OURS = (Complaint.Outcome.UPHELD, Complaint.Outcome.PARTLY_UPHELD)


def outcomes(viewer: User, period: Period) -> tuple[int, int, int]:
    """Answers of 4 and 5, of 3, and of 1 and 2 to the satisfaction surveys sent in the period."""
    rows = Survey.objects.filter(
        scope(viewer, "complaint__conversation") & within("sent_at", period), kind=SurveyKind.CSAT
    )
    found = rows.aggregate(
        satisfied=Count("pk", filter=Q(score__gte=4)),
        mollified=Count("pk", filter=Q(score=3)),
        dissatisfied=Count("pk", filter=Q(score__lte=2)),
    )
    return found["satisfied"], found["mollified"], found["dissatisfied"]


def figures(viewer: User, period: Period) -> tuple[Figures, tuple[int, int, int]]:
    """Everything that is known: entered, and the outcomes of complaints measured here from 30 answers on."""
    answers = outcomes(viewer, period)
    total = sum(answers)
    measured = {}
    if total >= FEWEST_ANSWERS:
        measured["satisfied"] = Uncertain(answers[0] / total, count=answers[0], total=total)
        measured["dissatisfied"] = Uncertain(answers[2] / total, count=answers[2], total=total)
    return known.figures(measured), answers


def lifetime_value(found: Figures) -> Estimate | None:
    """What a customer is worth: entered as such, or by margin, retention and discount."""
    return found.get("value").estimate or (summed(_lifetime(found)) if not found.missing(LIFETIME) else None)


def summed(pair: tuple[model.Number, model.Number]) -> Estimate:
    """An estimate from draws and the figure at every best guess."""
    return model.summary(*pair)


def _lifetime(found: Figures) -> tuple[Draws, float]:
    """Draws of m·r/(1 + d − r), and the figure at the best guesses."""
    margin, stay, discount = (found.get(key) for key in LIFETIME)
    m, r, d = margin.draws(), stay.draws(), discount.draws()
    guesses = [one.figure.value for one in (margin, stay, discount) if one.figure]
    exact = worth.lifetime_value(Decimal(repr(guesses[0])), guesses[1], guesses[2])
    return m * r / np.maximum(1 + d - r, 1e-6), float(exact)


@dataclass(frozen=True)
class Markets:
    """The model's inputs twice: as draws, and at the best guess of each."""

    draws: Market
    guess: Market
    mouth: tuple[WordOfMouth, WordOfMouth] | None
    is_priced: bool

    def damage(self, levers: Levers | None = None) -> tuple[Damage, Damage]:
        """Damage of the draws and of the best guesses, as things are or with levers pulled."""
        both = [model.pulled(market, levers) if levers else market for market in (self.draws, self.guess)]
        words = self.mouth or (None, None)
        return model.damage(both[0], words[0]), model.damage(both[1], words[1])


def _problems(found: Figures, complaints: int, place: Place) -> tuple[Draws, float, Draws, float]:
    """Customers and problem rate: as entered for the whole desk, else complaints ÷ complaint rate and 1."""
    if place == EVERYWHERE and not found.missing(("customers", "problem_rate")):
        many, rate = found.get("customers"), found.get("problem_rate")
        assert many.figure and rate.figure
        return many.draws(), many.figure.value, rate.draws(), rate.figure.value
    rate = found.get("complaint_rate", place)
    assert rate.figure
    ones = np.ones(model.DRAWS)
    return complaints / np.maximum(rate.draws(), 1e-4), complaints / max(rate.figure.value, 1e-4), ones, 1.0


def _shares(found: Figures) -> tuple[dict[str, Draws], dict[str, float]] | None:
    """Outcome shares as draws and best guesses; mollified is the rest."""
    pair = found.get("satisfied"), found.get("dissatisfied")
    if not pair[0].figure or not pair[1].figure:
        return None
    satisfied, dissatisfied = pair[0].draws(), pair[1].draws()
    dissatisfied = np.minimum(dissatisfied, 1 - satisfied)
    drawn = {"satisfied": satisfied, "dissatisfied": dissatisfied, "mollified": 1 - satisfied - dissatisfied}
    guess = {"satisfied": pair[0].figure.value}
    guess["dissatisfied"] = min(pair[1].figure.value, 1 - guess["satisfied"])
    guess["mollified"] = 1 - guess["satisfied"] - guess["dissatisfied"]
    return drawn, guess


def missing(found: Figures, place: Place = EVERYWHERE) -> list[Input]:
    """What has to be known before customers lost can be told."""
    return found.missing(MODEL, place) + found.missing(("satisfied", "dissatisfied"))


def markets(found: Figures, complaints: int, place: Place = EVERYWHERE) -> Markets | None:
    """The market behind so many complaints; None while an input is unknown. Without a value no money is told."""
    shares = _shares(found)
    if missing(found, place) or shares is None:
        return None
    n, n_guess, p, p_guess = _problems(found, complaints, place)
    named = {"complaint_rate": "complaint_rate", "baseline": "baseline"}
    named |= {f"loss_{cell}": f"loss_{cell}" for cell in CELLS}
    inputs = {field: found.get(key, place) for field, key in named.items()}
    price = _price(found)
    drawn = Market(
        customers=n, problem_rate=p, value=price[0], **shares[0], **{key: one.draws() for key, one in inputs.items()}
    )
    guess = Market(
        customers=n_guess,
        problem_rate=p_guess,
        value=price[1],
        **shares[1],
        **{key: one.figure.value for key, one in inputs.items() if one.figure},
    )
    return Markets(drawn, guess, _mouth(found), lifetime_value(found) is not None)


def _price(found: Figures) -> tuple[model.Number, float]:
    entered = found.get("value")
    if entered.figure:
        return entered.draws(), entered.figure.value
    return _lifetime(found) if not found.missing(LIFETIME) else (0.0, 0.0)


def _mouth(found: Figures) -> tuple[WordOfMouth, WordOfMouth] | None:
    if found.missing(MOUTH):
        return None
    inputs = {key: found.get(key) for key in MOUTH}
    drawn = WordOfMouth(**{key: one.draws() for key, one in inputs.items()})
    return drawn, WordOfMouth(**{key: one.figure.value for key, one in inputs.items() if one.figure})


@dataclass(frozen=True)
class Told:
    """The model's answer in figures with intervals; money is None where no value is known."""

    problems: Estimate
    cells: Mapping[str, Estimate]
    lost: Estimate
    damage: Estimate | None
    word_of_mouth: Estimate | None
    asking_pays: float


def told(found: Markets) -> Told:
    """Damage as things are; `asking_pays` is the share of draws in which a complainer is less likely to leave."""
    drawn, guess = found.damage()
    priced = found.is_priced
    mouth = None
    if priced and drawn.word_of_mouth is not None and guess.word_of_mouth is not None:
        mouth = summed((drawn.word_of_mouth, guess.word_of_mouth))
    many = (found.draws.customers * found.draws.problem_rate, found.guess.customers * found.guess.problem_rate)
    return Told(
        problems=summed(many),
        cells={cell: summed((drawn.cells[cell], guess.cells[cell])) for cell in CELLS},
        lost=summed((drawn.lost, guess.lost)),
        damage=summed((drawn.total, guess.total)) if priced else None,
        word_of_mouth=mouth,
        asking_pays=float(np.mean(model.asking_pays(found.draws))),
    )


@dataclass(frozen=True)
class Pulled:
    """What levers would change: customers lost then, and saved, each with its interval."""

    lost: Estimate
    saved: Estimate
    money: Estimate | None


def pulled(found: Markets, levers: Levers) -> Pulled:
    """The same draws with and without, so that the difference is as sure as it can be."""
    before, after = found.damage(), found.damage(levers)
    money = summed((before[0].total - after[0].total, before[1].total - after[1].total)) if found.is_priced else None
    saved = summed((before[0].lost - after[0].lost, before[1].lost - after[1].lost))
    return Pulled(summed((after[0].lost, after[1].lost)), saved, money)


def both_ways(viewer: User, period: Period, found: Figures) -> list[Ranked[CauseLabel]]:
    """Causes by number and by damage (customers lost where no value is known); unknown inputs leave damage unknown."""
    rows = []
    for row in by_cause(viewer, period):
        market = markets(found, row.count, (row.item.id, None)) if row.item.id else None
        answer = told(market) if market else None
        rows.append((row.item, row.count, (answer.damage or answer.lost) if answer else None))
    return ranked(rows)


@dataclass(frozen=True)
class Recovery:
    """Value at risk in open complaints, and what recovering one is worth. Estimates where inputs are known."""

    open_now: int
    at_risk: Estimate | None
    change: Estimate | None
    break_even: Estimate | None
    remedies: int
    mean_cost: Decimal | None
    returned: Estimate | None
    other_currencies: tuple[str, ...]


def recovery(viewer: User, period: Period, found: Figures) -> Recovery:
    """ΔP(stay) is the difference between leaving dissatisfied and leaving satisfied, all else as entered."""
    open_now = Complaint.objects.filter(scope(viewer), state=Complaint.State.OPEN).count()
    spent = _spent(viewer, period)
    mine = spent.get(found.currency)
    mean = mine[1] / mine[0] if mine and mine[0] else None
    others = tuple(sorted(set(spent) - {found.currency}))
    priced = lifetime_value(found) is not None and not found.missing(
        ("loss_dissatisfied", "loss_satisfied", "baseline")
    )
    if not priced:
        return Recovery(open_now, None, None, None, mine[0] if mine else 0, mean, None, others)
    bad, good, base = (_pair(found, key) for key in ("loss_dissatisfied", "loss_satisfied", "baseline"))
    price, handling = _price(found), _handling(found)
    change = [bad[i] - good[i] for i in (0, 1)]
    worth_it = [change[i] * price[i] for i in (0, 1)]
    cost = float(mean) if mean else 0.0
    returned = summed(tuple((worth_it[i] - handling[i]) / cost - 1 for i in (0, 1))) if cost else None  # type: ignore[arg-type]
    return Recovery(
        open_now,
        summed((open_now * (bad[0] - base[0]) * price[0], open_now * (bad[1] - base[1]) * price[1])),
        summed((change[0], change[1])),
        summed((np.maximum(worth_it[0] - handling[0], 0), max(float(worth_it[1] - handling[1]), 0.0))),
        mine[0] if mine else 0,
        mean,
        returned,
        others,
    )


def _pair(found: Figures, key: str) -> tuple[Draws, float]:
    one = found.get(key)
    assert one.figure
    return one.draws(), one.figure.value


def _handling(found: Figures) -> tuple[model.Number, float]:
    """What handling a complaint costs (one answer's minutes), nothing where that is unknown: said beside it."""
    if found.missing(("minutes", "minute_rate")):
        return 0.0, 0.0
    minutes, rate = _pair(found, "minutes"), _pair(found, "minute_rate")
    return minutes[0] * rate[0], minutes[1] * rate[1]


def _spent(viewer: User, period: Period) -> dict[str, tuple[int, Decimal]]:
    """Remedies granted in the period by currency: how many, and their cost to us."""
    here = scope(viewer, "complaint__conversation") & within("decided_at", period)
    rows = Remedy.objects.filter(here, state=Remedy.State.GRANTED).order_by().values_list("currency")
    totals = rows.annotate(many=Count("pk"), cost=Sum(Coalesce("cost", "amount")))
    return {currency: (many, cost) for currency, many, cost in totals}


@dataclass(frozen=True)
class Served:
    """What serving the complaints of a cause took, and how much of that was our own doing (upheld in full or part)."""

    cause: CauseLabel
    complaints: int
    ours: int
    answers: int
    our_answers: int
    credits: Decimal
    our_credits: Decimal

    def service(self, minutes: Decimal) -> worth.Service:
        """In minutes and money, our own part apart."""
        return worth.Service(
            self.answers * minutes, self.credits, Decimal(0), self.our_answers * minutes, self.our_credits
        )


def served(viewer: User, period: Period, currency: str) -> list[Served]:
    """Per cause, most answers first. Causes, never persons: nobody is a bad customer for having been failed."""
    here = scope(viewer) & within("received_at", period)
    ours = Q(outcome__in=OURS)
    many = _by_cause(here, complaints=Count("pk"), ours=Count("pk", filter=ours))
    written = Q(conversation__messages__direction=Message.Direction.OUT, conversation__messages__author__isnull=False)
    answers = _by_cause(here, all=Count("pk", filter=written), ours=Count("pk", filter=written & ours))
    paid = Q(remedies__state=Remedy.State.GRANTED, remedies__currency=currency)
    cost = Coalesce("remedies__cost", "remedies__amount")
    credits = _by_cause(here, all=Sum(cost, filter=paid), ours=Sum(cost, filter=paid & ours))
    rows = []
    for row in by_cause(viewer, period):
        pk = row.item.id
        spent, words = credits[pk], answers[pk]
        rows.append(
            Served(
                row.item,
                row.count,
                many[pk]["ours"],
                words["all"],
                words["ours"],
                spent["all"] or Decimal(0),
                spent["ours"] or Decimal(0),
            )
        )
    return sorted(rows, key=lambda one: -one.answers)


def _by_cause(where: Q, **counted: object) -> dict[int | None, dict[str, Any]]:
    rows = Complaint.objects.filter(where).order_by().values("cause_id").annotate(**counted)
    return {row["cause_id"]: dict(row) for row in rows}


def costs(rows: Sequence[Served], found: Figures) -> list[tuple[Served, Decimal, Decimal]]:
    """Each cause with what serving it cost and our own part of that; none while minutes or their cost are unknown."""
    minutes, rate = found.get("minutes"), found.get("minute_rate")
    if not minutes.figure or not rate.figure:
        return []
    each, price = Decimal(repr(minutes.figure.value)), Decimal(repr(rate.figure.value))
    services = [(row, row.service(each)) for row in rows]
    return [(row, one.own_cost(price) + one.chosen_cost(price), one.own_cost(price)) for row, one in services]


def inputs(found: Figures) -> list[known.Known]:
    """Every input of the whole desk as it stands."""
    return [found.get(key) for key in INPUTS]
