"""The particulars of a message: amounts, dates, numbers, products and names, quoted with their plain form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice

from backstory.language import deadline_words
from backstory.language.reading import Fact
from backstory.language.text import fold

MOST = 40
_LABEL_REACH = 28
_LONGEST = 30
_CURRENCIES = {
    name: code
    for code, names in {
        "EUR": "€ eur euro euros",
        "USD": "$ usd dollar dollars dolares",
        "GBP": "£ gbp pound pounds quid",
        "CHF": "chf franken francs sfr fr.",
    }.items()
    for name in names.split()
}
_UNITS = "|".join(sorted((re.escape(name) for name in _CURRENCIES if len(name) > 1), key=len, reverse=True))
# Possessive, so that a long run of digits is not tried over and over; each begins with one set of characters.
_NUMBER = r"\d(?:[.,'’]?\d){0,11}+(?:[ \u00a0]\d{3}(?!\d)){0,3}+(?:,\d\d(?!\d))?+"
_SIGNED = re.compile(rf"(?P<unit>[€$£CE](?:HF|UR)?+)\s?(?P<number>{_NUMBER})")
_UNITED = re.compile(
    rf"(?P<number>{_NUMBER})\s?(?:[-–]\s?)?(?P<unit>[€$£](?!\s?\d)|(?:{_UNITS}|dólares)(?!\w))", re.IGNORECASE
)
_DAY_MONTH = re.compile(
    r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º)?\.?\s(?:of\s|de\s)?(?P<month>[^\W\d_]{3,10})\b\.?"
    r"(?:,?\s(?:de\s)?(?P<year>20\d{2}))?"
)
_MONTH_DAY = re.compile(r"[JFMASOND][a-z]{2,8}\.?\s(?P<day>\d{1,2})(?:st|nd|rd|th)?\b(?!:)(?:,?\s(?P<year>20\d{2}))?")
_SPANS = "|".join(name for name in deadline_words.UNITS if len(name) > 2)
_DURATION = re.compile(rf"\d{{1,4}}\s?(?:{_SPANS}|días|years?|jahren?|años?|ans)\b", re.IGNORECASE)
_WORD_WITH_DIGIT = re.compile(r"[\w#][\w/.#-]*")
_LABELS = {
    "order": "order bestellung bestellnummer bestellnr auftrag auftragsnummer pedido commande booking buchung"
    " buchungsnummer reserva reservation réservation parcel sendung sendungsnummer tracking",
    "account": "account acct konto kontonummer cuenta compte customer kundennummer kundennr kunde client cliente iban"
    " policy police póliza contract vertrag vertragsnummer contrato contrat membership mitgliedsnummer",
    "product": "model modell modelo modèle typ type version batch lot lote charge serial seriennummer",
    "reference": "ref reference referenz referencia référence case claim ticket fall fallnummer vorgang aktenzeichen"
    " akte expediente dossier incidencia invoice rechnung rechnungsnummer factura facture pcn zeichen",
}
_LABEL_KINDS = {word: kind for kind, words in _LABELS.items() for word in words.split()}
_LABEL = re.compile(
    rf"(?<!\w)({'|'.join(sorted(_LABEL_KINDS, key=len, reverse=True))})[\s.:#-]{{0,3}}"
    r"(?:(?:number|no|nr|num|núm|número|nummer|numéro|n°|nº|id)[\s.:#]{0,3})?$",
    re.IGNORECASE,
)
_BARE_REFERENCE = re.compile(
    r"#\d{3,12}|[A-Z]{1,5}-?\d{3,12}|\d{2,6}-\d{3,10}|[A-Z]{1,3}-\d{2,6}-?\w{0,4}|(?=\w*[A-Z]\w*\d|\w*\d\w*[A-Z])[A-Z0-9]{6,12}"
)
_IBAN = re.compile(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_PHONE = re.compile(r"[+0]\d{1,4}+(?:[ ./-]?\(?\d{1,5}\)?){2,6}+\b")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}\b")
_PROPER = r"[A-ZÀ-Ý][\w’'-]{1,30}"
_TITLED = re.compile(
    rf"(?P<title>[DFHMPS][a-zñ]{{0,7}})\.?\s(?P<value>{_PROPER}(?:\s(?:de|von|van|la|le|del|da))?(?:[ -]{_PROPER})?)"
)
_TITLES = frozenset(
    [
        "Mr",
        "Mrs",
        "Ms",
        "Miss",
        "Dr",
        "Prof",
        "Herr",
        "Herrn",
        "Frau",
        "Señor",
        "Señora",
        "Sr",
        "Sra",
        "Don",
        "Doña",
        "Monsieur",
        "Madame",
        "M",
        "Mme",
        "Mlle",
    ]
)
_TOLD = re.compile(
    r"(?:[Mm]y name is|[Ii]ch heiße|[Mm]ein Name ist|[Mm]e llamo|[Mm]i nombre es|[Jj]e m['’]appelle|[Mm]on nom est)\s"
    rf"(?P<value>{_PROPER}(?:\s{_PROPER}){{0,2}})"
)


def facts(text: str) -> tuple[Fact, ...]:
    """The particulars as written, in the order of the text, at most 40; of overlapping ones the first and longest."""
    found = [*_names(text)]
    if any(character.isdigit() for character in text):
        found += [*_amounts(text), *_dates(text), *_numbers(text)]
    if "@" in text:
        found += [_fact("email", match, match.group().lower()) for match in _EMAIL.finditer(text)]
    found.sort(key=lambda one: (one.start, -one.end))
    kept: list[Fact] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept[:MOST])


def largest_amount(told: tuple[Fact, ...]) -> float:
    """The largest sum of money among facts, whatever its currency; 0 where none is named."""
    return max((float(one.value or 0) for one in told if one.kind == "amount"), default=0.0)


def _amounts(text: str) -> Iterator[Fact]:
    for pattern in (_SIGNED, _UNITED):
        for match in pattern.finditer(text):
            unit = _CURRENCIES.get(fold(match["unit"]))
            if unit and not (match.start() and text[match.start() - 1].isalnum()):
                yield Fact("amount", match.group(), *match.span(), _plain(match["number"]), unit)


def _plain(number: str) -> str:
    """A decimal number: "1.234,50" and "1,234.50" are 1234.50; a mark before exactly three digits parts thousands."""
    joined = re.sub(r"[.,'’ \u00a0](?=\d{3}(?:\D|$))", "", number).replace(",", ".")
    whole, point, cents = joined.rpartition(".")
    return re.sub(r"\D", "", whole) + point + cents


def _dates(text: str) -> Iterator[Fact]:
    for match in deadline_words.ISO_DATE.finditer(text):
        yield _fact("date", match, _iso(match[1], match[2], match[3]))
    for match in deadline_words.NUMERIC_DATE.finditer(text):
        month = match["second"] or match["second_dotted"]
        if month and 1 <= int(month) <= 12 and 1 <= int(match["first"]) <= 31:
            yield _fact("date", match, _iso(match["year"] or match["year_dotted"], month, match["first"]))
    for match in _DAY_MONTH.finditer(text):
        if fold(match["month"]) in deadline_words.MONTHS:
            yield _fact("date", match, _iso(match["year"], _month(match["month"]), match["day"]))
    for match in _MONTH_DAY.finditer(text):
        name = match.group().split()[0].rstrip(".")
        if fold(name) in deadline_words.MONTHS:
            yield _fact("date", match, _iso(match["year"], _month(name), match["day"]))


def _month(name: str) -> str:
    return str(deadline_words.MONTHS[fold(name)])


def _iso(year: str | None, month: str, day: str) -> str | None:
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day)).isoformat() if year else None
    except ValueError:
        return None


def _numbers(text: str) -> Iterator[Fact]:
    for match in _IBAN.finditer(text):
        yield _fact("account", match, match.group().replace(" ", ""))
    for match in _PHONE.finditer(text):
        plain = re.sub(r"[^\d+]", "", match.group())
        if 7 <= len(plain) <= 16 and (not match.start() or not text[match.start() - 1].isalnum()):
            yield _fact("phone", match, plain)
    for match in _DURATION.finditer(text):
        yield _fact("duration", match, None)
    for match in islice(_words_with_digits(text), 10 * MOST):
        word, start = match.group().rstrip("./-#"), match.start()
        label = _LABEL.search(text, max(0, start - _LABEL_REACH), start)
        if label and (len(word) > 2 or "." in word):
            kind = _LABEL_KINDS[label[1].lower()]
            yield Fact(kind, word, start, start + len(word), word.lstrip("#"))
        elif _BARE_REFERENCE.fullmatch(word):
            yield Fact("reference", word, start, start + len(word), word.lstrip("#"))


def _words_with_digits(text: str) -> Iterator[re.Match[str]]:
    for match in _WORD_WITH_DIGIT.finditer(text):
        if match.end() - match.start() < _LONGEST and any(character.isdigit() for character in match.group()):
            yield match


def _names(text: str) -> Iterator[Fact]:
    for match in _TITLED.finditer(text):
        if match["title"] in _TITLES and (not match.start() or not text[match.start() - 1].isalnum()):
            yield Fact("name", match["value"], *match.span("value"), match["value"])
    for match in _TOLD.finditer(text):
        yield Fact("name", match["value"], *match.span("value"), match["value"])


def _fact(kind: str, match: re.Match[str], value: str | None) -> Fact:
    return Fact(kind, match.group(), match.start(), match.end(), value)
