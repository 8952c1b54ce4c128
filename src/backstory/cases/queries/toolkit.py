"""The phrases a team is offered: what ships, the team's own in its place, and what a message holds of them."""

from typing import Any

from django.db.models import QuerySet

from backstory.cases import toolkit
from backstory.cases.models import Phrase, Reading
from backstory.cases.toolkit import Wanted, Wording
from backstory.conversations.models import Conversation, Message

OWN = "own-"


def phrases_of(team_id: int, language: str, *, hidden: bool = False) -> list[Wording]:
    """Of one language: the shipped ones, those the team has changed in its words, then its own. `hidden` ones too
    if asked for."""
    rows = list(Phrase.objects.filter(team_id=team_id, language=language).order_by("pk"))
    replaced = {row.replaces: row for row in rows if row.replaces}
    found = [
        _wording(replaced[each.key], each.key) if each.key in replaced else each for each in toolkit.shipped(language)
    ]
    found += [_wording(row, f"{OWN}{row.pk}") for row in rows if not row.replaces]
    return [each for each in found if hidden or not each.hidden]


def _wording(row: Phrase, key: str) -> Wording:
    return Wording(
        key, row.language, row.step, row.emotion, row.style, row.channel, row.text, own=True, hidden=row.hidden
    )


def offered_language(conversation: Conversation) -> str:
    """The customer's language where there are phrases in it, else English."""
    code = (conversation.customer.language or "")[:2]
    return code if code in toolkit.LANGUAGES else "en"


def wanted_in(conversation: Conversation, *, step: str = "", words: str = "") -> Wanted:
    """What fits the customer's latest message."""
    latest = Reading.objects.filter(conversation=conversation).order_by("-message__created_at", "-message_id").first()
    style = (latest.data.get("style") or {}) if latest else {}
    return Wanted(
        language=offered_language(conversation),
        emotion=latest.emotion if latest and latest.emotion != "neutral" else "",
        style=_likeliest(style),
        channel=conversation.channel,
        step=step,
        words=words,
    )


def _likeliest(style: dict[str, Any]) -> str:
    """The customer's style, "" where the reading abstains."""
    return "" if style.get("abstain", True) else max(toolkit.STYLES, key=lambda name: float(style.get(name) or 0))


def phrases_sent(message: Message) -> list[str]:
    """The keys of the phrases that stand in a message of ours, in any language there are phrases in."""
    team = message.conversation.team_id
    return [
        each.key
        for language in toolkit.LANGUAGES
        for each in phrases_of(team, language)
        if toolkit.stands_in(each.text, message.text)
    ]


def reply_by_us(message_id: int) -> Message | None:
    """A reply that one of us sent, or None."""
    rows: QuerySet[Message] = Message.objects.select_related("conversation")
    return rows.filter(pk=message_id, direction=Message.Direction.OUT, author__isnull=False).first()
