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
    """What is at stake: 0 nothing, 1 inconvenience, 2 real loss, 3 serious, 4 danger now. `why` quotes the words.

    `safety`: somebody's life, health or bodily safety is or was endangered by what is complained of (ISO 10002:2018
    8.4 asks for severity and safety implications of every complaint; the scale is our own).
    """

    level: int
    safety: bool
    why: str


@dataclass(frozen=True, slots=True)
class Urgency:
    """0 none, 1 soon, 2 within days, 3 now (our own scale); `by_when` quotes the stated time, `due` is that time.

    `due` is ISO 8601 with zone, and None where no time is stated or nobody said when the message was written.
    """

    level: int
    by_when: str | None
    due: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A particular that can be looked up, quoted: `text == message[start:end]`.

    `kind`: amount, date, duration, order, account, reference, phone, email, product, name. `value` is its plain form
    (an amount as a decimal number, a date in ISO 8601 where its year is stated, a number without blanks), `currency`
    an ISO 4217 code where the message names one. The words are the customer's own: escape them wherever they are shown.
    """

    kind: str
    text: str
    start: int
    end: int
    value: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Abuse:
    """Abuse of the reader: 1 none, 0 ambivalent, -1 mild, -2 strong, -3 very strong, as in ConvAbuse
    (Cercas Curry, Abercrombie & Rieser 2021); `kinds`: insult, threat, sexist, racist, homophobic, ableist, sexual.

    Anger at the matter, however foul its words, is no abuse; it has to be meant for a person.
    """

    level: int
    kinds: tuple[str, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Empathy:
    """Reaction, interpretation, exploration of a reply, each 0 none, 1 weak, 2 strong (Sharma et al., EMNLP 2020)."""

    reaction: int = 0
    interpretation: int = 0
    exploration: int = 0


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
    """One message read. A field that this engine cannot do for this message is None and named in `abstain`.

    id             what the caller calls the message, given back as it came; None where nothing was given
    language       ISO 639-1 code with its probability; `und` where there are no words
    complaint      p 0 to 1, calibrated (Platt 1999), and the verdict at the chosen limit
    emotions       labels of GoEmotions (Demszky et al. 2020) with p, the likeliest first
    ekman          p of anger, disgust, fear, joy, neutral, sadness, surprise (Ekman 1992)
    intensity      0 to 3, overall and by emotion, as in BRIGHTER (Muhammad et al. 2025)
    valence        -1 to 1: joy less the strongest ill feeling
    severity       0 to 4, safety, and the words it rests on
    urgency        0 to 3, and by when
    asks           question, request and demand, one a clause
    harms          money, time, health, safety, data, dignity, trust, other: what the writer says was done to them
    facts          amounts, dates, durations, order, account and other numbers, products, names
    cause          up to three of the default causes with p
    style          p of driver, expressive, analytic, amiable (Merrill & Reid 1981), or abstains
    politeness     p 0 to 1 that the message is polite (TyDiP, Srinivasan & Choi 2022)
    abuse          1 none to -3 very strong, as in ConvAbuse
    vulnerability  health, life-event, resilience, capability: the four drivers of FCA FG21/1. Sensitive: kept apart
    threats        churn, legal, publicity, self-harm: the quoted places of each
    gap            0 to 1: how far the reaction exceeds the stated matter, both sides quoted (our own formula)
    reply          empathy of an agent's message; None, and not in `abstain`, for a customer's
    coverage       share of the characters that were parsed
    abstain        names of the fields that are withheld
    models         what read it: name -> version
    evidence       field -> places with weights, where it was asked for
    """

    language: Language
    id: str | int | None = None
    complaint: ComplaintVerdict | None = None
    emotions: tuple[Label, ...] | None = None
    ekman: dict[str, float] | None = None
    intensity: Intensity | None = None
    valence: float | None = None
    severity: Severity | None = None
    urgency: Urgency | None = None
    asks: tuple[Span, ...] | None = None
    harms: tuple[Span, ...] | None = None
    facts: tuple[Fact, ...] | None = None
    cause: tuple[Label, ...] | None = None
    style: Style | None = None
    politeness: float | None = None
    abuse: Abuse | None = None
    vulnerability: tuple[Span, ...] | None = None
    threats: dict[str, tuple[Span, ...]] | None = None
    gap: Gap | None = None
    reply: Empathy | None = None
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
