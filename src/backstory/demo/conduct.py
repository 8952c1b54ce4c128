"""What the demo's lead decides about abusive contact: one warning that stands, another that was lifted in time."""

from datetime import timedelta

from backstory.cases import actions as cases
from backstory.cases import conduct
from backstory.cases.models import AbusiveContact
from backstory.conversations.models import Conversation
from backstory.demo.desk import Desk, Life
from backstory.kernel import clock

AFTER = timedelta(minutes=45)
REVIEWED_AFTER = timedelta(days=30)
OLD = timedelta(days=60)
REASON = "Insults again after Alice's team had set a limit, calmly and once. Nothing speaks of illness or danger."
FRIENDLY = "Three friendly letters since, and he has said sorry to the engineer. Nothing is left of it."


def decisions(desk: Desk) -> Life:
    """The newest abusive conversation is warned of; long ago another was, and that was lifted at its review."""
    yield desk.now - timedelta(hours=2)
    rows = AbusiveContact.objects.order_by("message__created_at").values_list("message__conversation", "created_at")
    found = list(rows)
    if not found:
        return
    lead = desk.user(desk.plan.cast.lead("care").email)
    old = next(((pk, at) for pk, at in found if at < desk.now - OLD), None)
    if old:
        with clock.travel(old[1] + AFTER):
            pk = _warn(desk, old[0], lead.email)
        with clock.travel(old[1] + REVIEWED_AFTER):
            cases.review_decision(lead, pk, lift=True, words=FRIENDLY)
    if found[-1][0] != (old and old[0]):
        _warn(desk, found[-1][0], lead.email)


def _warn(desk: Desk, conversation_id: int, email: str) -> int:
    lead = desk.user(email)
    conversation = Conversation.objects.select_related("customer", "assignee").get(pk=conversation_id)
    review = clock.now() + conduct.USUAL_REVIEW["warning"]
    letter = conduct.letter(
        "warning",
        conversation.customer.language or "en",
        name=conversation.customer.name,
        agent=(conversation.assignee or lead).get_short_name(),
        lead=lead.name,
        review=f"{review:%d %B %Y}",
    )
    made = cases.decide_conduct(lead, conversation_id, "warning", reason=REASON, letter=letter, review_at=review)
    desk.post()
    return made.pk
