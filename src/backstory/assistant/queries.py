"""Reading proposals, and what a model is told of a conversation."""

from datetime import timedelta

from django.db.models import Q

from backstory.assistant import rules
from backstory.assistant.models import Proposal
from backstory.assistant.rules import Said
from backstory.cases.queries import latest_readings
from backstory.conversations.models import Conversation, Message
from backstory.kernel import clock
from backstory.kernel.errors import NotFound
from backstory.people.models import User


def get_proposal(viewer: User, pk: int) -> Proposal:
    """One proposal: only for whoever asked for it. Raises NotFound."""
    found = Proposal.objects.select_related("conversation").filter(pk=pk, asked_by=viewer).first()
    if found is None:
        raise NotFound("There is no such proposal.")
    return found


def due_proposals() -> list[int]:
    """Proposals whose wake-up or worker was lost."""
    moment = clock.now()
    silent = Q(state=Proposal.State.RUNNING, claimed_until__lt=moment)
    unwoken = Q(state=Proposal.State.WAITING, created_at__lt=moment - timedelta(minutes=1))
    return list(Proposal.objects.filter(silent | unwoken).values_list("pk", flat=True))


def briefing(proposal: Proposal) -> tuple[str, str]:
    """(instructions, prompt) for a proposal: the letters of both sides, never notes, backstory or vulnerability."""
    conversation = proposal.conversation
    reading = latest_readings([conversation.pk]).get(conversation.pk)
    style = (reading.data.get("style") or {}) if reading else {}
    likeliest = "" if style.get("abstain", True) else max(rules.STYLES, key=lambda name: style.get(name, 0))
    told = rules.instructions(
        proposal.kind,
        language=conversation.customer.language or conversation.mailbox.language,
        agent=proposal.asked_by.get_short_name(),
        style=likeliest,
    )
    return told, rules.prompt(_letters(conversation), conversation.customer.name)


def _letters(conversation: Conversation) -> list[Said]:
    rows = Message.objects.filter(conversation=conversation).exclude(direction=Message.Direction.NOTE)
    newest = rows.order_by("-created_at", "-id").values_list("direction", "text")[: rules.MOST_LETTERS]
    return [Said(direction == Message.Direction.IN, text) for direction, text in reversed(newest)]
