"""Addresses of what customers are told."""

from django.urls import path

from backstory.web.views import updates

urlpatterns = [
    path("updates/", updates.updates, name="updates"),
    path("updates/manner/", updates.manner, name="update_manner"),
    path("updates/<int:pk>/", updates.update, name="update"),
    path("updates/<int:pk>/decide/", updates.decide, name="decide_update"),
    path("complaints/<int:pk>/updates/", updates.plan, name="plan_update"),
    path("complaints/<int:pk>/updates/switch/", updates.switch, name="switch_updates"),
    path("complaints/<int:pk>/links/revoke/", updates.revoke_links, name="revoke_links"),
]
