"""What one message says, as the rest of the house sees it. Offsets are code points into the text that was read."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """A quoted stretch: `text == message[start:end]`; `kind` names what it is."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that a verdict rests on; `weight` is their share, positive for, negative against."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Label:
    """A label with its probability."""

    label: str
    p: float


@dataclass(frozen=True, slots=True)
class Language:
    """ISO 639-1 code, `und` where nothing can be told, and the identifier's probability."""

    code: str
    p: float


@dataclass(frozen=True, slots=True)
class ComplaintVerdict:
    """Probability that the message complains, and the verdict at the chosen limit (`is` in `to_dict`)."""

    p: float
    is_complaint: bool


@dataclass(frozen=True, slots=True)
class Intensity:
    """Strength of feeling, 0 none to 3 strong: overall, and per emotion where a model was trained."""

    overall: float
    emotions: dict[str, float] | None


@dataclass(frozen=True, slots=True)
class Severity:
    """What is at stake: 0 nothing, 1 inconvenience, 2 real loss, 3 serious, 4 danger now. `why` quotes the words."""

    level: int
    safety: bool
    why: str


@dataclass(frozen=True, slots=True)
class Urgency:
    """0 none, 1 soon, 2 within days, 3 now; `by_when` quotes the stated time."""

    level: int
    by_when: str | None


@dataclass(frozen=True, slots=True)
class Style:
    """Social style of this message, a hypothesis: four probabilities; `abstain` where it shows too little."""

    driver: float
    expressive: float
    analytic: float
    amiable: float
    abstain: bool

    @property
    def likely(self) -> str | None:
        """The likeliest style, None where the reading abstains."""
        if self.abstain:
            return None
        return max(("driver", "expressive", "analytic", "amiable"), key=lambda name: getattr(self, name))


@dataclass(frozen=True, slots=True)
class Gap:
    """How far the reaction exceeds the stated matter, 0 to 1, both sides quoted: a reason to ask, never a judgement."""

    score: float
    reaction: Span | None
    matter: Span | None


@dataclass(frozen=True, slots=True)
class Reading:
    """One message read. A field that this engine cannot do for this message is None and named in `abstain`."""

    language: Language
    complaint: ComplaintVerdict | None = None
    emotions: tuple[Label, ...] | None = None
    ekman: dict[str, float] | None = None
    intensity: Intensity | None = None
    valence: float | None = None
    severity: Severity | None = None
    urgency: Urgency | None = None
    asks: tuple[Span, ...] | None = None
    harms: tuple[Span, ...] | None = None
    facts: tuple[Span, ...] | None = None
    cause: tuple[Label, ...] | None = None
    style: Style | None = None
    vulnerability: tuple[Span, ...] | None = None
    threats: dict[str, tuple[Span, ...]] | None = None
    gap: Gap | None = None
    coverage: float = 1.0
    abstain: tuple[str, ...] = ()
    models: dict[str, str] = field(default_factory=dict)
    evidence: dict[str, tuple[Evidence, ...]] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The reading as plain JSON types; `evidence` only where it was asked for."""
        plain: dict[str, Any] = _plain(asdict(self))
        if self.complaint is not None:
            plain["complaint"] = {"p": self.complaint.p, "is": self.complaint.is_complaint}
        if self.evidence is None:
            del plain["evidence"]
        return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return round(value, 4) if isinstance(value, float) else value
