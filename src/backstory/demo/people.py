"""The cast: who works at the demo company and who writes to it. All invented, at addresses kept for examples."""

import re
import unicodedata
from dataclasses import dataclass
from random import Random
from typing import Any

from backstory.demo.texts import read_yaml

SIZES = {"en": 132, "de": 30, "es": 16, "fr": 16}
"""How many customers write in each language, besides the named cast and the organisations."""


@dataclass(frozen=True, slots=True)
class Persona:
    """A customer of the demo: `firm` is set for somebody who writes for an organisation."""

    first: str
    last: str
    email: str
    language: str = "en"
    firm: str = ""

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody with a log-in; `languages` are those in which they answer besides English."""

    name: str
    email: str
    role: str
    teams: tuple[str, ...]
    languages: tuple[str, ...] = ()

    @property
    def first(self) -> str:
        return self.name.split(" ", maxsplit=1)[0]


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody: `pools` holds each language's customers, `named` the ones a thread calls by name."""

    teams: dict[str, str]
    mailboxes: tuple[dict[str, str], ...]
    workers: tuple[Worker, ...]
    named: dict[str, Persona]
    organisations: tuple[Persona, ...]
    pools: dict[str, tuple[Persona, ...]]

    def lead(self, team: str) -> Worker:
        """Whom a team's agents ask for what is above their limit."""
        return next(one for one in self.workers if team in one.teams and one.role == "lead")

    def agents(self, team: str, language: str) -> list[Worker]:
        """Those of a team who answer customers in a language; everybody there where nobody speaks it."""
        there = [one for one in self.workers if team in one.teams and one.role == "agent"]
        if language == "en":
            return [one for one in there if not one.languages] or there
        return [one for one in there if language in one.languages] or there


def load(random: Random) -> Cast:
    """The cast of `cast.yaml`, with customers' names put together by `random`."""
    raw = read_yaml("cast.yaml")
    return Cast(
        teams=raw["teams"],
        mailboxes=tuple(raw["mailboxes"]),
        workers=tuple(_worker(one) for one in raw["users"]),
        named={key: _named(one) for key, one in raw["customers"].items()},
        organisations=tuple(_organisation(one) for one in raw["organisations"]),
        pools={language: _pool(raw, language, size, random) for language, size in SIZES.items()},
    )


def _worker(raw: dict[str, Any]) -> Worker:
    return Worker(raw["name"], raw["email"], raw["role"], tuple(raw.get("teams", ())), tuple(raw.get("languages", ())))


def _named(raw: dict[str, str]) -> Persona:
    first, last = raw["name"].split(" ", 1)
    return Persona(first, last, raw["email"])


def _organisation(raw: dict[str, str]) -> Persona:
    first, last = raw["name"].split(" ", 1)
    address = f"{local_part(first)}.{local_part(last)}@{raw['domain']}"
    return Persona(first, last, address, raw.get("language", "en"), raw["firm"])


def _pool(raw: dict[str, Any], language: str, size: int, random: Random) -> tuple[Persona, ...]:
    names, domains = raw["names"][language], raw["domains"]
    pairs = [(first, last) for first in names["first"] for last in names["last"]]
    random.shuffle(pairs)
    return tuple(
        Persona(first, last, f"{local_part(first)}.{local_part(last)}@{random.choice(domains)}", language)
        for first, last in _spread(pairs, size)
    )


def _spread(pairs: list[tuple[str, str]], size: int) -> list[tuple[str, str]]:
    """The first pairs in which names repeat as little as possible: no two share both rows of names early."""
    chosen: list[tuple[str, str]] = []
    seen: set[str] = set()
    for pair in pairs:
        if not seen.intersection(pair):
            chosen.append(pair)
            seen |= set(pair)
    chosen += [pair for pair in pairs if pair not in set(chosen)]
    return chosen[:size]


def local_part(name: str) -> str:
    """A name as the local part of an address: lower-case ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("ø", "o")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
