"""Who writes what to whom, and when: the whole history as plain data, the same for the same seed and moment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from backstory.demo import people, schedule, texts, words
from backstory.demo.people import Cast, Persona, Worker
from backstory.demo.texts import Matter, Promised, Thread

SEED = 1979
SURVIVES = timedelta(days=21)
"""After this long nothing is left lying: what has no end of its own is settled on the phone."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message at its moment; `promises` are those in its words."""

    author: str  # customer, agent or note
    text: str
    at: datetime
    promises: tuple[Promised, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """One conversation, every word and moment of it decided. `key` is stable and names it in Message-IDs."""

    key: str
    thread: Thread
    subject: str
    customer: Persona
    agent: Worker
    said: tuple[Said, ...]  # as far as it has happened by now
    is_old: bool
    retold: bool  # not the thread's first telling

    @property
    def matter(self) -> Matter:
        return self.thread.matter

    @property
    def begins(self) -> datetime:
        return self.said[0].at

    @property
    def ends(self) -> datetime:
        return self.said[-1].at


@dataclass(frozen=True, slots=True)
class Plan:
    """The cast and everything that they will have said, oldest conversation first."""

    cast: Cast
    stories: tuple[Story, ...]


def make(now: datetime, limit: int | None = None) -> Plan:
    """The plan for a company whose present is `now` (aware); `limit` keeps about so many conversations."""
    cast = people.load(Random(SEED))
    tellings = _tellings(limit)
    told = [thread for thread, _ in tellings]
    pins = [thread.openings[number].ago or thread.ago for thread, number in tellings]
    moments = schedule.starts(told, pins, now, Random(f"{SEED} moments"))
    customers = _customers(told, cast, Random(f"{SEED} customers"))
    stories = [
        _story(telling, moment, customer, cast, now)
        for telling, moment, customer in zip(tellings, moments, customers, strict=True)
    ]
    return Plan(cast, tuple(sorted(stories, key=lambda story: (story.begins, story.key))))


def _tellings(limit: int | None) -> list[tuple[Thread, int]]:
    """Every thread as often as it is told; with a limit the pinned ones and an even choice of the others."""
    every = [(thread, number) for thread in texts.threads() for number in range(len(thread.openings))]
    if limit is None or limit >= len(every):
        return every
    pinned = [one for one in every if one[0].ago is not None][:limit]
    others = [one for one in every if one not in pinned]
    room = max(0, limit - len(pinned))
    return pinned + [others[place * len(others) // room] for place in range(room)]


def _customers(threads: Sequence[Thread], cast: Cast, random: Random) -> list[Persona]:
    """One for each telling: everybody writes before anybody writes again."""
    turns = {language: _in_turn(pool, random) for language, pool in cast.pools.items()}
    firms = {
        language: _in_turn([one for one in cast.organisations if one.language == language], random)
        for language in cast.pools
    }
    return [
        cast.named.get(thread.who) or next((firms if thread.who == "org" else turns)[thread.language])
        for thread in threads
    ]


def _in_turn(pool: Sequence[Persona], random: Random) -> Iterator[Persona]:
    order = list(pool)
    while True:
        random.shuffle(order)
        yield from order


def _story(telling: tuple[Thread, int], begins: datetime, customer: Persona, cast: Cast, now: datetime) -> Story:
    thread, number = telling
    key = f"{thread.id}-{number + 1}"
    random = Random(f"{SEED} {key}")
    agent = random.choice(cast.agents(thread.team, thread.language))
    setting = words.Setting(begins, thread.language, customer, agent)
    slots = words.words_for(setting, random)
    slots |= {"open": thread.openings[number].first, "close": thread.openings[number].last}
    said = [one for one in _said(thread, begins, slots, random) if one.at <= now]
    return Story(
        key=key,
        thread=thread,
        subject=texts.fill(thread.subject, slots),
        customer=customer,
        agent=agent,
        said=tuple(said),
        is_old=said[-1].at < now - SURVIVES,
        retold=number > 0,
    )


def _said(thread: Thread, begins: datetime, slots: dict[str, str], random: Random) -> Iterator[Said]:
    moment = begins
    left = list(thread.matter.promises)
    for line in thread.lines:
        moment += line.after * random.uniform(0.9, 1.1)
        if line.author != "customer":
            moment = schedule.at_work(moment, line.after, thread.severity > 3, random)
        mine = tuple(one for one in left if line.author == "agent" and one.quote in line.text)
        left = [one for one in left if one not in mine]
        yield Said(line.author, texts.fill(line.text, slots), moment, tuple(_filled(one, slots) for one in mine))


def _filled(promised: Promised, slots: dict[str, str]) -> Promised:
    return Promised(texts.fill(promised.quote, slots), promised.due, promised.ends)
