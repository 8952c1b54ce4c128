"""The phrase toolkit: what is offered in the reply box, and the team's page of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from backstory.cases import queries as cases
from backstory.cases import toolkit
from backstory.cases.toolkit import Wording
from backstory.conversations import queries as conversations
from backstory.insight import followed
from backstory.insight.followed import Followed
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission

MOST = 12
WORDS: Final[Mapping[str, StrPromise]] = {
    "connect": gettext_lazy("Connect"),
    "ask": gettext_lazy("Ask"),
    "resolve": gettext_lazy("Resolve"),
    "ensure": gettext_lazy("Ensure"),
    "anger": gettext_lazy("anger"),
    "fear": gettext_lazy("fear"),
    "sadness": gettext_lazy("sadness"),
    "disgust": gettext_lazy("disgust"),
    "joy": gettext_lazy("joy"),
    "surprise": gettext_lazy("surprise"),
    "driver": gettext_lazy("Driver"),
    "expressive": gettext_lazy("Expressive"),
    "analytic": gettext_lazy("Analytic"),
    "amiable": gettext_lazy("Amiable"),
    "email": gettext_lazy("e-mail"),
    "chat": gettext_lazy("chat"),
    "form": gettext_lazy("form"),
}
"""The names of steps, feelings, styles and channels; in the two forms of the page also the choices."""
CHOICES: Final = {
    "step": toolkit.STEPS,
    "emotion": toolkit.EMOTIONS,
    "style": toolkit.STYLES,
    "channel": toolkit.CHANNELS,
}


@dataclass(frozen=True)
class Offer:
    """One phrase with what it is for and what followed when it was sent."""

    phrase: Wording
    text: str  # with the customer's name in it, where it is known
    labels: list[str]
    followed: Followed


def offers(viewer: User, conversation_id: int, words: str) -> list[Offer]:
    """Those that fit the customer's latest message and hold the words, the team's best first."""
    conversation = conversations.get_conversation(viewer, conversation_id)
    policy.require(viewer, Permission.REPLY, conversation.team_id)
    wanted = cases.wanted_in(conversation, words=words)
    after = followed.after_phrases(viewer, conversation.team_id)
    found = toolkit.fitting(cases.phrases_of(conversation.team_id, wanted.language), wanted)
    best = sorted(found, key=followed.ranking(after))[:MOST]
    name = conversation.customer.name.split(" ")[0]
    return [_offer(each, after, name) for _fit, each in best]


def page(viewer: User, team_id: int, language: str, step: str, words: str) -> list[Offer]:
    """The phrases of a team in one language, hidden ones last."""
    after = followed.after_phrases(viewer, team_id)
    searched = words.casefold().split()
    found = [
        _offer(each, after)
        for each in cases.phrases_of(team_id, language, hidden=True)
        if (not step or each.step == step) and all(word in _searchable(each) for word in searched)
    ]
    order = followed.ranking(after)
    return sorted(found, key=lambda offer: (offer.phrase.hidden, order((0, offer.phrase))))


def _searchable(each: Wording) -> str:
    return " ".join((each.text, each.key, *each.labels, *(str(WORDS[label]) for label in each.labels))).casefold()


def _offer(each: Wording, after: Mapping[str, Followed], name: str = "") -> Offer:
    labels = [str(WORDS[label]) for label in each.labels if label in WORDS]
    if each.own:
        labels.append(_("the team's own"))
    return Offer(each, toolkit.filled(each.text, each.language, name), labels, after.get(each.key, Followed()))
