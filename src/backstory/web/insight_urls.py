"""The addresses of insight, part of the workspace's own (`web:insight`, `web:insight_csv`)."""

from django.urls import path

from backstory.insight.reports.files import MAKERS
from backstory.web.views import insight, reading_quality, report_schedules, reports

urlpatterns = [
    path("insight/", insight.insight, name="insight"),
    path("insight/<slug:table>.csv", insight.insight_csv, name="insight_csv"),
    path("reports/", reports.reports, name="reports"),
    path("reports/rebuild/", reports.rebuild, name="reports_rebuild"),
    path("reports/schedules/", report_schedules.schedules, name="report_schedules"),
    path("reports/schedules/add/", report_schedules.add, name="report_schedule_add"),
    path("reports/schedules/<int:pk>/end/", report_schedules.end, name="report_schedule_end"),
    path("reports/<slug:report>/cases/", reports.report_cases, name="report_cases"),
    *(path(f"reports/<slug:report>.{form}", reports.report_file, {"form": form}, f"report_{form}") for form in MAKERS),
    path("readings/", reading_quality.quality, name="readings"),
    path("readings/<slug:table>.csv", reading_quality.quality_csv, name="readings_csv"),
    path("readings/again/<slug:step>/", reading_quality.reread, name="reread"),
]
