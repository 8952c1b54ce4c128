"""Reading what a form sent. Whether it may be done is decided by the actions."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from backstory.kernel.calendars import BusinessHours, end_of_business_day
from backstory.kernel.errors import InvalidInput
from backstory.kernel.text import storable


def words_of(request: HttpRequest, name: str) -> str:
    """A text field as it stands in its box; empty when it is missing.

    Forms travel with CRLF whatever was typed (HTML, 4.10.22.4), but a box counts a line break as one character, and the
    places of advice are counted in it.
    """
    return storable(str(request.POST.get(name, ""))).replace("\r\n", "\n").replace("\r", "\n")


def text_of(request: HttpRequest, name: str) -> str:
    """A text field without surrounding space; empty when it is missing."""
    return words_of(request, name).strip()


def number_of(request: HttpRequest, name: str) -> int | None:
    """A whole number, or None for an empty field; raises InvalidInput for anything else."""
    text = text_of(request, name)
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise InvalidInput(_("That is not one of the choices."), name)
    return int(text)


def required_number(request: HttpRequest, name: str, missing: str) -> int:
    """A whole number that must be there; raises InvalidInput saying `missing`."""
    number = number_of(request, name)
    if number is None:
        raise InvalidInput(missing, name)
    return number


def end_of_day(request: HttpRequest, name: str, hours: BusinessHours) -> datetime:
    """The end of business on the day a date field names."""
    try:
        day = date.fromisoformat(text_of(request, name))
    except ValueError:
        raise InvalidInput(_("Choose a day."), name) from None
    return end_of_business_day(day, hours)


def moment_of(request: HttpRequest, name: str) -> datetime | None:
    """The minute a date and time field names on the desk's clock, None for an empty one."""
    text = text_of(request, name)
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(settings.DESK_TIME_ZONE))
    except ValueError:
        raise InvalidInput(_("Choose a day and a time."), name) from None


def page_number(request: HttpRequest) -> int:
    """The page asked for in the address; 1 for anything that is no page number."""
    text = request.GET.get("page", "1")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def numbers_of(request: HttpRequest, name: str) -> tuple[int, ...]:
    """Whole numbers of a field that stands there several times; raises InvalidInput for anything else."""
    texts = [str(text) for text in request.POST.getlist(name)]
    if not all(text.isascii() and text.isdigit() and len(text) < 19 for text in texts):
        raise InvalidInput(_("That is not one of the choices."), name)
    return tuple(int(text) for text in texts)
