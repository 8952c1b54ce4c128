"""What the pages of role-play show: words for the names in scenarios, the mood's curve as points of a picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from backstory.coach.advice import Advice
from backstory.coach.questions import Question, suggest
from backstory.kernel import clock
from backstory.practice import customer, scenarios
from backstory.practice.hearing import advise
from backstory.practice.models import PracticeSession, PracticeTurn
from backstory.practice.queries import Entry
from backstory.practice.rules import HOT, Mood

BEHAVIOURS: dict[str, StrPromise] = {
    "angry": _("Angry"),
    "impatient": _("Impatient"),
    "intimidating": _("Intimidating"),
    "demanding": _("Demanding"),
    "talkative": _("Talkative"),
    "indecisive": _("Indecisive"),
    "know_it_all": _("Knows it all"),
    "chronic_complainer": _("Complains often"),
    "silent": _("Silent"),
    "abusive": _("Abusive"),
    "vulnerable": _("Vulnerable"),
}
STYLES: dict[str, StrPromise] = {
    "driver": _("Driver"),
    "expressive": _("Expressive"),
    "analytic": _("Analytic"),
    "amiable": _("Amiable"),
}
CAUSES: dict[str, StrPromise] = {
    "phone_menu": _("Phone menu"),
    "escalation": _("No way up"),
    "unmet_expectations": _("Unmet expectations"),
    "transparency": _("Lack of transparency"),
    "personal": _("Personal trouble"),
    "repeat_contact": _("Repeat contact"),
    "broken_promise": _("Broken promise"),
    "product_defect": _("Product defect"),
    "billing_error": _("Billing error"),
    "delay": _("Delay"),
    "staff_conduct": _("Staff conduct"),
    "fine_print": _("Fine print"),
    "wasted_time": _("Wasted time"),
    "accessibility": _("Accessibility"),
    "privacy": _("Data and privacy"),
}
DIFFICULTIES: dict[str, StrPromise] = {"1": _("First steps"), "2": _("Practised"), "3": _("Demanding a lot")}
CHANNELS: dict[str, StrPromise] = {
    "counter": _("At the counter"),
    "phone": _("By telephone"),
    "chat": _("By chat"),
    "email": _("By e-mail"),
}
LANGUAGES: dict[str, str] = {"en": "English", "de": "Deutsch"}
BANDS: dict[str, tuple[StrPromise, str]] = {
    "calm": (_("calm"), "good"),
    "tense": (_("tense"), "info"),
    "angry": (_("angry"), "warn"),
    "furious": (_("furious"), "bad"),
}
ENDINGS: dict[str, tuple[StrPromise, str]] = {
    "settled": (_("Settled"), "good"),
    "ended_properly": (_("Ended properly"), "good"),
    "left": (_("Walked out"), "bad"),
    "gave_up": (_("Gave up silently"), "bad"),
    "ended_badly": (_("Cut off"), "bad"),
    "out_of_time": (_("Ran out of time"), "warn"),
    "stopped": (_("You ended it"), "warn"),
}
STEPS: dict[str, StrPromise] = {
    "connect": _("Connect"),
    "ask": _("Ask"),
    "resolve": _("Resolve"),
    "ensure": _("Ensure"),
}
FIELDS: dict[str, tuple[StrPromise, dict[str, StrPromise]]] = {
    "behaviour": (_("Behaviour"), BEHAVIOURS),
    "style": (_("Style"), STYLES),
    "cause": (_("Cause"), CAUSES),
    "difficulty": (_("Difficulty"), DIFFICULTIES),
}
"""What the list can be narrowed by."""

WORDS = {
    "behaviours": BEHAVIOURS,
    "styles": STYLES,
    "causes": CAUSES,
    "difficulties": DIFFICULTIES,
    "channels": CHANNELS,
    "languages": LANGUAGES,
    "bands": BANDS,
    "endings": ENDINGS,
    "steps": STEPS,
}


def narrowed(entries: list[Entry], chosen: dict[str, str]) -> list[Entry]:
    """The entries with everything that was chosen; an empty choice leaves all."""
    return [
        one
        for one in entries
        if all(not value or str(getattr(one.scenario, field)) == value for field, value in chosen.items())
    ]


@dataclass(frozen=True)
class Line:
    """One message as the page shows it: of the customer with their mood after it, or of the agent."""

    mine: bool
    text: str
    mood: Mood | None = None
    waits: bool = False  # for a language model's wording


def talk(session: PracticeSession, turns: Sequence[PracticeTurn]) -> list[Line]:
    """The conversation so far, the customer's opening first."""
    start = Mood(**session.start)
    lines = [Line(False, opening(session, turns), start)]
    for turn in turns:
        waits = turn.voiced_by is not None and turn.voiced_by > clock.now()
        lines += [Line(True, turn.said), Line(False, turn.answer, Mood(**turn.data["mood"]), waits)]
    return lines


def opening(session: PracticeSession, turns: Sequence[PracticeTurn]) -> str:
    """What the customer came in with."""
    return customer.begin(scenarios.parse(session.source), session.seed).spoken


def advice(session: PracticeSession, draft: str) -> Advice:
    """The coach on what the agent is about to say."""
    return advise(draft, str(session.state["spoken"]), session.style, session.language)


def hints(session: PracticeSession) -> list[Question]:
    """Open questions that would fit, for somebody who is stuck."""
    return suggest(str(session.state["spoken"]), session.language, session.style)[:3]


WIDTH, HEIGHT, EDGE = 640.0, 240.0, 28.0


@dataclass(frozen=True)
class Point:
    """A mood in the picture, `number` 0 being the start."""

    number: int
    x: float
    y: float
    trust_y: float
    mood: Mood


@dataclass(frozen=True)
class Curve:
    """The mood's curve as an SVG needs it: arousal and trust from 0 (below) to 100 (above)."""

    points: tuple[Point, ...]
    width: float = WIDTH
    height: float = HEIGHT
    edge: float = EDGE

    @property
    def arousal(self) -> str:
        return " ".join(f"{one.x:.1f},{one.y:.1f}" for one in self.points)

    @property
    def trust(self) -> str:
        return " ".join(f"{one.x:.1f},{one.trust_y:.1f}" for one in self.points)

    @property
    def hot_y(self) -> float:
        return _height(HOT)


def _height(value: float) -> float:
    return round(HEIGHT - EDGE - value / 100 * (HEIGHT - 2 * EDGE), 1)


def curve(moods: Sequence[Mood]) -> Curve:
    step = (WIDTH - 2 * EDGE) / max(len(moods) - 1, 1)
    return Curve(
        tuple(
            Point(number, round(EDGE + number * step, 1), _height(one.arousal), _height(one.trust), one)
            for number, one in enumerate(moods)
        )
    )
