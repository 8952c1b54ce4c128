"""The page of early warning, entered through its door."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from backstory.cases.models import Cause
from backstory.improvement.models import Problem
from backstory.insight.models import Alarm
from backstory.kernel import clock

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)


@pytest.fixture
def bob(cast: Any) -> Client:
    client = Client()
    client.force_login(cast.bob)
    return client


@pytest.fixture
def alarm(cast: Any, write: Any) -> Alarm:
    with clock.travel(NOW):
        write("Charged twice.")
    figures = {"observed": 12, "expected": 3.4, "p": 1e-5, "dispersion": 1.6, "days": 7}
    days = {"raised_on": date(2026, 3, 17), "since": date(2026, 3, 12)}
    return Alarm.objects.create(team=cast.care, cause=Cause.objects.get(slug="billing"), **figures, **days)


def test_a_lead_reads_what_rises_in_words_and_opens_a_problem_of_it(bob: Client, alarm: Alarm) -> None:
    with clock.travel(NOW):
        page = bob.get("/insight/rising/").content.decode()
        assert "<strong>12 complaints</strong> in 7 days" in page
        assert "3.5 times the usual" in page
        assert '<span class="rail-count">1' in page
        answer = bob.post(f"/insight/rising/{alarm.pk}/problem/")
    problem = Problem.objects.get()
    assert answer.headers["Location"] == f"/problems/{problem.pk}/"
    after = bob.get("/insight/rising/").content.decode()
    assert "Rising: Billing" in after
    assert '<span class="rail-count">' not in after


def test_a_false_alarm_is_kept_with_its_reason(bob: Client, alarm: Alarm) -> None:
    bob.post(f"/insight/rising/{alarm.pk}/", {"state": "false", "note": "=One letter sent twelve times"})
    assert "One letter sent twelve times" in bob.get("/insight/rising/").content.decode()
    table = bob.get("/insight/rising.csv").content.decode()
    assert "2026-03-17,Customer care,Billing,,2026-03-12,7,12,3.4,1e-05,1.6,false" in table


def test_a_young_desk_is_told_that_it_is_too_early(bob: Client) -> None:
    assert "Too early to tell" in bob.get("/insight/rising/").content.decode()
