"""Consent to use a mailbox elsewhere (OAuth 2.0): asked for, given, redeemed, renewed, refused.

Tokens are sealed like every secret. Only the process that has claimed a grant may write its tokens, so that two that
refresh at once do not spend the same refresh token: services that rotate them would take that for theft.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q, QuerySet

from backstory.conversations import queries
from backstory.conversations.actions.mailboxes import Server, set_incoming, set_outgoing
from backstory.conversations.models import Grant, Mailbox
from backstory.conversations.services import SERVICES
from backstory.kernel import clock
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.kernel.ids import digest, token
from backstory.kernel.secret import seal
from backstory.live.actions import record
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission

CLAIM_LASTS = timedelta(seconds=90)
LOOPBACK = ("localhost", "127.0.0.1", "::1")
State = Grant.State


@dataclass(frozen=True, slots=True)
class Client:
    """How the desk is known at a service: what its administrator registered there. An empty secret keeps the stored
    one."""

    service: str
    client_id: str
    client_secret: str
    authorize_url: str
    token_url: str
    scope: str


@dataclass(frozen=True, slots=True)
class Question:
    """What goes to the service with the question for consent: both are secrets of this one question."""

    grant: Grant
    state: str
    verifier: str


@transaction.atomic
def set_client(
    viewer: User, pk: int, client: Client, imap: Server, *, smtp: Server | None, old_letters: bool = False
) -> Grant:
    """Fetch a mailbox by consent, and send by it where `smtp` is given. Who changes where tokens come from starts over:
    stored secrets go to the service they were given for and to no other."""
    mailbox = set_incoming(viewer, pk, Mailbox.Incoming.GRANT, imap, old_letters=old_letters)
    if smtp is not None:
        set_outgoing(viewer, pk, Mailbox.Outgoing.GRANT, smtp)
    _check(client)
    grant = Grant.objects.select_for_update().filter(mailbox=mailbox).first() or Grant(mailbox=mailbox)
    place = (client.authorize_url, client.token_url, client.client_id)
    if (grant.authorize_url, grant.token_url, grant.client_id) != place:
        grant.client_secret_sealed = grant.access_token_sealed = grant.refresh_token_sealed = ""
        grant.expires_at, grant.state, grant.error = None, State.NONE, ""
    if client.client_secret:
        grant.client_secret_sealed = seal(client.client_secret)
    grant.service, grant.scope = client.service, client.scope
    grant.authorize_url, grant.token_url, grant.client_id = place
    grant.save()
    return grant


def _check(client: Client) -> None:
    if client.service not in SERVICES:
        raise InvalidInput("Choose the service.", "service")
    if not client.client_id:
        raise InvalidInput("Enter the client ID that the service gave you.", "client_id")
    for field, url in (("authorize_url", client.authorize_url), ("token_url", client.token_url)):
        parts = urlsplit(url)
        if not parts.hostname or (
            parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK)
        ):
            raise InvalidInput("An address that begins with https:// is needed.", field)


@transaction.atomic
def ask_consent(viewer: User, pk: int) -> Question:
    """Begin the question (RFC 6749, section 4.1, with PKCE): the answer counts once, for half an hour, from whoever
    asked."""
    mailbox = queries.get_mailbox(viewer, pk)
    policy.require(viewer, Permission.MANAGE_MAILBOXES)
    grant = Grant.objects.select_for_update().filter(mailbox=mailbox).first()
    if grant is None:
        raise InvalidInput("First choose the service and enter the client ID.", "client_id")
    question = Question(grant, token(40), token(64))
    grant.state_digest, grant.verifier_sealed = digest(question.state), seal(question.verifier)
    grant.state, grant.asked_by, grant.asked_at = State.ASKED, viewer, clock.now()
    grant.save(update_fields=["state_digest", "verifier_sealed", "state", "asked_by", "asked_at"])
    _tell("asked", grant, viewer)
    return question


@transaction.atomic
def answer_consent(viewer: User, state: str, code: str, refusal: str = "") -> Grant:
    """The service has sent the person back, with a code or with a refusal. Raises NotFound for an answer to no question
    of this person's."""
    policy.require(viewer, Permission.MANAGE_MAILBOXES)
    grant = queries.grant_by_state(state)
    if grant is None or grant.asked_by_id != viewer.pk:
        raise NotFound("This consent was not asked for here, or too long ago. Ask again.")
    grant.state_digest = ""
    if refusal or not code:
        grant.state, grant.error = State.REFUSED, refusal[:500] or "The service sent no answer."
        grant.verifier_sealed = ""
    else:
        grant.state, grant.code_sealed, grant.error = State.ANSWERED, seal(code), ""
    grant.save(update_fields=["state_digest", "verifier_sealed", "state", "code_sealed", "error"])
    _tell("answered" if grant.state == State.ANSWERED else "refused", grant, viewer)
    return grant


def claim_grant(grant_id: int) -> Grant | None:
    """The grant for whoever fetches tokens with it, None while somebody else does."""
    moment = clock.now()
    free = Grant.objects.filter(Q(claimed_at=None) | Q(claimed_at__lt=moment - CLAIM_LASTS), pk=grant_id)
    if not free.update(claimed_at=moment):
        return None
    return Grant.objects.select_related("mailbox").get(pk=grant_id)


@transaction.atomic
def keep_tokens(grant: Grant, access_token: str, refresh_token: str, expires_at: datetime) -> None:
    """What the service gave; an empty `refresh_token` leaves the present one in force."""
    fields = {
        "access_token_sealed": seal(access_token),
        "expires_at": expires_at,
        "state": State.GRANTED,
        "error": "",
        "code_sealed": "",
        "verifier_sealed": "",
        "claimed_at": None,
    }
    if refresh_token:
        fields["refresh_token_sealed"] = seal(refresh_token)
    if _mine(grant).update(**fields) and grant.state != State.GRANTED:
        _tell("granted", grant, None)


@transaction.atomic
def refuse_grant(grant: Grant, words: str) -> None:
    """The service wants a new consent: only a person can give it."""
    gone = {"access_token_sealed": "", "code_sealed": "", "verifier_sealed": "", "expires_at": None, "claimed_at": None}
    if _mine(grant).update(state=State.REFUSED, error=words[:500], **gone):
        _tell("refused", grant, None)


def release_grant(grant: Grant) -> None:
    """Nothing came of it this time; somebody may try again."""
    _mine(grant).update(claimed_at=None)


def _mine(grant: Grant) -> QuerySet[Grant]:
    return Grant.objects.filter(pk=grant.pk, claimed_at=grant.claimed_at)


def _tell(what: str, grant: Grant, viewer: User | None) -> None:
    record(f"grant.{what}", actor=viewer, team_id=grant.mailbox.team_id, subject=("grant", grant.pk))
