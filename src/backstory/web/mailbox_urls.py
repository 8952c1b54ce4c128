"""The addresses of the settings of mailboxes, part of the workspace's own (`web:mailboxes`)."""

from django.urls import path

from backstory.web.views import mailbox_manner, mailbox_ways, mailboxes

urlpatterns = [
    path("settings/mailboxes/", mailboxes.mailboxes, name="mailboxes"),
    path("settings/mailboxes/add/", mailboxes.add, name="mailbox_add"),
    path("settings/mailboxes/consent/", mailbox_ways.consent_answer, name="mailbox_consent"),
    path("settings/mailboxes/<int:pk>/", mailboxes.settings_of, name="mailbox_settings"),
    path("settings/mailboxes/<int:pk>/rename/", mailboxes.rename, name="mailbox_rename"),
    path("settings/mailboxes/<int:pk>/state/", mailboxes.change_state, name="mailbox_state"),
    path("settings/mailboxes/<int:pk>/test/", mailboxes.test, name="mailbox_test"),
    path("settings/mailboxes/<int:pk>/incoming/", mailbox_ways.incoming, name="mailbox_incoming"),
    path("settings/mailboxes/<int:pk>/outgoing/", mailbox_ways.outgoing, name="mailbox_outgoing"),
    path("settings/mailboxes/<int:pk>/consent/", mailbox_ways.consent, name="mailbox_ask_consent"),
    path("settings/mailboxes/<int:pk>/renew/", mailbox_ways.renew, name="mailbox_renew"),
    path("settings/mailboxes/<int:pk>/letters/", mailbox_manner.manner, name="mailbox_manner"),
]
