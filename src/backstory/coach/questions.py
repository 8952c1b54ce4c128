"""Open questions fit to find the backstory: what is at stake, who is affected, by when, what would make it right.

They never argue about the matter. Chosen by what the message mentions, worded for the channel and the customer's likely
style, and ranked by how often each was followed by disclosure before.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backstory.coach import books
from backstory.coach.situation import STYLES
from backstory.language.replies import lexicon

MOST = 5
MOST_TOPICS = 2
GENERAL = ("stake", "affected", "by_when", "make_right", "what_happened")
ORDER_BY_STYLE = {
    "driver": ("make_right", "by_when", "stake", "affected", "what_happened"),
    "expressive": ("stake", "affected", "what_happened", "make_right", "by_when"),
    "analytic": ("what_happened", "stake", "by_when", "make_right", "affected"),
    "amiable": ("stake", "what_happened", "affected", "make_right", "by_when"),
}
BRIEF_CHANNELS = frozenset({"chat", "sms", "whatsapp"})
TOPIC_PRIOR, FIRST_PRIOR, PRIOR_STEP = 0.6, 0.5, 0.04
PRIOR_ANSWERS = 8
"""A question nobody has asked yet counts as eight answers at the share its place in the order stands for [G]: a few
lucky answers move it little, thirty decide."""
SAME_QUESTION = 0.6
SHARED_TERMS = 2
"""By how many of its terms, and which share of them, a question that somebody rewrote is still ours."""


@dataclass(frozen=True)
class Record:
    """How often a question was answered, and how often the answer told something of the person."""

    answered: int = 0
    opened: int = 0


NO_RECORD = Record()
Records = Mapping[tuple[str, str], Record]
"""(key, style) -> record; the style "" is all of them together."""


@dataclass(frozen=True)
class Question:
    """An open question to put to the customer, in English why it is worth asking, and what followed it so far."""

    text: str
    why: str
    key: str = ""
    record: Record = NO_RECORD


def suggest(
    message: str,
    language: str = "en",
    style: str | None = None,
    stated: Iterable[str] | None = None,
    *,
    channel: str = "email",
    records: Records | None = None,
) -> list[Question]:
    """Up to five open questions in `language` (en, de, es, fr; others get English), the likeliest to open up first.

    `stated` names what is known already (stake, affected, by_when, make_right, what_happened): those are left out.
    """
    known = frozenset(stated or ())
    spoken = language if language in lexicon.LANGUAGES else "en"
    topics = [(topic["key"], topic, TOPIC_PRIOR) for topic in _by_topic(message)]
    order = ORDER_BY_STYLE.get(style or "", GENERAL)
    general = [
        (name, _data()["general"][name], FIRST_PRIOR - PRIOR_STEP * place)
        for place, name in enumerate(order)
        if name not in known
    ]
    chosen = [*topics[:MOST_TOPICS], *general]
    ranked = sorted(chosen, key=lambda entry: -_expected(entry[0], style or "", entry[2], records or {}))
    brief = channel in BRIEF_CHANNELS
    return [
        Question(
            entry["short"][spoken] if brief else _worded(key, entry, spoken, style),
            str(entry["why"]),
            key,
            (records or {}).get((key, ""), NO_RECORD),
        )
        for key, entry, _ in ranked[:MOST]
    ]


def _expected(key: str, style: str, prior: float, records: Records) -> float:
    """The share of answers that we expect to open up: the mean of a beta distribution; what is known of this style
    starts from what is known of all."""
    overall = _mean(prior, records.get((key, ""), NO_RECORD))
    return _mean(overall, records.get((key, style), NO_RECORD)) if style else overall


def _mean(prior: float, record: Record) -> float:
    return (record.opened + PRIOR_ANSWERS * prior) / (record.answered + PRIOR_ANSWERS)


def key_of(question: str, language: str) -> str:
    """Which of the questions this is, also a little rewritten; "" for one of somebody's own."""
    asked = lexicon.terms(question, language)
    best, share = "", 0.0
    for key, entry in _entries():
        for name in ("text", "short"):
            text = entry[name].get(language, "")
            if text and _bare(text) in _bare(question):
                return key
            ours = lexicon.terms(text, language)
            shared = asked & ours
            overlap = len(shared) / len(asked | ours) if len(shared) >= SHARED_TERMS else 0.0
            if overlap > share:
                best, share = key, overlap
    return best if share >= SAME_QUESTION else ""


def _bare(text: str) -> str:
    """In small letters, without marks at its ends."""
    return " ".join(text.casefold().split()).strip("¿?!. ")


def text_of(key: str, language: str) -> str:
    """The question of that key in the language, else in English; "" for an unknown key."""
    entry = dict(_entries()).get(key)
    return str(entry["text"].get(language) or entry["text"]["en"]) if entry else ""


def _entries() -> list[tuple[str, dict[str, Any]]]:
    data = _data()
    return [*data["general"].items(), *((topic["key"], topic) for topic in data["topics"])]


def _by_topic(message: str) -> Iterator[dict[str, Any]]:
    """The topics the message mentions in any of the languages, the gravest first."""
    told = lexicon.straight(message)
    for topic in _data()["topics"]:
        if any(lexicon.compiled(pattern).search(told) for pattern in topic["mentions"]):
            yield topic


def _worded(key: str, entry: dict[str, Any], language: str, style: str | None) -> str:
    """The question in full; for some styles a general one is led up to."""
    leads = _data()["lead"].get(style if style in STYLES and key in _data()["general"] else "", {})
    return " ".join(part for part in (leads.get(language, ""), entry["text"][language]) if part)


def _data() -> dict[str, Any]:
    return books.load("questions")  # type: ignore[no-any-return]
