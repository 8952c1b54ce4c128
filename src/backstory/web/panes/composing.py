"""The reply box: whom the reply goes to, what should be looked at twice, which files go with it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from backstory.channels.email.letter_html import fragment
from backstory.conversations import queries
from backstory.conversations.letters import Address
from backstory.conversations.models import Attachment, Conversation, Draft, Message
from backstory.conversations.recipients import Doubt, RecipientWarning, warnings, written
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission


@dataclass(frozen=True)
class Caution:
    """One warning about a recipient in words; `key` is what a form sends once somebody has confirmed it."""

    key: str
    text: str
    grave: bool
    confirmed: bool


@dataclass(frozen=True)
class Composer:
    """What the reply box shows beside the words."""

    to: str
    cc: str
    offered: str  # what stood there before anybody changed it
    cautions: list[Caution]
    files: list[Attachment]
    quote: bool
    most_bytes: int
    signature: str  # as HTML, sanitised
    model: str  # the language model that may propose, "" for none


def composer(viewer: User, conversation: Conversation, messages: Sequence[Message], draft: Draft | None) -> Composer:
    """For this viewer's reply, begun or not."""
    to, cc = queries.reply_recipients(conversation, messages)
    offered = chosen(written(to), written(cc))
    if draft is not None and draft.to is not None:
        to, cc = queries.people(draft.to), queries.people(draft.cc)
    found = warnings((*to, *cc), queries.known_around(conversation, messages, (*to, *cc)))
    quote = draft.quote if draft is not None and draft.quote is not None else queries.quotes(viewer, conversation)
    return Composer(
        to=written(to),
        cc=written(cc),
        offered=offered,
        cautions=cautions(found),
        files=list(draft.attachments.all()) if draft is not None else [],
        quote=quote,
        most_bytes=settings.ATTACHMENTS_MAX_BYTES,
        signature=_signature(viewer, conversation),
        model=settings.LLM.name if settings.LLM else "",
    )


def _signature(viewer: User, conversation: Conversation) -> str:
    """What will stand below the reply, as its reader will see it; the sanitiser has been over it."""
    text = queries.signature_of(viewer, conversation)
    return mark_safe(fragment(text)) if text else ""  # noqa: S308 - `fragment` ends in nh3


def chosen(to: str, cc: str) -> str:
    """Both fields as one text, to see whether somebody has changed them."""
    return f"{to} / {cc}"


def cautions(found: Iterable[RecipientWarning], confirmed: Collection[str] = ()) -> list[Caution]:
    return [
        Caution(warning.key, _words(warning), warning.doubt in _GRAVE, warning.key in confirmed) for warning in found
    ]


def cautions_about(
    viewer: User, conversation_id: int, people: Iterable[Address], confirmed: Collection[str]
) -> list[Caution]:
    """The warnings about recipients that somebody is just choosing."""
    conversation = queries.get_conversation(viewer, conversation_id)
    policy.require(viewer, Permission.REPLY, conversation.team_id)
    wanted = list(people)
    known = queries.known_around(conversation, queries.thread(conversation), wanted)
    return cautions(warnings(wanted, known), confirmed)


_GRAVE = frozenset({Doubt.LOOKALIKE, Doubt.OTHER_CUSTOMER})


def _words(warning: RecipientWarning) -> str:
    names = {"address": warning.address, "detail": warning.detail}
    if warning.doubt is Doubt.UNDELIVERABLE:
        return _("Letters to %(address)s come back: %(detail)s") % names
    if warning.doubt is Doubt.UNWANTED:
        return _("The reader at %(address)s has called our letters unwanted.") % names
    if warning.doubt is Doubt.LOOKALIKE and warning.detail:
        return _("%(address)s only looks like somebody at %(detail)s: it is another domain.") % names
    if warning.doubt is Doubt.LOOKALIKE:
        return _("The domain of %(address)s mixes alphabets, as forged ones do.") % names
    if warning.doubt is Doubt.INTERNAL:
        return _("%(address)s is one of our own addresses. For colleagues there are notes.") % names
    if warning.doubt is Doubt.OTHER_CUSTOMER:
        return _("%(address)s belongs to another customer.") % names
    return _("%(address)s is new to this conversation.") % names
