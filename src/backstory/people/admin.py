"""People in Django's administration."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.contrib.auth.models import Group
from django.http import HttpRequest

from backstory.live.admin import ReadOnly, Recorded
from backstory.people.models import ApiToken, Customer, Identity, Membership, Role, Team, User

admin.site.unregister(Group)  # roles and teams decide here, not Django's groups


class NewUserForm(BaseUserCreationForm[User]):
    class Meta:
        model = User
        fields = ("email", "name", "role")


class TeamsOfUser(admin.TabularInline[Membership, User]):
    model = Membership
    extra = 1


@admin.register(User)
class UserAdmin(Recorded, DjangoUserAdmin[User]):
    add_form = NewUserForm
    inlines = [TeamsOfUser]
    list_display = ["name", "email", "role", "is_active", "last_login"]
    list_filter = ["role", "is_active", "teams"]
    search_fields = ["name", "email"]
    ordering = ["name"]
    filter_horizontal = []
    fieldsets = (
        (None, {"fields": ("email", "name", "password", "role", "signature")}),
        ("Log-in", {"fields": ("is_active", "last_login")}),
    )
    readonly_fields = ("last_login",)
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "name", "role", "password1", "password2")}),)

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm[User], change: bool) -> None:
        """The role alone decides who may open this administration."""
        obj.is_staff = obj.is_superuser = obj.role == Role.ADMINISTRATOR
        super().save_model(request, obj, form, change)


@admin.register(Team)
class TeamAdmin(Recorded):
    list_display = ["name"]


class IdentitiesOfCustomer(admin.TabularInline[Identity, Customer]):
    model = Identity
    extra = 0
    can_delete = False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Customer)
class CustomerAdmin(ReadOnly):
    list_display = ["name", "language", "created_at"]
    search_fields = ["name", "identities__value"]
    inlines = [IdentitiesOfCustomer]


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnly):
    list_display = ["name", "user", "created_at", "last_used_at", "revoked_at"]
    exclude = ["digest"]
