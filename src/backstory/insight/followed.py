"""What followed when a phrase was sent: was the customer calmer, did the matter come back, how was it rated.

Counts and 95 % intervals of a team's own use; it happened after, which does not prove that it happened because.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

from backstory.cases.models import Complaint, PhraseUse, Reading
from backstory.cases.toolkit import Wording
from backstory.conversations.models import Message
from backstory.live.models import Event
from backstory.measures.intervals import Share
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.recovery.models import Survey, SurveyKind

MOST_USES = 3000  # the latest; older ones tell of other times
STIRRED = 0.5  # intensity from which there was something to calm
CALMER_BY = 0.1  # of 0 to 3
SATISFIED = 4  # top two of five
ENOUGH = 10
PRIOR_USES = 8
"""A phrase nobody has sent counts as eight uses at the team's own share [G]: a few lucky ones move it little."""


@dataclass(frozen=True)
class Followed:
    """After one phrase: in how many letters it stood, and of those that tell, how many went well."""

    uses: int = 0
    calmer: Share = field(default_factory=lambda: Share(0, 0))
    reopened: Share = field(default_factory=lambda: Share(0, 0))
    satisfied: Share = field(default_factory=lambda: Share(0, 0))

    @property
    def too_few(self) -> bool:
        return self.calmer.total < ENOUGH


@dataclass
class _Tally:
    uses: int = 0
    calmer: list[bool] = field(default_factory=list)
    reopened: list[bool] = field(default_factory=list)
    satisfied: list[bool] = field(default_factory=list)


_Feelings = dict[int, tuple[list[datetime], list[float]]]


def after_phrases(viewer: User, team_id: int) -> dict[str, Followed]:
    """By the phrase's key, for a team whose conversations the viewer may see; five statements."""
    policy.require(viewer, Permission.VIEW_CONVERSATIONS, team_id)
    rows = PhraseUse.objects.filter(team_id=team_id).order_by("-pk")
    uses = list(rows.values_list("phrase", "message__conversation_id", "message__created_at")[:MOST_USES])
    conversations = {conversation for _, conversation, _ in uses}
    feelings, complaints = _feelings(conversations), _complaints(conversations)
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    for phrase, conversation, at in uses:
        tally = tallies[phrase]
        tally.uses += 1
        calmer = _calmer(feelings, conversation, at)
        if calmer is not None:
            tally.calmer.append(calmer)
        _add_outcome(tally, complaints.get(conversation), at)
    return {phrase: _followed(tally) for phrase, tally in tallies.items()}


def _followed(tally: _Tally) -> Followed:
    shares = (Share(sum(each), len(each)) for each in (tally.calmer, tally.reopened, tally.satisfied))
    return Followed(tally.uses, *shares)


def _feelings(conversations: Collection[int]) -> _Feelings:
    """For each conversation when the customer wrote, and how strongly."""
    found: _Feelings = {}
    rows = Reading.objects.filter(conversation_id__in=conversations, message__direction=Message.Direction.IN)
    told = rows.order_by("message__created_at").values_list("conversation_id", "message__created_at", "intensity")
    for conversation, at, intensity in told:
        times, strengths = found.setdefault(conversation, ([], []))
        times.append(at)
        strengths.append(intensity)
    return found


def _calmer(feelings: _Feelings, conversation: int, at: datetime) -> bool | None:
    """Whether the next message after `at` is calmer than the last before; None where there was nothing to calm or
    nobody answered."""
    times, strengths = feelings.get(conversation, ([], []))
    before, after = bisect_left(times, at) - 1, bisect_right(times, at)
    if before < 0 or after >= len(times) or strengths[before] < STIRRED:
        return None
    return strengths[after] <= strengths[before] - CALMER_BY


@dataclass(frozen=True)
class _Outcome:
    closed_at: datetime | None
    reopened: list[datetime]
    score: int | None


def _complaints(conversations: Collection[int]) -> dict[int, _Outcome]:
    rows = list(
        Complaint.objects.filter(conversation_id__in=conversations).values_list("pk", "conversation_id", "closed_at")
    )
    numbers = [pk for pk, _, _ in rows]
    again: dict[int, list[datetime]] = defaultdict(list)
    told = Event.objects.filter(kind="complaint.reopened", subject="complaint", subject_id__in=numbers)
    for pk, at in told.values_list("subject_id", "at"):
        again[pk or 0].append(at)
    scores = dict(
        Survey.objects.filter(complaint_id__in=numbers, kind=SurveyKind.CSAT, score__isnull=False)
        .order_by("round")
        .values_list("complaint_id", "score")
    )
    return {conversation: _Outcome(closed_at, again[pk], scores.get(pk)) for pk, conversation, closed_at in rows}


def _add_outcome(tally: _Tally, outcome: _Outcome | None, at: datetime) -> None:
    if outcome is None:
        return
    came_back = any(moment > at for moment in outcome.reopened)
    if came_back or (outcome.closed_at and outcome.closed_at > at):
        tally.reopened.append(came_back)
    if outcome.score is not None:
        tally.satisfied.append(outcome.score >= SATISFIED)


def ranking(followed: dict[str, Followed]) -> Callable[[tuple[int, Wording]], tuple[float, float, int]]:
    """A sorting key: what fits first, and among those what was followed by calm more often than the team's average."""
    calm = sum(each.calmer.count for each in followed.values())
    told = sum(each.calmer.total for each in followed.values())
    usual = calm / told if told else 0.5

    def key(row: tuple[int, Wording]) -> tuple[float, float, int]:
        after = followed.get(row[1].key, Followed())
        share = after.calmer
        return -row[0], -(share.count + PRIOR_USES * usual) / (share.total + PRIOR_USES), -after.uses

    return key
