"""The gravest verdicts of a reading as chips below a message, each with the words it rests on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from backstory.cases.models import Reading, ReplyReading, SensitiveReading
from backstory.cases.verdicts import LARGE_GAP
from backstory.web.panes.queue import EMOTIONS, emotion_icon
from backstory.web.panes.verdict_words import KINDS, SEVERITIES, WORDS

Spans = list[list[Any]]
Data = Mapping[str, Any]
EMOTION_TONES = {"anger": "bad", "joy": "good"}
LIKELY_CAUSE = 0.3
"""Below this probability a cause is a guess among many, and not shown."""
STYLES = {
    "driver": gettext_noop("Wants results: what will be done, by when."),
    "expressive": gettext_noop("Wants to be heard: take up what was felt."),
    "analytic": gettext_noop("Wants facts: reasons, figures and order."),
    "amiable": gettext_noop("Wants a relation: be warm, ask, reassure."),
}
LOOKS: Mapping[str, tuple[str, str]] = {
    "complaint": ("bad", "flag"),
    "emotion": ("warn", "mood-sad"),
    "severity": ("warn", "alert-circle"),
    "urgency": ("warn", "clock"),
    "abuse": ("bad", "ban"),
    "cause": ("plain", "sitemap"),
    "style": ("plain", "user-circle"),
    "gap": ("info", "books"),
    "asks": ("info", "hand-stop"),
    "harms": ("warn", "alert-triangle"),
    "threats": ("warn", "speakerphone"),
}
"""Tone and icon of a field's chip."""
QUOTED = frozenset({"asks", "harms", "threats"})
TELLING = 0.25
"""The share of the strongest evidence's weight that other evidence needs, to be worth a reader's eye."""


@dataclass(frozen=True)
class Chip:
    """One verdict about a message, with the character spans it rests on (JSON for the highlighter, or "").

    `field` is what a person would judge here; `by_person` whether somebody has, and said otherwise.
    """

    text: str
    tone: str
    icon: str
    spans: str
    title: str = ""
    field: str = ""
    by_person: bool = False


def chips(reading: Reading, text: str, causes: Mapping[str, str]) -> list[Chip]:
    """The verdicts of one reading of a text, the gravest first; `causes` are the names by slug."""
    data: Data = reading.data
    return [
        *_verdicts(reading, data, text),
        *_abuse(data),
        *_quoted(data, "asks", _("Asks"), data.get("asks") or []),
        *_quoted(data, "harms", _("Harm"), data.get("harms") or []),
        *_threats(data),
        *_cause(reading, data, causes),
        *_style(data),
        *_gap(data),
    ]


def sensitive_chips(reading: SensitiveReading) -> list[Chip]:
    """Signs of vulnerability, for who may see them."""
    spans = reading.data.get("vulnerability") or []
    if not spans:
        return []
    kinds = ", ".join(dict.fromkeys(_(KINDS[span["kind"]]) for span in spans))
    label = _("Vulnerability: %(kinds)s") % {"kinds": kinds}
    quotes = "\n".join(span["text"] for span in spans)
    by_person = bool(reading.replaced)
    return [Chip(label, "info", "shield-lock", marks(spans), quotes, "vulnerability", by_person)]


def reply_chips(reading: ReplyReading) -> list[Chip]:
    """The empathy of a message of ours, where it shows any."""
    shown = reading.data.get("reply") or {}
    if not any(shown.values()):
        return []
    points = sum(shown.values())
    label = _("Empathy %(points)d of 6") % {"points": points}
    return [
        Chip(label, "good" if points > 2 else "plain", "heart-handshake", "", "", "reaction", bool(reading.replaced))
    ]


def _verdicts(reading: Reading, data: Data, text: str) -> list[Chip]:
    found = [_complaint(reading, data), _emotion(reading, data)]
    found += [_severity(reading, data, text), _urgency(data, text)]
    return [chip for chip in found if chip is not None]


def _complaint(reading: Reading, data: Data) -> Chip | None:
    if not reading.is_complaint:
        return None
    if "complaint" in data.get("corrected", ()):
        return _chip(data, "complaint", _("Complaint"), [])
    text = _("Complaint %(p)d %%") % {"p": round(reading.complaint_p * 100)}
    return _chip(data, "complaint", text, evidence(data, "complaint") or _places(data.get("harms")))


def _emotion(reading: Reading, data: Data) -> Chip | None:
    if reading.emotion not in EMOTIONS:
        return None
    strength = (_("faint"), _("mild"), _("clear"), _("strong"))[min(round(reading.intensity), 3)]
    spans = evidence(data, "ekman") or evidence(data, "intensity")
    tone = EMOTION_TONES.get(reading.emotion, "warn")
    text = f"{EMOTIONS[reading.emotion]} · {strength}"
    return _chip(data, "emotion", text, spans, tone=tone, icon=emotion_icon(reading.emotion))


