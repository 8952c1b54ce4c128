"""Which fields of a reading people may judge, what they may say of each, and how that is put in its place. Pure.

A reading is the plain data of `language.Reading`; a *part* is one of its keys, and a part may hold several fields.
What people said stands in the data wherever it is looked at; the engine's own parts are kept beside it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from backstory.kernel.errors import InvalidInput

Data = Mapping[str, Any]
EMOTIONS = ("anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral")
STYLES = ("driver", "expressive", "analytic", "amiable", "none")
ASKS = ("question", "request", "demand")
HARMS = ("money", "time", "health", "safety", "data", "dignity", "trust", "other")
THREATS = ("churn", "legal", "publicity", "self-harm")
DRIVERS = ("health", "life-event", "resilience", "capability")
POLITE = {"polite": 1.0, "neutral": 0.5, "impolite": 0.0}
POLITE_FROM, IMPOLITE_TO = 2 / 3, 1 / 3
LARGE_GAP = 0.5
MOST_SPANS = 60
SPAN_KEYS = ("kind", "text", "start", "end")


@dataclass(frozen=True)
class Field:
    """One thing to judge. `home` is the kind of row it stands in: reading, sensitive or reply.

    `choices` are the values it takes; where there are none, it is a list of quoted places of one of the `kinds`, or
    (cause, language) a name that the caller knows the choices of. `get` gives the value of a part (never None) and
    `put` the part with another value; a part that the engine left open is None.
    """

    name: str
    part: str
    get: Callable[[Any], Any]
    put: Callable[[Any, Any], Any]
    choices: tuple[Any, ...] = ()
    kinds: tuple[str, ...] = ()
    home: str = "reading"


def _key(name: str) -> Callable[[Any], Any]:
    return lambda part: part[name]


def _with(name: str, **otherwise: Any) -> Callable[[Any, Any], Any]:
    return lambda part, value: {**otherwise, **(part or {}), name: value}


def _severity(part: Any, level: int) -> dict[str, Any]:
    return {"safety": False, **(part or {}), "level": level, "why": ""}


def _complaint(part: Any, value: bool) -> dict[str, Any]:
    return {"p": float(value) if part is None else part["p"], "is": value}


def _strongest(ekman: Mapping[str, float]) -> str:
    return max(ekman, key=lambda name: ekman[name])


def _emotion(part: Any, value: str) -> dict[str, float]:
    return {name: float(name == value) for name in EMOTIONS}


def _style_of(part: Mapping[str, Any]) -> str:
    return "none" if part["abstain"] else max(STYLES[:-1], key=lambda name: part[name])


def _style(part: Any, value: str) -> dict[str, Any]:
    return {**{name: float(name == value) for name in STYLES[:-1]}, "abstain": value == "none"}


def _first_cause(part: list[dict[str, Any]]) -> str:
    return str(max(part, key=lambda label: label["p"])["label"]) if part else ""


def _cause(part: Any, value: str) -> list[dict[str, Any]]:
    return [{"label": value, "p": 1.0}] if value else []


def _politeness_of(p: float) -> str:
    return "polite" if p >= POLITE_FROM else "impolite" if p <= IMPOLITE_TO else "neutral"


def _same(part: Any) -> Any:
    return part


def _threats_of(part: Mapping[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    found = [{**span, "kind": kind} for kind, spans in part.items() for span in spans]
    return sorted(found, key=lambda span: (span["start"], span["end"]))


def _threats(part: Any, value: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    return {kind: [span for span in value if span["kind"] == kind] for kind in THREATS}


def _swap(part: Any, value: Any) -> Any:
    return value


LEVELS = (0, 1, 2, 3)
FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field("complaint", "complaint", _key("is"), _complaint, (True, False)),
        Field("severity", "severity", _key("level"), _severity, (0, 1, 2, 3, 4)),
        Field("safety", "severity", _key("safety"), _with("safety", level=0, why=""), (True, False)),
        Field("emotion", "ekman", _strongest, _emotion, EMOTIONS),
        Field(
            "intensity",
            "intensity",
            lambda part: min(round(part["overall"]), 3),
            lambda part, value: {"emotions": None, **(part or {}), "overall": float(value)},
            LEVELS,
        ),
        Field("urgency", "urgency", _key("level"), _with("level", by_when=None, due=None), LEVELS),
        Field("cause", "cause", _first_cause, _cause),
        Field("style", "style", _style_of, _style, STYLES),
        Field("politeness", "politeness", _politeness_of, lambda part, value: POLITE[value], tuple(POLITE)),
        Field("abuse", "abuse", _key("level"), _with("level", kinds=[], spans=[]), (1, 0, -1, -2, -3)),
        Field("asks", "asks", _same, _swap, kinds=ASKS),
        Field("harms", "harms", _same, _swap, kinds=HARMS),
        Field("threats", "threats", _threats_of, _threats, kinds=THREATS),
        Field(
            "gap",
            "gap",
            lambda part: part["score"] >= LARGE_GAP,
            lambda part, value: {"reaction": None, "matter": None, **(part or {}), "score": float(value)},
            (True, False),
        ),
        Field("language", "language", _key("code"), lambda part, value: {"code": value, "p": 1.0}),
        Field("vulnerability", "vulnerability", _same, _swap, kinds=DRIVERS, home="sensitive"),
        Field("reaction", "reply", _key("reaction"), _with("reaction"), LEVELS[:3], home="reply"),
        Field("interpretation", "reply", _key("interpretation"), _with("interpretation"), LEVELS[:3], home="reply"),
        Field("exploration", "reply", _key("exploration"), _with("exploration"), LEVELS[:3], home="reply"),
    )
}
SCALES = tuple(name for name, field in FIELDS.items() if field.home == "reading" and not field.kinds)
"""The fields of a customer's message with one plain value: what earlier verdicts are kept of and compared by."""


