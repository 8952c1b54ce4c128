"""What customers told us, in their own words: fields of a backstory, questions that opened up, stories told again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from backstory.cases import own_words, policy, retelling
from backstory.cases.models import Backstory, Complaint, QuestionAsked, Reading, Retelling, SensitiveReading
from backstory.cases.own_words import Quote, Told
from backstory.cases.retelling import Telling
from backstory.coach.questions import Record
from backstory.conversations.models import Conversation, Message
from backstory.conversations.queries import visible
from backstory.kernel import clock
from backstory.people.models import User

LETTERS_WEIGHED = 30
TELLINGS_WEIGHED = 40
TOLD_WITHIN = timedelta(days=180)
"""What somebody said longer ago than this is not the same story any more."""


def told(conversation_id: int) -> list[Told]:
    """The customer's letters that were read, oldest first. Holds what is sensitive: for readers of backstories."""
    rows = Reading.objects.filter(conversation_id=conversation_id).order_by("message__created_at", "message_id")
    found = list(rows.values_list("message_id", "message__text", "data")[:LETTERS_WEIGHED])
    ids = [row[0] for row in found]
    apart = dict(SensitiveReading.objects.filter(message_id__in=ids).values_list("message_id", "data"))
    return [Told(pk, text, data, apart.get(pk, {})) for pk, text, data in found]


@dataclass(frozen=True)
class Offer:
    """What a backstory can be filled from: for each field the customer's own words, and the needs they point to."""

    quotes: dict[str, list[Quote]]
    needs: list[str]


def offered_words(complaint: Complaint) -> Offer:
    letters = told(complaint.conversation_id)
    return Offer(own_words.quotes(letters), own_words.needs(letters))


def answer_to_summary(row: Backstory | None) -> Message | None:
    """The customer's first letter after our summary, where it sounds like a yes that nobody has recorded yet."""
    if row is None or row.summary_message is None or row.confirmed_at:
        return None
    sent = row.summary_message
    later = Message.objects.filter(
        conversation_id=sent.conversation_id, direction=Message.Direction.IN, created_at__gt=sent.created_at
    )
    answer = later.order_by("created_at", "id").first()
    return answer if answer and own_words.says_yes(answer.text) else None


def question_records() -> dict[tuple[str, str], Record]:
    """(key, style) -> how often the question was answered and how often that told something; "" is every style."""
    rows = QuestionAsked.objects.exclude(key="").filter(opened__isnull=False).order_by()
    counted = rows.values_list("key", "style").annotate(answered=Count("pk"), opened=Count("pk", filter=Q(opened=True)))
    found: dict[tuple[str, str], Record] = {}
    for key, style, answered, opened in counted:
        for place in {(key, style), (key, "")}:
            known = found.get(place, Record())
            found[place] = Record(known.answered + answered, known.opened + opened)
    return found


def unsearched_for_questions(message_id: int) -> Message | None:
    """A message a person of ours wrote that was not looked through for open questions yet, or None."""
    rows = _ours().select_related("conversation__customer")
    return rows.filter(pk=message_id, question_search=None).first()


def overlooked_questions(before: datetime, limit: int = 200) -> list[int]:
    rows = _ours().filter(question_search=None, created_at__lt=before).order_by("-id")
    return list(rows.values_list("pk", flat=True)[:limit])


def _ours() -> QuerySet[Message]:
    return Message.objects.filter(direction=Message.Direction.OUT, author__isnull=False)


def open_question_rows(message: Message) -> list[QuestionAsked]:
    """Questions of ours that this letter of the customer is the first answer to."""
    rows = QuestionAsked.objects.filter(
        conversation_id=message.conversation_id, answer=None, message__created_at__lt=message.created_at
    )
    return list(rows)


