"""Taking a remedy out of its connector's hands, because somebody carries it out by hand or the customer declined it."""

from backstory.kernel import clock
from backstory.recovery.models import Transfer

State = Transfer.State


def stop_for_hand(remedy_id: int) -> bool:
    """Take a remedy out of its connector's hands because somebody carries it out by hand: True unless money may have
    moved there, in which case that has to be found out first."""
    rows = Transfer.objects.filter(remedy_id=remedy_id)
    idle = rows.filter(state__in=[State.HELD, State.WAITING, State.REFUSED, State.FAILED], perhaps_since=None)
    moment = clock.now()
    idle.update(state=State.FAILED, by_hand=True, attended_at=moment, ended_at=moment, next_try_at=None)
    return not rows.exclude(state=State.DONE).exclude(state=State.FAILED, by_hand=True).exists()
