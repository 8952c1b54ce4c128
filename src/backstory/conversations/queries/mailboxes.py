"""Reading mailboxes: who may see which, and how each one is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from backstory.conversations.models import Delivery, Grant, Mailbox, MailboxTest, ProviderCall, RawMessage
from backstory.kernel import clock
from backstory.kernel.errors import NotFound
from backstory.kernel.ids import digest
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission

_ON_THE_WAY = [Delivery.State.WAITING, Delivery.State.SENDING, Delivery.State.DEFERRED]


@dataclass(frozen=True, slots=True)
class Health:
    """How one mailbox is: when the last letter came, how many wait to be read, how many wait to leave."""

    mailbox: Mailbox
    last_letter_at: datetime | None
    unread: int
    quarantined: int
    leaving: int


def fetched_mailboxes() -> QuerySet[Mailbox]:
    """The mailboxes whose letters the desk fetches by IMAP."""
    fetched = [Mailbox.Incoming.IMAP, Mailbox.Incoming.GRANT]
    return Mailbox.objects.filter(is_active=True, incoming__in=fetched).exclude(imap_host="")


def manageable_mailboxes(viewer: User) -> QuerySet[Mailbox]:
    """The mailboxes whose settings the viewer may see: of their teams, or all."""
    rows = Mailbox.objects.select_related("team").order_by("name", "id")
    if policy.sees_all_teams(viewer, Permission.SEE_MAILBOXES):
        return rows
    return (
        rows.filter(team_id__in=policy.team_ids(viewer))
        if policy.can(viewer, Permission.SEE_MAILBOXES)
        else rows.none()
    )


def working_mailboxes(viewer: User) -> QuerySet[Mailbox]:
    """The mailboxes whose conversations the viewer may see, archived ones left out."""
    rows = Mailbox.objects.select_related("team").filter(archived_at=None).order_by("id")
    if policy.sees_all_teams(viewer, Permission.VIEW_CONVERSATIONS):
        return rows
    return rows.filter(team_id__in=policy.team_ids(viewer))


def get_mailbox(viewer: User, pk: int) -> Mailbox:
    """Raises NotFound for a mailbox whose settings the viewer may not see."""
    found = manageable_mailboxes(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such mailbox.")
    return found


def health(mailboxes: QuerySet[Mailbox]) -> list[Health]:
    """How each of them is, in one query."""
    originals = RawMessage.objects.filter(mailbox=OuterRef("pk")).order_by()
    leaving = Delivery.objects.filter(message__conversation__mailbox=OuterRef("pk"), state__in=_ON_THE_WAY)
    rows = mailboxes.annotate(
        last_letter_at=Subquery(originals.values("mailbox").annotate(last=Max("created_at")).values("last")),
        unread=_count(originals.filter(state=RawMessage.State.RECEIVED), "mailbox"),
        quarantined=_count(originals.filter(state=RawMessage.State.QUARANTINED), "mailbox"),
        leaving=_count(leaving.order_by(), "message__conversation__mailbox"),
    )
    return [Health(each, each.last_letter_at, each.unread, each.quarantined, each.leaving) for each in rows]


def _count(rows: QuerySet[Any], by: str) -> Coalesce:
    counted = rows.values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def latest_test(mailbox: Mailbox) -> MailboxTest | None:
    return mailbox.tests.order_by("-id").first()


def grant_of(mailbox: Mailbox) -> Grant | None:
    return Grant.objects.filter(mailbox=mailbox).first()


def grant_by_state(secret: str) -> Grant | None:
    """The grant whose answer this is; None for a forged, used or outdated one."""
    asked = Grant.objects.select_related("mailbox").filter(state=Grant.State.ASKED, state_digest=digest(secret))
    return asked.filter(asked_at__gt=clock.ahead(minutes=-30)).first() if secret else None


def due_calls(moment: datetime, limit: int = 200) -> list[int]:
    """Calls of providers that wait to be understood, oldest first."""
    waiting = ProviderCall.objects.filter(state=ProviderCall.State.RECEIVED).exclude(next_attempt_at__gt=moment)
    return list(waiting.order_by("id").values_list("pk", flat=True)[:limit])


def lost_tests(moment: datetime) -> list[int]:
    """Tests whose wake-up or worker was lost."""
    old = MailboxTest.objects.exclude(state=MailboxTest.State.DONE).filter(created_at__lt=moment)
    return list(old.exclude(claimed_at__gt=moment).values_list("pk", flat=True))


def unredeemed_grants(moment: datetime) -> list[int]:
    """Consents whose wake-up was lost."""
    answered = Grant.objects.filter(state=Grant.State.ANSWERED).exclude(claimed_at__gt=moment)
    return list(answered.values_list("pk", flat=True))


def delivery_of_provider(mailbox: Mailbox, number: str, provider_id: str) -> Delivery | None:
    """The letter of this mailbox that a provider speaks of: by our own number, else by theirs."""
    own = Delivery.objects.select_related("message__conversation").filter(message__conversation__mailbox=mailbox)
    if number.isascii() and number.isdigit() and len(number) < 19:
        return own.filter(pk=int(number)).first()
    return own.filter(provider_id=provider_id[:255]).first() if provider_id else None
