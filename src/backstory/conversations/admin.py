"""Mailboxes and what arrived, in Django's administration."""

from django import forms
from django.contrib import admin

from backstory.conversations.models import Delivery, Mailbox, RawMessage, ServiceLetter
from backstory.kernel.secret import seal
from backstory.live.admin import ReadOnly, Recorded
from backstory.people.rules import normalise_email


class MailboxForm(forms.ModelForm[Mailbox]):
    imap_password = forms.CharField(
        required=False,
        widget=forms.PasswordInput,
        help_text="Kept encrypted. Leave empty to keep the one that is stored.",
    )

    class Meta:
        model = Mailbox
        fields = [
            "name",
            "address",
            "sender_name",
            "team",
            "is_active",
            "imap_host",
            "imap_port",
            "imap_security",
            "imap_user",
            "imap_password",
            "imap_folder",
        ]

    def clean_address(self) -> str:
        address = normalise_email(self.cleaned_data["address"])
        if "+" in address.partition("@")[0]:
            raise forms.ValidationError("An address with + is used for answers; choose the plain one.")
        return address

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("imap_password"):
            self.instance.imap_password_sealed = seal(self.cleaned_data["imap_password"])


@admin.register(Mailbox)
class MailboxAdmin(Recorded):
    form = MailboxForm
    list_display = ["name", "address", "team", "is_active", "last_error"]
    readonly_fields = ["last_error"]


@admin.register(RawMessage)
class RawMessageAdmin(ReadOnly):
    list_display = ["created_at", "channel", "mailbox", "state", "reason", "size"]
    list_filter = ["state", "channel", "mailbox"]
    search_fields = ["sha256"]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    list_display = ["created_at", "kind", "state", "attempts", "next_attempt_at", "last_error"]
    list_filter = ["state", "kind"]
    exclude = ["path"]


@admin.register(ServiceLetter)
class ServiceLetterAdmin(ReadOnly):
    """Where the letters are, never what they say: they hold secret links."""

    list_display = ["created_at", "to", "subject", "state", "attempts", "next_attempt_at", "last_error"]
    list_filter = ["state"]
    exclude = ["path"]
