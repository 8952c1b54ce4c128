"""Every write about people."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from backstory.kernel.clock import now
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.kernel.ids import digest, token
from backstory.live.actions import record
from backstory.people import policy
from backstory.people.models import AddressTrouble, ApiToken, Customer, Identity, Membership, Role, Team, User
from backstory.people.policy import Permission
from backstory.people.rules import is_email, name_from_address, normalise_email


@transaction.atomic
def add_user(
    email: str,
    name: str,
    password: str,
    role: str = Role.AGENT,
    teams: tuple[Team, ...] = (),
    *,
    check_password: bool = True,
) -> User:
    """A new log-in; raises InvalidInput for a bad or taken address, an unknown role or a weak password."""
    address = normalise_email(email)
    if not is_email(address):
        raise InvalidInput(f"“{email}” is not an e-mail address.", "email")
    if role not in Role.values:
        raise InvalidInput(f"“{role}” is not a role: choose from {', '.join(Role.values)}.", "role")
    if User.objects.filter(email__iexact=address).exists():
        raise InvalidInput(f"{address} already has a log-in.", "email")
    user = User(email=address, name=name.strip() or name_from_address(address), role=role)
    user.is_staff = user.is_superuser = role == Role.ADMINISTRATOR
    if check_password:
        _check_password(password, user)
    user.set_password(password)
    user.save()
    for team in teams:
        join_team(user, team)
    record("user.added", subject=("user", user.pk), name=user.name, role=role)
    return user


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), "password") from None


def add_team(name: str) -> Team:
    """The team of that name, made if it is new."""
    team, _ = Team.objects.get_or_create(name=name.strip())
    return team


def join_team(user: User, team: Team) -> None:
    Membership.objects.get_or_create(user=user, team=team)
    user.__dict__.pop("_team_ids", None)


@transaction.atomic
def update_profile(viewer: User, *, name: str, signature: str, quote_replies: str = "") -> None:
    """Change one's own name and signature, and whether one's replies quote: yes, no, or "" as the mailbox does."""
    if not name.strip():
        raise InvalidInput("A name is needed: customers see it.", "name")
    viewer.name, viewer.signature = name.strip()[:200], signature.strip()[:2000]
    viewer.quote_replies = quote_replies if quote_replies in ("yes", "no") else ""
    viewer.save(update_fields=["name", "signature", "quote_replies"])
    record("user.profile_changed", actor=viewer, subject=("user", viewer.pk))


def customer_for(kind: str, value: str, name: str = "") -> Customer:
    """The customer known by this address, made if new; safe when two processes ask at once."""
    address = normalise_email(value) if kind == Identity.Kind.EMAIL else value.strip()
    identity = Identity.objects.select_related("customer").filter(kind=kind, value=address).first()
    if identity is None:
        identity = _new_identity(kind, address, name)
    customer = identity.customer
    if name.strip() and not customer.name:
        customer.name = name.strip()[:200]
        customer.save(update_fields=["name"])
    return customer


def _new_identity(kind: str, address: str, name: str) -> Identity:
    shown = name.strip() or (name_from_address(address) if kind == Identity.Kind.EMAIL else address)
    try:
        with transaction.atomic():
            customer = Customer.objects.create(name=shown[:200])
            return Identity.objects.create(customer=customer, kind=kind, value=address)
    except IntegrityError:  # somebody else has just made the same one
        return Identity.objects.select_related("customer").get(kind=kind, value=address)


def set_language(customer_id: int, language: str) -> None:
    """Remember the language a customer last wrote in (ISO 639-1)."""
    Customer.objects.filter(pk=customer_id).exclude(language=language).update(language=language[:8])


def note_trouble(address: str, kind: str, reason: str) -> bool:
    """Remember why letters to an address are in vain or unwanted; whether that is news."""
    value = normalise_email(address)[:320]
    _, is_new = AddressTrouble.objects.update_or_create(value=value, kind=kind, defaults={"reason": reason[:300]})
    return is_new


def clear_undeliverable(address: str) -> bool:
    """A letter has come from the address, so it works; whether it was thought not to."""
    value = normalise_email(address)
    gone, _ = AddressTrouble.objects.filter(value=value, kind=AddressTrouble.Kind.UNDELIVERABLE).delete()
    return bool(gone)


@transaction.atomic
def clear_troubles(viewer: User, address: str) -> None:
    """A person says that letters to the address are fine again."""
    policy.require(viewer, Permission.REPLY)
    gone, _ = AddressTrouble.objects.filter(value=normalise_email(address)).delete()
    if gone:
        record("address.cleared", actor=viewer)


@transaction.atomic
def decline_surveys(customer_id: int) -> None:
    """A customer wants to be asked no more after a complaint; said twice it is said once."""
    customer = Customer.objects.select_for_update().get(pk=customer_id)
    if customer.surveys_declined_at is None:
        customer.surveys_declined_at = now()
        customer.save(update_fields=["surveys_declined_at"])
        record("surveys.declined", actor=customer, subject=("customer", customer.pk))


@transaction.atomic
def issue_token(viewer: User, name: str) -> str:
    """A new API token for oneself, returned this once: only its digest is kept."""
    if not name.strip():
        raise InvalidInput("Give the token a name that says where it is used.", "name")
    secret = "bsy_" + token(40)
    row = ApiToken.objects.create(user=viewer, name=name.strip()[:100], digest=digest(secret))
    record("token.issued", actor=viewer, subject=("token", row.pk), name=row.name)
    return secret


@transaction.atomic
def revoke_token(viewer: User, token_id: int) -> None:
    row = ApiToken.objects.filter(pk=token_id, user=viewer, revoked_at=None).first()
    if row is None:
        raise NotFound("You have no such token.")
    row.revoked_at = now()
    row.save(update_fields=["revoked_at"])
    record("token.revoked", actor=viewer, subject=("token", row.pk), name=row.name)


def touch_token(secret: str) -> None:
    """Remember that a token was used, at most once a minute so that reading stays reading."""
    moment = now()
    fresh = moment.replace(second=0, microsecond=0)
    ApiToken.objects.filter(digest=digest(secret)).exclude(last_used_at__gte=fresh).update(last_used_at=moment)
