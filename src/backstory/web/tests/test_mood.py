"""The small line beside the messages."""

from datetime import UTC, datetime, timedelta

from django.test import Client
from django.urls import reverse

from backstory.cases.models import Reading
from backstory.cases.trajectory import Heard, Said, trajectory
from backstory.conversations.actions import send_reply
from backstory.web.panes.mood import HEIGHT, MARGIN, WIDTH, drawn
from conftest import Cast

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def heard(number: int, intensity: float, valence: float) -> Heard:
    data = {"intensity": {"overall": intensity}, "valence": valence}
    return Heard(number, MONDAY + timedelta(hours=number), "The water is cold at night.", data)


def test_the_most_strained_letter_stands_highest_and_the_line_keeps_inside_its_frame() -> None:
    found = trajectory([heard(1, 3, -1), heard(2, 0, 1), heard(3, 1.5, -0.5)], [], closed=True)
    marks = drawn(found).marks
    assert [mark.message_id for mark in sorted(marks, key=lambda mark: mark.y)] == [1, 3, 2]
    assert all(MARGIN <= mark.x <= WIDTH - MARGIN and MARGIN <= mark.y <= HEIGHT - MARGIN for mark in marks)


def test_each_turn_is_told_in_words_with_what_we_did_before_it() -> None:
    reply = Said(9, MONDAY + timedelta(hours=1.5), "I am sorry. According to our terms, water is cold at night.")
    texts = [
        mark.text for mark in drawn(trajectory([heard(1, 0.5, -0.5), heard(2, 3, -1)], [reply], closed=True)).marks
    ]
    assert texts[0] == "Their first letter"
    assert texts[1].startswith("More strained, after we") and "apologised and quoted a rule" in texts[1]


def test_the_thread_shows_the_line_once_two_letters_were_read(alice: Client, cast: Cast, write) -> None:
    first = write("The water is cold at night.")
    address = reverse("web:conversation", args=[first.conversation_id])
    read(first, 3, -1)
    assert "How it went" not in alice.get(address).content.decode()
    send_reply(cast.alice, first.conversation_id, "I am sorry.")
    second = write("Thank you, it is warm again.", reply_token=first.conversation.reply_token)
    read(second, 0.5, 0.8)
    html = alice.get(address).content.decode()
    assert "How it went" in html and "Settled by their last letter" in html
    assert f'<a href="#message-{second.pk}"><circle class="mood-mark good"' in html


def read(message, intensity: float, valence: float) -> None:
    data = {"intensity": {"overall": intensity}, "valence": valence, "ekman": {"anger": 0.5}}
    Reading.objects.create(message=message, conversation_id=message.conversation_id, engine="test", data=data)