def told_in(message: Message) -> Told | None:
    """One letter with what was read in it; None before it was read."""
    data = Reading.objects.filter(message=message).values_list("data", flat=True).first()
    if data is None:
        return None
    apart = SensitiveReading.objects.filter(message=message).values_list("data", flat=True).first()
    return Told(message.pk, message.text, data, apart or {})


def tellings(message: Message) -> tuple[Telling, list[Telling]]:
    """This letter and the same customer's letters before it, oldest first, with who heard each."""
    rows = Message.objects.filter(
        conversation__customer_id=message.conversation.customer_id,
        direction=Message.Direction.IN,
        created_at__lte=message.created_at,
        created_at__gt=message.created_at - TOLD_WITHIN,
    ).exclude(pk__gt=message.pk, created_at=message.created_at)
    newest = rows.select_related("conversation", "reading").annotate(heard_by=Subquery(_first_answers()))
    found = [_telling(each) for each in newest.order_by("-created_at", "-id")[: TELLINGS_WEIGHED + 1]][::-1]
    return found[-1], found[:-1]


def _first_answers() -> QuerySet[Message, int | None]:
    """Who of ours answered a letter first."""
    answers = Message.objects.filter(
        conversation_id=OuterRef("conversation_id"),
        direction=Message.Direction.OUT,
        author__isnull=False,
        created_at__gt=OuterRef("created_at"),
    )
    return answers.order_by("created_at", "id").values_list("author_id", flat=True)[:1]


def _telling(message: Any) -> Telling:
    """Before anybody has answered, the letter is heard by who has the conversation."""
    reading = getattr(message, "reading", None)
    data = reading.data if reading else {}
    conversation = message.conversation
    return Telling(
        message_id=message.pk,
        conversation_id=conversation.pk,
        channel=conversation.channel,
        at=message.created_at,
        text=message.text,
        language=reading.language if reading else "",
        facts=retelling.facts_of(data.get("facts") or []),
        heard_by=message.heard_by or conversation.assignee_id,
    )


def retellings(viewer: User, conversation_id: int) -> list[Retelling]:
    """What the customer had to tell again in a conversation the viewer may see, oldest first."""
    rows = Retelling.objects.filter(conversation__in=visible(viewer), conversation_id=conversation_id, denied_at=None)
    return list(rows.select_related("earlier").order_by("message__created_at", "message_id"))


@dataclass(frozen=True)
class Earlier:
    """A complaint the same customer brought before, as it is brought to an agent's eye: nothing of the backstory
    but whether there is one to read."""

    complaint: Complaint
    has_backstory: bool
    may_read: bool
    broken_promises: int
    open_promises: int


def earlier_complaints(viewer: User, conversation: Conversation, limit: int = 5) -> list[Earlier]:
    """The same customer's other complaints that the viewer may see, newest first."""
    rows = Complaint.objects.filter(
        conversation__in=visible(viewer).filter(customer_id=conversation.customer_id)
    ).exclude(conversation=conversation)
    counted = rows.select_related("conversation", "cause").annotate(
        broken=Count("conversation__promises", filter=Q(conversation__promises__state="broken"), distinct=True),
        open=Count("conversation__promises", filter=Q(conversation__promises__state="open"), distinct=True),
    )
    found = list(counted.order_by("-received_at", "-id")[:limit])
    recorded = _with_a_story(found)
    return [
        Earlier(each, each.pk in recorded, policy.may_read_backstory(viewer, each), each.broken, each.open)
        for each in found
    ]


def _with_a_story(complaints: Iterable[Complaint]) -> frozenset[int]:
    rows = Backstory.objects.filter(complaint__in=list(complaints)).exclude(backstory="", need="", stated_problem="")
    return frozenset(rows.values_list("complaint_id", flat=True))


def stories_past(keep: timedelta) -> list[int]:
    """Backstories with words whose complaint was closed longer ago than they may be kept, by id."""
    rows = Backstory.objects.filter(complaint__closed_at__lt=clock.now() - keep, erased_at=None)
    return list(rows.values_list("pk", flat=True))
