"""A team's own phrases, and what was sent of them."""

from dataclasses import dataclass

from django.db import transaction

from backstory.cases import queries, toolkit
from backstory.cases.models import Phrase, PhraseUse
from backstory.kernel import clock
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.live.actions import record
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission

LONGEST = 1000
CHOICES = {
    "step": toolkit.STEPS,
    "emotion": toolkit.EMOTIONS,
    "style": toolkit.STYLES,
    "channel": toolkit.CHANNELS,
}


@dataclass(frozen=True)
class Words:
    """What somebody wrote: the phrase and what it is for; "" for any."""

    text: str
    language: str
    step: str = ""
    emotion: str = ""
    style: str = ""
    channel: str = ""


@transaction.atomic
def save_phrase(viewer: User, team_id: int, words: Words, key: str = "") -> Phrase:
    """A new phrase of the team, or other words for the one named `key`, shipped or its own."""
    policy.require(viewer, Permission.EDIT_PHRASES, team_id)
    row = _row(team_id, words.language, key)
    for field, choices in CHOICES.items():
        value = getattr(words, field)
        if value and value not in choices:
            raise InvalidInput("That is not one of the choices.", field)
        setattr(row, field, value)
    row.text = words.text.strip()
    if not 0 < len(row.text) <= LONGEST:
        raise InvalidInput("A phrase needs words, at most a thousand letters.", "text")
    row.hidden = False
    return _saved(viewer, row)


@transaction.atomic
def hide_phrase(viewer: User, team_id: int, language: str, key: str) -> Phrase:
    """The team does not want to be offered it; saving it shows it again."""
    policy.require(viewer, Permission.EDIT_PHRASES, team_id)
    row = _row(team_id, language, key)
    row.hidden = True
    return _saved(viewer, row)


@transaction.atomic
def restore_phrase(viewer: User, team_id: int, language: str, key: str) -> None:
    """The shipped words again; a phrase of the team's own is shown again."""
    policy.require(viewer, Permission.EDIT_PHRASES, team_id)
    row = _row(team_id, language, key)
    if row.pk and row.replaces:
        row.delete()
    elif row.pk:
        row.hidden = False
        _saved(viewer, row)


def _row(team_id: int, language: str, key: str) -> Phrase:
    """The team's row for a key, begun from the shipped words where it has none; NotFound for a key of nobody."""
    if language not in toolkit.LANGUAGES:
        raise InvalidInput("There are no phrases in this language.", "language")
    if not key:
        return Phrase(team_id=team_id, language=language)
    own = key.removeprefix(queries.OWN)
    if key.startswith(queries.OWN):
        row = Phrase.objects.filter(team_id=team_id, pk=int(own)).first() if own.isdecimal() and len(own) < 19 else None
    else:
        row = Phrase.objects.filter(team_id=team_id, language=language, replaces=key).first() or _copy(
            team_id, language, key
        )
    if row is None:
        raise NotFound("There is no such phrase.")
    return row


def _copy(team_id: int, language: str, key: str) -> Phrase | None:
    each = next((one for one in toolkit.shipped(language) if one.key == key), None)
    if each is None:
        return None
    return Phrase(
        team_id=team_id,
        language=language,
        replaces=key,
        step=each.step,
        emotion=each.emotion,
        style=each.style,
        channel=each.channel,
        text=each.text,
    )


def _saved(viewer: User, row: Phrase) -> Phrase:
    row.edited_by, row.edited_at = viewer, clock.now()
    row.save()
    record("phrase.edited", actor=viewer, team_id=row.team_id, subject=("phrase", row.pk))
    return row


def note_phrases(message_id: int) -> int:
    """Keep which phrases stand in a reply that one of us sent; done twice it is done once. Returns how many."""
    message = queries.reply_by_us(message_id)
    if message is None:
        return 0
    found = queries.phrases_sent(message)  # before the transaction
    rows = [PhraseUse(phrase=key, message=message, team_id=message.conversation.team_id) for key in found]
    PhraseUse.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
