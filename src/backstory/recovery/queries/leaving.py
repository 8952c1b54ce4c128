"""Customers who left: who, why as far as known, and who may have left without our noticing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet

from backstory.cases.models import Complaint, Reading
from backstory.conversations.models import Conversation, Mailbox
from backstory.conversations.queries import visible
from backstory.kernel import clock
from backstory.kernel.errors import NotFound
from backstory.kernel.text import storable
from backstory.people import policy
from backstory.people.models import Customer, User
from backstory.people.policy import Permission
from backstory.recovery import rules
from backstory.recovery.models import FollowUp, LostCustomer, Survey
from backstory.recovery.queries.links import NO_LINK

LOOK_BACK = timedelta(days=180)
QUIET = timedelta(days=14)
MOST_CANDIDATES = 30
State, Source = LostCustomer.State, LostCustomer.Source


def lost_customers(viewer: User) -> QuerySet[LostCustomer]:
    """Those whose conversation the viewer may see, the latest first."""
    rows = LostCustomer.objects.select_related("customer", "cause", "complaint", "team", "marked_by")
    return rows.filter(conversation__in=visible(viewer)).order_by("-created_at", "-id")


def get_lost(viewer: User, pk: int) -> LostCustomer:
    found = lost_customers(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such customer.")
    return found


def lost_of(customer: Customer) -> LostCustomer | None:
    return LostCustomer.objects.filter(customer=customer).first()


def lost_by_token(token: str) -> LostCustomer:
    """The question behind a link that we sent; NotFound for any other."""
    rows = LostCustomer.objects.select_related("customer", "conversation__mailbox")
    found = rows.filter(token=storable(token), asked_at__isnull=False).first()
    if found is None:
        raise NotFound(NO_LINK)
    return found


def lost_link(lost: LostCustomer) -> str:
    return f"{settings.BASE_URL}/goodbye/{lost.token}/"


def is_over(lost: LostCustomer) -> bool:
    """Whether the question went out so long ago that nobody answers it any more."""
    lasts = timedelta(days=settings.SURVEY_LASTS_DAYS)
    return lost.asked_at is not None and rules.is_expired(lost.asked_at, lasts, clock.now())


def due_lost(moment: datetime) -> list[int]:
    rows = LostCustomer.objects.filter(state=State.WAITING, ask_at__lte=moment)
    return list(rows.order_by("ask_at").values_list("pk", flat=True)[:500])


def leaving(lost: LostCustomer) -> rules.Leaving:
    """What decides whether somebody is asked why they left."""
    customer = lost.customer
    asked = Survey.objects.filter(complaint__conversation__customer=customer).aggregate(last=Max("sent_at"))["last"]
    still_open = Complaint.objects.filter(conversation__customer=customer, state=Complaint.State.OPEN)
    return rules.Leaving(
        is_waiting=lost.state == State.WAITING,
        ask_at=lost.ask_at,
        open_complaints=still_open.count(),
        declined=customer.surveys_declined_at is not None,
        last_asked_at=asked,
        rest=timedelta(days=settings.SURVEY_REST_DAYS),
    )


@dataclass(frozen=True)
class MayHaveLeft:
    """Somebody who may have left: by their own words, or by not answering when we came back."""

    conversation: Conversation
    source: str


def candidates(viewer: User) -> list[MayHaveLeft]:
    """Not yet marked, quiet for two weeks, and without an open complaint: those who said that they leave first."""
    since, quiet = clock.now() - LOOK_BACK, clock.now() - QUIET
    talks = visible(viewer).filter(last_message_at__lt=quiet, customer__lost=None, merged_into=None)
    talks = talks.exclude(complaint__state=Complaint.State.OPEN).select_related("customer", "complaint")
    stated = _stating(since)
    silent = FollowUp.objects.filter(state=FollowUp.State.NOT_REACHED, settled_at__gte=since)
    unreached = set(silent.values_list("complaint__conversation_id", flat=True))
    rows = talks.filter(pk__in=stated | unreached).order_by("-last_message_at")[:MOST_CANDIDATES]
    found = [MayHaveLeft(talk, Source.STATED if talk.pk in stated else Source.SILENT) for talk in rows]
    return sorted(found, key=lambda each: each.source != Source.STATED)


def _stating(since: datetime) -> set[int]:
    """Conversations in which the customer says that they leave, as the readings have it."""
    rows = Reading.objects.filter(created_at__gte=since, data__threats__churn__0__isnull=False)
    return set(rows.values_list("conversation_id", flat=True))


@dataclass(frozen=True)
class ByCause:
    """Lost customers of one cause: how many, how many of them were asked, and how many have answered."""

    cause: str
    lost: int
    asked: int
    answered: int


def lost_by_cause(rows: QuerySet[LostCustomer]) -> list[ByCause]:
    """The most lost first; "" for those whose cause nobody knows yet."""
    counted = (
        rows.order_by()
        .values_list("cause__name")
        .annotate(
            lost=Count("pk"),
            asked=Count("pk", filter=Q(asked_at__isnull=False)),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
        )
    )
    found = [ByCause(name or "", *numbers) for name, *numbers in counted]
    return sorted(found, key=lambda each: (-each.lost, each.cause))


def importing_mailboxes(viewer: User) -> list[Mailbox]:
    """From which mailboxes the viewer may have lost customers written to."""
    rows = Mailbox.objects.filter(archived_at=None).order_by("name")
    return [box for box in rows if policy.can(viewer, Permission.EDIT_MAILBOX_MANNER, box.team_id)]
