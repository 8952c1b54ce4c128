"""The addresses of early warning, money and the silent majority, all tabs within insight."""

from django.urls import path

from backstory.web.views import alarms

urlpatterns = [
    path("insight/rising/", alarms.early_warning, name="alarms"),
    path("insight/rising.csv", alarms.alarms_csv, name="alarms_csv"),
    path("insight/rising/<int:pk>/", alarms.decide, name="decide_alarm"),
    path("insight/rising/<int:pk>/problem/", alarms.open_problem, name="alarm_problem"),
]
