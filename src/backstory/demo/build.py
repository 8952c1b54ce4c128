"""Building the demo company: Kestrel Heating, six months of it, ending now.

Everything is written by the actions that real mail, agents and workers use, each at its own moment. All of it is one
transaction, begun after every text has been read: a build that is interrupted leaves nothing behind, and a second one
finds the company and changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from time import perf_counter

from django.db import transaction

from backstory import language
from backstory.cases.actions import seed_causes, seed_playbooks
from backstory.cases.models import Complaint, Promise
from backstory.channels.email import ingest
from backstory.conversations import actions as conversations
from backstory.conversations.models import Channel, Conversation, Mailbox, Message
from backstory.demo import (
    amends,
    coming_back,
    conduct,
    improvement,
    informed,
    letters,
    paying,
    people,
    places,
    rising,
    themes,
)
from backstory.demo import plan as planning
from backstory.demo.desk import Desk, Life
from backstory.demo.plan import Plan
from backstory.demo.practice import practise
from backstory.demo.reports import have_sent
from backstory.demo.schedule import MONTH, MONTHS
from backstory.demo.story import live
from backstory.kernel import clock
from backstory.kernel.errors import InvalidInput
from backstory.language import Reading
from backstory.live import bus
from backstory.people.actions import add_team, add_user, update_profile
from backstory.people.models import Customer, Team, User
from backstory.recovery.actions import seed_limits, seed_policy
from backstory.recovery.models import Remedy, Survey

PASSWORD = "warm water for all"  # noqa: S105 - of invented people, printed when the demo starts
"""Of every log-in. The demo listens on this machine only, unless somebody changes that."""

Progress = Callable[[str, int, int], None]
"""Called with the stage in words, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Login:
    name: str
    email: str
    role: str
    teams: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What the demo company consists of; `built` is False where it was there already."""

    built: bool
    seconds: float
    users: int
    customers: int
    conversations: int
    messages: int
    complaints: int
    promises: int
    remedies: int
    surveys_answered: int


def no_progress(stage: str, done: int, total: int) -> None:
    """Tells nobody."""


def build(progress: Progress = no_progress, *, limit: int | None = None) -> Summary:
    """Build the demo company unless it is there; `limit` builds about so many conversations instead of all."""
    started = perf_counter()
    now = clock.now()
    plan = planning.make(now, limit)
    if User.objects.filter(email__in=[worker.email for worker in plan.cast.workers]).exists():
        return _summary(False, perf_counter() - started)
    readings = _read(plan, progress)
    with bus.quiet(), transaction.atomic():
        _live(plan, now, readings, progress)
    return _summary(True, perf_counter() - started)


def _read(plan: Plan, progress: Progress) -> dict[str, Reading]:
    """A reading for each customer text, made before any transaction."""
    addresses = {mailbox["key"]: mailbox["address"] for mailbox in plan.cast.mailboxes}
    found: dict[str, Reading] = {}
    for number, story in enumerate(plan.stories, 1):
        for text in letters.customer_texts(story, addresses[story.thread.team]):
            if text not in found:
                found[text] = language.read(text, explain=True)
        progress("Reading what customers wrote", number, len(plan.stories))
    return found


def _live(plan: Plan, now: datetime, readings: dict[str, Reading], progress: Progress) -> None:
    opening = now - MONTHS * MONTH - timedelta(days=7)
    with clock.travel(opening):
        seed_causes()
        seed_playbooks()
        seed_limits()
        seed_policy()
        teams = {key: add_team(name) for key, name in plan.cast.teams.items()}
        users = _users(plan, teams)
        mailboxes = _mailboxes(plan, teams)
    desk = Desk(now, plan, users, mailboxes, readings)
    for story in plan.stories:
        desk.begin(live(desk, story))
    desk.begin(_strays(desk))
    desk.begin(_draft(desk))
    desk.begin(practise(desk))
    desk.begin(conduct.decisions(desk))
    desk.begin(informed.keep_informed(desk))
    desk.begin(coming_back.leaving(desk))
    desk.begin(coming_back.follow_ups(desk))
    desk.begin(themes.vans(desk))
    desk.begin(paying.transfers(desk))
    desk.begin(places.codes(desk))
    desk.begin(rising.rising(desk))
    amends.begin(desk)
    improvement.begin(desk)
    days = (now - opening).days
    desk.report = lambda moment: progress("Days lived at Kestrel Heating", (moment - opening).days, days)
    desk.run()
    have_sent(desk)


def _users(plan: Plan, teams: dict[str, Team]) -> dict[str, User]:
    users = {}
    for worker in plan.cast.workers:
        theirs = tuple(teams[key] for key in worker.teams)
        user = add_user(worker.email, worker.name, PASSWORD, worker.role, theirs, check_password=False)
        team = theirs[0].name if theirs else "Administration"
        update_profile(user, name=worker.name, signature=f"Kestrel Heating, {team}")
        users[worker.email] = user
    return users


def _mailboxes(plan: Plan, teams: dict[str, Team]) -> dict[str, Mailbox]:
    return {
        one["key"]: conversations.add_mailbox(one["name"], one["address"], teams[one["key"]], one["sender_name"])
        for one in plan.cast.mailboxes
    }


def _strays(desk: Desk) -> Life:
    """What reaches every mailbox besides letters: bytes without a sender, and an automatic answer."""
    for number, text in enumerate(desk.handling["strays"]):
        yield desk.now - timedelta(days=6 - 4 * number)
        raw, _ = conversations.store_raw(Channel.EMAIL, desk.mailboxes["care"], text.encode(), {})
        try:
            ingest.accept(raw)
        except InvalidInput as error:
            conversations.quarantine(raw.pk, str(error))


def _draft(desk: Desk) -> Life:
    """Somebody has begun an answer and been called away."""
    draft = desk.handling["draft"]
    message_ids = [letters.message_id(story, 0) for story in desk.plan.stories if story.key == draft["story"]]
    yield desk.now - timedelta(minutes=25)
    message = Message.objects.filter(message_id__in=message_ids).first()
    if message is not None:
        conversations.save_draft(desk.user(draft["by"]), message.conversation_id, draft["text"].strip())


def _summary(built: bool, seconds: float) -> Summary:
    return Summary(
        built=built,
        seconds=seconds,
        users=User.objects.count(),
        customers=Customer.objects.count(),
        conversations=Conversation.objects.count(),
        messages=Message.objects.count(),
        complaints=Complaint.objects.count(),
        promises=Promise.objects.count(),
        remedies=Remedy.objects.count(),
        surveys_answered=Survey.objects.exclude(answered_at=None).count(),
    )


def logins() -> tuple[Login, ...]:
    """Everybody who can log in to the demo, agents of Customer care first."""
    cast = people.load(Random(planning.SEED))
    return tuple(
        Login(one.name, one.email, one.role, ", ".join(cast.teams[key] for key in one.teams)) for one in cast.workers
    )
