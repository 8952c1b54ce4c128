"""A cause that rose this week and rang, and what the company found out about those who say nothing."""

from datetime import date, timedelta
from decimal import Decimal
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
from backstory.insight import actions
from backstory.insight.alarms import alarms
from backstory.insight.models import Alarm
from backstory.kernel import clock
from backstory.people.models import User

CAUSE = "access"
NOTICED = timedelta(hours=2)
LOOKED_BACK = timedelta(days=100)
"""When early warning was tried for the first time; what rang then was looked at by the lead."""
FALSE = "One estate wrote in together after a single frosty night; by Monday it was over."
SURVEY = "Phone calls to households we had visited"
CHURN = "Contracts not renewed within a year, held against last year's visits"

COUNTED: tuple[tuple[str, str, int, int, str], ...] = (
    ("complaint_rate", "", 46, 163, SURVEY),
    ("complaint_rate", "missed-appointment", 31, 84, SURVEY),
    ("complaint_rate", "billing", 9, 118, "Letters to customers whose bill was corrected later"),
    ("loss_silent", "", 41, 380, CHURN),
    ("loss_silent", "billing", 25, 109, CHURN),
    ("loss_satisfied", "", 6, 97, CHURN),
    ("loss_mollified", "", 11, 64, CHURN),
    ("loss_dissatisfied", "", 24, 58, CHURN),
)
"""Input, cause, so many of so many, and from where. Word of mouth is left unknown: nobody has looked into it."""
JUDGED: tuple[tuple[str, str, str, str, str, str], ...] = (
    ("baseline", "0.05", "0.04", "0.06", "books", "Contracts of customers without any visit or complaint"),
    ("margin", "180", "165", "195", "books", "Accounts of last year, service contracts"),
    ("retention", "0.88", "0.85", "0.91", "books", "Contracts renewed"),
    ("discount", "0.08", "", "", "judged", "What the bank asks of us"),
    ("minutes", "14", "10", "20", "judged", "Three agents kept a tally for a week"),
    ("minute_rate", "0.75", "", "", "books", "Wages, rooms and telephone"),
)


def rising(desk: Desk) -> Life:
    """Letters come in, a night's watch rings, and the lead has not looked yet; months ago the figures were entered."""
    for number, letter in enumerate(read_yaml("rising.yaml")):
        desk.begin(_complaint(desk, number, letter))
    desk.begin(_watched(desk))
    yield desk.now - timedelta(days=70)
    _enter(desk, _lead(desk))


def _lead(desk: Desk) -> User:
    return desk.user(desk.plan.cast.lead("care").email)


def _watched(desk: Desk) -> Life:
    yield desk.now - LOOKED_BACK
    actions.watch()
    for alarm in list(alarms(_lead(desk)).filter(state=Alarm.State.NEW)):
        actions.decide_alarm(_lead(desk), alarm.pk, Alarm.State.FALSE, FALSE)
    yield desk.now - timedelta(hours=9)
    actions.watch()


def _complaint(desk: Desk, number: int, letter: dict[str, Any]) -> Life:
    yield desk.now - timedelta(days=letter["days"], hours=3, minutes=7 * number)
    raw, _ = conversations.store_raw(
        Channel.EMAIL, desk.mailboxes["care"], _mail(desk, number, letter), {"sender": letter["email"]}
    )
    ingest.accept(raw)
    message = Message.objects.get(raw=raw)
    cases.record_reading(message.pk, language.read(message.text, explain=True), engine.version())
    yield clock.now() + NOTICED
    complaint = cases.open_complaint(_lead(desk), message.conversation_id)
    cases.set_cause(_lead(desk), complaint.pk, desk.causes[CAUSE])


def _mail(desk: Desk, number: int, letter: dict[str, Any]) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"{letter['name']} <{letter['email']}>"
    mail["To"] = desk.mailboxes["care"].address
    mail["Subject"] = letter["subject"]
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<booking-{number}@post.example>"
    mail.set_content(f"Hello,\n\n{letter['text']}\n\n{letter['name']}")
    return mail.as_bytes()


def _enter(desk: Desk, lead: User) -> None:
    day = (clock.now() - timedelta(days=20)).date()
    for key, slug, count, total, source in COUNTED:
        basis = "survey" if key == "complaint_rate" else "books"
        cause_id = desk.causes[slug] if slug else None
        actions.enter_figure(lead, actions.Entry(key, basis, source, day, cause_id, count=count, total=total))
    for row in JUDGED:
        actions.enter_figure(lead, _judged(row, day))


def _judged(row: tuple[str, str, str, str, str, str], day: date) -> actions.Entry:
    key, value, low, high, basis, source = row
    low_end, high_end = (Decimal(end) if end else None for end in (low, high))
    currency = "EUR" if key in {"margin", "minute_rate"} else ""
    return actions.Entry(key, basis, source, day, value=Decimal(value), low=low_end, high=high_end, currency=currency)
