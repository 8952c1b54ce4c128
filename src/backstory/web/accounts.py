"""How people log in, and the letters about it."""

from email.utils import formataddr
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from backstory.conversations.queries import desk_sender
from backstory.live.actions import record
from backstory.people.models import User


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up at a complaint desk: administrators add people."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Say nothing on logging in and out: the page one lands on says it."""

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        messages.success(request, _("The password was changed."))
        return reverse("web:profile")

    def set_password(self, user: User, password: str) -> None:
        """Whoever has just chosen a password need not wait because of guesses at the old one."""
        super().set_password(user, password)
        record("user.password_set", actor=user, subject=("user", user.pk))
        self._delete_login_attempts_cached_email(self.request, email=user.email)

    def get_from_email(self) -> str:
        """A mailbox of the desk: mail servers know that its letters come from here."""
        mailbox = desk_sender()
        return formataddr((mailbox.sender_name, mailbox.address)) if mailbox else settings.DEFAULT_FROM_EMAIL

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link at the desk's own address, whatever host name the request claimed to be for."""
        path = urlsplit(super().get_reset_password_from_key_url(key)).path
        return f"{settings.BASE_URL}{path}"

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """To the address as we know it, not as it was typed: some letters look alike to a database only."""
        named = {**context, "addressee": user.name}  # `user` is whoever looks at the page
        super().send_password_reset_mail(user, user.email, named)
