"""What is decided about abusive contact, pure: who has had enough, what a warning and an ending need, the letters.

Our own reading [G] of what protects people: anger at the matter is never abuse; a limit is set before a warning, a
warning before an ending; every decision has a reason and a day on which it is looked at again; the complaint itself
goes on whatever the tone; and nobody who is vulnerable or in danger is shut out by one person alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backstory.kernel.errors import InvalidInput

ENOUGH = 3
"""After so many abusive contacts within `WINDOW` nobody is made to take another."""
WINDOW = timedelta(hours=24)
COOLING_OFF = timedelta(hours=24)
BREAKS = (15, 30, 60)
"""Minutes that a break after a heavy contact may take."""
LONGEST_PAUSE = timedelta(days=14)
LONGEST_REVIEW = timedelta(days=365)
USUAL_REVIEW = {"warning": timedelta(days=90), "ending": timedelta(days=180)}


def protected_until(contacts: Sequence[datetime], respites: Sequence[datetime], now: datetime) -> datetime | None:
    """Until when somebody is given no abusive contact by others; None where nothing protects them now.

    `contacts` are the moments of their abusive contacts, `respites` the ends of their breaks.
    """
    recent = sorted(moment for moment in contacts if now - WINDOW < moment <= now)
    ends = [end for end in respites if end > now]
    if len(recent) >= ENOUGH:
        ends.append(recent[-1] + COOLING_OFF)
    return max(ends, default=None)


@dataclass(frozen=True, slots=True)
class EndingFacts:
    """What is known when somebody wants to end a contact."""

    warned: bool  # a warning stands
    threatened: bool  # somebody's safety was threatened: then no warning needs to come first
    vulnerable: bool
    safety: bool  # the matter itself endangers somebody
    open_promises: int


def needs_second(facts: EndingFacts) -> bool:
    """Whether another lead has to agree before it stands."""
    return facts.vulnerable or facts.safety or facts.open_promises > 0


def ensure_may_end(facts: EndingFacts) -> None:
    if not (facts.warned or facts.threatened):
        raise InvalidInput("Before a contact is ended, a warning in writing has to stand.", "kind")


def review_day(kind: str, wanted: datetime | None, now: datetime) -> datetime:
    """When a warning or an ending is looked at again; InvalidInput for none, one gone by, or one too far ahead."""
    if wanted is None:
        raise InvalidInput("Say when this is looked at again.", "review_at")
    if not now < wanted <= now + LONGEST_REVIEW:
        raise InvalidInput("The day of review lies ahead, within a year.", "review_at")
    return wanted


def pause_end(wanted: datetime | None, now: datetime) -> datetime:
    if wanted is None or not now < wanted <= now + LONGEST_PAUSE:
        raise InvalidInput(f"A pause ends within {LONGEST_PAUSE.days} days.", "until")
    return wanted


LETTERS: Mapping[str, Mapping[str, str]] = {
    "warning": {
        "en": "Dear {name},\n\nI am writing about the tone of your messages, separately from your complaint. Your "
        "complaint goes on, and {agent} keeps working on it.\n\nIn your messages people here were insulted. They want "
        "to help you, and they should not have to read that. Please write to us without insults or threats from now "
        "on. You may be as angry about the matter as you are; that is no problem.\n\nIf it happens again, we will "
        "answer in writing only, at fixed times, or end this contact. I will look at this again on {review}; if "
        "all is well by then, this warning is gone.\n\nIf you think that I am wrong, or if something makes it hard for "
        "you to write to us in another way, please tell me. Somebody else will then look at it.\n\n{lead}",
        "de": "Guten Tag {name},\n\nich schreibe Ihnen über den Ton Ihrer Nachrichten, getrennt von Ihrer Beschwerde. "
        "Ihre Beschwerde läuft weiter, {agent} arbeitet daran.\n\nIn Ihren Nachrichten wurden Menschen hier beleidigt. "
        "Sie möchten Ihnen helfen und sollen das nicht lesen müssen. Bitte schreiben Sie uns von nun an ohne "
        "Beleidigungen und Drohungen. Über die Sache dürfen Sie so verärgert sein, wie Sie es sind; das ist kein "
        "Problem.\n\nGeschieht es wieder, antworten wir nur noch schriftlich und zu festen Zeiten oder beenden diesen "
        "Kontakt. Am {review} sehe ich es mir wieder an; ist bis dahin alles gut, ist diese Verwarnung erledigt.\n\n"
        "Wenn Sie meinen, dass ich mich irre, oder wenn etwas es Ihnen schwer macht, anders zu schreiben, sagen Sie es "
        "mir bitte. Dann sieht es sich jemand anderes an.\n\n{lead}",
    },
    "ending": {
        "en": "Dear {name},\n\nAfter our letter about the tone of your messages, people here were insulted again. We "
        "therefore end this contact: from today we no longer answer messages of that kind.\n\nYour rights are "
        "untouched. Your complaint will be decided, and you will get the decision and its reasons in writing. If "
        "somebody is in danger, write or call us: that is always read and acted on.\n\nI will look at this decision "
        "again on {review}. You may object to it at any time by answering this letter; somebody who has not been "
        "involved will then decide.\n\n{lead}",
        "de": "Guten Tag {name},\n\nnach unserem Brief über den Ton Ihrer Nachrichten wurden Menschen hier wieder "
        "beleidigt. Deshalb beenden wir diesen Kontakt: Auf Nachrichten dieser Art antworten wir ab heute nicht "
        "mehr.\n\nIhre Rechte bleiben unberührt. Über Ihre Beschwerde wird entschieden, und Sie erhalten die "
        "Entscheidung schriftlich und mit Gründen. Ist jemand in Gefahr, schreiben Sie uns oder rufen Sie an: Das wird "
        "immer gelesen, und es wird gehandelt.\n\nAm {review} sehe ich mir diese Entscheidung wieder an. Sie können "
        "jederzeit widersprechen, indem Sie auf diesen Brief antworten; dann entscheidet jemand, der nicht beteiligt "
        "war.\n\n{lead}",
    },
}
"""What the letters say, to be changed before they are sent: what must stop, what goes on, when it is reviewed, how to
object."""


def letter(kind: str, language: str, **words: str) -> str:
    """The letter of a warning or an ending with its words filled in, in that language or in English."""
    texts = LETTERS[kind]
    return texts.get(language, texts["en"]).format(**words)
