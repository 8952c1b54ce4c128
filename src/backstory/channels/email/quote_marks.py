"""Patterns of the lines by which mail programs mark quoted history, made of the phrases in `quote_phrases`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from backstory.channels.email import quote_phrases as phrases

HTML_QUOTE = "\ue013"  # stands before each line that the HTML puts into a quotation
HTML_RULE = "\ue012"  # stands where the HTML has a horizontal rule
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]")
_ADDRESS = r"[^\s<>@()\[\]\"',;]+@[^\s<>@()\[\]\"',;]+"


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of these words, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))


_FLAGS = re.IGNORECASE
_WROTE = rf"(?:(?<!\w)(?:{any_of(phrases.WROTE)})(?!\w)|{any_of(phrases.WROTE_JOINED)})"
ADDRESS = re.compile(_ADDRESS)
VERB = re.compile(_WROTE, _FLAGS)
_STEMS = tuple({re.split(r"\w\?|[(\[|\\]", word.lower())[0] for word in (*phrases.WROTE, *phrases.WROTE_JOINED)})
OWN_VERB = re.compile(
    rf"(?<!\w)(?:{any_of(phrases.OWN)})\s+{_WROTE}|{_WROTE}\s+(?:{any_of(phrases.OWN)})(?!\w)", _FLAGS
)
# A point in time: a clock, a date in figures, a year behind a word or a day, or the East Asian forms.
MOMENT = re.compile(
    r"(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)|(?<!\d)\d{1,4}([-./])\s?\d{1,2}\1\s?\d{1,4}|(?<!\d)(?:19|20)\d\d(?!\d)"
    r"|\d\s?[年月일월]|(?<!\d)\d{1,2}\.? \w{3,10}\.?(?!\w)"
)
# The last thing before the colon is an address: "Fri, 3 May 2024, 10:00, Maya <maya@example.com>:".
ENDS_WITH_ADDRESS = re.compile(rf"{_ADDRESS}[\s>)\]\"']*(?:님)?\s*[:：]$")
NAME_AND_ADDRESS = re.compile(rf"^[^\n<(:]{{0,80}}[<(\[]\s*(?:mailto:)?{_ADDRESS}")
# "Maya Lind wrote on 3 May 2024 at 10:00:" begins with a name, each of its words in capitals.
NAME_FIRST = re.compile(rf"^(?:[^\W\d_a-zß-öø-ÿ]\S*\s){{1,4}}(?i:{_WROTE})")
COLON_END = re.compile(r"[:：]\s*\**$")
LEADING = re.compile(
    rf"^(?:(?:{any_of(phrases.LEAD)})(?!\w)|(?:{any_of(phrases.WEEKDAYS)})\w{{0,10}}[.,]{{0,2}}\s\(?\d"
    r"|\(?\d{1,4}\s?[-./,年 ]\s?\w|在|於)",
    _FLAGS,
)
# "Am 3.5. um 10:00 Uhr schrieb Maya" and Zoho's "---- On Fri, 3 May 2024 Maya wrote ----".
COLON = re.compile("[:：]")
DASHED = re.compile(r"^[-–—‐‑−_=*#~]{2}")
DASHED_ATTRIBUTION = re.compile(rf"^[-_=]{{2,}}+\s*[^\n]{{4,200}}{_WROTE}[^\n]{{0,40}}[-_=]{{2,}}$", _FLAGS)
_DASHES = r"[-–—‐‑−_=*#~]{2,}+"
DIVIDER = re.compile(
    rf"^(?:{_DASHES}\s*)(?P<words>{any_of(phrases.ORIGINAL)}|{any_of(phrases.FORWARDED)})\s*[:：]?\s*(?:{_DASHES})?\s*$",
    _FLAGS,
)
PLAIN_DIVIDER = re.compile(rf"^(?:{any_of(phrases.FORWARDED)})\s*[:：]\s*$", _FLAGS)
FORWARD = re.compile(rf"(?:{any_of(phrases.FORWARDED)})", _FLAGS)
# Notes leaves a name, dashes and a date: "Maya Lind---03.05.2024 10:00:00---Good day".
NOTES = re.compile(
    r"^[^\n]{2,60}\s?-{2,3}\s?\d{1,4}[-./]\d{1,2}[-./]\d{1,4} \d{1,2}:\d\d(?::\d\d)?(?: [AP]M)?\s?-{2,3}"
)
REPLY_ABOVE = re.compile(
    r"^\W*(?:(?:please )?(?:reply|respond|type your (?:reply|response)|write your reply) (?:above|over) this line|"
    r"in replying|bitte (?:antworten sie )?(?:ober|über)halb dieser (?:zeile|linie)|"
    r"(?:veuillez )?répondre au-dessus de cette ligne|"
    r"(?:por favor )?(?:responda|escriba).{0,20}(?:encima|por encima) de esta línea|gelieve boven deze lijn)\b",
    _FLAGS,
)
FROM_LINE = re.compile(rf"^(?:{any_of(phrases.FROM)})\s?[*_]{{0,2}}\s?[:：]\s?[*_]{{0,2}}\s*\S", _FLAGS)
HEADER_LINE = re.compile(rf"^(?:{any_of((*phrases.FROM, *phrases.OTHERS))})\s?[*_]{{0,2}}\s?[:：]", _FLAGS)
SUBJECT_LINE = re.compile(rf"^(?:{any_of(phrases.SUBJECT)})\s?[*_]{{0,2}}\s?[:：]", _FLAGS)
# A reply and the attribution on one line, as some phones send them.
SHARED_LINE = re.compile(
    r"^(?P<reply>.*?\S)(?P<dashes>\s*-{0,4}\s+)(?P<attribution>(?:On|Am|Le|El|Il|Op|Em)\s\w{2,10}[.,]{1,2}\s[^\n]{4,160}"
    r"\s(?:wrote|schrieb[^\n]{0,60}|a écrit|escribió|ha scritto|schreef[^\n]{0,60}|escreveu)\s?:)\s*$"
)
RULE = re.compile(rf"^\s*(?:[-_=*–—]{{5,}}|{HTML_RULE}|[-_=]{{3,}}+[^\n=_-][^\n]{{0,59}}?[-_=]{{3,}}+)\s*$")
QUOTED_LINE = re.compile(rf"^\s{{0,3}}(?:>|{HTML_QUOTE}|\|(?=\s|$))")
# What is left of a link that a program broke over lines inside a quotation.
LINK_REMNANT = re.compile(r"^\s*(?:[(<]?https?://\S+|[^\s.!?]*[=&/%]\S*)[)>\s]*$")


def verb_in(line: str) -> re.Match[str] | None:
    """The verb of an attribution; the stems are looked for first, which costs a fraction of the pattern."""
    lowered = line.lower()
    return VERB.search(line) if any(stem in lowered for stem in _STEMS) else None


def bare(line: str) -> str:
    """`line` as it reads: without quotation marks before it, emphasis and marks that cannot be seen."""
    return INVISIBLE.sub("", line).replace("\u00a0", " ").lstrip(f"> {HTML_QUOTE}|\t*_").rstrip(" \t*_")
