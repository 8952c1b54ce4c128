"""Reports by mail: to each what they may see, once, at their time, and to nobody who has left."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from backstory.cases.actions import open_complaint
from backstory.conversations.models import Message, ServiceLetter
from backstory.insight.actions import Wish, add_schedule, end_schedule, send_due_reports
from backstory.insight.models import ReportSchedule
from backstory.insight.rules import next_moment
from backstory.insight.warehouse import Snapshot
from backstory.kernel import clock, files
from backstory.kernel.errors import InvalidInput, NotAllowed, NotFound
from backstory.people.actions import add_user
from backstory.people.models import Role

Model = Callable[[], Snapshot]
Write = Callable[..., Message]
pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 3, 6, 12, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, 7, 1, tzinfo=UTC)


def wish(*recipients: Any, **fields: Any) -> Wish:
    usual: dict[str, Any] = {
        "report": "team", "form": "csv", "period": "4w", "against": "", "team_id": None, "every": "week",
        "weekday": 0, "hour": 7, "recipients": [user.pk for user in recipients],
    }  # fmt: skip
    return Wish(**{**usual, **fields})


@pytest.fixture
def scheduled(cast: Any, write: Write, model: Model, settings: Any) -> ReportSchedule:
    """Bob's report by team, each Monday at seven, to him and to Dana; a complaint in each of two teams."""
    settings.EMAIL_BACKEND = "backstory.channels.email.backend.QueuedBackend"
    with clock.travel(FRIDAY):
        open_complaint(cast.alice, write("Nobody came.").conversation_id)
        parts = write("Wrong part.", sender="tom@customer.example", subject="Part", mailbox=cast.parts_mailbox)
        open_complaint(cast.charlie, parts.conversation_id)
        schedule = add_schedule(cast.dana, wish(cast.bob, cast.dana))
    model()
    return schedule


def letters() -> dict[str, EmailMessage]:
    """What is on its way, by address."""
    return {letter.to[0]: message_from_bytes(files.get(letter.path)) for letter in ServiceLetter.objects.all()}


def attached(letter: Any) -> str:
    part = next(part for part in letter.walk() if part.get_filename())
    assert part.get_filename().startswith("backstory-team-")
    return str(part.get_payload(decode=True).decode("utf-8-sig"))


def test_each_recipient_gets_the_teams_they_may_see(cast: Any, scheduled: ReportSchedule) -> None:
    with clock.travel(MONDAY):
        assert send_due_reports() == 2
    found = letters()
    assert set(found) == {"bob@desk.example", "dana@desk.example"}
    assert "Spare parts" not in attached(found["bob@desk.example"])
    assert "Customer care" in attached(found["bob@desk.example"])
    assert "Spare parts" in attached(found["dana@desk.example"])
    assert found["bob@desk.example"]["Auto-Submitted"] == "auto-generated"


def test_a_report_goes_out_at_its_time_and_only_once(cast: Any, scheduled: ReportSchedule) -> None:
    with clock.travel(MONDAY - timedelta(hours=1)):
        assert send_due_reports() == 0
    with clock.travel(MONDAY):
        assert send_due_reports() == 2
        ReportSchedule.objects.update(next_at=scheduled.next_at)  # a worker died before it noted the next time
        assert send_due_reports() == 0
        assert send_due_reports() == 0
    with clock.travel(MONDAY + timedelta(days=7)):
        assert send_due_reports() == 2


def test_nothing_goes_to_whoever_has_left(cast: Any, scheduled: ReportSchedule) -> None:
    cast.bob.is_active = False
    cast.bob.save()
    with clock.travel(MONDAY):
        assert send_due_reports() == 1
    assert set(letters()) == {"dana@desk.example"}
    cast.dana.is_active = False
    cast.dana.save()
    with clock.travel(MONDAY + timedelta(days=7)):
        assert send_due_reports() == 0
    scheduled.refresh_from_db()
    assert scheduled.ended_at is not None


def test_a_recipient_who_lost_the_right_gets_nothing(cast: Any, scheduled: ReportSchedule) -> None:
    cast.bob.role = Role.AGENT
    cast.bob.save()
    with clock.travel(MONDAY):
        assert send_due_reports() == 1
    assert set(letters()) == {"dana@desk.example"}


def test_a_report_waits_for_its_figures(cast: Any, scheduled: ReportSchedule, settings: Any, tmp_path: Any) -> None:
    built, settings.WAREHOUSE_DIR = settings.WAREHOUSE_DIR, tmp_path / "gone"
    with clock.travel(MONDAY):
        assert send_due_reports() == 0
    settings.WAREHOUSE_DIR = built
    with clock.travel(MONDAY + timedelta(minutes=1)):
        assert send_due_reports() == 2


def test_who_may_have_what_sent_to_whom(cast: Any) -> None:
    with pytest.raises(NotAllowed):
        add_schedule(cast.alice, wish(cast.alice))
    with pytest.raises(NotFound):
        add_schedule(cast.bob, wish(cast.bob, team_id=cast.parts.pk))
    with pytest.raises(InvalidInput, match="recipient"):
        add_schedule(cast.bob, wish(cast.alice, cast.dana))  # an agent sees no figures; Dana is in no team of Bob's
    for wrong in ({"report": "x"}, {"form": "exe"}, {"every": "hour"}, {"weekday": 9}, {"period": "9y"}):
        with pytest.raises(InvalidInput):
            add_schedule(cast.bob, wish(cast.bob, **wrong))


def test_a_recipient_leaves_and_the_maker_ends(cast: Any, scheduled: ReportSchedule) -> None:
    end_schedule(cast.bob, scheduled.pk)
    assert [user.name for user in scheduled.recipients.all()] == ["Dana Diaz"]
    other = add_user("lea@parts.example", "Lea", cast.password, Role.LEAD, (cast.parts,))
    with pytest.raises(NotFound):
        end_schedule(other, scheduled.pk)
    end_schedule(cast.dana, scheduled.pk)
    with clock.travel(MONDAY):
        assert send_due_reports() == 0


def test_the_hour_is_that_of_the_wall_in_summer_and_in_winter() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    winter = next_moment(datetime(2026, 3, 23, 6, tzinfo=UTC), "week", 0, 7, berlin)
    summer = next_moment(winter, "week", 0, 7, berlin)
    assert (winter, summer) == (datetime(2026, 3, 30, 5, tzinfo=UTC), datetime(2026, 4, 6, 5, tzinfo=UTC))
    assert next_moment(summer, "month", 0, 0, berlin) == datetime(2026, 4, 30, 22, tzinfo=UTC)
    assert next_moment(summer, "day", 3, 7, berlin) == datetime(2026, 4, 7, 5, tzinfo=UTC)
