"""The demo's desk at work: every write goes through the actions real data goes through, at its own moment.

Stories run side by side as generators: each yields the moment at which it goes on, and `Desk.run` resumes whoever is
next, with the clock set to that moment. So numbers, events and queues come out in the order of a real history.
"""

import heapq
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import count
from random import Random
from typing import Any

from django.conf import settings

from backstory import language
from backstory.cases import engine, queries
from backstory.cases.actions import (
    learn_from_answer,
    note_phrases,
    note_questions,
    record_reading,
    record_reply_reading,
    suggest_promises,
)
from backstory.cases.models import Cause, Promise
from backstory.channels.email import ingest, send
from backstory.channels.form import actions as form
from backstory.conversations import actions as conversations
from backstory.conversations.models import Channel, Delivery, Mailbox, Message
from backstory.conversations.queries import due_deliveries
from backstory.demo import letters
from backstory.demo.phrasing import with_phrase
from backstory.demo.plan import Plan, Said, Story
from backstory.demo.texts import read_yaml
from backstory.kernel import clock
from backstory.language import Reading
from backstory.people.models import User

KEPT = timedelta(days=3)
Life = Generator[datetime, None, None]
"""A course of events that yields each moment at which it wants to go on."""


@dataclass
class Desk:
    """Everybody and everything a story needs, and the agenda of what comes next."""

    now: datetime
    plan: Plan
    users: dict[str, User]
    mailboxes: dict[str, Mailbox]
    readings: dict[str, Reading]
    report: Callable[[datetime], None] = lambda moment: None
    random: Random = field(default_factory=lambda: Random(7))
    handling: dict[str, Any] = field(default_factory=lambda: read_yaml("handling.yaml"))
    codes: list[str] = field(default_factory=list)  # that hang in the world by now and lead to the form
    _agenda: list[tuple[datetime, int, Life]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)

    @cached_property
    def causes(self) -> dict[str, int]:
        """The ids of the causes in use, by slug."""
        return dict(Cause.objects.values_list("slug", "pk"))

    @cached_property
    def unreachable(self) -> dict[str, str]:
        """Customers whose mail server refuses our letters, and the words in which it does."""
        refused: dict[str, str] = self.handling["refused"]
        return {story.customer.email: refused[story.key] for story in self.plan.stories if story.key in refused}

    def begin(self, life: Life) -> None:
        """Put a course of events on the agenda; what lies in the future has not happened yet and is dropped."""
        moment = next(life, None)
        if moment is not None and moment <= self.now:
            heapq.heappush(self._agenda, (moment, next(self._order), life))

    def run(self) -> None:
        """Live through the agenda in order of time."""
        while self._agenda:
            moment, _, life = heapq.heappop(self._agenda)
            with clock.travel(moment):
                self.begin(life)
            self.report(moment)
        self.report(self.now)

    def post(self) -> None:
        """What was written leaves at once, as it would with a worker running; nothing leaves this machine.

        Letters of the last days are kept in the outbox; that the older ones were sent is only noted.
        """
        moment = clock.now()
        keep = settings.MAIL_MODE == "outbox" and moment > self.now - KEPT
        for pk in due_deliveries(moment):
            if keep:
                send.deliver(pk)
            elif delivery := conversations.claim_delivery(pk):
                self._settle(delivery)

    def _settle(self, delivery: Delivery) -> None:
        error = self.unreachable.get(delivery.message.to[0]["email"])
        if error:
            conversations.mark_failed(delivery, error)
        else:
            conversations.mark_sent(delivery)

    def user(self, email: str) -> User:
        return self.users[email]

    def author(self, story: Story, said: Said) -> User:
        """Who wrote an agent's message or note: the lead where the words are the lead's."""
        lead = self.plan.cast.lead(story.thread.team)
        signs = said.text.startswith("Lead:") or said.text.rstrip().endswith(lead.first)
        return self.user(lead.email if signs else story.agent.email)

    # The three ways in which something is said.

    def receive(self, story: Story, number: int, before: Message | None) -> Message:
        """A customer writes, by mail or by the web form, through the channel's own parser."""
        mailbox = self.mailboxes[story.thread.team]
        if number == 0 and story.thread.channel == "form":
            code = self.random.choice(self.codes) if self.codes and story.thread.team == "care" else ""
            raw = form.submit(mailbox, replace(letters.form(story), place=code))
            form.accept(raw)
        else:
            data = letters.mail(story, number, mailbox.address, _answered(before))
            raw, _ = conversations.store_raw(Channel.EMAIL, mailbox, data, {"sender": story.customer.email})
            ingest.accept(raw)
        message = Message.objects.select_related("conversation").get(raw=raw)
        reading = self.readings.get(message.text)
        if reading is not None:
            record_reading(message.pk, reading, engine.version())
            learn_from_answer(message.pk)
        return message

    def reply(
        self, story: Story, said: Said, conversation_id: int, *, first: bool = False
    ) -> tuple[Message, list[Promise]]:
        """An agent answers; promises, questions and phrases in the answer are found as the worker would find them."""
        random = Random(f"{story.key} {said.text}")
        text = with_phrase(said.text, story.thread.language, first=first, random=random)
        message = conversations.send_reply(self.author(story, said), conversation_id, text)
        self.post()
        note_questions(message.pk)
        note_phrases(message.pk)
        answered = language.read(message.text, answers=queries.answered_by(message))
        record_reply_reading(message.pk, answered, engine.version())
        return message, suggest_promises(message.pk)

    def note(self, story: Story, text: str, conversation_id: int, by: User | None = None) -> None:
        author = by or self.author(story, Said("note", text, self.now))
        conversations.add_note(author, conversation_id, text)


def _answered(message: Message | None) -> letters.Answered | None:
    if message is None:
        return None
    local, _, domain = message.sender_address.partition("@")
    return letters.Answered(
        message_id=message.message_id,
        references=tuple(message.references),
        text=message.text,
        at=message.created_at,
        reply_to=f"{local}+{message.conversation.reply_token}@{domain}",
    )
