"""What a conversation's page says of abuse: what one need not take, what is offered, and what was decided."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from backstory.cases import conduct as rules
from backstory.cases import policy
from backstory.cases import queries as cases
from backstory.cases.models import ConductDecision, Reading
from backstory.cases.playbooks.abuse import level_of
from backstory.cases.playbooks.facts import ABUSIVE, HEAVY, NO_ABUSE
from backstory.cases.playbooks.shipped import sources
from backstory.cases.playbooks.texts import parse
from backstory.conversations.models import Conversation, Message
from backstory.people.models import User
from backstory.web.formats import short_date
from backstory.web.panes.belonging import Button, Notice

Kind, State = ConductDecision.Kind, ConductDecision.State
BREAK_MINUTES = 15
STANDS = {
    Kind.WARNING: gettext_noop("This customer was warned in writing on %(day)s; it is looked at again on %(review)s."),
    Kind.ENDING: gettext_noop(
        "Contact with this customer was ended on %(day)s; it is looked at again on %(review)s. "
        "What they write is still read: danger is acted on, and the complaint is decided."
    ),
    Kind.PAUSE: gettext_noop("Answering is paused until %(until)s. What they write is still read."),
}


def notices(
    viewer: User, conversation: Conversation, messages: list[Message], readings: dict[int, Reading], *, may_write: bool
) -> list[Notice]:
    """What stands about this customer, and help with a message that abuses whoever reads it."""
    standing = [_standing(row) for row in cases.standing_decisions(viewer, conversation)]
    return [*standing, *_abuse(viewer, conversation, messages, readings, may_write=may_write)]


def _standing(row: ConductDecision) -> Notice:
    if row.state == State.PROPOSED:
        text = _("Ending this contact is proposed. A second lead has to agree; until then nothing changes.")
    else:
        text = _(STANDS[Kind(row.kind)]) % {
            "day": short_date(row.created_at),
            "review": short_date(row.review_at) if row.review_at else "",
            "until": short_date(row.until) if row.until else "",
        }
    see = Button(_("See the decision"), reverse("web:conduct"), is_link=True)
    return Notice(f"conduct-{row.pk}", "bad" if row.kind == Kind.ENDING else "warn", "hand-stop", text, [see])


def _abuse(
    viewer: User, conversation: Conversation, messages: list[Message], readings: dict[int, Reading], *, may_write: bool
) -> list[Notice]:
    received = [each for each in messages if each.direction == Message.Direction.IN]
    spoken = [each for each in messages if each.direction != Message.Direction.NOTE]
    levels = {each.pk: _level(each, readings.get(each.pk)) for each in received}
    is_answered = not received or spoken[-1].direction == Message.Direction.OUT
    if is_answered or levels[received[-1].pk] > ABUSIVE or not may_write:
        return []
    borne = cases.contacts_borne(viewer)
    words = _words(min(levels.values()), borne)
    tone = "bad" if borne >= rules.ENOUGH or min(levels.values()) <= HEAVY else "warn"
    return [Notice("abuse", tone, "hand-stop", words, _offers(viewer, conversation, levels, borne))]


def _level(message: Message, reading: Reading | None) -> int:
    return level_of(reading.data, message.text) if reading else NO_ABUSE


def _words(worst: int, borne: int) -> str:
    if borne >= rules.ENOUGH:
        text = _("You have had %(num)d abusive contacts within a day. Nobody has to take another: hand it over.")
        return text % {"num": borne}
    if worst <= HEAVY:
        text = _("This message attacks whoever reads it. It is not about you.")
        return f"{text} {_('Answer the matter, set a limit, or hand it over.')}"
    return _("The tone of this message is abusive. Answer the matter; a limit, said once and early, mostly suffices.")


def _offers(viewer: User, conversation: Conversation, levels: dict[int, int], borne: int) -> list[Button]:
    pk = conversation.pk
    limit = Button(_("Set a limit"), "", inserts=limit_phrase(conversation.customer.language or "en"))
    over = Button(_("Hand over"), reverse("web:hand_over", args=[pk]), key="o", is_primary=borne >= rules.ENOUGH)
    rest = Button(
        _("Take 15 minutes"), reverse("web:take_break"), {"minutes": str(BREAK_MINUTES), "conversation": str(pk)}
    )
    decide = Button(_("Warn, pause or end"), reverse("web:decide_conduct", args=[pk]), is_link=True)
    is_heavy = borne >= rules.ENOUGH or min(levels.values()) <= HEAVY
    may_decide = policy.may_decide_conduct(viewer, conversation.team_id)
    found = [over, limit] if borne >= rules.ENOUGH else [limit, over]
    return [*found, *([rest] if is_heavy else []), *([decide] if may_decide else [])]


def limit_phrase(language: str) -> str:
    """The first phrase that sets a limit, of the playbook for abusive contact, in the customer's language."""
    plan = parse(sources()["abusive-contact"])
    phrases = next(step.phrases for step in plan.steps if step.key == "limit")
    return (phrases.get(language) or phrases["en"])[0]
