"""Complaints that no cause of the company fits, and the search that put them together."""

from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from backstory import language
from backstory.cases import actions as cases
from backstory.cases import engine
from backstory.channels.email import ingest
from backstory.conversations import actions as conversations
from backstory.conversations.models import Channel, Message
from backstory.demo.desk import Desk, Life
from backstory.demo.texts import read_yaml
from backstory.kernel import clock

NOTICED = timedelta(hours=3)
DONE = timedelta(days=1)
STILL_OPEN = 5
"""Letters of fewer days ago are not settled yet."""
ANSWER = """Hello {name},

thank you for telling me. You could not get out because of our van, and nobody had even rung your bell. I am sorry.

I have told the driver's team lead today where the van stood and what it meant for you. If one of our vans is in your
way again, ring me on the number below and I will have it moved at once.

{agent}"""
REASON = "Our van stood in their way. The driver's lead was told. We have no name for this cause yet."


def vans(desk: Desk) -> Life:
    """People write about vans in their way; each is answered; last night the desk put them together as a theme."""
    for number, letter in enumerate(read_yaml("vans.yaml")):
        desk.begin(_complaint(desk, number, letter))
    yield desk.now - timedelta(hours=7)
    search = cases.request_themes(None)
    cases.search_themes(search.pk)


def _complaint(desk: Desk, number: int, letter: dict[str, Any]) -> Life:
    yield desk.now - timedelta(days=letter["days"], hours=2)
    message = _receive(desk, number, letter)
    lead = desk.user(desk.plan.cast.lead("care").email)
    yield clock.now() + NOTICED
    complaint = cases.open_complaint(lead, message.conversation_id)
    text = ANSWER.format(name=letter["name"].split()[0], agent=lead.name)
    conversations.send_reply(lead, message.conversation_id, text)
    desk.post()
    if letter["days"] < STILL_OPEN:
        return
    yield clock.now() + DONE
    cases.set_cause(lead, complaint.pk, desk.causes["other"])
    cases.close_complaint(lead, complaint.pk, "upheld", REASON)


def _receive(desk: Desk, number: int, letter: dict[str, Any]) -> Message:
    raw, _ = conversations.store_raw(
        Channel.EMAIL, desk.mailboxes["care"], _mail(desk, number, letter), {"sender": letter["email"]}
    )
    ingest.accept(raw)
    message = Message.objects.get(raw=raw)
    cases.record_reading(message.pk, language.read(message.text, explain=True), engine.version())
    return message


def _mail(desk: Desk, number: int, letter: dict[str, Any]) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"{letter['name']} <{letter['email']}>"
    mail["To"] = desk.mailboxes["care"].address
    mail["Subject"] = letter["subject"]
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<van-{number}@post.example>"
    mail.set_content(letter["text"])
    return mail.as_bytes()
