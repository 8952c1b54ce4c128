"""How times, money and names are written on a page."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates, numbers
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from markupsafe import Markup

from backstory.insight.reports import reading
from backstory.kernel import clock

MINUTE, HOUR, DAY = 60, 3600, 86400


def reader_locale() -> Locale:
    """The reader's language as Babel knows it."""
    try:
        return Locale.parse(translation.get_language() or "en", sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def local_time(at: datetime) -> datetime:
    """The moment on the desk's own clock (`DESK_TIME_ZONE`)."""
    return at.astimezone(ZoneInfo(settings.DESK_TIME_ZONE))


def _time_tag(at: datetime, text: str) -> Markup:
    local = local_time(at)
    full = dates.format_datetime(local, "medium", locale=reader_locale())
    return Markup('<time datetime="{}" title="{}">{}</time>').format(at.isoformat(), full, text)


def _label(at: datetime, now: datetime) -> str:
    local, today = local_time(at), local_time(now).date()
    clock_text = dates.format_time(local, "short", locale=reader_locale())
    if local.date() == today:
        return clock_text
    if local.date() == today - timedelta(days=1):
        return _("Yesterday %(time)s") % {"time": clock_text}
    skeleton = "MMMd" if local.year == today.year else "yMMMd"
    return f"{dates.format_skeleton(skeleton, local, locale=reader_locale())} {clock_text}"


def datetime_tag(at: datetime | None) -> Markup | str:
    """A `<time>` a person reads at a glance (today's time, else the day); empty for None."""
    return "" if at is None else _time_tag(at, _label(at, clock.now()))


def day(at: datetime | None) -> Markup | str:
    """A `<time>` of the weekday and the day, for what is due on a day; empty for None."""
    if at is None:
        return ""
    local = local_time(at)
    skeleton = "MMMEd" if local.year == local_time(clock.now()).year else "yMMMEd"
    return _time_tag(at, dates.format_skeleton(skeleton, local, locale=reader_locale()))


def date(at: datetime | None) -> Markup | str:
    """A `<time>` of the full date, for what lies long ago; empty for None."""
    return "" if at is None else _time_tag(at, short_date(at))


def short_date(at: datetime) -> str:
    """The date alone, for the middle of a sentence."""
    return dates.format_date(local_time(at), "medium", locale=reader_locale())


def _span(seconds: float) -> str:
    units = ((DAY, _("%(n)d d")), (HOUR, _("%(n)d h")), (MINUTE, _("%(n)d min")))
    for size, text in units:
        if seconds >= size:
            return text % {"n": int(seconds // size)}
    return _("now")


def timesince(at: datetime | None) -> Markup | str:
    """How long ago, in its largest unit: `5 min`, `3 h`, `2 d`; empty for None."""
    return "" if at is None else _time_tag(at, _span((clock.now() - at).total_seconds()))


def due(at: datetime | None) -> Markup | str:
    """How long until a due time, or by how much it is overdue; empty for None."""
    if at is None:
        return ""
    left = (at - clock.now()).total_seconds()
    if left < 0:
        return _time_tag(at, _("overdue %(span)s") % {"span": _span(max(-left, MINUTE))})
    return _time_tag(at, _("in %(span)s") % {"span": _span(max(left, MINUTE))})


def span(time: timedelta | None) -> str:
    """A length of time in its largest unit: `5 min`, `3 h`, `2 d`; a dash for None."""
    return "–" if time is None else _span(time.total_seconds())


def form_time(at: datetime | None) -> str:
    """The moment as a date and time field wants it; "" for None."""
    return f"{local_time(at):%Y-%m-%dT%H:%M}" if at else ""


def is_past(at: datetime | None) -> bool:
    """Whether a due time lies behind us."""
    return at is not None and at < clock.now()


def money(amount: Decimal | None, currency: str = "") -> str:
    """An amount in the reader's notation, with its currency when one is given; empty for None."""
    if amount is None:
        return ""
    if not currency:
        return str(numbers.format_decimal(amount, locale=reader_locale()))
    return str(numbers.format_currency(amount, currency, locale=reader_locale()))


def initials(name: str | None) -> str:
    """One or two letters that stand for a person: `Maya Ortiz` gives `MO`."""
    words = [word for word in (name or "").replace("@", " ").split() if word[0].isalnum()]
    letters = words[:1] + words[-1:] if len(words) > 1 else words[:1]
    return "".join(word[0] for word in letters).upper() or "?"


def hue(name: str | None) -> int:
    """A number from 0 to 7 that is always the same for a name: which avatar colour it wears."""
    return sum((name or "").encode()) % 8


def filesize(size: int | None) -> str:
    """A file's size in B, kB or MB."""
    size = size or 0
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def percent(share: float | None) -> str:
    """A share from 0 to 1 as a whole percentage."""
    return "" if share is None else f"{round(share * 100)} %"


FILTERS: dict[str, Callable[..., Any]] = {
    "datetime": datetime_tag,
    "day": day,
    "date": date,
    "timesince": timesince,
    "due": due,
    "form_time": form_time,
    "span": span,
    "is_past": is_past,
    "money": money,
    "initials": initials,
    "hue": hue,
    "filesize": filesize,
    "percent": percent,
    "figure": reading.figure,
    "figure_note": reading.note,
}
