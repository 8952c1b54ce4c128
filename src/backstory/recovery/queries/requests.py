"""One request in one view: all that somebody needs who decides about it."""

from dataclasses import dataclass

from backstory.cases.care import Step
from backstory.cases.queries import Earlier, earlier_complaints
from backstory.conversations.models import Message
from backstory.people.models import User
from backstory.recovery.models import Approval, Asking, Remedy
from backstory.recovery.queries.care import care_panel
from backstory.recovery.queries.options import Weighed, weigh
from backstory.recovery.queries.remedies import get_remedy, reach, remedies

LONGEST_QUOTE = 600


@dataclass(frozen=True)
class Past:
    """An earlier complaint of the same customer with what they got for it."""

    earlier: Earlier
    remedies: list[Remedy]


@dataclass(frozen=True)
class Request:
    """A request with its case."""

    remedy: Remedy
    first_words: str
    latest_words: str  # "" where there is one message only
    care: list[Step]
    others: list[Remedy]  # on the same complaint
    history: list[Past]
    weighed: Weighed
    askings: list[Asking]
    approvals: list[Approval]
    reach: str  # see `queries.reach`; "" where the viewer may not decide


def request_view(viewer: User, remedy_id: int, language: str = "en") -> Request:
    """NotFound for a remedy that the viewer may not see. Nothing of a backstory is in it."""
    remedy = get_remedy(viewer, remedy_id)
    complaint = remedy.complaint
    words = _words(complaint.conversation_id)
    return Request(
        remedy=remedy,
        first_words=words[0] if words else "",
        latest_words=words[-1] if len(words) > 1 else "",
        care=care_panel(viewer, complaint, language),
        others=[each for each in remedies(viewer, complaint) if each.pk != remedy.pk],
        history=_history(viewer, remedy),
        weighed=weigh(viewer, complaint, remedy.kind, remedy.money),
        askings=list(remedy.askings.select_related("user").order_by("id")),
        approvals=list(remedy.approvals.select_related("approver", "on_behalf_of").order_by("id")),
        reach=reach(viewer, [remedy])[remedy.pk] if remedy.state == Remedy.State.REQUESTED else "",
    )


def _words(conversation_id: int) -> list[str]:
    """The first and the latest thing the customer wrote, shortened."""
    rows = Message.objects.filter(conversation_id=conversation_id, direction=Message.Direction.IN).order_by("id")
    texts = [row.text for row in (rows.first(), rows.last()) if row is not None]
    return [_short(text) for text in dict.fromkeys(texts)]


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1].rsplit(" ", 1)[0] + "…"


def _history(viewer: User, remedy: Remedy) -> list[Past]:
    earlier = earlier_complaints(viewer, remedy.complaint.conversation)
    rows = Remedy.objects.filter(complaint__in=[each.complaint.pk for each in earlier], state=Remedy.State.GRANTED)
    given: dict[int, list[Remedy]] = {}
    for row in rows.order_by("id"):
        given.setdefault(row.complaint_id, []).append(row)
    return [Past(each, given.get(each.complaint.pk, [])) for each in earlier]
