"""The addresses the desk answers under: how their letters come in and go out, and how they look."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from backstory.conversations import queries
from backstory.conversations.models import Grant, Mailbox
from backstory.conversations.services import SERVICES
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput
from backstory.kernel.secret import seal
from backstory.live.actions import record
from backstory.people import policy
from backstory.people.models import Team, User
from backstory.people.policy import Permission
from backstory.people.rules import is_email, normalise_email

HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9.:-]*[a-z0-9])?", re.IGNORECASE)
FROM_NOW_ON = -1
"""As the last UID: letters that lie in a remote folder before the desk first opens it are left alone."""
SECURITIES = ("tls", "starttls", "none")


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and who logs in there. An empty password keeps the one that is stored."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""


def _checked_address(address: str) -> str:
    wanted = normalise_email(address)
    if not is_email(wanted) or "+" in wanted.partition("@")[0]:
        raise InvalidInput(f"“{address}” cannot be a mailbox address.", "address")
    return wanted


@transaction.atomic
def add_mailbox(name: str, address: str, team: Team, sender_name: str = "") -> Mailbox:
    """A new mailbox, or the one that already has this address; raises InvalidInput for a bad address."""
    wanted = _checked_address(address)
    defaults = {"name": name, "team": team, "sender_name": sender_name or name}
    mailbox, created = Mailbox.objects.get_or_create(address=wanted, defaults=defaults)
    if created:
        record("mailbox.added", subject=("mailbox", mailbox.pk), team_id=team.pk, address=wanted)
    return mailbox


@transaction.atomic
def create_mailbox(viewer: User, name: str, address: str, team_id: int) -> Mailbox:
    """A new mailbox that is not switched on yet: first it has to be connected."""
    policy.require(viewer, Permission.MANAGE_MAILBOXES)
    wanted = _checked_address(address)
    if not name.strip():
        raise InvalidInput("Give the mailbox a name.", "name")
    team = Team.objects.filter(pk=team_id).first()
    if team is None:
        raise InvalidInput("Choose the team that answers these letters.", "team")
    if Mailbox.objects.filter(address=wanted).exists():
        raise InvalidInput(f"There is already a mailbox {wanted}.", "address")
    short = name.strip()[:100]
    mailbox = Mailbox.objects.create(name=short, address=wanted, sender_name=short, team=team, is_active=False)
    _tell("added", mailbox, viewer, address=wanted)
    return mailbox


def _locked(viewer: User, pk: int, permission: Permission = Permission.MANAGE_MAILBOXES) -> Mailbox:
    """A mailbox that the viewer may change, theirs alone for the rest of the transaction."""
    seen = queries.get_mailbox(viewer, pk)
    policy.require(viewer, permission, seen.team_id)
    return Mailbox.objects.select_for_update(of=("self",)).select_related("team").get(pk=pk)


def _tell(what: str, mailbox: Mailbox, viewer: User | None, **data: Any) -> None:
    record(f"mailbox.{what}", actor=viewer, team_id=mailbox.team_id, subject=("mailbox", mailbox.pk), **data)


@transaction.atomic
def rename_mailbox(viewer: User, pk: int, name: str, team_id: int) -> Mailbox:
    """Another name, or another team: new letters go there, conversations stay with whom they are."""
    mailbox = _locked(viewer, pk)
    team = Team.objects.filter(pk=team_id).first()
    if team is None:
        raise InvalidInput("Choose the team that answers these letters.", "team")
    if not name.strip():
        raise InvalidInput("Give the mailbox a name.", "name")
    mailbox.name, mailbox.team = name.strip()[:100], team
    mailbox.save(update_fields=["name", "team"])
    _tell("changed", mailbox, viewer)
    return mailbox


@transaction.atomic
def set_incoming(
    viewer: User,
    pk: int,
    incoming: str,
    server: Server | None = None,
    *,
    folder: str = "INBOX",
    old_letters: bool = False,
) -> Mailbox:
    """How letters come in. `server` is where they are fetched; it is kept when another way is chosen. `old_letters`:
    also those that lie in its folder already."""
    mailbox = _locked(viewer, pk)
    if incoming not in Mailbox.Incoming.values:
        raise InvalidInput("Choose how letters come in.", "incoming")
    before = (mailbox.imap_host, mailbox.imap_port, mailbox.imap_user, mailbox.imap_folder)
    if server is not None:
        _keep_server(mailbox, "imap", server, needs_password=incoming == Mailbox.Incoming.IMAP)
        mailbox.imap_folder = folder.strip()[:255] or "INBOX"
    if incoming == Mailbox.Incoming.GRANT and before[0] != mailbox.imap_host:
        forget_tokens_unless_known(mailbox, mailbox.imap_host)
    if before != (mailbox.imap_host, mailbox.imap_port, mailbox.imap_user, mailbox.imap_folder):
        mailbox.imap_uidvalidity, mailbox.imap_last_uid = None, 0 if old_letters else FROM_NOW_ON
    mailbox.incoming, mailbox.last_error, mailbox.last_error_at = incoming, "", None
    mailbox.save()
    _tell("changed", mailbox, viewer)
    return mailbox


@transaction.atomic
def set_outgoing(viewer: User, pk: int, outgoing: str, server: Server | None = None) -> Mailbox:
    """How letters go out. `server` is the mailbox's own; it is kept when another way is chosen."""
    mailbox = _locked(viewer, pk)
    if outgoing not in Mailbox.Outgoing.values:
        raise InvalidInput("Choose how letters go out.", "outgoing")
    before = (mailbox.outgoing, mailbox.smtp_host)
    if server is not None:
        _keep_server(mailbox, "smtp", server, needs_password=False)
    mailbox.outgoing = outgoing
    if outgoing == Mailbox.Outgoing.GRANT and before != (outgoing, mailbox.smtp_host):
        forget_tokens_unless_known(mailbox, mailbox.smtp_host)
    mailbox.save()
    _tell("changed", mailbox, viewer)
    return mailbox


