"""How well the reading engine does: how often people correct it, and whether what it reads drifts. Every function
takes the viewer and a period of the messages, and counts only the teams where they may see insight."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Avg, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Cast, Floor, TruncDate

from backstory.cases import verdicts
from backstory.cases.models import Reading, ReadingCorrection
from backstory.cases.queries import FAILED, corrected_messages
from backstory.conversations.models import Message
from backstory.insight import drift, rules
from backstory.insight.queries import scope, within
from backstory.insight.rules import Bucket, Period
from backstory.measures.intervals import Share
from backstory.people.models import User

BINS = 10
FIELDS = tuple(name for name, one in verdicts.FIELDS.items() if one.home == "reading")


@dataclass(frozen=True)
class Agreement:
    """One field: how many of the readings that an agent had before them were corrected, and how many of those that
    somebody judged were right."""

    field: str
    corrected: Share  # of the readings seen
    right: Share  # of the readings judged


@dataclass
class Part:
    """What was read in one stretch of time, summed."""

    count: int = 0
    abstained: int = 0
    complaints: int = 0
    p_sum: float = 0.0
    languages: Counter[str] = field(default_factory=Counter)
    bins: list[int] = field(default_factory=lambda: [0] * BINS)

    @property
    def judged(self) -> int:
        """How many the engine did not abstain on."""
        return self.count - self.abstained

    @property
    def mean_p(self) -> float | None:
        return self.p_sum / self.judged if self.judged else None

    @property
    def complaint_share(self) -> Share:
        return Share(self.complaints, self.judged)

    @property
    def abstained_share(self) -> Share:
        return Share(self.abstained, self.count)

    def add(self, row: "Row") -> None:
        self.count += row.count
        self.languages[row.language] += row.count
        if row.abstained:
            self.abstained += row.count
            return
        self.complaints += row.count if row.is_complaint else 0
        self.p_sum += row.p_sum
        self.bins[min(max(row.bin, 0), BINS - 1)] += row.count


@dataclass(frozen=True)
class Row:
    """Readings of one day that are alike."""

    day: date
    language: str
    abstained: bool
    is_complaint: bool
    bin: int
    count: int
    p_sum: float


@dataclass(frozen=True)
class Week:
    """One week, and how far it is from the time before the period."""

    bucket: Bucket
    part: Part
    index: float | None

    @property
    def verdict(self) -> str:
        return drift.verdict(self.index)


@dataclass(frozen=True)
class Drift:
    """The weeks of a period against the same length of time before it."""

    weeks: list[Week]
    now: Part
    before: Part
    reference: Period
    index: float | None  # of the probabilities of complaint
    languages: float | None  # of the mix of languages


@dataclass(frozen=True)
class Version:
    """What one version of the engine made: readings in force, and on how many of them somebody corrected it."""

    version: str
    count: int
    mean_p: float | None
    complaints: Share
    corrected: Share


def _readings(viewer: User, period: Period) -> QuerySet[Reading]:
    rows = Reading.objects.filter(scope(viewer), within("message__created_at", period))
    return rows.exclude(engine=FAILED).order_by()


def _judgements(viewer: User, period: Period) -> dict[tuple[int, str], tuple[bool, str]]:
    """By message and field whether people say something else than the engine said, and its version of now."""
    rows = ReadingCorrection.objects.filter(
        scope(viewer, "message__conversation"), within("message__created_at", period), undone_at=None
    )
    found = rows.order_by("id").values_list("message_id", "field", "was", "becomes", "message__reading__version")
    return {(pk, name): (was != becomes, version or "") for pk, name, was, becomes, version in found}


def agreement(viewer: User, period: Period) -> list[Agreement]:
    """Per field, those corrected most often first. A reading counts as seen once a person has answered after it, or
    has judged it."""
    judged = _judgements(viewer, period)
    answers = Message.objects.filter(
        conversation_id=OuterRef("conversation_id"),
        direction=Message.Direction.OUT,
        author__isnull=False,
        created_at__gte=OuterRef("message__created_at"),
    )
    touched = {pk for pk, _ in judged}
    seen = _readings(viewer, period).filter(Exists(answers) | Q(message_id__in=touched)).count()
    found = []
    for name in FIELDS:
        said = [differs for (_, one), (differs, _) in judged.items() if one == name]
        found.append(Agreement(name, Share(sum(said), max(seen, len(said))), Share(len(said) - sum(said), len(said))))
    return sorted(found, key=lambda row: -row.corrected.count)


def _rows(viewer: User, period: Period) -> Iterable[Row]:
    """One SQL statement, however many messages."""
    rows = _readings(viewer, period).annotate(
        day=TruncDate("message__created_at", tzinfo=period.zone),
        bin=Cast(Floor(F("complaint_p") * BINS), IntegerField()),
    )
    names = ("day", "language", "abstained", "is_complaint", "bin")
    return [Row(**row) for row in rows.values(*names).annotate(count=Count("pk"), p_sum=Sum("complaint_p"))]


def reference_for(period: Period) -> Period:
    """As many days again, right before the period."""
    length = period.last - period.first
    return Period(period.first - timedelta(days=1) - length, period.first - timedelta(days=1), period.zone)


def drifting(viewer: User, period: Period) -> Drift:
    """Week by week: mean probability of complaint, complaints, abstentions and languages, against the time before."""
    reference = reference_for(period)
    before, now = Part(), Part()
    for row in _rows(viewer, reference):
        before.add(row)
    buckets = rules.buckets(period, "week")
    parts: defaultdict[Bucket, Part] = defaultdict(Part)
    for row in _rows(viewer, period):
        home = next(bucket for bucket in buckets if bucket.first <= row.day <= bucket.last)
        parts[home].add(row)
        now.add(row)
    weeks = [Week(one, parts[one], drift.stability_index(before.bins, parts[one].bins)) for one in buckets]
    index = drift.stability_index(before.bins, now.bins)
    return Drift(weeks, now, before, reference, index, drift.mix_index(before.languages, now.languages))


def versions(viewer: User, period: Period) -> list[Version]:
    """Per version of the engine, the one with the most readings first."""
    judgements = _judgements(viewer, period).items()
    wrong = Counter({pk: made for (pk, _), (differs, made) in judgements if differs}.values())
    judged = Q(abstained=False)
    rows = (
        _readings(viewer, period)
        .values("version")
        .annotate(
            count=Count("pk"),
            read=Count("pk", filter=judged),
            complaints=Count("pk", filter=judged & Q(is_complaint=True)),
            mean_p=Avg("complaint_p", filter=judged),
        )
    )
    found = [
        Version(
            row["version"],
            row["count"],
            row["mean_p"],
            Share(row["complaints"], row["read"]),
            Share(min(wrong[row["version"]], row["count"]), row["count"]),
        )
        for row in rows
    ]
    return sorted(found, key=lambda version: -version.count)


def labels(viewer: User, period: Period, name: str) -> list[tuple[str, str]]:
    """(text, label) of every message in the viewer's teams of which somebody judged this field, for `learn`."""
    here = scope(viewer, "message__conversation") & within("message__created_at", period)
    return [(row.text, str(row.label)) for row in corrected_messages(name, here)]
