"""What was agreed, promised, decided and done."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from backstory.cases.playbooks.evidence.registry import Found, Told, Wanted, evidence
from backstory.cases.playbooks.facts import CareFacts


class StepWanted(Wanted):
    serves: Literal["need", "cause"]
    within_hours: Annotated[int, Field(ge=1, le=2_000)] | None = None


_AGREED: dict[str, Told] = {
    "need": {
        "en": "Somebody does something for the need, by a date",
        "de": "Jemand tut bis zu einem Tag etwas für das Bedürfnis",
    },
    "cause": {
        "en": "Somebody does something about the cause, by a date",
        "de": "Jemand tut bis zu einem Tag etwas gegen die Ursache",
    },
}
_AGREE: dict[str, Told] = {
    "need": {
        "en": "Add a step for the person: who does what for them, by when?",
        "de": "Vereinbaren Sie einen Schritt für die Person: Wer tut was für sie, bis wann?",
    },
    "cause": {
        "en": "Add a step for the cause: who mends it, by when?",
        "de": "Vereinbaren Sie einen Schritt gegen die Ursache: Wer behebt sie, bis wann?",
    },
}


def _agreed(wanted: StepWanted) -> Told:
    said = _AGREED[wanted.serves]
    if wanted.within_hours is None:
        return said
    return {
        "en": f"{said['en']}, agreed within {wanted.within_hours} hours",
        "de": f"{said['de']}, vereinbart binnen {wanted.within_hours} Stunden",
    }


@evidence(_agreed, lambda wanted: _AGREE[wanted.serves], StepWanted)
def step_agreed(facts: CareFacts, wanted: StepWanted) -> Found:
    """Of an owner and a date: every agreed step has a date. `within_hours` counts from first receipt."""
    limit = timedelta(hours=wanted.within_hours) if wanted.within_hours else None
    for action in facts.actions:
        if action.serves != wanted.serves or not action.owner:
            continue
        if limit and not (action.agreed_at and facts.received_at and action.agreed_at <= facts.received_at + limit):
            continue
        return Found(True, f"{action.owner}: {action.text}")
    return Found(False)


_UNDECIDED: Told = {
    "en": "A remedy waits for approval: ask for the decision.",
    "de": "Eine Wiedergutmachung wartet auf Genehmigung: Bitten Sie um die Entscheidung.",
}


@evidence(
    {
        "en": "The remedy is decided by somebody who may",
        "de": "Über die Wiedergutmachung hat jemand entschieden, der es darf",
    },
    {
        "en": "Offer something, if only an apology in person: words alone rarely mend it.",
        "de": "Bieten Sie etwas an, und sei es eine persönliche Entschuldigung: Worte allein genügen selten.",
    },
)
def remedy_decided(facts: CareFacts, _: Wanted) -> Found:
    undecided = any(remedy.state == "requested" for remedy in facts.remedies)
    quote = "; ".join(f"{remedy.label}: {remedy.state}" for remedy in facts.remedies)
    return Found(bool(facts.remedies) and not undecided, quote, advice=_UNDECIDED if undecided else None)


_PROMISES: dict[str, Told] = {
    "broken": {"en": "A promise was broken", "de": "Ein Versprechen wurde gebrochen"},
    "open": {"en": "A promise is still to be kept", "de": "Ein Versprechen ist noch einzulösen"},
    "none": {"en": "Nothing promised is open", "de": "Kein Versprechen ist offen"},
}


@evidence(
    {"en": "Every promise was kept", "de": "Jedes Versprechen wurde gehalten"},
    {
        "en": "Keep what was promised, or tell the customer before it is late.",
        "de": "Halten Sie, was versprochen wurde, oder sagen Sie es dem Kunden, bevor es zu spät ist.",
    },
)
def promises_kept(facts: CareFacts, _: Wanted) -> Found:
    """Done when we have answered at all and every promise that counts was kept."""
    counting = [row for row in facts.promises if row.state in ("open", "broken", "kept")]
    unkept = [row for row in counting if row.state != "kept"]
    if unkept:
        worst = min(unkept, key=lambda row: row.state != "broken")
        return Found(False, worst.quote, worst.message_id, _PROMISES[worst.state])
    return Found(bool(facts.sent), sentence=None if counting else _PROMISES["none"])


@evidence(
    {"en": "We promised something for a day", "de": "Wir haben etwas für einen Tag zugesagt"},
    {
        "en": "Say what happens next and by which day, and accept the promise in the ledger.",
        "de": "Sagen Sie, was bis zu welchem Tag geschieht, und nehmen Sie die Zusage ins Verzeichnis auf.",
    },
)
def date_promised(facts: CareFacts, _: Wanted) -> Found:
    dated = [row for row in facts.promises if row.due_at and row.state in ("open", "kept")]
    return Found(True, dated[0].quote, dated[0].message_id) if dated else Found(False)


@evidence(
    {"en": "After the broken promise there is a new one", "de": "Nach dem gebrochenen Versprechen gibt es ein neues"},
    {
        "en": "Write again: what we said, that we did not do it, what happens now and by which day. "
        "Promise less, and keep it.",
        "de": "Schreiben Sie noch einmal: was wir zusagten, dass wir es nicht taten, was nun geschieht und bis wann. "
        "Versprechen Sie weniger, und halten Sie es.",
    },
)
def promise_renewed(facts: CareFacts, _: Wanted) -> Found:
    """A promise that stands or was kept, made in a later letter than the one that was broken."""
    position = {letter.message_id: letter.position for letter in facts.sent}
    broken = [position.get(row.message_id, -1) for row in facts.promises if row.state == "broken"]
    for row in facts.promises:
        if row.state in ("open", "kept") and row.due_at and position.get(row.message_id, -1) > max(broken, default=-1):
            return Found(True, row.quote, row.message_id)
    return Found(False)


@evidence(
    {"en": "Every agreed step is done", "de": "Jeder vereinbarte Schritt ist getan"},
    {"en": "Finish the agreed steps.", "de": "Erledigen Sie die vereinbarten Schritte."},
)
def steps_done(facts: CareFacts, _: Wanted) -> Found:
    return Found(bool(facts.actions) and all(action.done for action in facts.actions))


_ASKED: Told = {
    "en": "Satisfaction was asked: {score} of {highest}",
    "de": "Nach der Zufriedenheit wurde gefragt: {score} von {highest}",
}


@evidence(
    {"en": "Satisfaction was asked", "de": "Nach der Zufriedenheit wurde gefragt"},
    {
        "en": "Close when all is done: the question goes out by itself, never before the fix.",
        "de": "Schließen Sie, wenn alles getan ist: Die Frage geht von selbst hinaus, nie vor der Lösung.",
    },
)
def satisfaction_asked(facts: CareFacts, _: Wanted) -> Found:
    score = facts.survey_score
    scored = (
        None
        if score is None
        else {code: text.format(score=score, highest=facts.survey_highest) for code, text in _ASKED.items()}
    )
    return Found(facts.survey_sent, sentence=scored)


_FOLLOWED: dict[str, Told] = {
    "failed": {"en": "The fix did not hold", "de": "Die Lösung hat nicht gehalten"},
    "open": {"en": "A follow-up is still to be made", "de": "Eine Nachfrage steht noch aus"},
}
_FOLLOW_LATER: Told = {
    "en": "Once it is closed the playbook plans when to come back; then ask whether it really holds.",
    "de": "Nach dem Schließen plant das Playbook, wann nachzufragen ist; fragen Sie dann, ob es wirklich hält.",
}


@evidence(
    {"en": "We came back to ask whether it holds", "de": "Wir haben nachgefragt, ob es hält"},
    {
        "en": "Do the follow-up that is planned: call, write, or check that the fix holds.",
        "de": "Machen Sie die geplante Nachfrage: anrufen, schreiben oder nachsehen, ob die Lösung hält.",
    },
)
def followup_done(facts: CareFacts, _: Wanted) -> Found:
    """At least one follow-up was done, none is left to do, and no check found that the fix did not hold."""
    if any(row.held is False for row in facts.followups):
        return Found(False, sentence=_FOLLOWED["failed"])
    if any(row.state == "open" for row in facts.followups):
        return Found(False, sentence=_FOLLOWED["open"])
    made = any(row.state == "done" for row in facts.followups)
    return Found(made, advice=None if facts.followups else _FOLLOW_LATER)
