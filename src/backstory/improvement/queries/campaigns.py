"""Campaigns as their team sees them, whom they would reach, and which letters are due."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.db.models import Count, QuerySet

from backstory.cases.models import Complaint
from backstory.conversations.models import Conversation, Mailbox
from backstory.improvement.models import Campaign, CampaignText, NewsDeclined, Problem, ProblemComplaint, Recipient
from backstory.improvement.queries.problems import problems
from backstory.improvement.queries.standing import addresses_of, customers_of
from backstory.improvement.rules.recipients import fill, language_for
from backstory.kernel import clock
from backstory.kernel.errors import NotFound
from backstory.kernel.text import storable
from backstory.people import policy
from backstory.people.models import Customer, Team, User
from backstory.people.policy import Permission
from backstory.people.queries import standing

SHOWN = 500
_declining = signing.Signer(salt="backstory.improvement.news")


def campaigns(viewer: User) -> QuerySet[Campaign]:
    """The campaigns of the teams whose insight the viewer may see, newest first."""
    rows = Campaign.objects.select_related("problem", "team", "made_by", "approved_by").order_by("-id")
    rows = rows.filter(problem__in=problems(viewer))
    if policy.sees_all_teams(viewer, Permission.VIEW_INSIGHT):
        return rows
    return rows.filter(team__in=policy.team_ids(viewer))


def get_campaign(viewer: User, pk: int) -> Campaign:
    found = campaigns(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such campaign.")
    return found


def telling_teams(viewer: User, problem: Problem) -> list[Team]:
    """The teams in whose name the viewer may tell customers of the problem."""
    teams = Team.objects.filter(pk=problem.team_id) if problem.team_id else Team.objects.all()
    return [team for team in teams.order_by("name") if policy.can(viewer, Permission.TELL_CUSTOMERS, team.pk)]


def mailbox_of(team_id: int) -> Mailbox | None:
    """The mailbox in whose name a team writes to people without a thread."""
    rows = Mailbox.objects.filter(team=team_id, archived_at=None).order_by("-is_active", "id")
    return rows.first()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be told, once, however often and by whatever way they were found."""

    customer_id: int | None
    address: str
    name: str
    language: str
    complaint_id: int | None = None
    conversation_id: int | None = None


def candidates(campaign: Campaign) -> list[Candidate]:
    """Everybody who complained of the problem to the team, then the affected who did not, each person once."""
    found: dict[object, Candidate] = {}
    for one in (*_complained(campaign), *_silent(campaign), *_added(campaign)):
        key: object = one.customer_id if one.customer_id is not None else one.address
        found.setdefault(key, one)
    seen: set[str] = set()
    unique = []
    for one in found.values():
        if not one.address or one.address not in seen:
            unique.append(one)
            seen.add(one.address)
    return unique


def _complained(campaign: Campaign) -> Iterable[Candidate]:
    rows = Complaint.objects.filter(
        conversation__team=campaign.team_id,
        problem_links__problem=campaign.problem_id,
        problem_links__state=ProblemComplaint.State.LINKED,
    )
    fields = ("conversation__customer_id", "conversation__customer__name", "conversation__customer__language")
    values = list(
        rows.order_by("-received_at").values_list(*fields, "pk", "conversation_id", "conversation__merged_into_id")
    )
    addresses = addresses_of({row[0] for row in values})
    for pk, name, language, complaint, thread, merged in values:
        yield Candidate(pk, addresses.get(pk, ""), name, language, complaint, merged or thread)


def _silent(campaign: Campaign) -> Iterable[Candidate]:
    """Who wrote to the team in the days chosen."""
    if campaign.silent_from is None or campaign.silent_until is None:
        return
    zone = ZoneInfo(settings.DESK_TIME_ZONE)
    start = datetime.combine(campaign.silent_from, time(), zone)
    end = datetime.combine(campaign.silent_until + timedelta(days=1), time(), zone)
    rows = Conversation.objects.filter(
        team=campaign.team_id, merged_into=None, messages__direction="in",
        messages__created_at__gte=start, messages__created_at__lt=end,
    ).distinct()  # fmt: skip
    values = list(
        rows.order_by("-last_message_at", "-pk").values_list(
            "customer_id", "customer__name", "customer__language", "pk", "last_message_at"
        )
    )
    addresses = addresses_of({row[0] for row in values})
    for pk, name, language, thread, _ in values:
        yield Candidate(pk, addresses.get(pk, ""), name, language, conversation_id=thread)


