"""Reading people."""

from collections.abc import Iterable

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet

from backstory.kernel.errors import NotFound
from backstory.kernel.ids import digest
from backstory.kernel.text import storable
from backstory.people.models import AddressTrouble, ApiToken, Customer, CustomerMerge, Identity, Team, User
from backstory.people.rules import normalise_email


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


def troubles(addresses: Iterable[str]) -> dict[str, list[AddressTrouble]]:
    """What is wrong with letters to these addresses (normalised), by address; those without trouble are not there."""
    found: dict[str, list[AddressTrouble]] = {}
    for row in AddressTrouble.objects.filter(value__in={normalise_email(one) for one in addresses}).order_by("id"):
        found.setdefault(row.value, []).append(row)
    return found


def colleague(address: str) -> User | None:
    """The active log-in with this address. A header can claim any address: it is a hint, never a proof."""
    return User.objects.filter(email=normalise_email(address), is_active=True).first()


def email_of(customer: Customer) -> str:
    """The customer's first e-mail address, or an empty text."""
    found = customer.identities.filter(kind=Identity.Kind.EMAIL).order_by("id").values_list("value", flat=True)
    return found.first() or ""


def standing(customer: Customer) -> Customer:
    """The customer, or the one that they turned out to be."""
    while customer.merged_into is not None:
        customer = customer.merged_into
    return customer


def merges_of(customer: Customer) -> list[CustomerMerge]:
    """Who else a customer turned out to be, oldest first; what was taken back is left out."""
    rows = CustomerMerge.objects.filter(target=customer, undone_at=None)
    return list(rows.select_related("source", "user").order_by("id"))


def colleagues(team: Team) -> QuerySet[User]:
    """The active users of a team, by name: those a conversation can be given to."""
    return User.objects.filter(memberships__team=team, is_active=True).order_by("name")


_unsubscribing = signing.Signer(salt="backstory.unsubscribe")


def unsubscribe_link(customer: Customer) -> str:
    """The page where this customer can decline surveys: a capability, signed, that does nothing else."""
    return f"{settings.BASE_URL}/unsubscribe/{_unsubscribing.sign_object(customer.pk)}/"


def customer_by_unsubscribe_token(token: str) -> Customer:
    """Raises NotFound for a link that is forged or whose customer is gone."""
    try:
        pk = _unsubscribing.unsign_object(storable(token))
    except signing.BadSignature:
        pk = None
    found = Customer.objects.filter(pk=pk).first() if isinstance(pk, int) else None
    if found is None:
        raise NotFound("There is no such page.")
    return standing(found)


def teams() -> list[Team]:
    """All teams, by name."""
    return list(Team.objects.order_by("name"))
