"""What our replies say, found in their words."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated

from pydantic import Field, StringConstraints

from backstory.cases.playbooks.evidence.registry import Found, Wanted, evidence
from backstory.cases.playbooks.facts import MOST_WEIGHED, CareFacts
from backstory.language.facts import facts as stated_facts
from backstory.language.replies import evidence as words
from backstory.language.replies import lexicon
from backstory.language.replies.draft import letter


class AnyOf(Wanted):
    any_of: list[Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=80)]] = Field(
        min_length=1, max_length=40
    )


def first_said(facts: CareFacts, find: Callable[[str, str], str | None]) -> Found:
    """The first of our replies in which `find(said, reply)` quotes something; `said` is how the matter began and
    what the customer had written since the reply before."""
    answered = -1
    for reply in facts.sent:
        before = [letter for letter in facts.received if letter.position < reply.position]
        fresh = [letter for letter in before if letter.position > answered or letter is before[0]]
        said = "\n\n".join(letter.text[:MOST_WEIGHED] for letter in fresh)[: 2 * MOST_WEIGHED]
        quote = find(said, reply.text[:MOST_WEIGHED])
        if quote:
            return Found(True, quote, reply.message_id)
        answered = reply.position
    return Found(False)


def not_said(facts: CareFacts, find: Callable[[str], str | None]) -> Found:
    """Judged by the latest reply: a slip can be made good by the next letter."""
    if not facts.sent:
        return Found(False)
    latest = facts.sent[-1]
    quote = find(latest.text[:MOST_WEIGHED]) or ""
    return Found(not quote, quote, latest.message_id)


@evidence(
    {
        "en": "The problem was said back in the customer's own words",
        "de": "Das Problem wurde in den Worten des Kunden wiederholt",
    },
    {
        "en": "Say back what happened in the customer's own words before anything else.",
        "de": "Geben Sie zuerst in den Worten des Kunden wieder, was geschehen ist.",
    },
)
def problem_restated(facts: CareFacts, _: Wanted) -> Found:
    return first_said(facts, _restated)


@evidence(
    {"en": "The feeling was named", "de": "Das Gefühl wurde benannt"},
    {
        "en": "Name the feeling you hear: “that must have been frightening”.",
        "de": "Benennen Sie das Gefühl, das Sie hören: „Das muss Ihnen Angst gemacht haben.“",
    },
)
def feeling_named(facts: CareFacts, _: Wanted) -> Found:
    return first_said(facts, _named_emotion)


@evidence(
    {"en": "No rule was held against the customer", "de": "Dem Kunden wurde keine Regel entgegengehalten"},
    {
        "en": "Your latest reply quotes a rule. Write again without it: what can you do?",
        "de": "Ihre letzte Antwort zitiert eine Regel. Schreiben Sie noch einmal ohne sie: Was können Sie tun?",
    },
)
def no_rule_quoted(facts: CareFacts, _: Wanted) -> Found:
    return not_said(facts, _quoted_rule)


@evidence(
    {"en": "The customer was not contradicted", "de": "Dem Kunden wurde nicht widersprochen"},
    {
        "en": "Your latest reply argues. Write again: agree with what is true in what they say.",
        "de": "Ihre letzte Antwort widerspricht. Schreiben Sie noch einmal: Geben Sie dem recht, was stimmt.",
    },
)
def not_contradicted(facts: CareFacts, _: Wanted) -> Found:
    return not_said(facts, _rebuttal)


@evidence(
    {"en": "An open question was asked", "de": "Eine offene Frage wurde gestellt"},
    {
        "en": "Ask an open question: “what did that mean for you?”",
        "de": "Stellen Sie eine offene Frage: „Was hat das für Sie bedeutet?“",
    },
)
def open_question_asked(facts: CareFacts, _: Wanted) -> Found:
    return first_said(facts, _open_question)


@evidence(
    {"en": "We said sorry", "de": "Wir haben um Entschuldigung gebeten"},
    {
        "en": "Say sorry once, early and short, for what happened — not for how they feel about it.",
        "de": "Bitten Sie einmal, früh und kurz um Entschuldigung: für das, was geschah, nicht für das Gefühl dabei.",
    },
)
def apologised(facts: CareFacts, _: Wanted) -> Found:
    return first_said(facts, _apology)


@evidence(
    {"en": "The amount in question was named", "de": "Der fragliche Betrag wurde genannt"},
    {
        "en": "Name the amount: what was charged, what was due, and the difference.",
        "de": "Nennen Sie den Betrag: was berechnet wurde, was zu zahlen war, und den Unterschied.",
    },
)
def amount_named(facts: CareFacts, _: Wanted) -> Found:
    return first_said(facts, _amount)


@evidence(
    lambda wanted: {
        "en": f"We spoke of: {', '.join(wanted.any_of[:3])}",
        "de": f"Wir sprachen von: {', '.join(wanted.any_of[:3])}",
    },
    lambda wanted: {
        "en": f"Say one of these in your reply: {', '.join(wanted.any_of[:6])}.",
        "de": f"Sagen Sie eines davon in Ihrer Antwort: {', '.join(wanted.any_of[:6])}.",
    },
    AnyOf,
)
def words_said(facts: CareFacts, wanted: AnyOf) -> Found:
    return first_said(facts, lambda _, reply: _one_of(reply, tuple(wanted.any_of)))


@evidence(
    {"en": "A limit was set, and help was offered with it", "de": "Eine Grenze wurde gesetzt und Hilfe angeboten"},
    {
        "en": "Set the limit in one calm sentence, and say in the next what you will do for them.",
        "de": "Setzen Sie die Grenze in einem ruhigen Satz und sagen Sie im nächsten, was Sie für die Person tun.",
    },
)
def limit_set(facts: CareFacts, _: Wanted) -> Found:
    return first_said(facts, lambda _, reply: limit_in(reply))


LIMIT = re.compile(
    r"\b(?:without|stop|no more|not|don't|can't accept|won't accept|cannot accept|keep)\b[^.!?\n]{0,60}"
    r"\b(?:insult\w*|swearing|shouting|threat\w*|abus\w+|name.?calling|call(?:ing)? me|th(?:at|is) language"
    r"|language like|respectful|personal)\b"
    r"|\b(?:ohne|keine?n?|nicht|unterlassen|bitte|hinnehmen)\b[^.!?\n]{0,60}"
    r"\b(?:beleidig\w+|bedroh\w+|drohung\w*|beschimpf\w+|schimpfw\w+|diesem ton|respektvoll\w*|sachlich)\b"
    r"|\bsans\b[^.!?\n]{0,40}\b(?:insultes?|menaces?)\b|\bsin\b[^.!?\n]{0,40}\b(?:insultos?|amenazas?)\b",
    re.IGNORECASE,
)
"""Words that say which tone ends here, in English, German, French and Spanish [G]."""


@lru_cache(maxsize=2048)
def limit_in(reply: str) -> str | None:
    """The words of a reply that say which tone ends here, or None."""
    found = LIMIT.search(reply)
    return found.group(0) if found else None


# Letters never change, and a page asks about the same ones each time something happens in their conversation.
@lru_cache(maxsize=2048)
def _restated(said: str, reply: str) -> str | None:
    return words.restates(said, reply)


@lru_cache(maxsize=2048)
def _named_emotion(_: str, reply: str) -> str | None:
    return words.names_emotion(reply)


@lru_cache(maxsize=2048)
def _open_question(_: str, reply: str) -> str | None:
    return next(iter(words.open_questions(reply)), None)


@lru_cache(maxsize=2048)
def _apology(_: str, reply: str) -> str | None:
    draft = letter(reply)
    return next((one.text for one in draft.body if lexicon.has("apology", draft.language, one.text)), None)


@lru_cache(maxsize=2048)
def _amount(_: str, reply: str) -> str | None:
    return next((fact.text for fact in stated_facts(reply) if fact.kind == "amount"), None)


@lru_cache(maxsize=2048)
def _one_of(reply: str, phrases: tuple[str, ...]) -> str | None:
    pattern = "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))
    found = re.search(rf"\b(?:{pattern})", reply, re.IGNORECASE)
    return found.group(0) if found else None


_quoted_rule = lru_cache(maxsize=2048)(words.quotes_rule)
_rebuttal = lru_cache(maxsize=2048)(words.rebuts)
