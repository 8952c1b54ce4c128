"""What is known of people before many are written to. Never shown: only what follows from it is."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import TypeVar

from django.db.models import Q

from backstory.cases.models import Complaint, Reading, SensitiveReading
from backstory.cases.queries import latest_readings
from backstory.conversations.models import Conversation
from backstory.improvement.models import Campaign, NewsDeclined, Recipient
from backstory.improvement.rules.recipients import ANGRY, Standing
from backstory.kernel import clock
from backstory.people.models import AddressTrouble, Identity
from backstory.people.queries import troubles

AT_ONCE = 400
ANGER_LASTS = timedelta(days=30)
T = TypeVar("T")
Person = tuple[int | None, str]
"""A customer's id, None for somebody not known yet, and the address to write to, possibly empty."""


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))


def standings(campaign: Campaign, people: Sequence[Person]) -> dict[Person, Standing]:
    """For each person what decides whether they are written to; a handful of statements for each 400."""
    found: dict[Person, Standing] = {}
    for batch in _batches(people):
        found |= _of(campaign, batch)
    return found


def _of(campaign: Campaign, people: Sequence[Person]) -> dict[Person, Standing]:
    ids = {pk for pk, _ in people if pk is not None}
    addresses = {address for _, address in people if address}
    wrong = {address: {row.kind for row in rows} for address, rows in troubles(addresses).items()}
    declined = set(NewsDeclined.objects.filter(customer__in=ids).values_list("customer_id", flat=True))
    told_ids, told_addresses = _told(campaign, ids, addresses)
    unsettled = _unsettled(ids)
    return {
        (pk, address): Standing(
            has_address=bool(address),
            declined=pk in declined,
            undeliverable=AddressTrouble.Kind.UNDELIVERABLE in wrong.get(address, ()),
            unwanted=AddressTrouble.Kind.UNWANTED in wrong.get(address, ()),
            told=pk in told_ids or address in told_addresses,
            has_open_complaint=pk in unsettled["open"],
            is_angry=pk in unsettled["angry"],
            needs_care=pk in unsettled["care"],
        )
        for pk, address in people
    }


def _told(campaign: Campaign, ids: Collection[int], addresses: Collection[str]) -> tuple[set[int | None], set[str]]:
    """Who had the same kind of news of the same problem from another campaign, or this one."""
    rows = Recipient.objects.filter(
        Q(customer__in=ids) | Q(address__in=addresses),
        campaign__problem=campaign.problem_id,
        campaign__kind=campaign.kind,
        state=Recipient.State.SENT,
    )
    pairs = list(rows.values_list("customer_id", "address"))
    return {pk for pk, _ in pairs if pk is not None}, {address for _, address in pairs if address}


def _unsettled(ids: Collection[int]) -> dict[str, set[int]]:
    """Of these customers: who has an open complaint, who is angry now, with whom a person had better speak."""
    found: dict[str, set[int]] = defaultdict(set)
    open_now = Complaint.objects.filter(state=Complaint.State.OPEN, conversation__customer__in=ids)
    found["open"] = set(open_now.values_list("conversation__customer_id", flat=True))
    owners = dict(Conversation.objects.filter(customer__in=ids).values_list("pk", "customer_id"))
    recently = clock.now() - ANGER_LASTS
    for conversation_id, reading in latest_readings(owners).items():
        if reading.emotion == "anger" and reading.intensity >= ANGRY and reading.created_at >= recently:
            found["angry"].add(owners[conversation_id])
    found["care"] = _in_need_of_care(owners)
    return found


def _in_need_of_care(owners: dict[int, int]) -> set[int]:
    signs = SensitiveReading.objects.filter(message__conversation__in=owners)
    rows: Iterable[tuple[int, object]] = signs.values_list("message__conversation_id", "data__vulnerability")
    there = {pk for pk, seen in rows if seen}
    there |= set(Reading.objects.filter(conversation__in=owners, safety=True).values_list("conversation_id", flat=True))
    grave = Complaint.objects.filter(conversation__in=owners, severity__gte=4)
    there |= set(grave.values_list("conversation_id", flat=True))
    return {owners[pk] for pk in there}


def addresses_of(customer_ids: Collection[int]) -> dict[int, str]:
    """The first e-mail address of each customer who has one."""
    found: dict[int, str] = {}
    for batch in _batches(sorted(customer_ids)):
        rows = Identity.objects.filter(customer__in=batch, kind=Identity.Kind.EMAIL).order_by("-id")
        found |= dict(rows.values_list("customer_id", "value"))  # the oldest comes last and stays
    return found


def customers_of(addresses: Collection[str]) -> dict[str, int]:
    """Which customer is known by an address."""
    found: dict[str, int] = {}
    for batch in _batches(sorted(addresses)):
        rows = Identity.objects.filter(value__in=batch, kind=Identity.Kind.EMAIL)
        found |= dict(rows.values_list("value", "customer_id"))
    return found
