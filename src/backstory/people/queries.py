"""Reading people."""

from collections.abc import Iterable

from django.db.models import QuerySet

from backstory.kernel.ids import digest
from backstory.people.models import ApiToken, Customer, Identity, Team, User


def all_log_in(addresses: Iterable[str]) -> bool:
    """Whether each of the addresses, of which there must be one, belongs to an active log-in."""
    wanted = set(addresses)
    known = User.objects.filter(email__in=wanted, is_active=True).values_list("email", flat=True)
    return bool(wanted) and wanted == set(known)


def user_by_token(secret: str) -> User | None:
    """The active user behind an API token, or None for one that is unknown or revoked."""
    token = ApiToken.objects.select_related("user").filter(digest=digest(secret), revoked_at=None).first()
    return token.user if token and token.user.is_active else None


def tokens(user: User) -> QuerySet[ApiToken]:
    return user.api_tokens.filter(revoked_at=None).order_by("-created_at")


def email_of(customer: Customer) -> str:
    """The customer's first e-mail address, or an empty text."""
    found = customer.identities.filter(kind=Identity.Kind.EMAIL).order_by("id").values_list("value", flat=True)
    return found.first() or ""


def colleagues(team: Team) -> QuerySet[User]:
    """The active users of a team, by name: those a conversation can be given to."""
    return User.objects.filter(memberships__team=team, is_active=True).order_by("name")
