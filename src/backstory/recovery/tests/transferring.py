"""What the tests of transfers share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from backstory.cases.actions import open_complaint
from backstory.cases.models import Complaint
from backstory.kernel import clock
from backstory.recovery import actions
from backstory.recovery.models import Connector


def set_up(cast: Any, kind: str, settings: dict[str, Any], secret: str, **serves: Any) -> Connector:
    """A connector for refunds in euros, switched on."""
    connector = actions.add_connector(cast.dana, kind, "Pay")
    actions.set_up_connector(cast.dana, connector.pk, "Pay", settings, secret)
    service = {"kinds": ["refund", "goodwill"], "currencies": ["EUR"], "recipient_is": "email", **serves}
    actions.set_service(cast.dana, connector.pk, actions.Serves(**service))
    return actions.resume_connector(cast.dana, connector.pk)


def another_complaint(cast: Any, write: Any) -> Complaint:
    message = write("And the heater is cold.", sender="tom@customer.example", customer_name="Tom Weir")
    return open_complaint(cast.alice, message.conversation_id)


@contextmanager
def later(**parts: float) -> Iterator[None]:
    """Inside the block it is so many minutes, hours or days later."""
    with clock.travel(clock.ahead(**parts)):
        yield