def _severity(reading: Reading, data: Data, text: str) -> Chip | None:
    if reading.severity < 2:
        return None
    why = (data.get("severity") or {}).get("why") or ""
    label = f"{_(SEVERITIES[reading.severity])}{' · ' + _('safety') if reading.safety else ''}"
    spans = evidence(data, "severity") or found(text, why)
    return _chip(data, "severity", label, spans, title=why, tone="bad" if reading.severity > 2 else "warn")


def _urgency(data: Data, text: str) -> Chip | None:
    urgency = data.get("urgency") or {}
    if urgency.get("level", 0) < 2:
        return None
    by_when = urgency.get("by_when") or ""
    spans = evidence(data, "urgency") or found(text, by_when)
    return _chip(data, "urgency", _("Urgent"), spans, title=by_when)


def _abuse(data: Data) -> list[Chip]:
    abuse = data.get("abuse") or {}
    if abuse.get("level", 1) >= 0:
        return []
    label = _("Abuse: %(level)s") % {"level": _(WORDS["abuse"][abuse["level"]]).lower()}
    return [_chip(data, "abuse", label, _places(abuse.get("spans")))]


def found(text: str, words: str) -> Spans:
    """Where quoted words stand in the text; nowhere for none."""
    at = text.find(words) if words else -1
    return [] if at < 0 else [[at, at + len(words)]]


def _chip(data: Data, field: str, text: str, spans: Spans, *, title: str = "", tone: str = "", icon: str = "") -> Chip:
    """A chip; what a person has said rests on no evidence of the engine's, unless it quotes the words itself."""
    by_person = field in data.get("corrected", ())
    usual_tone, usual_icon = LOOKS[field]
    shown = json.dumps(spans) if spans and (field in QUOTED or not by_person) else ""
    return Chip(text, tone or usual_tone, icon or usual_icon, shown, title, field, by_person)


def evidence(data: Data, field: str) -> Spans:
    """The spans that speak for a verdict, without those that hardly count."""
    given = (data.get("evidence") or {}).get(field)
    weighed = [(part.get("weight", 1), part["start"], part["end"]) for part in given or []]
    least = max((weight for weight, _start, _end in weighed), default=0) * TELLING
    return [[start, end] for weight, start, end in weighed if weight > 0 and weight >= least]


def _places(spans: list[Data] | None) -> Spans:
    return [[span["start"], span["end"]] for span in spans or []]


def marks(spans: list[Data] | None) -> str:
    """Quoted places as the highlighter takes them; empty for none."""
    places = _places(spans)
    return json.dumps(places) if places else ""


def _quoted(data: Data, field: str, label: str, spans: list[Data]) -> list[Chip]:
    if not spans:
        return []
    text = label if len(spans) == 1 else f"{label} ({len(spans)})"
    return [_chip(data, field, text, _places(spans), title="\n".join(span["text"] for span in spans))]


def _cause(reading: Reading, data: Data, causes: Mapping[str, str]) -> list[Chip]:
    """The likeliest cause of a complaint; a person confirms it in the panel."""
    likely = (data.get("cause") or [{}])[0]
    name = causes.get(likely.get("label", ""))
    if name is None or not reading.is_complaint or likely["p"] < LIKELY_CAUSE:
        return []
    why = "" if "cause" in data.get("corrected", ()) else _("Likely cause: %(p)d %%") % {"p": round(likely["p"] * 100)}
    return [_chip(data, "cause", _(name), evidence(data, "cause"), title=why)]


def _style(data: Data) -> list[Chip]:
    """How this customer likes to be talked with, where the words say enough."""
    style = data.get("style") or {}
    if style.get("abstain", True):
        return []
    likely = max(STYLES, key=lambda name: style.get(name, 0))
    text = _("%(style)s style") % {"style": _(WORDS["style"][likely])}
    return [_chip(data, "style", text, evidence(data, "style"), title=_(STYLES[likely]))]


def _threats(data: Data) -> list[Chip]:
    spans = [span for kind in (data.get("threats") or {}).values() for span in kind]
    return _quoted(data, "threats", _("Says they may go further"), spans)


def sides(data: Data) -> Spans:
    """Both sides of the gap: what is felt and what it is stated to be about."""
    gap = data.get("gap") or {}
    return [[gap[side]["start"], gap[side]["end"], side] for side in ("reaction", "matter") if gap.get(side)]


def _gap(data: Data) -> list[Chip]:
    if (data.get("gap") or {}).get("score", 0) < LARGE_GAP:
        return []
    why = _("The reaction is larger than the matter: ask.")
    return [_chip(data, "gap", _("There may be more behind it"), sides(data), title=why)]
