"""Two agents press the button at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from backstory.cases.actions import open_complaint
from backstory.cases.models import Complaint
from backstory.conversations.models import Message
from conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work: list[Callable[[], Complaint]]) -> list[Complaint]:
    def run(one: Callable[[], Complaint]) -> Complaint:
        try:
            return one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


def test_complaints_opened_at_once_get_numbers_of_their_own_without_gaps(
    cast: Cast, write: Callable[..., Message]
) -> None:
    ids = [write("Cold", sender=f"c{n}@customer.example").conversation_id for n in range(6)]
    opened = at_once([lambda pk=pk: open_complaint(cast.alice, pk) for pk in ids])  # type: ignore[misc]
    assert sorted(int(row.number.rsplit("-", 1)[1]) for row in opened) == [1, 2, 3, 4, 5, 6]


def test_one_conversation_becomes_one_complaint_however_many_open_it(cast: Cast, letter: Message) -> None:
    opened = at_once([lambda: open_complaint(cast.alice, letter.conversation_id)] * 5)
    assert len({row.pk for row in opened}) == 1
    assert Complaint.objects.count() == 1