def value_of(data: Data, name: str) -> Any:
    """What the data says of a field; None where the engine left it open."""
    field = FIELDS[name]
    part = data.get(field.part)
    return None if part is None else field.get(part)


def put_in(raw: Data, standing: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The engine's data with what people say put in its place, and the engine's own parts that had to give way.

    `data["corrected"]` names the fields that say something else than the engine did, `data["confirmed"]` those that
    people judged the same. `restored` is the way back.
    """
    data, replaced = dict(raw), dict[str, Any]()
    changed = [name for name, value in standing.items() if value_of(raw, name) != value]
    for name in changed:
        field = FIELDS[name]
        replaced.setdefault(field.part, raw.get(field.part))
        data[field.part] = field.put(data.get(field.part), standing[name])
    if standing:
        data["corrected"] = sorted(changed)
        data["confirmed"] = sorted(set(standing) - set(changed))
    return data, replaced


def restored(data: Data, replaced: Data) -> dict[str, Any]:
    """The engine's own data."""
    plain = {name: part for name, part in data.items() if name not in ("corrected", "confirmed")}
    return {**plain, **replaced}


def scales(data: Data) -> dict[str, Any]:
    """The plain values of a reading, by field."""
    return {name: value_of(data, name) for name in SCALES}


def differences(before: Data, after: Data) -> list[str]:
    """The fields on which two readings of one message differ."""
    names = [name for name, field in FIELDS.items() if field.home == "reading"]
    return [name for name in names if value_of(before, name) != value_of(after, name)]


def checked(name: str, value: Any, text: str, names: frozenset[str] = frozenset()) -> Any:
    """A person's verdict as it is kept; InvalidInput where it is none. `names` are the choices of cause and
    language."""
    field = FIELDS.get(name)
    if field is None:
        raise InvalidInput("That is not a field of a reading.", "field")
    if field.kinds:
        return _checked_spans(field, value, text)
    choices = field.choices or names
    if value not in choices or (isinstance(value, bool) is not isinstance(next(iter(choices)), bool)):
        raise InvalidInput("That is not one of the choices.", "value")
    return value


def _checked_spans(field: Field, spans: Any, text: str) -> list[dict[str, Any]]:
    if not isinstance(spans, list) or len(spans) > MOST_SPANS:
        raise InvalidInput("Those are not places of the message.", "value")
    places = {_checked_span(field, span, text) for span in spans}
    return [dict(zip(SPAN_KEYS, one, strict=True)) for one in sorted(places, key=lambda one: (*one[2:], one[0]))]


def _checked_span(field: Field, span: Any, text: str) -> tuple[str, str, int, int]:
    try:
        kind, quote, start, end = (span[key] for key in SPAN_KEYS)
        fits = kind in field.kinds and 0 <= start < end and text[start:end] == quote
    except (KeyError, TypeError):
        fits = False
    if not fits:
        raise InvalidInput("Those words do not stand in the message.", "value")
    return kind, quote, start, end


def place(text: str, quote: str, near: int = 0) -> tuple[int, int]:
    """Where quoted words stand in a text, the place nearest to `near`; InvalidInput where they do not."""
    words = quote.strip()
    found, at = [], text.find(words) if words else -1
    while at >= 0:
        found.append(at)
        at = text.find(words, at + 1)
    if not found:
        raise InvalidInput("Those words do not stand in the message: mark them, or type them as they are.", "quote")
    start = min(found, key=lambda begin: abs(begin - near))
    return start, start + len(words)
