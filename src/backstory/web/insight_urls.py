"""The addresses of insight, part of the workspace's own (`web:insight`, `web:insight_csv`)."""

from django.urls import path

from backstory.web.views import insight, reading_quality

urlpatterns = [
    path("insight/", insight.insight, name="insight"),
    path("insight/<slug:table>.csv", insight.insight_csv, name="insight_csv"),
    path("readings/", reading_quality.quality, name="readings"),
    path("readings/<slug:table>.csv", reading_quality.quality_csv, name="readings_csv"),
    path("readings/again/<slug:step>/", reading_quality.reread, name="reread"),
]
