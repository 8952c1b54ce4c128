"""The message that is answered, below the answer: who wrote it when, in the customer's language. Pure.

Only words that a customer has written or received are ever quoted; whoever calls this hands over such a message.
"""

from __future__ import annotations

from datetime import datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime

LONGEST = 20_000
"""Characters of a quoted message; the customer has the rest."""
ATTRIBUTIONS = {
    "ar": "في {date}، كتب {who}:",
    "cs": "Dne {date} {who} napsal(a):",
    "da": "Den {date} skrev {who}:",
    "de": "Am {date} schrieb {who}:",
    "el": "Στις {date}, ο/η {who} έγραψε:",
    "en": "On {date}, {who} wrote:",
    "es": "El {date}, {who} escribió:",
    "fi": "{date} {who} kirjoitti:",
    "fr": "Le {date}, {who} a écrit :",
    "he": "ב-{date}, {who} כתב/ה:",
    "hu": "{date}, {who} írta:",
    "it": "Il {date} {who} ha scritto:",
    "ja": "{date} {who}さんは書きました:",
    "nb": "Den {date} skrev {who}:",
    "nl": "Op {date} schreef {who}:",
    "no": "Den {date} skrev {who}:",
    "pl": "Dnia {date} {who} napisał(a):",
    "pt": "Em {date}, {who} escreveu:",
    "ro": "Pe {date}, {who} a scris:",
    "ru": "{date} {who} написал(а):",
    "sv": "Den {date} skrev {who}:",
    "tr": "{date} tarihinde {who} yazdı:",
    "uk": "{date} {who} написав(-ла):",
    "zh": "{date}，{who} 写道：",
}


def attribution(language: str, who: str, at: datetime) -> str:
    """The line above a quoted message; `at` is aware and already on the desk's clock. English for other languages."""
    code = language[:2].lower() if language[:2].lower() in ATTRIBUTIONS else "en"
    try:
        locale = Locale.parse("en_GB" if code == "en" else "nb" if code == "no" else code)
    except UnknownLocaleError:
        locale = Locale("en", "GB")
    date = format_datetime(at, "long" if code in {"ja", "zh"} else "d MMMM y, HH:mm", locale=locale)
    return ATTRIBUTIONS[code].format(date=date, who=" ".join(who.split())[:200])


def quoted(line: str, text: str) -> str:
    """The attribution and the text, each line of it behind “> ” (RFC 3676, section 4.5); "" for no text."""
    words = text.strip()
    if not words:
        return ""
    cut = words if len(words) <= LONGEST else f"{words[:LONGEST].rstrip()} […]"
    return "\n".join([line, *(f"> {each}".rstrip() for each in cut.splitlines())])


def unquoted(quotation: str) -> tuple[str, str]:
    """(attribution, text) of what `quoted` made."""
    line, _, rest = quotation.partition("\n")
    return line, "\n".join(each.removeprefix("> ") if each != ">" else "" for each in rest.split("\n"))
