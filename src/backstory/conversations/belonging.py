"""Pure decisions about which thread a letter belongs to, and how sure that is.

A reply address or a Message-ID of ours is proof enough (RFC 5322, section 3.6.4). Only a letter that has neither is
held against its sender's recent threads, by subject, people and quoted words; and a letter that has one, but is about
something else, is offered to be split off.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backstory.conversations.letters import Inbound
from backstory.conversations.rules import bare_subject, is_answer_subject

RECENT = timedelta(days=30)
"""How far back a thread may lie to be joined by its subject."""
FRESH = timedelta(days=7)
LONG_CLOSED = timedelta(days=30)
"""How long a thread must be closed for a new subject to mean a new matter."""
CERTAIN = 1.0
BY_REFERENCE = 0.98
BY_TAG = 0.9
HIJACKED = 0.5
JOINS_FROM = 0.7
"""The confidence from which a letter joins a thread that it does not name."""

_TAG = re.compile(r"\[#?([A-Za-z0-9][A-Za-z0-9-]{3,30})\]")
_WORD = re.compile(r"\w+")
_ROW = 7  # consecutive words of ours that nobody writes by chance
_LOOKED_AT = 20_000  # characters of a history
_COMMON_SUBJECTS = frozenset({"", "hi", "hello", "help", "question", "complaint", "order", "urgent", "no subject"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thread a letter may belong to: what was talked about, by whom, and when (aware UTC)."""

    id: int
    subjects: frozenset[str]
    people: frozenset[str]  # addresses, normalised, without the desk's own
    our_words: str
    last_message_at: datetime
    closed_at: datetime | None = None


def topic(subject: str) -> str:
    """A subject as it compares: without answer marks and ticket tags, in lower case, words only."""
    return " ".join(_WORD.findall(_TAG.sub(" ", bare_subject(subject)).casefold()))


def tags(subject: str) -> frozenset[str]:
    """References in square brackets, such as those that a ticket system or our own form put into subjects."""
    return frozenset(tag.casefold() for tag in _TAG.findall(subject) if any(c.isdigit() for c in tag))


def is_other_topic(subject: str, subjects: Collection[str]) -> bool:
    """Whether a subject has nothing to do with those of a thread. An empty one says nothing."""
    new = topic(subject)
    return bool(new) and not any(_alike(new, topic(old)) for old in subjects)


def _alike(one: str, other: str) -> bool:
    first, second = set(one.split()), set(other.split())
    return first <= second or second <= first or len(first & second) * 2 >= len(first | second)


def is_hijacked(subject: str, people: frozenset[str], thread: Candidate, moment: datetime) -> bool:
    """Whether a letter answers an old one only to write about something else: new subject and new people, or a new
    subject long after the matter was closed."""
    if not is_other_topic(subject, thread.subjects):
        return False
    long_closed = thread.closed_at is not None and moment - thread.closed_at > LONG_CLOSED
    return long_closed or not people & thread.people


def may_answer(inbound: Inbound) -> bool:
    """Whether anything in a letter without proof says that it answers; for all others `best` finds nothing."""
    return is_answer_subject(inbound.subject) or bool(inbound.quoted.strip()) or bool(tags(inbound.subject))


def confidence(inbound: Inbound, sender: str, thread: Candidate, moment: datetime) -> float:
    """How sure it is, from 0 to 1, that a letter without proof belongs to a thread.

    Its sender must have taken part and the thread must be recent. An answer mark on the same subject counts .8, words
    of ours in its history .95, a ticket tag of the thread .9; the same subject without a mark is only .6, since people
    write twice about different things. A week's silence or a subject that everybody uses takes .15 off.
    """
    if sender not in thread.people or moment - thread.last_message_at > RECENT:
        return 0.0
    if quotes(inbound.quoted, thread.our_words):
        return 0.95
    if tags(inbound.subject) & frozenset().union(*(tags(one) for one in thread.subjects)):
        return BY_TAG
    subject = topic(inbound.subject)
    if subject not in {topic(one) for one in thread.subjects}:
        return 0.0
    sure = 0.8 if is_answer_subject(inbound.subject) else 0.6
    doubtful = subject in _COMMON_SUBJECTS or moment - thread.last_message_at > FRESH
    return round(sure - 0.15, 2) if doubtful else sure


def best(inbound: Inbound, sender: str, threads: Sequence[Candidate], moment: datetime) -> tuple[int, float] | None:
    """The thread a letter without proof most likely belongs to and how sure that is, or None below the threshold."""
    rated = [(confidence(inbound, sender, each, moment), each.last_message_at, each.id) for each in threads]
    sure, _, pk = max(rated, default=(0.0, moment, 0))
    return (pk, sure) if sure >= JOINS_FROM else None


def quotes(quoted: str, ours: str) -> bool:
    """Whether a letter's history holds words of ours: so many in a row as nobody writes by chance."""
    return bool(_rows(quoted[:_LOOKED_AT]) & _rows(ours[:_LOOKED_AT]))


def _rows(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return set(zip(*(words[start:] for start in range(_ROW)), strict=False))
