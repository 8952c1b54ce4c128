"""Open questions fit to find the backstory: what is at stake, who is affected, by when, what would make it right.

They never argue about the matter. Chosen by what the message mentions, worded for the customer's likely style.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from backstory.coach import books
from backstory.coach.situation import STYLES
from backstory.language.replies import lexicon

MOST = 5
GENERAL = ("stake", "affected", "by_when", "make_right", "what_happened")
ORDER_BY_STYLE = {
    "driver": ("make_right", "by_when", "stake", "affected", "what_happened"),
    "expressive": ("stake", "affected", "what_happened", "make_right", "by_when"),
    "analytic": ("what_happened", "stake", "by_when", "make_right", "affected"),
    "amiable": ("stake", "what_happened", "affected", "make_right", "by_when"),
}


@dataclass(frozen=True)
class Question:
    """An open question to put to the customer, and in English why it is worth asking."""

    text: str
    why: str


def suggest(
    message: str, language: str = "en", style: str | None = None, stated: Iterable[str] | None = None
) -> list[Question]:
    """Up to five open questions in `language` (en, de, es, fr; others get English).

    `stated` names what is known already (stake, affected, by_when, make_right, what_happened): those are left out.
    """
    known = frozenset(stated or ())
    spoken = language if language in lexicon.LANGUAGES else "en"
    found = list(_by_topic(message, spoken))[:2]
    for name in ORDER_BY_STYLE.get(style or "", GENERAL):
        if name not in known and len(found) < MOST:
            found.append(_question(_data()["general"][name], spoken, style))
    return found


def _by_topic(message: str, language: str) -> Iterator[Question]:
    """Questions of the topics the message mentions in any of the languages; the gravest topics come first."""
    told = lexicon.straight(message)
    for topic in _data()["topics"]:
        if any(lexicon.compiled(pattern).search(told) for pattern in topic["mentions"]):
            yield _question(topic, language, None)


def _question(entry: dict[str, dict[str, str]], language: str, style: str | None) -> Question:
    lead = _data()["lead"].get(style if style in STYLES else "", {}).get(language, "")
    text = entry["text"][language]
    return Question(f"{lead} {text}" if lead else text, str(entry["why"]))


def _data() -> dict:  # type: ignore[type-arg]
    return books.load("questions")  # type: ignore[no-any-return]
