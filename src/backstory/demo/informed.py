"""The demo's customers are kept informed: updates of the last two weeks, those to come, an offer that waits."""

from datetime import timedelta

from backstory.demo.desk import Desk, Life
from backstory.kernel import clock
from backstory.recovery import actions as recovery

DAYS = 14
TIMES = (10, 15)
"""The hours, desk time, at which the demo's worker looks; the real one looks every minute."""


def keep_informed(desk: Desk) -> Life:
    """Twice a day what happened is noted and what is due goes out, as a running worker would have done."""
    for days in range(DAYS, -1, -1):
        for hour in TIMES:
            moment = (desk.now - timedelta(days=days)).replace(hour=hour, minute=20, second=0, microsecond=0)
            if moment < desk.now - timedelta(minutes=5):
                yield moment
                _look(desk)
    yield desk.now - timedelta(minutes=4)
    recovery.note_changes()


def _look(desk: Desk) -> None:
    recovery.note_changes(clock.now() - timedelta(days=1))
    recovery.send_due_updates()
    desk.post()
