"""Addresses that other machines call."""

from django.urls import path

from backstory.channels.email.webhooks import provider_call

urlpatterns = [path("hooks/mail/<int:pk>/<slug:key>/<slug:kind>/", provider_call, name="provider_call")]
