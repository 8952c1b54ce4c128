"""The addresses of insight, part of the workspace's own (`web:insight`, `web:insight_csv`)."""

from django.urls import path

from backstory.web.views import insight

urlpatterns = [
    path("insight/", insight.insight, name="insight"),
    path("insight/<slug:table>.csv", insight.insight_csv, name="insight_csv"),
]
