"""The fields of a reading in plain words: their names, their scales, and what each value is called."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from babel import Locale, UnknownLocaleError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from backstory.cases import verdicts
from backstory.cases.actions import LANGUAGES
from backstory.web.formats import reader_locale

SEVERITIES = (
    gettext_noop("No harm"),
    gettext_noop("Minor"),
    gettext_noop("Moderate"),
    gettext_noop("Serious"),
    gettext_noop("Critical"),
)
YES_NO = {True: gettext_noop("Yes"), False: gettext_noop("No")}
SHOWN = {0: gettext_noop("None"), 1: gettext_noop("Some"), 2: gettext_noop("Strong")}
NAMES: Mapping[str, str] = {
    "complaint": gettext_noop("Complaint"),
    "severity": gettext_noop("Severity"),
    "safety": gettext_noop("Safety at stake"),
    "emotion": gettext_noop("Leading emotion"),
    "intensity": gettext_noop("Intensity"),
    "urgency": gettext_noop("Urgency"),
    "cause": gettext_noop("Cause"),
    "style": gettext_noop("Social style"),
    "politeness": gettext_noop("Politeness"),
    "abuse": gettext_noop("Abuse"),
    "asks": gettext_noop("Asks"),
    "harms": gettext_noop("Harms"),
    "threats": gettext_noop("May go further"),
    "gap": gettext_noop("More behind it"),
    "language": gettext_noop("Language"),
    "vulnerability": gettext_noop("Signs of vulnerability"),
    "reaction": gettext_noop("Emotional reaction"),
    "interpretation": gettext_noop("Interpretation"),
    "exploration": gettext_noop("Exploration"),
    "emotions": gettext_noop("Shades of feeling"),
    "valence": gettext_noop("Mood"),
    "facts": gettext_noop("Facts"),
    "coverage": gettext_noop("Share that was read"),
}
SCALES: Mapping[str, str] = {
    "complaint": gettext_noop("how likely it is that this complains"),
    "severity": gettext_noop("0 no harm to 4 critical"),
    "safety": gettext_noop("whether somebody's life, health or bodily safety is or was endangered"),
    "emotion": gettext_noop("the strongest of six, or neutral"),
    "intensity": gettext_noop("0 none to 3 strong"),
    "urgency": gettext_noop("0 none to 3 now"),
    "cause": gettext_noop("the likeliest of your causes"),
    "style": gettext_noop("a hypothesis about this message, never a trait of a person"),
    "politeness": gettext_noop("how likely it is that this is polite"),
    "abuse": gettext_noop("of whoever reads it: none to very strong (ConvAbuse)"),
    "asks": gettext_noop("questions, requests, demands"),
    "harms": gettext_noop("what the writer says was done to them"),
    "threats": gettext_noop("leaving, law, publicity, self-harm"),
    "gap": gettext_noop("how far the reaction exceeds the stated matter: a reason to ask, never a judgement"),
    "language": gettext_noop("the language it is written in"),
    "vulnerability": gettext_noop("only for who may read backstories"),
    "reaction": gettext_noop("warmth felt by the writer, 0 to 2"),
    "interpretation": gettext_noop("what was understood of the other, 0 to 2"),
    "exploration": gettext_noop("asking beyond what was said, 0 to 2"),
    "emotions": gettext_noop("of 28 labels, the likeliest first"),
    "valence": gettext_noop("−1 bad to 1 good"),
    "facts": gettext_noop("what can be looked up"),
    "coverage": gettext_noop("of very long messages only the beginning is read"),
}
WORDS: Mapping[str, Mapping[Any, str]] = {
    "complaint": YES_NO,
    "safety": YES_NO,
    "gap": YES_NO,
    "severity": dict(enumerate(SEVERITIES)),
    "emotion": {
        "anger": gettext_noop("Anger"),
        "disgust": gettext_noop("Disgust"),
        "fear": gettext_noop("Fear"),
        "joy": gettext_noop("Joy"),
        "sadness": gettext_noop("Sadness"),
        "surprise": gettext_noop("Surprise"),
        "neutral": gettext_noop("Neutral"),
    },
    "intensity": {
        0: gettext_noop("None"),
        1: gettext_noop("Mild"),
        2: gettext_noop("Clear"),
        3: gettext_noop("Strong"),
    },
    "urgency": {
        0: gettext_noop("None"),
        1: gettext_noop("Soon"),
        2: gettext_noop("Within days"),
        3: gettext_noop("Now"),
    },
    "style": {
        "driver": gettext_noop("Driver"),
        "expressive": gettext_noop("Expressive"),
        "analytic": gettext_noop("Analytic"),
        "amiable": gettext_noop("Amiable"),
        "none": gettext_noop("Shows too little"),
    },
    "politeness": {
        "polite": gettext_noop("Polite"),
        "neutral": gettext_noop("Neutral"),
        "impolite": gettext_noop("Impolite"),
    },
    "abuse": {
        1: gettext_noop("None"),
        0: gettext_noop("Ambivalent"),
        -1: gettext_noop("Mild"),
        -2: gettext_noop("Strong"),
        -3: gettext_noop("Very strong"),
    },
    "reaction": SHOWN,
    "interpretation": SHOWN,
    "exploration": SHOWN,
}
KINDS: Mapping[str, str] = {
    "question": gettext_noop("question"),
    "request": gettext_noop("request"),
    "demand": gettext_noop("demand"),
    "money": gettext_noop("money"),
    "time": gettext_noop("time"),
    "health": gettext_noop("health"),
    "safety": gettext_noop("safety"),
    "data": gettext_noop("data"),
    "dignity": gettext_noop("dignity"),
    "trust": gettext_noop("trust"),
    "other": gettext_noop("other"),
    "churn": gettext_noop("leaving"),
    "legal": gettext_noop("law"),
    "publicity": gettext_noop("publicity"),
    "self-harm": gettext_noop("self-harm"),
    "life-event": gettext_noop("life event"),
    "resilience": gettext_noop("resilience"),
    "capability": gettext_noop("capability"),
}
NUMBERED = frozenset({"severity", "intensity", "urgency", "reaction", "interpretation", "exploration"})
OFTEN = ("en", "de", "es", "fr", "it", "nl", "pl", "pt", "tr")
Causes = Mapping[str, str]
"""The names of the company's causes by slug."""


