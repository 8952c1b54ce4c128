"""Learning from what customers tell: which questions opened up, and what they had to tell more than once."""

from django.db import transaction

from backstory.cases import own_words, queries
from backstory.cases.models import QuestionAsked, QuestionSearch, Reading, Retelling
from backstory.cases.own_words import Told
from backstory.cases.retelling import retold
from backstory.coach.questions import key_of
from backstory.conversations.models import Message
from backstory.conversations.queries import visible
from backstory.kernel import clock
from backstory.kernel.errors import NotFound
from backstory.language.replies.draft import letter
from backstory.language.replies.evidence import open_questions
from backstory.live.actions import record
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission

LONGEST_QUESTION = 300
MOST_WEIGHED = 4_000
DISCLOSES = ("backstory", "affected", "make_right", "constraints", "cost", "matters_by")
"""Fields of which an answer has to fill one for the question to have opened it."""


def note_questions(message_id: int) -> list[QuestionAsked]:
    """Keep the open questions in a message that one of us sent; once for each message."""
    message = queries.unsearched_for_questions(message_id)
    if message is None:
        return []
    text = message.text[:MOST_WEIGHED]
    asked, language = open_questions(text), letter(text).language  # before the transaction
    with transaction.atomic():
        _, first_time = QuestionSearch.objects.get_or_create(message=message)
        if not first_time:
            return []
        return [_asked(message, question, language) for question in asked]


def _asked(message: Message, question: str, language: str) -> QuestionAsked:
    conversation = message.conversation
    return QuestionAsked.objects.create(
        message=message,
        conversation=conversation,
        key=key_of(question, language),
        text=question[:LONGEST_QUESTION],
        language=language,
        channel=conversation.channel,
        style=_style_before(message),
    )


def _style_before(message: Message) -> str:
    """What the customer's style seemed to be when the question was put; "" where the reading abstains."""
    rows = Reading.objects.filter(
        conversation_id=message.conversation_id, message__created_at__lt=message.created_at
    ).order_by("-message__created_at", "-message_id")
    style = (rows.values_list("data", flat=True).first() or {}).get("style") or {}
    if not style or style.get("abstain", True):
        return ""
    return max(("driver", "expressive", "analytic", "amiable"), key=lambda name: style.get(name, 0.0))


def learn_from_answer(message_id: int) -> None:
    """What a customer's letter teaches once it was read: whether our questions opened up, and whether they had to tell
    it again."""
    message = Message.objects.select_related("conversation").filter(pk=message_id).first()
    told = queries.told_in(message) if message else None
    if message is None or told is None or message.direction != Message.Direction.IN:
        return
    _settle_questions(message, told)
    _note_retelling(message)


def _settle_questions(message: Message, told: Told) -> None:
    asked = queries.open_question_rows(message)
    if not asked:
        return
    opened = any(field in own_words.quotes([told]) for field in DISCLOSES)
    QuestionAsked.objects.filter(pk__in=[row.pk for row in asked], answer=None).update(answer=message, opened=opened)


def _note_retelling(message: Message) -> None:
    found = retold(*queries.tellings(message))
    if found is None:
        return
    with transaction.atomic():
        _, is_new = Retelling.objects.get_or_create(
            message=message,
            defaults={
                "conversation_id": message.conversation_id,
                "earlier_id": found.earlier_id,
                "ground": found.ground,
                "quote": found.quote[:300],
                "other_agent": found.other_agent,
                "other_channel": found.other_channel,
            },
        )
        if is_new:
            record(
                "story.retold",
                conversation_id=message.conversation_id,
                team_id=message.conversation.team_id,
                subject=("message", message.pk),
                ground=found.ground,
            )


@transaction.atomic
def deny_retelling(viewer: User, retelling_id: int) -> Retelling:
    """Say that a letter tells nothing again after all: it is counted no more."""
    rows = Retelling.objects.select_related("conversation").filter(conversation__in=visible(viewer))
    row = rows.select_for_update(of=("self",)).filter(pk=retelling_id).first()
    if row is None:
        raise NotFound("There is no such retelling.")
    policy.require(viewer, Permission.REPLY, row.conversation.team_id)
    row.denied_at, row.denied_by = clock.now(), viewer
    row.save(update_fields=["denied_at", "denied_by"])
    record(
        "story.retold_denied",
        actor=viewer,
        conversation_id=row.conversation_id,
        team_id=row.conversation.team_id,
        subject=("message", row.message_id),
    )
    return row
