"""Everything that was read in one message, line by line, in plain words: what the popover shows."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from backstory.cases import policy, queries, verdicts
from backstory.cases.actions import open_sensitive
from backstory.cases.models import ReadingCorrection, SensitiveCorrection
from backstory.conversations.models import Message
from backstory.people.models import User
from backstory.web.panes.chips import evidence, found, sides
from backstory.web.panes.verdict_words import KINDS, NAMES, SCALES, Causes, Choice, choices, word

Data = Mapping[str, Any]
READ_IN = frozenset({"en", "de", "es", "fr"})
ORDER: Mapping[str, tuple[str, ...]] = {
    "reading": (
        *("complaint", "severity", "safety", "urgency", "emotion", "intensity", "cause", "asks", "harms", "threats"),
        *("abuse", "politeness", "style", "gap", "language", "emotions", "valence", "facts", "coverage"),
    ),
    "sensitive": ("vulnerability",),
    "reply": ("reaction", "interpretation", "exploration"),
}
EVIDENCE_OF = {"emotion": "ekman"}


@dataclass(frozen=True)
class Line:
    """One field: what was read, on which scale, on which words it rests, and whether a person said it."""

    field: str
    name: str
    verdict: str
    scale: str
    spans: str
    said: str  # "", "corrected" or "confirmed"
    may_correct: bool
    is_open: bool
    is_sensitive: bool


@dataclass(frozen=True)
class Past:
    """One judgement of a field, as its history shows it."""

    who: str
    at: datetime
    was: str
    becomes: str
    is_confirmation: bool
    undone_by: str
    is_undone: bool


@dataclass(frozen=True)
class Judging:
    """One field being judged: its choices, or the quoted places it consists of."""

    field: str
    name: str
    scale: str
    chosen: str  # the value in force as a form sends it
    choices: list[Choice]
    kinds: list[tuple[str, str]]
    places: list[tuple[str, str, str]]  # its name in a form, kind in words, quote
    history: list[Past]
    may_undo: bool


@dataclass(frozen=True)
class Sheet:
    """All that was read in one message, for this viewer."""

    message: Message
    lines: list[Line]
    may_correct: bool
    engine: str
    problem: str


def sheet(viewer: User, message_id: int) -> Sheet:
    """The lines of a message; NotFound for one the viewer may not see."""
    message = queries.message_to_judge(viewer, message_id)
    may = policy.may_correct(viewer, message.conversation.team_id)
    causes = queries.cause_names()
    homes = ["reply"] if message.direction == Message.Direction.OUT else ["reading"]
    if message.direction == Message.Direction.IN and policy.may_see_sensitive(viewer, message.conversation.team_id):
        homes.append("sensitive")
        open_sensitive(viewer, message.conversation)
    read = queries.verdicts_on(message, homes[0])
    problem = "" if read else _("This message has not been read yet.")
    if read is not None and read.engine == queries.FAILED:
        problem = _("This message could not be read.")
    lines = [line for home in homes for line in _lines(message, home, causes, may)] if read and not problem else []
    return Sheet(message, lines, may, read.engine if read else "", problem)


def _lines(message: Message, home: str, causes: Causes, may_correct: bool) -> list[Line]:
    row = queries.verdicts_on(message, home)
    data: Data = row.data if row else {"vulnerability": []}
    return [
        _line(field, data, message.text, causes, may_correct)
        for field in ORDER[home]
        if field not in ("emotions", "valence", "facts", "coverage") or _is_worth_showing(field, data)
    ]


def _is_worth_showing(field: str, data: Data) -> bool:
    return data.get(field, 1) < 1 if field == "coverage" else bool(data.get(field))


def _line(field: str, data: Data, text: str, causes: Causes, may_correct: bool) -> Line:
    known = verdicts.FIELDS.get(field)
    is_open = known is not None and verdicts.value_of(data, field) is None
    said = next((kind for kind in ("corrected", "confirmed") if field in data.get(kind, ())), "")
    spans = [] if is_open or (said == "corrected" and not (known and known.kinds)) else _spans(field, data, text)
    return Line(
        field=field,
        name=_(NAMES[field]),
        verdict=_why_open(data) if is_open else _verdict(field, data, causes, said),
        scale=_(SCALES[field]),
        spans=json.dumps(spans) if spans else "",
        said=said,
        may_correct=may_correct and known is not None,
        is_open=is_open,
        is_sensitive=known is not None and known.home == "sensitive",
    )


def _why_open(data: Data) -> str:
    code = (data.get("language") or {}).get("code", "und")
    if code == "und":
        return _("no words to read")
    return _("left open") if code in READ_IN else _("not read in this language")


def _percent(p: float) -> str:
    return f"{round(p * 100)} %"


def _labels(part: list[Data], names: Mapping[str, str] | None = None) -> str:
    return ", ".join(f"{(names or {}).get(one['label'], one['label'])} {_percent(one['p'])}" for one in part)


def _strongest(part: Mapping[str, float]) -> str:
    return _percent(max(part.values()))


DETAILS: Mapping[str, Callable[[Any], str]] = {
    "complaint": lambda part: _percent(part["p"]),
    "emotion": _strongest,
    "intensity": lambda part: f"{part['overall']:.1f}",
    "urgency": lambda part: f"“{part['by_when']}”" if part.get("by_when") else "",
    "severity": lambda part: part.get("why") or "",
    "politeness": _percent,
    "gap": lambda part: f"{part['score']:.1f}",
    "language": lambda part: _percent(part["p"]),
    "abuse": lambda part: ", ".join(part.get("kinds") or ()),
}
"""What stands behind the word for a value that the engine found."""


def _verdict(field: str, data: Data, causes: Causes, said: str) -> str:
    if field not in verdicts.FIELDS:
        return _uncorrectable(field, data)
    if field == "cause" and data["cause"] and said != "corrected":
        return _labels(data["cause"], causes)
    plain = word(field, verdicts.value_of(data, field), causes)
    detail = DETAILS[field](data[verdicts.FIELDS[field].part]) if field in DETAILS and said != "corrected" else ""
    return f"{plain}, {detail}" if detail else plain


def _uncorrectable(field: str, data: Data) -> str:
    part = data[field]
    if field == "emotions":
        return _labels(part)
    if field == "facts":
        return "; ".join(f"{fact['kind']} “{fact['text']}”" for fact in part)
    return f"{part:+.1f}" if field == "valence" else _percent(part)


def _spans(field: str, data: Data, text: str) -> list[list[Any]]:
    if field == "gap":
        return sides(data)
    if field == "abuse":
        return [[span["start"], span["end"]] for span in data["abuse"].get("spans") or []]
    kinds = field == "facts" or (field in verdicts.FIELDS and verdicts.FIELDS[field].kinds)
    if kinds:
        quoted = data["facts"] if field == "facts" else verdicts.value_of(data, field)
        return [[span["start"], span["end"]] for span in quoted]
    weighed = evidence(data, EVIDENCE_OF.get(field, field))
    if field == "severity":
        return weighed or found(text, data["severity"].get("why") or "")
    return weighed


def judging(message: Message, field: str) -> Judging:
    """A field being judged; the caller has seen to it that the viewer may (`sheet`)."""
    home, causes = verdicts.FIELDS[field].home, queries.cause_names()
    row = queries.verdicts_on(message, home)
    value = verdicts.value_of(row.data, field) if row else None
    past = [one for one in queries.corrections(message, sensitive=home == "sensitive") if one.field == field]
    kinds = verdicts.FIELDS[field].kinds
    return Judging(
        field=field,
        name=_(NAMES[field]),
        scale=_(SCALES[field]),
        chosen="" if value is None else json.dumps(value),
        choices=[] if kinds else choices(field, causes),
        kinds=[(kind, _(KINDS[kind])) for kind in kinds],
        places=[(place_name(span), _(KINDS[span["kind"]]), span["text"]) for span in value or []] if kinds else [],
        history=[_past(one, causes) for one in past],
        may_undo=any(one.undone_at is None for one in past),
    )


def place_name(span: Data) -> str:
    """How a form names one quoted place of a field."""
    return f"{span['start']}-{span['end']}-{span['kind']}"


def _past(one: ReadingCorrection | SensitiveCorrection, causes: Causes) -> Past:
    return Past(
        who=one.by.name if one.by else _("somebody"),
        at=one.created_at,
        was=word(one.field, one.was, causes),
        becomes=word(one.field, one.becomes, causes),
        is_confirmation=one.was == one.becomes,
        undone_by=one.undone_by.name if one.undone_by else "",
        is_undone=one.undone_at is not None,
    )
