"""Times of day in a clause: "at 9", "between 2 and 4 pm", "um halb drei", "a las 5 de la tarde", "jeudi à 10h30".

Of a range its end counts. An hour of one to six without am or pm is in the afternoon, since desks answer by day; so is
an hour beside "afternoon" or "evening". A morning ends at noon, an afternoon at closing time, an evening at 20:00.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from backstory.language import deadline_words as words
from backstory.language.text import fold

NOON, EVENING = time(12), time(20)
FIRST_HOUR_OF_DAY = 7
_HALF = r"[ap]\.?\s?m\b\.?|uhr\b|o['’]clock|heures?\b|hrs?\b|h\b|hs\b"
_SPELT = {name: int(value) for name, value in words.NUMBERS.items() if 2 <= value <= 12 and value == int(value)} | {
    "eleven": 11,
    "elf": 11,
    "once": 11,
    "onze": 11,
    "seven": 7,
    "sept": 7,
    "eins": 1,
    "ein": 1,
}
_HOUR = rf"\d{{1,2}}|(?:{'|'.join(sorted(_SPELT, key=len, reverse=True))})\b"
_NO_HOUR = (  # what makes the number before it no hour of the clock
    r"(?![\d/])(?![.,:-]\d)"
    r"(?!\.?\s*(?:(?:st|nd|rd|th|er)\b|º|ª|%|€|\$|£|percent|per cent|prozent|euros?|dollars?|pounds?|"
    rf"(?:of\s+|de\s+)?(?:{words.any_of(words.MONTHS)})\b|(?:(?:more|full|business|working|other)\s+)?(?:{words.any_of(words.UNITS)})\b|"
    r"people|persons|personen|personas|personnes|[a-z]+ (?:street|road|avenue)))"
)
_AT = (
    r"(?:at|by|before|until|till|around|about|latest|noon or|um|gegen|vor|bis um|a las?|de las|para las|sobre las|"
    r"hasta las|antes de las|à|avant|vers|dès|monday|tuesday|wednesday|thursday|friday|tomorrow|today|,)"
)
_RANGE = re.compile(
    rf"\b(?:(?P<opened>between|from|zwischen|von|entre(?:\s+las?)?|desde(?:\s+las?)?|de(?:\s+las?)?|das)\s+|"
    rf"(?:{_AT}\s*)?)(?P<first>{_HOUR})(?:[:.h](?P<first_minute>\d{{2}}))?\s*(?:{_HALF})?\s*"
    r"(?:and|to|till|until|und|bis|y|a|hasta|et|à|[–—-])\s*(?:las?\s+)?"
    rf"(?P<hour>{_HOUR})(?:[:.h]\s?(?P<minute>\d{{2}}))?\s*(?P<half>{_HALF})?{_NO_HOUR}",
    re.IGNORECASE,
)
_MARKED = re.compile(
    rf"(?<![\d.,:/€$£])\b(?:(?P<hour>{_HOUR})(?:[:.h]\s?(?P<minute>\d{{2}}))?\s*(?P<half>{_HALF})"
    r"|(?P<hour_plain>\d{1,2})[:h](?P<minute_plain>\d{2})\b)",
    re.IGNORECASE,
)
_PREPOSED = re.compile(
    rf"(?<!\w){_AT}\s+(?P<hour>{_HOUR})(?:[:.](?P<minute>\d{{2}})(?![\d.]))?(?P<half>)(?:\s+y\s+(?P<more>media|cuarto))?{_NO_HOUR}",
    re.IGNORECASE,
)
_SAID = re.compile(  # (pattern, minutes after the hour that is named)
    r"\b(?:(?P<half_to>halb)|(?P<half_past>half past|half)|(?P<quarter_past>(?:a )?quarter past|viertel nach)|"
    rf"(?P<quarter_to>(?:a )?quarter to|viertel vor))\s+(?P<hour>{_HOUR})(?!\s*(?:{words.any_of(words.UNITS)})\b)",
    re.IGNORECASE,
)
_MINUTES = {"half_to": -30, "half_past": 30, "quarter_past": 15, "quarter_to": -15}
_AFTERNOON = re.compile(r"\b(?:afternoon|nachmittags?|de la tarde|por la tarde|après-midi)\b", re.IGNORECASE)
_EVENING = re.compile(r"\b(?:evening|tonight|abends?|de la noche|por la noche|soir)\b", re.IGNORECASE)
_MORNING = re.compile(r"\b(?:morning|vormittags?|morgens|früh|de la mañana|du matin|matin)\b", re.IGNORECASE)


@dataclass(frozen=True)
class ClockTime:
    """`text[start:end]` names the time of day; `exact` where it names an hour, not a part of the day."""

    start: int
    end: int
    clock: time
    exact: bool


def find(text: str, closing: time) -> list[ClockTime]:
    """The times of day in a clause, hours before parts of the day; `closing` ends an afternoon."""
    return list(_hours(text)) + list(_parts_of_day(text, closing))


def ranges(text: str) -> list[tuple[int, int]]:
    """Where a clause names a range of hours: its "and" joins no clauses."""
    return [match.span() for match in _RANGE.finditer(text) if _is_range(match)]


def _is_range(match: re.Match[str]) -> bool:
    """Two bare numbers are a range of hours only where a word or a mark says so: "2-3 days" was told from it."""
    return bool(match["opened"] or match["half"] or match["minute"] or match["first_minute"])


def _hours(text: str) -> Iterator[ClockTime]:
    taken = text
    for pattern in (_RANGE, _SAID, _MARKED, _PREPOSED):
        for match in pattern.finditer(taken):
            if pattern is _RANGE and not _is_range(match):
                continue
            clock = _clock(match, taken)
            if clock:
                yield ClockTime(*match.span(), clock, exact=True)
                taken = taken[: match.start()] + " " * (match.end() - match.start()) + taken[match.end() :]


def _clock(match: re.Match[str], text: str) -> time | None:
    groups = match.groupdict()
    written = groups.get("hour") or groups.get("hour_plain") or ""
    hour = int(written) if written.isdigit() else _SPELT[fold(written)]
    minute = int(groups.get("minute") or groups.get("minute_plain") or 0)
    minute += {"media": 30, "cuarto": 15}.get(fold(groups.get("more") or ""), 0)
    minute += next((shift for name, shift in _MINUTES.items() if groups.get(name)), 0)
    if minute < 0:
        hour, minute = hour - 1, minute + 60
    hour = _of_day(hour, written, fold(groups.get("half") or ""), text[match.start() : match.end() + 25])
    return time(hour, minute) if 0 <= hour < 24 and minute < 60 else None


def _of_day(hour: int, written: str, half: str, around: str) -> int:
    """The hour of 24: by am and pm, the part of the day beside it, or the habits of desks."""
    half = half.replace(".", "").replace(" ", "")
    if half == "am" or _MORNING.search(around):
        return hour % 12 if hour <= 12 and half == "am" else hour
    if hour < 12 and (half == "pm" or _AFTERNOON.search(around) or _EVENING.search(around)):
        return hour + 12
    by_habit = 0 < hour < FIRST_HOUR_OF_DAY and not half.startswith("h") and not written.startswith("0")
    return hour + 12 if by_habit else hour


def _parts_of_day(text: str, closing: time) -> Iterator[ClockTime]:
    ends = {"noon": NOON, "closing": closing, "evening": max(closing, EVENING)}
    for name, pattern in words.PARTS_OF_DAY:
        for match in pattern.finditer(text):
            yield ClockTime(*match.span(), ends[name], exact=False)
