"""Pure decisions about threads and letters."""

import re

from backstory.conversations.letters import Inbound

_ANSWERS = "re|r|aw|antw(?:ort)?|sv|vs|rép|res|rif|odp|ynt|bls|vá|отв|회신|回复|答复|回覆|返信"
_FORWARDS = "fwd?|wg|tr|rv|i|enc|vl|doorst|pd|továbbítva|ilt|пересл|转发|轉寄|전달|転送"
_COUNT = r"\s*(?:[\[(^]?\d{1,3}[\])]?)?\s*[:：]\s*"
ANSWER_MARK = re.compile(rf"^\s*(?:{_ANSWERS}){_COUNT}", re.IGNORECASE)
FORWARD_MARK = re.compile(rf"^\s*(?:{_FORWARDS}){_COUNT}", re.IGNORECASE)
ANSWER_PREFIX = re.compile(rf"^\s*(?:{_ANSWERS}|{_FORWARDS}){_COUNT}", re.IGNORECASE)
SNIPPET_LENGTH = 160
BACK_OFF_MINUTES = (1, 5, 15, 60, 180, 360, 720)
"""Minutes before each further try; after the last the letter has failed. About 22 hours in all."""


def bare_subject(subject: str) -> str:
    """The subject without “Re:”, “AW:” and the like, however many."""
    bare, before = subject.strip(), None
    while bare != before:
        before, bare = bare, ANSWER_PREFIX.sub("", bare)
    return bare


def is_answer_subject(subject: str) -> bool:
    """Whether a subject says that it answers: “Re:”, “AW:” and the like."""
    return ANSWER_MARK.match(subject) is not None


def is_forward_subject(subject: str) -> bool:
    """Whether a subject says that it passes a letter on: “Fwd:”, “WG:” and the like."""
    return FORWARD_MARK.match(subject) is not None


def answer_subject(subject: str) -> str:
    return f"Re: {bare_subject(subject) or 'your message'}"


def snippet(text: str) -> str:
    """The first words of a text, on one line, for lists."""
    flat = " ".join(text.split())
    return flat if len(flat) <= SNIPPET_LENGTH else flat[: SNIPPET_LENGTH - 1].rstrip() + "…"


def named_parents(inbound: Inbound) -> list[str]:
    """Message-IDs an answer names, nearest first (RFC 5322, section 3.6.4), without repeats."""
    nearest_first = dict.fromkeys([inbound.in_reply_to, *reversed(inbound.references)])
    return [parent for parent in nearest_first if parent][:50]


def next_try(attempts: int) -> int | None:
    """Minutes until the next try after so many failed ones, or None when it is time to give up."""
    return BACK_OFF_MINUTES[attempts - 1] if attempts <= len(BACK_OFF_MINUTES) else None
