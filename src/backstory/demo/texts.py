"""The demo company's letters: loading the YAML files of `data/` and holding them to their rules.

A thread is one matter told once; its `vary` list re-tells it with another hand-written first and last sentence,
and with other slots. Slots are the words in braces; `fill` puts them in. Pure: no framework, no clock.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from backstory.cases.taxonomy import DEFAULT_CAUSES
from backstory.kernel.errors import InvalidInput
from backstory.recovery.rules import KINDS

DATA = Path(__file__).parent / "data"
LANGUAGES = ("en", "de", "es", "fr")
CAUSES = frozenset(cause.slug for cause in DEFAULT_CAUSES)
AUTHORS = ("customer", "agent", "note")
SLOTS = frozenset(
    {"open", "close", "name", "first", "agent", "bye", "thanks"}  # who, and how they begin and end
    | {"boiler", "pump", "thermostat", "tank", "part", "code", "engineer", "serial"}
    | {"weekday", "date", "soon", "time", "days", "street", "town"}
    | {"amount", "fee", "big", "invoice", "order", "contract"}
)
MOST_VARIANTS = 4
SLOT = re.compile(r"\{(\w+)\}")
_SPAN = re.compile(r"(\d+)([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a thread: who says it (customer, agent, note) and how long after the one before."""

    author: str
    text: str
    after: timedelta


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise in an agent's message: its words, due so long after the message, and how it ends."""

    quote: str
    due: timedelta
    ends: str  # kept, broken or open


@dataclass(frozen=True, slots=True)
class Amends:
    """What was offered; `outcome` is granted, requested (waits for a lead) or declined. Amount in EUR."""

    kind: str
    amount: str
    outcome: str
    reason: str
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """What is behind a complaint, and how it was handled. Empty strings where nobody found out."""

    stated: str = ""
    demand: str = ""
    backstory: str = ""
    need: str = ""
    promises: tuple[Promised, ...] = ()
    actions: tuple[tuple[str, str], ...] = ()  # (need | cause, what is done)
    remedy: Amends | None = None
    survey: tuple[int, str] | None = None  # score 1 to 5, comment
    summary: str = ""  # "this is what I heard", as it was sent to the customer


@dataclass(frozen=True, slots=True)
class Opening:
    """What makes one telling of a thread its own: its first and last sentence, and maybe its own time."""

    first: str
    last: str
    ago: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """One matter. `ago` pins it to a time before now, `state` to how it stands; else the schedule decides."""

    id: str
    language: str
    cause: str
    severity: int
    complaint: bool
    subject: str
    mood: str
    lines: tuple[Line, ...]
    openings: tuple[Opening, ...]
    channel: str = "email"
    team: str = "care"
    who: str = ""  # a named customer, "org" for an organisation, "" for anybody
    ago: timedelta | None = None
    state: str = ""
    attach: tuple[str, ...] = ()
    matter: Matter = Matter()


def span(text: str) -> timedelta:
    """A duration such as "2d 3h" or "20m"; raises InvalidInput for anything else."""
    parts = _SPAN.findall(text)
    if not parts or _SPAN.sub("", text).strip():
        raise InvalidInput(f"“{text}” is no duration: write it like 2d 3h.")
    return timedelta(**{_UNITS[unit]: int(number) for number, unit in parts})


def fill(text: str, words: Mapping[str, str]) -> str:
    """The text with its slots filled; slots within slots too. Raises InvalidInput for one without a word."""
    for _ in range(3):
        missing = [name for name in SLOT.findall(text) if name not in words]
        if missing:
            raise InvalidInput(f"Nothing to fill the slot {{{missing[0]}}} with.")
        if not SLOT.search(text):
            break
        text = SLOT.sub(lambda match: words[match[1]], text)
    return text


