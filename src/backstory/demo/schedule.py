"""When things happen at the demo company, seeded: a history with causes that rise, fall and are half-way fixed.

Months run from 0 (oldest) to 5 (the one now ending). The story they tell:

- **Missed appointments** are the company's plague in months 0 to 2. Then every visit of the next day is confirmed by a
  call; complaints drop to about a fifth and stay there.
- **Product defects**: a bad batch of circulation pumps, fitted in month 1, fails in months 1 to 3. It is withdrawn,
  and complaints fall below where they began.
- **Billing** rises slowly, month by month, after a change of system: nobody has noticed yet.
- Everything else keeps its level; ordinary post grows a little.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from backstory.demo.texts import Thread

MONTHS = 6
MONTH = timedelta(days=30)
STEADY = (1.0, 1.0, 1.0, 1.0, 1.0, 1.1)
ORDINARY = (1.0, 1.0, 1.05, 1.1, 1.1, 1.25)
WEIGHTS = {
    "missed-appointment": (5.0, 5.5, 5.0, 1.2, 1.0, 0.9),
    "product-defect": (1.2, 4.0, 5.0, 2.0, 0.9, 0.7),
    "billing": (1.0, 1.25, 1.5, 1.8, 2.2, 2.6),
}
"""Complaints of a cause per month, as weights: what the story above says in numbers."""

ON_THE_DESK, DESK_DAYS = 0.08, timedelta(days=5)
"""The share of ordinary post and steady causes that came in these last days, so that there is work on the desk."""

HOURS = (7, 8, 8, 9, 9, 9, 10, 10, 10, 11, 11, 12, 13, 14, 14, 15, 16, 16, 17, 18, 19, 20, 20, 21, 21, 22)
"""Hours (UTC) at which customers write; a list, so that common ones stand in it more often."""

OPENS, CLOSES = 8, 18
SUNDAY = 6
URGENT = timedelta(hours=1)


def weights(thread: Thread) -> tuple[float, ...]:
    """How a thread's tellings spread over the months."""
    return WEIGHTS.get(thread.cause, STEADY) if thread.complaint else ORDINARY


def starts(
    tellings: Sequence[Thread], pins: Sequence[timedelta | None], now: datetime, random: Random
) -> list[datetime]:
    """When each telling's first message comes in, in the order given; the same list for the same seed.

    `pins` says how long ago, where a text decides that itself. Tellings with the same weights are dealt out evenly
    along their curve, so that few of them already show it.
    """
    found: dict[int, datetime] = {}
    groups: defaultdict[tuple[float, ...], list[int]] = defaultdict(list)
    for number, (thread, ago) in enumerate(zip(tellings, pins, strict=True)):
        if ago is not None:
            found[number] = now - ago
        else:
            groups[weights(thread)].append(number)
    for curve, numbers in groups.items():
        random.shuffle(numbers)
        for place, number in enumerate(numbers):
            share = (place + random.random()) / len(numbers)
            if curve in (STEADY, ORDINARY) and share > 1 - ON_THE_DESK:
                moment = now - DESK_DAYS * ((1 - share) / ON_THE_DESK)
            else:
                moment = now - MONTHS * MONTH + _along(curve, share)
            found[number] = _at_customers_hour(moment, now, random)
    return [found[number] for number in range(len(tellings))]


def _along(curve: Sequence[float], share: float) -> timedelta:
    """How far into the six months the given share (0 to 1) of a curve's mass has passed."""
    mass = share * sum(curve)
    for month, weight in enumerate(curve):
        if mass <= weight:
            return (month + mass / weight) * MONTH
        mass -= weight
    return len(curve) * MONTH


def _at_customers_hour(moment: datetime, now: datetime, random: Random) -> datetime:
    """That day at an hour at which customers write; quieter on Sundays, never in the future."""
    if moment.weekday() == SUNDAY and random.random() < 0.6:
        moment += timedelta(days=1)
    chosen = moment.replace(
        hour=random.choice(HOURS), minute=random.randrange(60), second=random.randrange(60), microsecond=0
    )
    return chosen if chosen < now - timedelta(minutes=30) else now - timedelta(minutes=random.randint(35, 2400))


def at_work(moment: datetime, after: timedelta, urgent: bool, random: Random) -> datetime:
    """When an agent gets to it: within opening hours, unless it is urgent or they are at it already."""
    if urgent or after <= URGENT:
        return moment
    if moment.hour >= CLOSES:
        moment = (moment + timedelta(days=1)).replace(hour=OPENS)
    if moment.hour < OPENS:
        moment = moment.replace(hour=OPENS)
    if moment.weekday() == SUNDAY:
        moment = (moment + timedelta(days=1)).replace(hour=OPENS)
    return moment.replace(minute=random.randrange(60), second=random.randrange(60))
