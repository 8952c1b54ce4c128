"""Asking the language model for a proposal, and keeping what it says. It never sends, decides or changes anything."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from backstory.assistant import queries
from backstory.assistant.models import Proposal
from backstory.conversations.queries import get_conversation
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput
from backstory.live.actions import record
from backstory.llm import Model, ModelFailed, ask, mask
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission

CLAIM = timedelta(minutes=5)
MOST_ATTEMPTS = 2
MOST_A_MINUTE = 6
"""Proposals of one agent: a person reads what was proposed before asking again."""
State = Proposal.State


@transaction.atomic
def request_proposal(viewer: User, conversation_id: int, kind: str) -> Proposal:
    """Ask for a draft, a summary or questions. Raises Conflict where no model is configured or too much was asked."""
    conversation = get_conversation(viewer, conversation_id)
    policy.require(viewer, Permission.REPLY, conversation.team_id)
    if kind not in Proposal.Kind.values:
        raise InvalidInput("Ask for a draft, a summary or questions.", "kind")
    model = settings.LLM
    if model is None:
        raise Conflict("No language model is configured.")
    recent = Proposal.objects.filter(asked_by=viewer, created_at__gt=clock.now() - timedelta(minutes=1))
    if recent.count() >= MOST_A_MINUTE:
        raise Conflict("That is a lot in one minute: read the proposals first.")
    row = Proposal.objects.create(conversation=conversation, asked_by=viewer, kind=kind, model=model.name)
    record(
        "proposal.requested",
        actor=viewer,
        conversation_id=conversation.pk,
        team_id=conversation.team_id,
        subject=("proposal", row.pk),
        model=model.name,
        what=row.get_kind_display().lower(),
    )
    return row


def run_proposal(proposal_id: int) -> None:
    """Ask the model, in no transaction; done twice, or by two workers at once, it is asked once."""
    proposal = _claim(proposal_id)
    model = settings.LLM
    if proposal is None:
        return
    if model is None:
        _finish(proposal_id, State.FAILED, reason="No language model is configured any more.")
        return
    try:
        words = _asked(model, proposal)
    except ModelFailed as problem:
        _finish(proposal_id, State.FAILED, reason=str(problem))
        return
    _finish(proposal_id, State.DONE, text=words)


def _asked(model: Model, proposal: Proposal) -> str:
    told, prompt = queries.briefing(proposal)
    masked = mask(prompt)
    return masked.restore(ask(model, told, masked.text))


@transaction.atomic
def _claim(proposal_id: int) -> Proposal | None:
    moment = clock.now()
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, claimed_until__lt=moment)
    mine = Proposal.objects.filter(free, pk=proposal_id)
    if mine.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=State.FAILED, finished_at=moment, reason="The worker stopped each time."
    ):
        return None
    if not mine.update(state=State.RUNNING, claimed_until=moment + CLAIM, attempts=F("attempts") + 1):
        return None
    rows = Proposal.objects.select_related("conversation__customer", "conversation__mailbox", "asked_by")
    return rows.get(pk=proposal_id)


def _finish(proposal_id: int, state: str, *, text: str = "", reason: str = "") -> None:
    Proposal.objects.filter(pk=proposal_id, state=State.RUNNING).update(
        state=state, text=text, reason=reason[:300], finished_at=clock.now(), claimed_until=None
    )


@transaction.atomic
def note_used(viewer: User, proposal_id: int) -> Proposal:
    """The agent took the words over into the reply box, where they are checked like any others."""
    row = queries.get_proposal(viewer, proposal_id)
    if row.used_at is None:
        row.used_at = clock.now()
        row.save(update_fields=["used_at"])
        conversation = row.conversation
        record(
            "proposal.used",
            actor=viewer,
            conversation_id=conversation.pk,
            team_id=conversation.team_id,
            subject=("proposal", row.pk),
        )
    return row
