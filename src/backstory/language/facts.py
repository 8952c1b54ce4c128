"""The particulars of a message: amounts, dates, durations and references, quoted with their plain form."""

from __future__ import annotations

import re

from backstory.language.reading import Fact

MOST = 40
_FACTS = {
    "amount": re.compile(
        r"(?:[€$£]\s?\d[\d.,]{0,14}\d|[€$£]\s?\d|\b\d[\d.,]{0,14}\s?(?:€|\$|£|euros?|dollars?|pounds?|EUR|USD|GBP|CHF)\b)"
    ),
    "date": re.compile(
        r"\b(?:\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}(?:st|nd|rd|th|\.)?\s(?:of\s|de\s)?(?:jan|feb|mar|mär|apr|may|mai|"
        r"mayo|jun|jul|aug|sep|oct|okt|nov|dec|dez|ene|abr|ago|dic|janv|févr|mars|avr|juin|juil|août|déc)[a-zéûä]*)",
        re.IGNORECASE,
    ),
    "reference": re.compile(r"\b(?:[A-Z]{1,4}[- ]?\d{3,12}|\d{2,6}-\d{3,10}|#\d{3,12})\b"),
    "duration": re.compile(
        r"\b\d{1,4}\s(?:minutes?|hours?|days?|weeks?|months?|years?|Minuten|Stunden|Tagen?|Wochen|Monaten?|minutos|horas|"
        r"días|semanas|meses|minutes|heures|jours|semaines|mois)\b"
    ),
}


def facts(text: str) -> tuple[Fact, ...]:
    """Amounts, dates, references and durations as written, in the order of the text, at most 40."""
    found = [
        Fact(kind, match.group(), match.start(), match.end())
        for kind, pattern in _FACTS.items()
        for match in pattern.finditer(text)
    ]
    found.sort(key=lambda one: (one.start, -one.end))
    kept: list[Fact] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept[:MOST])
