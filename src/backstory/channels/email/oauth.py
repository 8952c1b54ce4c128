"""Access tokens for mailboxes at Google, Microsoft and others (OAuth 2.0: RFC 6749, PKCE: RFC 7636), by Authlib.

A person consents in a browser; the code that comes back is redeemed here, in a worker, and the tokens are renewed when
they end. Whoever has claimed the grant asks the service; everybody else waits for what it brings.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import requests
import structlog
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings
from django.urls import reverse

from backstory.conversations import actions
from backstory.conversations.models import Grant, Mailbox
from backstory.kernel import clock
from backstory.kernel.errors import BackstoryError
from backstory.kernel.secret import unseal

log = structlog.get_logger(__name__)

TIMEOUT = 20  # seconds for one answer of the service
ENDS_SOON = timedelta(seconds=90)
LONGEST_WAIT = 40.0  # seconds for another process to bring a token
_LOOK_EVERY = 0.1
_SHORTEST_LIFE, _USUAL_LIFE = 60, 3600  # seconds, of a token whose answer does not say
_PASSING = {"temporarily_unavailable", "server_error", "slow_down"}
"""Errors after which the same question may be asked again (RFC 6749, sections 4.1.2.1 and 5.2)."""


class NoConsent(BackstoryError):
    """A person has to consent, again or for the first time; says so in words."""


class ServiceAway(BackstoryError):
    """The service could not be asked just now; a later try may mend it."""


def redirect_uri() -> str:
    """The address that has to be registered at the service."""
    return f"{settings.BASE_URL}{reverse('web:mailbox_consent')}"


def authorization_url(question: actions.Question) -> str:
    """Where the person's browser goes to be asked."""
    grant = question.grant
    extra = {"access_type": "offline", "prompt": "consent"} if grant.service == "google" else {"prompt": "consent"}
    url, _ = _session(grant).create_authorization_url(
        grant.authorize_url,
        state=question.state,
        code_verifier=question.verifier,
        scope=grant.scope,
        login_hint=grant.mailbox.imap_user or grant.mailbox.address,
        **extra,
    )
    return str(url)


def redeem(grant_id: int) -> None:
    """Turn the code that a consent brought into tokens; done twice it is done once."""
    grant = actions.claim_grant(grant_id)
    if grant is None:
        return
    if grant.state != Grant.State.ANSWERED:
        actions.release_grant(grant)
        return
    try:
        with _session(grant) as session:
            token = session.fetch_token(
                grant.token_url,
                grant_type="authorization_code",
                code=unseal(grant.code_sealed),
                code_verifier=unseal(grant.verifier_sealed),
                redirect_uri=redirect_uri(),
            )
        _keep(grant, token)
    except (NoConsent, OAuthError) as error:
        actions.refuse_grant(grant, _words(error))
    except Exception as error:  # the code serves once: a person has to ask again
        log.warning("a consent could not be redeemed", grant_id=grant.pk, error=type(error).__name__)
        actions.refuse_grant(grant, f"The service could not be asked ({type(error).__name__}). Give the consent again.")


def access_token(mailbox: Mailbox, *, other_than: str = "") -> str:
    """A token that opens the mailbox, renewed where it ends soon or is the one that was refused (`other_than`).

    Raises NoConsent where a person has to act, and ServiceAway.
    """
    until = time.monotonic() + LONGEST_WAIT
    while True:
        grant = Grant.objects.filter(mailbox=mailbox).first()
        known = _good(grant, other_than)
        if known:
            return known
        if grant is None or grant.state == Grant.State.REFUSED or not grant.refresh_token_sealed:
            raise NoConsent(_missing(grant))
        claimed = actions.claim_grant(grant.pk)
        if claimed is not None:
            return _renewed(claimed, other_than)
        if time.monotonic() > until:
            raise ServiceAway("Another process has been asking the service for a token for too long.")
        time.sleep(_LOOK_EVERY)


def _good(grant: Grant | None, other_than: str) -> str:
    if grant is None or not grant.access_token_sealed or grant.expires_at is None:
        return ""
    if grant.expires_at <= clock.now() + ENDS_SOON:
        return ""
    token = unseal(grant.access_token_sealed)
    return "" if token == other_than else token


def _renewed(grant: Grant, other_than: str) -> str:
    """A new token for whoever has claimed the grant. Somebody may have been quicker just before."""
    known = _good(grant, other_than)
    if known:
        actions.release_grant(grant)
        return known
    try:
        with _session(grant) as session:
            token = session.refresh_token(grant.token_url, refresh_token=unseal(grant.refresh_token_sealed))
        return _keep(grant, token)
    except OAuthError as error:
        if error.error in _PASSING:
            actions.release_grant(grant)
            raise ServiceAway(_words(error)) from None
        actions.refuse_grant(grant, _words(error))
        raise NoConsent(_words(error)) from None
    except NoConsent as error:
        actions.refuse_grant(grant, str(error))
        raise
    except (requests.RequestException, ValueError) as error:
        actions.release_grant(grant)
        raise ServiceAway(f"The service that gives tokens does not answer ({type(error).__name__}).") from None
    except BaseException:
        actions.release_grant(grant)
        raise


def _keep(grant: Grant, token: Mapping[str, Any]) -> str:
    """Store what the service gave and answer the access token. Raises NoConsent where it lets nobody in later."""
    access, refresh = str(token.get("access_token") or ""), str(token.get("refresh_token") or "")
    if not access:
        raise NoConsent("The service gave no token.")
    if not refresh and not grant.refresh_token_sealed:
        raise NoConsent(
            "The service gave no lasting permission (refresh token). Take the desk out of the account's connected "
            "apps, then give the consent again."
        )
    actions.keep_tokens(grant, access, refresh, _end(token))
    return access


def _end(token: Mapping[str, Any]) -> datetime:
    try:
        seconds = int(token.get("expires_in") or _USUAL_LIFE)
    except (TypeError, ValueError):
        seconds = _USUAL_LIFE
    return clock.ahead(seconds=max(seconds, _SHORTEST_LIFE))


def _session(grant: Grant) -> OAuth2Session:
    secret = unseal(grant.client_secret_sealed)
    return OAuth2Session(
        grant.client_id,
        secret or None,
        token_endpoint_auth_method="client_secret_post" if secret else "none",
        redirect_uri=redirect_uri(),
        code_challenge_method="S256",
        default_timeout=TIMEOUT,
    )


def _missing(grant: Grant | None) -> str:
    if grant is not None and grant.error:
        return grant.error
    return "Nobody has consented yet that the desk may use this mailbox."


def _words(error: Exception) -> str:
    """The service's own reason, never what was sent to it."""
    if isinstance(error, OAuthError):
        described = " ".join(str(error.description or "").split())[:300]
        reason = f"{error.error}: {described}" if described else str(error.error)
        return f"The service wants a new consent ({reason})."
    return str(error)