def language_name(code: str) -> str:
    """A language in the reader's own."""
    if code == "und":
        return _("No words to tell by")
    try:
        return Locale.parse(code).get_display_name(reader_locale()) or code
    except (ValueError, UnknownLocaleError):
        return code


def word(field: str, value: Any, causes: Causes) -> str:
    """A value in plain words, such as "3 · Serious"."""
    if value is None:
        return _("left open")
    if verdicts.FIELDS[field].kinds:
        return "; ".join(f"{_(KINDS[span['kind']])} “{span['text']}”" for span in value) or _("none")
    if field == "cause":
        return causes.get(value, value) or _("none")
    if field == "language":
        return language_name(value)
    plain = _(WORDS[field][value])
    return f"{value} · {plain}" if field in NUMBERED else plain


@dataclass(frozen=True)
class Choice:
    """One value that can be chosen: as a form sends it, the number key that chooses it ("" for none), in words."""

    sent: str
    key: str
    label: str


def choices(field: str, causes: Causes) -> list[Choice]:
    """What can be chosen for a field. Where a value is a number, its key is that number."""
    values: list[Any] = list(verdicts.FIELDS[field].choices)
    if field == "cause":
        values = [*causes, ""]
    elif field == "language":
        values = [*OFTEN, *sorted(LANGUAGES - set(OFTEN), key=language_name)]
    keys = [str(value) if field in NUMBERED else str(at) if at < 10 else "" for at, value in enumerate(values, 1)]
    named = zip(keys, values, strict=True)
    if field in NUMBERED:
        return [Choice(json.dumps(value), key, _(WORDS[field][value])) for key, value in named]
    return [Choice(json.dumps(value), key, word(field, value, causes)) for key, value in named]
