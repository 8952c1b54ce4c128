"""The addresses of early warning, money and the silent majority, all tabs within insight."""

from django.urls import path

from backstory.web.views import alarms, figures, money

urlpatterns = [
    path("insight/rising/", alarms.early_warning, name="alarms"),
    path("insight/rising.csv", alarms.alarms_csv, name="alarms_csv"),
    path("insight/rising/<int:pk>/", alarms.decide, name="decide_alarm"),
    path("insight/rising/<int:pk>/problem/", alarms.open_problem, name="alarm_problem"),
    path("insight/money/", money.money, name="money"),
    path("insight/money/levers/", money.levers, name="levers"),
    path("insight/money.csv", money.money_csv, name="money_csv"),
    path("insight/silent/", money.silent, name="silent"),
    path("insight/silent.csv", money.silent_csv, name="silent_csv"),
    path("insight/figures/<slug:key>/", figures.figure, name="figure"),
    path("insight/figures/<slug:key>/enter/", figures.enter, name="enter_figure"),
    path("insight/figures/<slug:key>/withdraw/", figures.withdraw, name="withdraw_figure"),
]
