"""The words of the letters that say how a complaint stands: `update_words/<language>.json`, data to edit. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import dates

from backstory.kernel.money import Money
from backstory.recovery.wording import DEFAULT_LANGUAGE, Written

FOLDER = Path(__file__).parent / "update_words"
LINK = "{link}"
"""Stands for the link to the status page until the letter leaves: every letter gets a fresh one."""


def spoken(language: str) -> str:
    """The language (ISO 639-1) that we write in to somebody of this language: English where we have no words."""
    code = language[:2].lower()
    return code if code.isalpha() and (FOLDER / f"{code}.json").exists() else DEFAULT_LANGUAGE


@cache
def words(language: str) -> Mapping[str, str]:
    """Every phrase of a language, English where we have no words."""
    found: dict[str, str] = json.loads((FOLDER / f"{spoken(language)}.json").read_text("utf-8"))
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to tell: its stage, and what fills the sentence."""

    stage: str
    kind: str = ""  # of a remedy
    money: Money | None = None
    quote: str = ""  # of a promise, where the customer has it from us in writing
    day: datetime | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What a letter is made of."""

    number: str
    name: str
    carer: str
    carer_is_team: bool
    changes: Sequence[Change]
    next_step: datetime | None
    again: datetime | None
    zone: str


def letter(language: str, news: News) -> Written:
    """The letter, with `{link}` where the link to the status page will stand."""
    say = words(language)
    first = any(change.stage == "acknowledged" for change in news.changes)
    name = " ".join(news.name.split())
    opening = [_filled(say["greeting"], name=name) if name else say["greeting.nameless"]]
    told = sentences(language, news) or [_filled(say["still"], number=news.number)]
    ahead = [_filled(say["next_step"], day=_day(news.next_step, language, news.zone))] if news.next_step else []
    ahead += [_filled(say["again"], day=_day(news.again, language, news.zone))] if news.again else []
    parts = [*opening, "\n\n".join(told), " ".join(ahead), say["page"], say["answer"]]
    subject = say["subject.acknowledged"] if first else say["subject"]
    return Written(_filled(subject, number=news.number), "\n\n".join(part for part in parts if part))


def sentences(language: str, news: News) -> list[str]:
    """One sentence for each change, in the order given."""
    say = words(language)
    return [_sentence(say, language, change, news) for change in news.changes]


def _sentence(say: Mapping[str, str], language: str, change: Change, news: News) -> str:
    key = change.stage
    if key == "cared_for" and news.carer_is_team:
        key = "cared_for.team"
    if key == "promise_moved" and not change.quote:
        key = "promise_moved.spoken"
    day = _day(change.day, language, news.zone) if change.day else ""
    remedy = _remedy(say, language, change) if change.kind else ""
    return _filled(say[key], number=news.number, carer=news.carer, remedy=remedy, quote=change.quote, day=day)


def _remedy(say: Mapping[str, str], language: str, change: Change) -> str:
    money = change.money.format(spoken(language)) if change.money else ""
    return _filled(say[f"remedy.{change.kind}"], money=money)


def _filled(template: str, **values: str) -> str:
    """The template with its values; braces in the values stay as they are."""
    parts = template.split("{")
    filled = [parts[0]]
    for part in parts[1:]:
        key, closed, rest = part.partition("}")
        filled.append(values[key] + rest if closed and key in values else "{" + part)
    return "".join(filled)


def _day(moment: datetime, language: str, zone: str) -> str:
    code = "en_GB" if spoken(language) == DEFAULT_LANGUAGE else spoken(language)
    return dates.format_date(moment.astimezone(ZoneInfo(zone)), "long", locale=code)


def code_letter(language: str, *, number: str, name: str, code: str, minutes: int) -> Written:
    """The letter that brings a code for the status page."""
    return _short(language, "code", name, number=number, code=code, minutes=str(minutes))


def fresh_link_letter(language: str, *, number: str, name: str, link: str) -> Written:
    """The letter that brings a fresh link to the status page."""
    return _short(language, "fresh", name, number=number, link=link)


def _short(language: str, key: str, name: str, **values: str) -> Written:
    say = words(language)
    greeting = _filled(say["greeting"], name=" ".join(name.split())) if name.strip() else say["greeting.nameless"]
    return Written(_filled(say[f"{key}.subject"], **values), f"{greeting}\n\n{_filled(say[f'{key}.text'], **values)}")