def forget_tokens_unless_known(mailbox: Mailbox, host: str) -> None:
    """A consent was given for certain servers: for another one that is not the service's own it is asked for anew."""
    grant = queries.grant_of(mailbox)
    if grant is None:
        return
    service = SERVICES.get(grant.service)
    if service is None or host not in (service.imap_host, service.smtp_host):
        gone = {"access_token_sealed": "", "refresh_token_sealed": "", "expires_at": None}
        Grant.objects.filter(pk=grant.pk).update(**gone, state=Grant.State.NONE, error="")


def _keep_server(mailbox: Mailbox, kind: str, server: Server, *, needs_password: bool) -> None:
    """A stored password goes to the server and user it was given for and to no other."""
    host, user = server.host.strip().lower(), server.user.strip()[:255]
    if not HOST.fullmatch(host):
        raise InvalidInput("That is not the name of a server, such as imap.example.com.", f"{kind}_host")
    if not 0 < server.port < 65536:
        raise InvalidInput("A port is a number from 1 to 65535.", f"{kind}_port")
    if server.security not in SECURITIES:
        raise InvalidInput("Choose how the connection is secured.", f"{kind}_security")
    if needs_password and not user:
        raise InvalidInput("Who logs in at the server? Mostly it is the address itself.", f"{kind}_user")
    same = (getattr(mailbox, f"{kind}_host"), getattr(mailbox, f"{kind}_user")) == (host, user)
    stored = getattr(mailbox, f"{kind}_password_sealed") if same else ""
    if needs_password and not stored and not server.password:
        raise InvalidInput(
            "Enter the password: for another server or user the stored one is not used.", f"{kind}_password"
        )
    setattr(mailbox, f"{kind}_host", host)
    setattr(mailbox, f"{kind}_port", server.port)
    setattr(mailbox, f"{kind}_security", server.security)
    setattr(mailbox, f"{kind}_user", user)
    setattr(mailbox, f"{kind}_password_sealed", seal(server.password) if server.password else stored)


@transaction.atomic
def set_provider(viewer: User, pk: int, provider: str, keys: Mapping[str, str]) -> Mailbox:
    """The mail provider that calls the desk or sends for it, with all its keys; they are sealed."""
    mailbox = _locked(viewer, pk)
    mailbox.provider, mailbox.provider_settings_sealed = provider, seal(json.dumps(dict(keys)))
    mailbox.save(update_fields=["provider", "provider_settings_sealed"])
    _tell("changed", mailbox, viewer)
    return mailbox


@transaction.atomic
def renew_webhook(viewer: User, pk: int) -> Mailbox:
    """A new address for the provider; the old one ends at once."""
    mailbox = _locked(viewer, pk)
    mailbox.webhook_version += 1
    mailbox.save(update_fields=["webhook_version"])
    _tell("webhook_renewed", mailbox, viewer)
    return mailbox


@transaction.atomic
def pause_mailbox(viewer: User, pk: int) -> Mailbox:
    """Take no letters for now: senders are asked to try again later. Replies still leave."""
    mailbox = _locked(viewer, pk)
    mailbox.is_active = False
    mailbox.save(update_fields=["is_active"])
    _tell("paused", mailbox, viewer)
    return mailbox


@transaction.atomic
def resume_mailbox(viewer: User, pk: int) -> Mailbox:
    """Take letters again, or for the first time; brings an archived mailbox back."""
    mailbox = _locked(viewer, pk)
    missing = missing_to_start(mailbox)
    if missing:
        raise Conflict(missing)
    mailbox.is_active, mailbox.archived_at = True, None
    mailbox.save(update_fields=["is_active", "archived_at"])
    _tell("resumed", mailbox, viewer)
    return mailbox


@transaction.atomic
def archive_mailbox(viewer: User, pk: int) -> Mailbox:
    """For good: letters are refused, conversations stay and can be answered. Nothing is deleted."""
    mailbox = _locked(viewer, pk)
    mailbox.is_active, mailbox.archived_at = False, clock.now()
    mailbox.save(update_fields=["is_active", "archived_at"])
    _tell("archived", mailbox, viewer)
    return mailbox


def missing_to_start(mailbox: Mailbox) -> str:
    """What has to be done before letters can come in, in words; empty when nothing has."""
    if mailbox.incoming == Mailbox.Incoming.IMAP and not mailbox.imap_host:
        return "First say where letters are fetched."
    if mailbox.incoming == Mailbox.Incoming.WEBHOOK and not mailbox.provider:
        return "First choose the provider that calls the desk."
    if mailbox.incoming == Mailbox.Incoming.GRANT:
        grant = queries.grant_of(mailbox)
        if grant is None or not grant.refresh_token_sealed:
            return "First give the consent that letters may be fetched."
    return ""


def note_imap_position(mailbox_id: int, uidvalidity: int, last_uid: int) -> None:
    """How far a remote mailbox has been fetched: every message up to this UID is stored here."""
    Mailbox.objects.filter(pk=mailbox_id).update(imap_uidvalidity=uidvalidity, imap_last_uid=last_uid, last_error="")


def note_mailbox_error(mailbox_id: int, error: str) -> None:
    """Why letters do not come in, for the administrator to read; empty when all is well."""
    news = Mailbox.objects.filter(pk=mailbox_id).exclude(last_error=error[:2000])
    news.update(last_error=error[:2000], last_error_at=clock.now() if error else None)
