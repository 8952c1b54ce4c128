"""Limits of authority in Django's administration."""

from django.contrib import admin

from backstory.live.admin import Recorded
from backstory.recovery.models import AuthorityLimit


@admin.register(AuthorityLimit)
class AuthorityLimitAdmin(Recorded):
    list_display = ["role", "currency", "amount"]
