"""Limits, what was granted within them, and who may decide about a request."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce

from backstory.cases.models import Complaint
from backstory.kernel import clock
from backstory.kernel.money import Money
from backstory.people import policy as people
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.recovery import policy
from backstory.recovery.models import Absence, AuthorityLimit, Remedy, SecondLook
from backstory.recovery.rules import authority
from backstory.recovery.rules.authority import Acting, Candidate, Grant, Limit, Person, Wish


@dataclass(frozen=True)
class Book:
    """Every limit, and the grants that count against them for some complaints and some people."""

    limits: list[Limit]
    second_looks: dict[str, Decimal]
    grants: list[Grant]

    def may_grant(self, user: User, wish: Wish) -> bool:
        return authority.may_grant(self.limits, person(user), wish, self.grants)

    def needs_two(self, wish: Wish) -> bool:
        threshold = self.second_looks.get(wish.money.currency)
        return authority.needs_two(threshold, wish, self.grants)

    def left(self, user: User, wish: Wish) -> Money | None:
        """The most that the user may still grant alone of this kind; None without any authority for it."""
        amount = authority.left(self.limits, person(user), wish, self.grants)
        return None if amount is None else Money(amount, wish.money.currency)


def person(user: User) -> Person:
    return Person(user.pk, user.role)


def wish_for(complaint: Complaint, kind: str, money: Money) -> Wish:
    return Wish(complaint.pk, complaint.conversation.team_id, kind, money, clock.now())


def wish_of(remedy: Remedy) -> Wish:
    return wish_for(remedy.complaint, remedy.kind, remedy.money)


def limit_rows(viewer: User) -> list[AuthorityLimit]:
    """Every limit, as the page shows them: by role, then the general before the special."""
    policy.require_editing_policy(viewer)
    rows = AuthorityLimit.objects.select_related("team")
    return list(rows.order_by("role", "currency", F("team__name").asc(nulls_first=True), "kind", "period"))


def limits() -> list[Limit]:
    rows = AuthorityLimit.objects.values_list("role", "currency", "amount", "team_id", "kind", "period")
    return [Limit(*row) for row in rows]


def second_looks() -> dict[str, Decimal]:
    """By currency the amount from which on two people decide."""
    return dict(SecondLook.objects.values_list("currency", "amount"))


def book(complaints: Iterable[int], people: Iterable[User]) -> Book:
    """What decides about authority on these complaints, for these people, now."""
    since = clock.now() - authority.LONGEST_WINDOW
    rows = Remedy.objects.filter(state=Remedy.State.GRANTED).exclude(answer=Remedy.Answer.DECLINED)
    rows = rows.annotate(whose=Coalesce("authority_of", "decided_by"))
    in_time = Q(whose__in=[each.pk for each in people], decided_at__gt=since)
    rows = rows.filter(Q(complaint__in=list(complaints)) | in_time)
    granted = rows.select_related("complaint__conversation", "decided_by", "authority_of")
    return Book(limits(), second_looks(), [_grant(row) for row in granted])


def _grant(remedy: Remedy) -> Grant:
    whose = remedy.authority_of or remedy.decided_by
    at = remedy.decided_at or remedy.created_at
    wish = Wish(remedy.complaint_id, remedy.complaint.conversation.team_id, remedy.kind, remedy.money, at)
    return Grant(Person(whose.pk, whose.role) if whose else Person(0, ""), wish, remedy.had_two)


def limit_for(viewer: User, currency: str, kind: str = "", team_id: int | None = None) -> Money | None:
    """The most that the viewer may grant alone on one complaint, None for nothing."""
    wish = Wish(0, team_id, kind, Money(Decimal(0), currency), clock.now())
    found = authority.fitting(limits(), viewer.role, wish, authority.COMPLAINT)
    return None if found is None else Money(found.amount, currency)


def absences_now(moment: datetime | None = None) -> list[Absence]:
    """Who is away at this moment."""
    at = moment or clock.now()
    rows = Absence.objects.filter(from_at__lte=at, until_at__gt=at, cancelled_at=None)
    return list(rows.select_related("user", "deputy").order_by("id"))


def absences(viewer: User) -> list[Absence]:
    """Absences now and to come: an administrator sees everybody's, others those of their teams."""
    rows = Absence.objects.filter(until_at__gt=clock.now(), cancelled_at=None).select_related("user", "deputy")
    if not people.can(viewer, Permission.ADMINISTER):
        rows = rows.filter(user__memberships__team_id__in=people.team_ids(viewer)).distinct()
    return list(rows.order_by("from_at", "id"))


def stood_in_for(viewer: User) -> list[User]:
    """Those who are away now and for whom the viewer decides meanwhile."""
    return [row.user for row in absences_now() if row.deputy_id == viewer.pk]


def candidates(remedy: Remedy) -> list[Candidate]:
    """Who may decide about a request, for `rules.authority.next_to_ask`; empty where nobody's limit covers it."""
    team = remedy.complaint.conversation.team_id
    team_members = list(User.objects.filter(memberships__team_id=team, is_active=True).distinct())
    with_right = [each for each in team_members if policy.has_right(each, remedy) and each.pk != remedy.offered_by_id]
    wish, ledger = wish_of(remedy), book([remedy.complaint_id], with_right)
    covering = [each for each in with_right if ledger.may_grant(each, wish)]
    asked = (with_right if ledger.needs_two(wish) else covering) if covering else []
    away = _away_without_deputy(remedy, {each.pk for each in team_members})
    waiting = _waiting_for(asked)
    return [Candidate(each.pk, _reach(ledger, each, wish), waiting[each.pk], each.pk in away) for each in asked]


def _reach(ledger: Book, user: User, wish: Wish) -> Decimal:
    found = authority.fitting(ledger.limits, user.role, wish, authority.COMPLAINT)
    return found.amount if found else Decimal(0)


def _away_without_deputy(remedy: Remedy, team: set[int]) -> set[int]:
    """Who is away and has nobody there to stand in for this request."""
    deputies: dict[int, set[int | None]] = {}
    for row in absences_now():
        deputies.setdefault(row.user_id, set()).add(row.deputy_id)
    here = {pk for pk in team if pk != remedy.offered_by_id}
    return {user for user, found in deputies.items() if not found & here}


def _waiting_for(people: Iterable[User]) -> Counter[int]:
    rows = Remedy.objects.filter(state=Remedy.State.REQUESTED, asked__in=[each.pk for each in people])
    return Counter(dict(rows.order_by().values_list("asked").annotate(count=Count("pk"))))


def first_of_two(remedy: Remedy) -> list[tuple[Acting, User]]:
    """The standing approvals of a request that is still undecided, with whose authority each used."""
    rows = remedy.approvals.filter(is_void=False).select_related("on_behalf_of").order_by("id")
    return [(Acting(row.approver_id, row.on_behalf_of_id), row.on_behalf_of) for row in rows]
