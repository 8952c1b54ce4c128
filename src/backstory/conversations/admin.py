"""Keys to sign with, what arrived and what leaves, in Django's administration; mailboxes have pages of their own."""

from django import forms
from django.contrib import admin

from backstory.conversations.actions import make_dkim_key
from backstory.conversations.models import Delivery, DkimKey, RawMessage, ServiceLetter
from backstory.kernel.errors import InvalidInput
from backstory.live.admin import ReadOnly, Recorded


class DkimKeyForm(forms.ModelForm[DkimKey]):
    class Meta:
        model = DkimKey
        fields = ["domain", "selector", "is_active"]
        help_texts = {
            "selector": "Another selector makes a new key; publish its record before you switch it on.",
            "is_active": "Sign this domain's letters. First its record must stand in the DNS: ask backstory doctor.",
        }

    def clean(self) -> None:
        super().clean()
        if not self.errors and (self.instance.pk is None or "selector" in self.changed_data):
            try:
                made = make_dkim_key(self.cleaned_data["domain"], self.cleaned_data["selector"])
            except InvalidInput as error:
                raise forms.ValidationError(str(error)) from None
            self.instance = made
            self.cleaned_data["is_active"] = False


@admin.register(DkimKey)
class DkimKeyAdmin(Recorded):
    """Keys to sign letters with; what has to stand in the DNS is shown, the private half never."""

    form = DkimKeyForm
    list_display = ["domain", "selector", "is_active"]
    readonly_fields = ["name", "record"]

    @admin.display(description="Name of the TXT record")
    def name(self, key: DkimKey) -> str:
        return str(key) if key.pk else "shown when the key is made"

    @admin.display(description="Its text")
    def record(self, key: DkimKey) -> str:
        return key.record if key.pk else ""


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
