"""Everything a check may look at, worked out once for a draft and what it answers."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from backstory.coach import asks, points
from backstory.coach.advice import Context, Point
from backstory.kernel.calendars import BusinessHours
from backstory.language import promises
from backstory.language.replies import lexicon
from backstory.language.replies.draft import Letter, Sentence, letter

# Only whether a promise is dated matters here, not when it falls due: any moment will do.
_ANY_MOMENT = datetime(2026, 1, 6, 9, tzinfo=UTC)
_ANY_HOURS = BusinessHours()
_SHOUTED = re.compile(r"\b[A-ZÄÖÜ]{4,}\b")
STYLES = ("driver", "expressive", "analytic", "amiable")


@dataclass(frozen=True)
class Situation:
    """A draft, the message it answers, and the customer's likely style (None where unknown)."""

    draft: Letter
    message: Letter
    context: Context

    @property
    def style(self) -> str | None:
        return self.context.style if self.context.style in STYLES else None

    @cached_property
    def asks(self) -> list[asks.Ask]:
        return asks.extract(self.message, self.context.reading)

    @cached_property
    def points(self) -> list[Point]:
        return points.hold_against(self.asks, self.draft, self.message.language)

    @cached_property
    def harmed(self) -> bool:
        """The message tells of a harm."""
        return any(ask.kind == "harm" for ask in self.asks)

    @cached_property
    def complained(self) -> bool:
        return self.harmed or self.aroused

    @cached_property
    def aroused(self) -> bool:
        """High arousal: by the reading's intensity, else two marks of anger, or one with shouting."""
        intensity = getattr(self.context.reading, "intensity", None)
        if intensity is not None and getattr(intensity, "overall", 0) >= 2:
            return True
        angry = len(self.message.all("anger"))
        loud = len(_SHOUTED.findall(self.message.text)) >= 2 or "!!" in self.message.text
        return angry >= 2 or (angry >= 1 and loud)

    @cached_property
    def severe(self) -> bool:
        """Serious harm: by the reading's severity (3 or more), else by words of health, safety, family, law."""
        severity = getattr(self.context.reading, "severity", None)
        if severity is not None and getattr(severity, "level", 0) >= 3:
            return True
        return self.message.has("severe")

    @cached_property
    def only_a_wait(self) -> bool:
        return self.message.has("delay") and not self.severe and not self.aroused

    @cached_property
    def promises(self) -> list[promises.Promise]:
        return promises.find(self.draft.text, _ANY_MOMENT, _ANY_HOURS)

    @cached_property
    def fix_at(self) -> int | None:
        """Where the draft first speaks of a solution."""
        return next((one.start for one in self.draft.body if self._fixes(one)), None)

    def _fixes(self, sentence: Sentence) -> bool:
        return not sentence.asks and lexicon.has("fix", self.draft.language, sentence.text)

    def sentence_around(self, start: int, end: int) -> tuple[int, int]:
        """The sentence holding that stretch, with one space behind it, so that deleting it leaves clean text."""
        for one in self.draft.sentences:
            if one.start <= start < one.end:
                stop = max(one.end, end)
                while stop < len(self.draft.text) and self.draft.text[stop] == " ":
                    stop += 1
                return one.start, stop
        return start, end


def situation(draft: str, context: Context) -> Situation:
    message = letter(context.message, context.language)
    return Situation(letter(draft, context.language, context.message), message, context)
