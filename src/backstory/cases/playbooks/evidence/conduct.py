"""Abuse of those who answer, and what was decided about it."""

from typing import Annotated

from pydantic import Field

from backstory.cases.playbooks.evidence.registry import Found, Wanted, evidence
from backstory.cases.playbooks.evidence.said import limit_in
from backstory.cases.playbooks.facts import ABUSIVE, CareFacts, DecisionFact, Letter

STANDING = "standing"


class AtLeast(Wanted):
    at_least: Annotated[int, Field(ge=1, le=20)] = 1


@evidence(
    lambda wanted: {
        "en": "A message abuses whoever reads it"
        if wanted.at_least == 1
        else f"{wanted.at_least} messages are abusive",
        "de": "Eine Nachricht greift die Person an, die sie liest"
        if wanted.at_least == 1
        else f"{wanted.at_least} Nachrichten sind beleidigend",
    },
    {"en": "Nothing of the kind so far.", "de": "Bisher nichts dergleichen."},
    AtLeast,
)
def abuse_seen(facts: CareFacts, wanted: AtLeast) -> Found:
    """An entry: how many of the customer's messages abuse a person."""
    return _at_least(_abusive(facts), wanted.at_least)


@evidence(
    {"en": "It went on after a limit was set", "de": "Es ging weiter, nachdem eine Grenze gesetzt war"},
    {"en": "The limit has held so far.", "de": "Die Grenze hat bisher gehalten."},
)
def abuse_after_limit(facts: CareFacts, _: Wanted) -> Found:
    """An entry: an abusive message after a reply that set a limit."""
    limits = [letter.position for letter in facts.sent if limit_in(letter.text)]
    return _at_least([one for one in _abusive(facts) if limits and one.position > limits[0]], 1)


@evidence(
    {"en": "It went on after the warning", "de": "Es ging nach der Verwarnung weiter"},
    {"en": "The warning has held so far.", "de": "Die Verwarnung hat bisher gewirkt."},
)
def abuse_after_warning(facts: CareFacts, _: Wanted) -> Found:
    """An entry: an abusive message after a letter of warning."""
    position = {letter.message_id: letter.position for letter in facts.sent}
    warned = [position[one.message_id] for one in _standing(facts, "warning") if one.message_id in position]
    return _at_least([one for one in _abusive(facts) if warned and one.position > warned[0]], 1)


@evidence(
    {"en": "A warning was given in writing, with a day of review", "de": "Es wurde schriftlich verwarnt, mit Prüftag"},
    {
        "en": "Ask a lead to warn in writing: what must stop, what we keep doing for them, when we look at it again.",
        "de": "Bitten Sie eine Leitung um eine schriftliche Verwarnung: was aufhören muss, was wir weiter tun, "
        "wann wir es wieder prüfen.",
    },
)
def warning_given(facts: CareFacts, _: Wanted) -> Found:
    given = [one for one in _standing(facts, "warning") if one.review_at]
    return Found(True, message_id=given[0].message_id) if given else Found(False)


@evidence(
    {"en": "A lead took it over", "de": "Eine Leitung hat übernommen"},
    {
        "en": "Hand it over to the lead: nobody has to take a fourth abusive contact.",
        "de": "Übergeben Sie an die Leitung: Niemand muss einen vierten beleidigenden Kontakt nehmen.",
    },
)
def handed_over(facts: CareFacts, _: Wanted) -> Found:
    return Found(bool(_standing(facts, "handover")))


@evidence(
    {
        "en": "The contact was ended in writing, with a way to object and a day of review",
        "de": "Der Kontakt wurde schriftlich beendet, mit Weg zum Einspruch und Prüftag",
    },
    {
        "en": "Only a lead ends a contact, after a warning; say what remains open to them and when it is reviewed.",
        "de": "Nur eine Leitung beendet einen Kontakt, nach einer Verwarnung; sagen Sie, was offen bleibt "
        "und wann geprüft wird.",
    },
)
def contact_ended(facts: CareFacts, _: Wanted) -> Found:
    ended = [one for one in _standing(facts, "ending") if one.review_at]
    return Found(True, message_id=ended[0].message_id) if ended else Found(False)


@evidence(
    {"en": "A second person has looked at it", "de": "Eine zweite Person hat es angesehen"},
    {
        "en": "Somebody vulnerable or in danger is never shut out by one person alone: ask another lead.",
        "de": "Wer verletzlich oder in Gefahr ist, wird nie von einem allein ausgeschlossen: "
        "Fragen Sie eine zweite Leitung.",
    },
)
def second_pair_of_eyes(facts: CareFacts, _: Wanted) -> Found:
    return Found(any(one.seconded for one in facts.decisions))


def _abusive(facts: CareFacts) -> list[Letter]:
    return [letter for letter in facts.received if letter.abuse <= ABUSIVE]


def _at_least(found: list[Letter], count: int) -> Found:
    return Found(True, message_id=found[count - 1].message_id) if len(found) >= count else Found(False)


def _standing(facts: CareFacts, kind: str) -> list[DecisionFact]:
    return [one for one in facts.decisions if one.kind == kind and one.state == STANDING]
