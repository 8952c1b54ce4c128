"""A complaint of Maya's, open or closed, for making amends."""

from collections.abc import Callable

import pytest

from backstory.cases.actions import close_complaint, open_complaint, set_cause
from backstory.cases.models import Cause, Complaint
from backstory.conversations.models import Message
from conftest import Cast


@pytest.fixture
def complaint(cast: Cast, write: Callable[..., Message]) -> Complaint:
    message = write("There is never enough hot water!", customer_name="Maya Lind")
    return open_complaint(cast.alice, message.conversation_id)


@pytest.fixture
def close(cast: Cast) -> Callable[[Complaint], Complaint]:
    def settle(complaint: Complaint) -> Complaint:
        set_cause(cast.alice, complaint.pk, Cause.objects.get(slug="outage").pk)
        return close_complaint(cast.alice, complaint.pk, "upheld", "The tank was too small.")

    return settle