def read_yaml(name: str) -> Any:
    """One file of `data/`, by the C loader where there is one."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((DATA / name).read_text(encoding="utf-8"), loader)  # noqa: S506 - both are safe loaders


@cache
def threads() -> tuple[Thread, ...]:
    """Every thread of every file. Raises InvalidInput listing all that is wrong with them."""
    found: list[Thread] = []
    for path in sorted(DATA.glob("*.yaml")):
        content = read_yaml(path.name)
        if "threads" in content:
            found += [_thread(raw, content) for raw in content["threads"]]
    problems = list(problems_of(found))
    if problems:
        raise InvalidInput("The demo's letters need mending:\n" + "\n".join(problems))
    return tuple(found)


def _thread(raw: dict[str, Any], file: dict[str, Any]) -> Thread:
    try:
        return Thread(
            id=raw["id"],
            language=file["language"],
            cause=raw["cause"],
            severity=raw["severity"],
            complaint=raw.get("complaint", raw["severity"] > 0),
            subject=raw["subject"],
            mood=raw["mood"],
            lines=tuple(_line(entry) for entry in raw["thread"]),
            openings=tuple(_opening(*parts) for parts in raw["vary"]),
            channel=raw.get("channel", "email"),
            team=file.get("team", "care"),
            who=raw.get("who", ""),
            ago=span(raw["at"]) if "at" in raw else None,
            state=raw.get("state", ""),
            attach=tuple(raw.get("attach", ())),
            matter=_matter(raw.get("case", {})),
        )
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise InvalidInput(f"Thread {raw.get('id', '?')}: {type(error).__name__} {error}") from error


def _opening(first: str, last: str, pins: Mapping[str, str] | None = None) -> Opening:
    return Opening(first, last, span(pins["at"]) if pins else None)


def _line(entry: dict[str, str]) -> Line:
    ((head, text),) = entry.items()
    author, _, after = head.partition(" ")
    return Line(author, text.strip(), span(after) if after else timedelta())


def _matter(raw: dict[str, Any]) -> Matter:
    remedy, survey = raw.get("remedy"), raw.get("survey")
    return Matter(
        stated=raw.get("stated", ""),
        demand=raw.get("demand", ""),
        backstory=raw.get("backstory", ""),
        need=raw.get("need", ""),
        promises=tuple(_promised(text) for text in raw.get("promises", ())),
        actions=tuple(next(iter(entry.items())) for entry in raw.get("actions", ())),
        remedy=Amends(remedy[0], str(remedy[1]), *remedy[2:]) if remedy else None,
        survey=(survey[0], survey[1]) if survey else None,
        summary=raw.get("summary", ""),
    )


def _promised(text: str) -> Promised:
    quote, due, ends = text.rsplit(" | ", 2)
    return Promised(quote, span(due), ends)


def problems_of(found: Iterable[Thread]) -> Iterator[str]:
    """Everything that breaks a rule, as sentences."""
    known = list(found)
    for thread in known:
        yield from (f"{thread.id}: {problem}" for problem in _problems(thread))
    for name, count in Counter(thread.id for thread in known).items():
        if count > 1:
            yield f"{name}: the id is used {count} times."
    told = Counter((one.first, one.last) for thread in known for one in thread.openings)
    yield from (f"told twice alike: {pair}" for pair, count in told.items() if count > 1)


def _problems(thread: Thread) -> Iterator[str]:
    if thread.language not in LANGUAGES:
        yield f"unknown language {thread.language}."
    if thread.cause not in CAUSES:
        yield f"unknown cause {thread.cause}."
    if not 0 <= thread.severity <= 4:
        yield "severity goes from 0 to 4."
    if not 1 <= len(thread.openings) <= MOST_VARIANTS:
        yield f"an opening is told 1 to {MOST_VARIANTS} times."
    if not thread.lines or thread.lines[0].author != "customer":
        yield "a customer writes first."
    first = thread.lines[0].text if thread.lines else ""
    if "{open}" not in first or "{close}" not in first:
        yield "the opening must hold {open} and {close}."
    unknown = {name for text in _texts(thread) for name in SLOT.findall(text)} - SLOTS
    if unknown:
        yield f"unknown slots {sorted(unknown)}."
    yield from _matter_problems(thread)


def _texts(thread: Thread) -> Iterator[str]:
    yield thread.subject
    yield from (line.text for line in thread.lines)
    yield from (sentence for one in thread.openings for sentence in (one.first, one.last))
    yield from (promised.quote for promised in thread.matter.promises)


def _matter_problems(thread: Thread) -> Iterator[str]:
    matter = thread.matter
    said = "\n".join(line.text for line in thread.lines if line.author == "agent")
    yield from (f"nobody says “{one.quote}”." for one in matter.promises if one.quote not in said)
    yield from (f"a promise ends {one.ends}." for one in matter.promises if one.ends not in ("kept", "broken", "open"))
    yield from (f"an action serves {serves}." for serves, _ in matter.actions if serves not in ("need", "cause"))
    if matter.remedy and matter.remedy.kind not in KINDS:
        yield f"unknown remedy {matter.remedy.kind}."
    yield from (f"unknown author {line.author}." for line in thread.lines if line.author not in AUTHORS)
