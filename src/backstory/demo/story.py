"""One conversation of the demo from its first message to its end, and what follows from being a complaint."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from backstory.cases import actions as cases
from backstory.cases.models import Complaint, Promise
from backstory.conversations import actions as conversations
from backstory.conversations.models import Message
from backstory.demo import aftermath
from backstory.demo.desk import Desk, Life
from backstory.demo.plan import Said, Story
from backstory.demo.texts import Promised
from backstory.kernel import clock
from backstory.people.models import User

OURS = ("agent", "note")
NOTICED = timedelta(hours=2)
"""What came in later than this long ago nobody has taken yet."""
MISREAD = timedelta(days=8)


@dataclass
class Course:
    """What has come of a story so far. `busy_until` is when everything under way will be over."""

    story: Story
    random: Random
    busy_until: datetime
    conversation_id: int = 0
    complaint: Complaint | None = None
    sent: Message | None = None
    messages: list[Message] = field(default_factory=list)

    def busy(self, until: datetime) -> None:
        self.busy_until = max(self.busy_until, until)


def live(desk: Desk, story: Story) -> Life:
    """The conversation itself; everything else is put on the agenda from here."""
    course = Course(story, Random(f"course {story.key}"), story.ends)
    for number, said in enumerate(story.said):
        yield said.at
        if said.author == "customer":
            message = desk.receive(story, number, course.sent)
            course.conversation_id = message.conversation_id
        elif said.author == "note":
            desk.note(story, said.text, course.conversation_id)
        else:
            _answer(desk, course, said)
        if number == 0:
            desk.begin(_triage(desk, course))
    desk.begin(_end(desk, course))


def _answer(desk: Desk, course: Course, said: Said) -> None:
    first = course.sent is None
    course.sent, promises = desk.reply(course.story, said, course.conversation_id, first=first)
    planned = list(said.promises)
    for promise in promises:
        match = next((one for one in planned if _same(one.quote, promise.quote)), None)
        planned = [one for one in planned if one is not match]
        desk.begin(_promise(desk, course, promise, match))
    if first and course.complaint:
        desk.begin(_handle(desk, course))


def _same(planned: str, found: str) -> bool:
    """Whether the finder's quote and the one written in the demo's texts are about the same words."""
    return planned.strip(" .") in found or found.strip(" .") in planned


def _triage(desk: Desk, course: Course) -> Life:
    """Somebody takes it, unless nobody has come to it yet; a complaint is opened as one."""
    story = course.story
    handled = next((said.at for said in story.said if said.author in OURS), None)
    patience = (handled or desk.now) - story.begins
    if handled is None and not story.is_old and (patience < NOTICED or course.random.random() < 0.6):
        return
    yield story.begins + min(timedelta(minutes=course.random.randint(3, 40)), patience / 2)
    agent = desk.user(story.agent.email)
    conversations.assign(agent, course.conversation_id, agent.pk)
    if story.thread.complaint:
        course.complaint = cases.open_complaint(agent, course.conversation_id)
        cases.set_severity(agent, course.complaint.pk, story.thread.severity)
        cases.set_cause(agent, course.complaint.pk, desk.causes[story.thread.cause])


def _promise(desk: Desk, course: Course, promise: Promise, planned: Promised | None) -> Life:
    """A suggested promise is accepted, then kept or not. What the texts do not plan is mostly kept."""
    made = promise.created_at
    fresh = made > desk.now - timedelta(days=2)
    if fresh and planned is None and course.random.random() < 0.6:
        return  # nobody has looked at the suggestion yet
    accepted_at = made + timedelta(minutes=course.random.randint(1, 20))
    due = _due(promise, planned)
    due = max(due, accepted_at + timedelta(minutes=30))
    ends = planned.ends if planned else ("broken" if course.random.random() < 0.12 else "kept")
    if ends == "open" and due < desk.now:
        ends = "kept"
    kept_at = accepted_at + (due - accepted_at) * course.random.uniform(0.5, 0.97)
    course.busy(kept_at if ends == "kept" else due)
    yield accepted_at
    agent = desk.user(course.story.agent.email)
    cases.accept_promise(agent, promise.pk, due)
    if ends == "kept":
        yield kept_at
        cases.keep_promise(agent, promise.pk)
    elif ends == "broken":
        yield due + timedelta(minutes=2)
        cases.break_overdue_promises()


def _due(promise: Promise, planned: Promised | None) -> datetime:
    """The date that was found in the words; corrected, as an agent would, where it is far from what was meant."""
    found = promise.due_at or promise.created_at + timedelta(days=2)
    if planned is None:
        return found
    meant = promise.created_at + planned.due
    return found if promise.due_at and abs(found - meant) < MISREAD else meant


def _handle(desk: Desk, course: Course) -> Life:
    """From the first answer on: what the customer says is at stake, the next steps, and the amends."""
    story, complaint, matter = course.story, course.complaint, course.story.matter
    assert complaint is not None
    agent = desk.user(story.agent.email)
    yield clock.now() + timedelta(minutes=course.random.randint(4, 25))
    if matter.stated:
        cases.save_backstory(
            agent, complaint.pk, stated_problem=matter.stated, demand=matter.demand, backstory="", need=""
        )
    for serves, text in matter.actions:
        desk.begin(_step(desk, course, serves, text))
    last = max([story.ends, *(said.at for said in story.said if said.author in OURS)])
    yield max(last, clock.now()) + timedelta(minutes=course.random.randint(10, 50))
    if matter.need or matter.backstory:
        _know(agent, complaint, story)
        if not story.retold and matter.summary:
            desk.begin(aftermath.confirm(desk, course, agent, matter.summary))
    if matter.remedy:
        desk.begin(aftermath.remedy(desk, course, agent, matter.remedy))


def _know(agent: User, complaint: Complaint, story: Story) -> None:
    """By now somebody has listened: the backstory and the need stand beside the demand."""
    matter = story.matter
    cases.save_backstory(
        agent,
        complaint.pk,
        stated_problem=matter.stated,
        demand=matter.demand,
        backstory=matter.backstory,
        need=matter.need,
    )


def _step(desk: Desk, course: Course, serves: str, text: str) -> Life:
    """One step agreed on and, some days later, done: for the person sooner than for the cause."""
    complaint = course.complaint
    assert complaint is not None
    agent = desk.user(course.story.agent.email)
    hours = course.random.randint(3, 26) if serves == "need" else course.random.randint(40, 150)
    agreed_at = clock.now() + timedelta(minutes=course.random.randint(1, 9))
    done_at = agreed_at + timedelta(hours=hours)
    course.busy(done_at)
    yield agreed_at
    due = agreed_at + timedelta(hours=hours * course.random.uniform(0.9, 1.5))
    action = cases.add_resolution_action(agent, complaint.pk, serves=serves, text=text, due_at=due)
    yield done_at
    cases.finish_resolution_action(agent, action.pk)


def _end(desk: Desk, course: Course) -> Life:
    """Closed once everything is over; left alone where the texts say so, or where the customer still waits."""
    story = course.story
    if story.thread.state in ("open", "waiting"):
        return
    speaks_last = story.said[-1].author == "customer"
    unsettled = speaks_last and story.thread.complaint and _disappointed(story)
    if unsettled and not story.is_old:
        return
    agent = desk.user(story.agent.email)
    if unsettled:
        yield story.ends + timedelta(days=course.random.randint(2, 4), minutes=course.random.randrange(300))
        desk.note(story, course.random.choice(desk.handling["settled_notes"]), course.conversation_id, agent)
        course.busy(clock.now())
    over = False
    while not over:
        yield course.busy_until + timedelta(hours=course.random.randint(20, 110))
        over = course.busy_until < clock.now()
    if course.complaint is None:
        conversations.close(agent, course.conversation_id)
    else:
        desk.begin(aftermath.close(desk, course, agent))


def _disappointed(story: Story) -> bool:
    """Whether the last word is a customer's who was let down: nothing of ours, or a promise not kept."""
    ours = any(said.author == "agent" for said in story.said)
    return not ours or _broken(story.said)


def _broken(said: Iterable[Said]) -> bool:
    return any(promised.ends == "broken" for one in said for promised in one.promises)