def _added(campaign: Campaign) -> Iterable[Candidate]:
    rows = list(campaign.added.order_by("id").values_list("address", "name", "language"))
    known = customers_of({address for address, _, _ in rows})
    people = Customer.objects.in_bulk(set(known.values()))
    for address, name, language in rows:
        customer = people.get(known.get(address, 0))
        spoken = language or (customer.language if customer else "")
        yield Candidate(known.get(address), address, name or (customer.name if customer else ""), spoken)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter filled in for one person."""

    language: str
    subject: str
    text: str
    complained: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of a campaign's people are in which state, and why those left out are."""

    by_state: dict[str, int]
    reasons: list[tuple[str, int]]
    languages: list[tuple[str, int]]

    @property
    def total(self) -> int:
        """Who are to be told by letter, told or not yet."""
        return sum(self.by_state.get(state, 0) for state in ("chosen", "sent", "failed"))

    @property
    def done(self) -> int:
        return self.by_state.get("sent", 0) + self.by_state.get("failed", 0)


def progress(campaign: Campaign) -> Progress:
    rows = campaign.recipients.order_by()
    states = dict(rows.values_list("state").annotate(count=Count("pk")))
    why = rows.exclude(reason="").values_list("reason").annotate(count=Count("pk")).order_by("-count")
    labels = dict(Recipient.Reason.choices)
    spoken = Counter(language or "?" for language in rows.filter(state="chosen").values_list("language", flat=True))
    return Progress(states, [(str(labels[reason]), count) for reason, count in why], spoken.most_common())


def recipients(viewer: User, campaign: Campaign, state: str = "") -> list[Recipient]:
    """The people of a campaign that the viewer was given; names only for whoever sees the team's conversations."""
    rows = campaign.recipients.select_related("complaint", "message").order_by("state", "id")
    return list((rows.filter(state=state) if state else rows)[:SHOWN])


def sending() -> list[Campaign]:
    """Campaigns whose letters go out now."""
    return list(Campaign.objects.filter(state=Campaign.State.SENDING).order_by("id"))


def sent_since(campaign: Campaign, moment: datetime) -> int:
    return campaign.recipients.filter(state=Recipient.State.SENT, sent_at__gt=moment).count()


def next_recipients(campaign: Campaign, limit: int) -> list[int]:
    """Whose letter is due, in order."""
    rows = campaign.recipients.filter(state=Recipient.State.CHOSEN).order_by("id")
    return list(rows.values_list("pk", flat=True)[:limit])


def an_hour_ago() -> datetime:
    return clock.now() - timedelta(hours=1)


def letter_for(campaign: Campaign, row: Recipient, texts: Mapping[str, CampaignText]) -> Letter:
    """What one person reads, all but the way to decline, which only their own letter holds."""
    text = texts[language_for(row.language, sorted(texts), campaign.mailbox.language or "en")]
    number = row.complaint.number if row.complaint else ""
    subject = fill(text.subject, name=row.name, number=number)
    return Letter(text.language, subject, fill(text.text, name=row.name, number=number), bool(number))


def news_link(customer_id: int) -> str:
    """The page where this customer can decline letters unasked: a capability, signed, that does nothing else."""
    return f"{settings.BASE_URL}/unsubscribe/news/{_declining.sign_object(customer_id)}/"


def customer_by_news_token(token: str) -> Customer:
    """Raises NotFound for a link that is forged or whose customer is gone."""
    try:
        pk = _declining.unsign_object(storable(token))
    except signing.BadSignature:
        pk = None
    found = Customer.objects.filter(pk=pk).first() if isinstance(pk, int) else None
    if found is None:
        raise NotFound("There is no such page.")
    return standing(found)


def has_declined_news(customer: Customer) -> bool:
    return NewsDeclined.objects.filter(customer=customer).exists()
