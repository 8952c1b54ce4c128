"""How soon we answered, and whether we came back."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from backstory.cases.playbooks.evidence.registry import Found, Wanted, evidence
from backstory.cases.playbooks.facts import CareFacts, Letter

HOUR = timedelta(hours=1)


class Hours(Wanted):
    hours: Annotated[int, Field(ge=1, le=2_000)]


class Days(Wanted):
    days: Annotated[int, Field(ge=1, le=365)]


class Voices(Wanted):
    at_most: Annotated[int, Field(ge=1, le=10)]


@evidence(
    lambda wanted: {
        "en": f"A person answered within {wanted.hours} hours",
        "de": f"Ein Mensch hat binnen {wanted.hours} Stunden geantwortet",
    },
    lambda wanted: {
        "en": "Answer now, if only to say who looks after it and when they hear more.",
        "de": "Antworten Sie jetzt, und sei es nur, wer sich kümmert und wann sie mehr hören.",
    },
    Hours,
)
def answered_within(facts: CareFacts, wanted: Hours) -> Found:
    """Counted from first receipt to the first letter that one of us wrote."""
    first = facts.sent[0] if facts.sent else None
    if first is None or first.at is None or facts.received_at is None:
        return Found(False)
    return Found(first.at <= facts.received_at + wanted.hours * HOUR, message_id=first.message_id)


@evidence(
    {"en": "Nothing they wrote is unanswered", "de": "Nichts, was sie schrieben, ist unbeantwortet"},
    {"en": "Answer their latest letter.", "de": "Beantworten Sie ihren letzten Brief."},
)
def nothing_unanswered(facts: CareFacts, _: Wanted) -> Found:
    if not facts.sent:
        return Found(False)
    latest = facts.sent[-1]
    return Found(not _after(facts.received, latest), message_id=latest.message_id)


@evidence(
    lambda wanted: {
        "en": f"We wrote again after {wanted.days} days of silence",
        "de": f"Wir haben nach {wanted.days} Tagen Stille noch einmal geschrieben",
    },
    lambda wanted: {
        "en": "They have not answered. Write first, ask one easy question, and do not take silence for satisfaction.",
        "de": "Es kam keine Antwort. Schreiben Sie zuerst, stellen Sie eine leichte Frage, "
        "und nehmen Sie Schweigen nicht für Zufriedenheit.",
    },
    Days,
)
def asked_again(facts: CareFacts, wanted: Days) -> Found:
    """Two letters of ours with nothing from them between, at least so many days apart."""
    for before, after in zip(facts.sent, facts.sent[1:], strict=False):
        between = any(before.position < letter.position < after.position for letter in facts.received)
        if not between and before.at and after.at and after.at - before.at >= timedelta(days=wanted.days):
            return Found(True, message_id=after.message_id)
    return Found(False)


@evidence(
    {"en": "They answered us", "de": "Sie haben uns geantwortet"},
    {
        "en": "Try another way to reach them: another hour, another channel, a question that takes one word.",
        "de": "Versuchen Sie es anders: zu anderer Stunde, auf anderem Weg, mit einer Frage, die ein Wort braucht.",
    },
)
def customer_came_back(facts: CareFacts, _: Wanted) -> Found:
    """Something came after our first letter."""
    answers = _after(facts.received, facts.sent[0]) if facts.sent else []
    return Found(True, message_id=answers[0].message_id) if answers else Found(False)


@evidence(
    lambda wanted: {
        "en": "Always the same person wrote" if wanted.at_most == 1 else f"At most {wanted.at_most} of us wrote",
        "de": "Immer schrieb dieselbe Person"
        if wanted.at_most == 1
        else f"Höchstens {wanted.at_most} von uns schrieben",
    },
    lambda wanted: {
        "en": "Too many voices: let one person write from here on, and say so.",
        "de": "Zu viele Stimmen: Lassen Sie von nun an eine Person schreiben, und sagen Sie es.",
    },
    Voices,
)
def one_voice(facts: CareFacts, wanted: Voices) -> Found:
    names = {letter.author for letter in facts.sent if letter.author}
    return Found(bool(facts.sent) and len(names) <= wanted.at_most, ", ".join(sorted(names)))


def _after(letters: tuple[Letter, ...], other: Letter) -> list[Letter]:
    return [letter for letter in letters if letter.position > other.position]
