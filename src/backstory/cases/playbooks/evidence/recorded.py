"""What was found out and written down. Of a backstory only which fields are filled, never what they say."""

from typing import Literal

from backstory.cases.playbooks.evidence.registry import Found, Told, Wanted, evidence
from backstory.cases.playbooks.facts import CareFacts


class FieldWanted(Wanted):
    field: Literal["stated_problem", "demand", "backstory", "need"]


_RECORDED: dict[str, Told] = {
    "stated_problem": {"en": "The stated problem is recorded", "de": "Das genannte Problem ist festgehalten"},
    "demand": {"en": "What they ask for is recorded", "de": "Was sie verlangen, ist festgehalten"},
    "backstory": {"en": "The backstory is recorded", "de": "Die Geschichte dahinter ist festgehalten"},
    "need": {"en": "The need behind it is recorded", "de": "Das Bedürfnis dahinter ist festgehalten"},
}
_RECORD: dict[str, Told] = {
    "stated_problem": {
        "en": "Record what the customer says the problem is.",
        "de": "Halten Sie fest, was nach den Worten des Kunden das Problem ist.",
    },
    "demand": {"en": "Record what they ask for.", "de": "Halten Sie fest, was sie verlangen."},
    "backstory": {
        "en": "Ask what this means in their life, and record it.",
        "de": "Fragen Sie, was das in ihrem Leben bedeutet, und halten Sie es fest.",
    },
    "need": {
        "en": "Record what they need: safety, respect, being believed.",
        "de": "Halten Sie fest, was sie brauchen: Sicherheit, Respekt, dass man ihnen glaubt.",
    },
}


@evidence(lambda wanted: _RECORDED[wanted.field], lambda wanted: _RECORD[wanted.field], FieldWanted)
def field_recorded(facts: CareFacts, wanted: FieldWanted) -> Found:
    return Found(wanted.field in facts.recorded)


_SUMMARY_SENT: Told = {
    "en": "The summary is sent: note the customer's answer when it comes.",
    "de": "Die Zusammenfassung ist verschickt: Halten Sie die Antwort fest, wenn sie kommt.",
}


@evidence(
    {"en": "The customer confirmed the summary", "de": "Der Kunde hat die Zusammenfassung bestätigt"},
    {
        "en": "Send the summary of what you heard and ask whether it is right.",
        "de": "Schicken Sie die Zusammenfassung dessen, was Sie gehört haben, und fragen Sie, ob sie stimmt.",
    },
)
def summary_confirmed(facts: CareFacts, _: Wanted) -> Found:
    sent = facts.summary_message_id is not None
    return Found(facts.confirmed, message_id=facts.summary_message_id, advice=_SUMMARY_SENT if sent else None)


@evidence(
    {"en": "The root cause is linked", "de": "Die Ursache ist verknüpft"},
    {"en": "Confirm the root cause.", "de": "Bestätigen Sie die Ursache."},
)
def cause_confirmed(facts: CareFacts, _: Wanted) -> Found:
    return Found(bool(facts.cause), facts.cause)


@evidence(
    {"en": "One person answers for it", "de": "Eine Person steht dafür ein"},
    {
        "en": "Make somebody the owner, and tell the customer their name.",
        "de": "Machen Sie jemanden zuständig und nennen Sie dem Kunden den Namen.",
    },
)
def owner_named(facts: CareFacts, _: Wanted) -> Found:
    return Found(bool(facts.owner), facts.owner)
