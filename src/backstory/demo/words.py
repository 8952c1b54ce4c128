"""The words for the slots of one conversation: products, places, dates and sums, in the customer's language."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from backstory.demo.people import Persona, Worker
from backstory.demo.texts import read_yaml

WEEKEND = 5  # Saturday's number, as in datetime.weekday


@dataclass(frozen=True, slots=True)
class Setting:
    """What the words depend on: when the conversation starts, in which language, who writes and who answers."""

    starts: datetime
    language: str
    customer: Persona
    agent: Worker


@cache
def _slots() -> dict[str, Any]:
    found: dict[str, Any] = read_yaml("slots.yaml")
    return found


def money(amount: int, language: str) -> str:
    """A sum in euro as that language writes it: €1,250.00, or 1.250,00 €."""
    english = f"{amount:,}.00"
    if language == "en":
        return f"€{english}"
    dots = english.replace(",", " " if language == "fr" else "\x00").replace(".", ",").replace("\x00", ".")
    return f"{dots} €"


def day(moment: datetime, language: str) -> str:
    """A day and its month in that language, such as “14 March”."""
    own = _slots()[language]
    return str(own["date"]).replace("{day}", str(moment.day)).replace("{month}", own["months"][moment.month - 1])


def product(kind: str, language: str, random: Random) -> str:
    """An appliance with its kind, such as “Aero 8 heat pump”; German couples the words with hyphens."""
    model = random.choice(_slots()["common"][kind])
    return str(_slots()[language][kind]).format(model.replace(" ", "-") if language == "de" else model)


def _workday(moment: datetime) -> datetime:
    return moment + timedelta(days=max(0, 7 - moment.weekday())) if moment.weekday() >= WEEKEND else moment


def words_for(setting: Setting, random: Random) -> dict[str, str]:
    """A word for every slot but `open` and `close`, the same ones for a whole conversation."""
    language, own, common = setting.language, _slots()[setting.language], _slots()["common"]
    starts = setting.starts
    past = starts - timedelta(days=random.randint(4, 20))
    soon = _workday(starts + timedelta(days=random.randint(6, 9)))
    return {
        "name": setting.customer.name,
        "first": setting.customer.first,
        "agent": setting.agent.first,
        "bye": random.choice(own["bye"]),
        "thanks": random.choice(own["thanks"]),
        "tank": random.choice(own["tank"]),
        "part": random.choice(own["part"]),
        "time": random.choice(own["time"]),
        "street": random.choice(own["street"]),
        "town": random.choice(own["town"]),
        "code": random.choice(common["code"]),
        "engineer": random.choice(common["engineer"]),
        "weekday": own["weekday"][_workday(starts + timedelta(days=3)).weekday()],
        "date": day(_workday(past), language),
        "soon": day(soon, language),
        "days": str(random.randint(4, 19)),
        **{kind: product(kind, language, random) for kind in ("boiler", "pump", "thermostat")},
        **_sums(language, random),
        **_references(random),
    }


def _sums(language: str, random: Random) -> dict[str, str]:
    return {
        "fee": money(random.randint(29, 95), language),
        "amount": money(random.randint(104, 398), language),
        "big": money(random.randint(1150, 8900), language),
    }


def _references(random: Random) -> dict[str, str]:
    return {
        "invoice": f"INV-{random.randint(200_000, 299_999)}",
        "order": f"KH-{random.randint(50_000, 59_999)}",
        "contract": f"SC-{random.randint(4_000, 9_900)}",
        "serial": f"KH-{random.randint(1_000, 9_999)}-{random.randint(100, 999)}",
    }
