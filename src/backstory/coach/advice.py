"""What the coach is given and what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Protocol

from backstory.language.reading import Empathy

Level = Literal["info", "advice", "warning", "blocker"]
LEVELS: tuple[Level, ...] = ("info", "advice", "warning", "blocker")
PointKind = Literal["question", "request", "harm"]
PointStatus = Literal["answered", "acknowledged", "missed"]
Verdict = Literal["ready", "improve", "stop"]


class SpanLike(Protocol):
    """A quoted stretch of the message: `text == message[start:end]`."""

    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class ReadingLike(Protocol):
    """The part of `language.Reading` that the coach looks at; anything may be None."""

    @property
    def asks(self) -> Sequence[SpanLike] | None: ...
    @property
    def harms(self) -> Sequence[SpanLike] | None: ...
    @property
    def intensity(self) -> Any: ...
    @property
    def severity(self) -> Any: ...


@dataclass(frozen=True)
class Context:
    """What a draft answers. `style` is driver, expressive, analytic or amiable; `dismissed` holds finding keys.

    `adjusted` is how a team weighs the checks: id -> levels louder (1) or quieter (-1), None for off; a blocker is what
    the law asks and cannot be adjusted. `regime` is the id of the complaint regime that applies (`data/regimes.json`).

    `language` is an ISO 639-1 code; left out, it is told from the draft and then the message.
    """

    message: str = ""
    reading: ReadingLike | None = None
    channel: str = "email"
    style: str | None = None
    dismissed: frozenset[str] | set[str] = frozenset()
    language: str | None = None
    adjusted: Mapping[str, int | None] = field(default_factory=dict)
    regime: str | None = None


@dataclass(frozen=True)
class Finding:
    """One piece of advice: `draft[start:end] == quote` (empty where something is missing at that place).

    `rewrite` replaces exactly that stretch ("" deletes it); None where no wording can be offered.
    """

    id: str
    level: Level
    quote: str
    start: int
    end: int
    message: str
    rewrite: str | None
    source: str

    @property
    def key(self) -> str:
        """Stable while the words stand: what a dismissal is remembered by."""
        return f"{self.id}:{self.quote.strip()}"


@dataclass(frozen=True)
class Point:
    """Something the customer said, held against the draft. A harm is acknowledged or missed, never answered."""

    kind: PointKind
    quote: str
    status: PointStatus
    draft_quote: str | None


@dataclass(frozen=True)
class Advice:
    """The coach's answer. `verdict`: see `coach.verdict`. Nothing in it stops anybody from sending but a blocker."""

    findings: tuple[Finding, ...] = ()
    points: tuple[Point, ...] = ()
    empathy: Empathy = field(default_factory=Empathy)
    verdict: Verdict = "ready"

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types; each finding also carries its `key`."""
        plain = asdict(self)
        plain["findings"] = [{**asdict(finding), "key": finding.key} for finding in self.findings]
        plain["points"] = [asdict(point) for point in self.points]
        return plain
