"""What customers answer afterwards: satisfaction, recommendation or effort, each with its interval and response rate.

Surveys count in the period in which they were sent. The first question about a complaint counts; one after a second
attempt is counted apart, by what came of that attempt.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.db.models.functions import TruncDate

from backstory.cases.models import PlaybookVersion
from backstory.cases.playbooks.words import say
from backstory.cases.queries import plan_of
from backstory.conversations.models import Channel
from backstory.insight import rules
from backstory.insight.queries import NO_CAUSE, scope, within
from backstory.insight.rules import Period, Step
from backstory.measures.surveys import SCALES, Kind, SurveyResult, result
from backstory.people.models import User
from backstory.recovery.models import SecondRecovery, Survey

HERE = "complaint__conversation"
OTHER_PLAYBOOKS = "Other playbooks"
FIRST_ROUND = 1
Counts = dict[str, dict[int | None, int]]


@dataclass(frozen=True)
class Line:
    """One group with its figure; `first` and `last` are the days of a period, else None."""

    name: str
    result: SurveyResult
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Second:
    """Second attempts begun in the period, by what came of them."""

    begun: int
    under_way: int
    recovered: int
    not_recovered: int
    unknown: int


@dataclass(frozen=True)
class Answers:
    """Everything the page shows of one kind of question."""

    kind: Kind
    asked_of: dict[Kind, int]
    whole: SurveyResult
    scores: list[tuple[int, int]]
    teams: list[Line]
    causes: list[Line]
    channels: list[Line]
    playbooks: list[Line]
    periods: list[Line]
    second: Second


def asked_of(viewer: User, period: Period) -> dict[Kind, int]:
    """How many were asked each question."""
    rows = Survey.objects.filter(scope(viewer, HERE) & within("sent_at", period), round=FIRST_ROUND)
    counted = dict(rows.order_by().values_list("kind").annotate(count=Count("pk")))
    return {kind: counted.get(kind.value, 0) for kind in Kind}


def answers(viewer: User, period: Period, step: Step, kind: Kind | None = None) -> Answers:
    """The answers to one kind of question, by default the one that was asked most, in ten SQL statements."""
    asked = asked_of(viewer, period)
    chosen = kind or max(Kind, key=lambda each: asked[each])
    counts = {name: _counts(viewer, period, chosen, field) for name, field in FIELDS.items()}
    channels = {str(value): str(label) for value, label in Channel.choices}
    whole = _merged(counts["teams"].values())
    return Answers(
        kind=chosen,
        asked_of=asked,
        whole=_result(chosen, whole),
        scores=[(score, whole.get(score, 0)) for score in SCALES[chosen]],
        teams=_lines(chosen, counts["teams"]),
        causes=_lines(chosen, _named(counts["causes"], {"": NO_CAUSE})),
        channels=_lines(chosen, _named(counts["channels"], channels)),
        playbooks=_lines(chosen, _named(counts["playbooks"], _playbook_names(counts["playbooks"]))),
        periods=_periods(viewer, period, step, chosen),
        second=second(viewer, period),
    )


FIELDS = {
    "teams": f"{HERE}__team__name",
    "causes": "complaint__cause__name",
    "channels": f"{HERE}__channel",
    "playbooks": "complaint__playbook__version__playbook__slug",
}


def _counts(viewer: User, period: Period, kind: Kind, field: str) -> Counts:
    rows = Survey.objects.filter(scope(viewer, HERE) & within("sent_at", period), kind=kind.value, round=FIRST_ROUND)
    found: Counts = defaultdict(dict)
    for name, score, count in rows.order_by().values_list(field, "score").annotate(count=Count("pk")):
        found[name or ""][score] = count
    return found


def _merged(parts: Iterable[dict[int | None, int]]) -> dict[int | None, int]:
    whole: dict[int | None, int] = defaultdict(int)
    for part in parts:
        for score, count in part.items():
            whole[score] += count
    return whole


def _named(counts: Counts, names: dict[str, str]) -> Counts:
    """The groups under the names that people know; those that share one are counted together."""
    parts: dict[str, list[dict[int | None, int]]] = defaultdict(list)
    for key, scores in counts.items():
        parts[names.get(key, key)].append(scores)
    return {name: _merged(found) for name, found in parts.items()}


def _playbook_names(counts: Counts) -> dict[str, str]:
    """Playbooks by their English name. One whose very name says something sensitive stands among the others."""
    rows = PlaybookVersion.objects.filter(playbook__slug__in=[slug for slug in counts if slug])
    plans = {row.playbook.slug: plan_of(row) for row in rows.select_related("playbook").order_by("number")}
    known = {slug: OTHER_PLAYBOOKS if plan.is_sensitive else say(plan.name, "en") for slug, plan in plans.items()}
    return {"": OTHER_PLAYBOOKS, **known}


def _result(kind: Kind, scores: dict[int | None, int]) -> SurveyResult:
    given = {score: count for score, count in scores.items() if score is not None}
    return result(kind, sum(scores.values()), given)


def _lines(kind: Kind, counts: Counts) -> list[Line]:
    """The most answered first."""
    found = [Line(name, _result(kind, scores)) for name, scores in counts.items()]
    return sorted(found, key=lambda line: (-line.result.answered, -line.result.asked, line.name))


def _periods(viewer: User, period: Period, step: Step, kind: Kind) -> list[Line]:
    rows = Survey.objects.filter(scope(viewer, HERE) & within("sent_at", period), kind=kind.value, round=FIRST_ROUND)
    days = rows.order_by().values_list(TruncDate("sent_at", tzinfo=period.zone), "score").annotate(count=Count("pk"))
    counted = list(days)
    found = []
    for bucket in rules.buckets(period, step):
        inside = [{score: count} for day, score, count in counted if bucket.first <= day <= bucket.last]
        found.append(Line("", _result(kind, _merged(inside)), bucket.first, bucket.last))
    return found


def second(viewer: User, period: Period) -> Second:
    """What came of the second attempts that began in the period."""
    rows = SecondRecovery.objects.filter(scope(viewer, HERE) & within("created_at", period))
    counted: dict[tuple[str, str], int] = {
        (state, outcome): count
        for state, outcome, count in rows.order_by().values_list("state", "outcome").annotate(count=Count("pk"))
    }
    done = {outcome: counted.get((SecondRecovery.State.DONE, outcome), 0) for outcome in SecondRecovery.Outcome.values}
    under_way = sum(count for (state, _), count in counted.items() if state == SecondRecovery.State.OPEN)
    return Second(sum(counted.values()), under_way, done["recovered"], done["not_recovered"], done["unknown"])
