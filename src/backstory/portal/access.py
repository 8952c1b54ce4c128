"""Who has shown with a code that the customer's letters reach them: remembered in this browser's session alone."""

from django.http import HttpRequest

from backstory.cases.models import Complaint
from backstory.kernel import clock
from backstory.recovery.rules.access import OPEN_FOR

_OPEN, _ASKED = "status_open", "status_code"


def is_open(request: HttpRequest, complaint: Complaint) -> bool:
    """Whether the sensitive parts of this complaint's page are open here; revoking its links shuts them too."""
    until, version = request.session.get(_OPEN, {}).get(str(complaint.pk), (0, 0))
    return bool(version == complaint.link_version and clock.now().timestamp() < until)


def open_for_a_while(request: HttpRequest, complaint: Complaint) -> None:
    """A code was right. The session gets a new key, so that one planted before is worth nothing."""
    request.session.cycle_key()
    until = (clock.now() + OPEN_FOR).timestamp()
    request.session[_OPEN] = {**request.session.get(_OPEN, {}), str(complaint.pk): (until, complaint.link_version)}
    asked = {key: value for key, value in request.session.get(_ASKED, {}).items() if key != str(complaint.pk)}
    request.session[_ASKED] = asked


def remember_code(request: HttpRequest, complaint: Complaint, code_id: int) -> None:
    """This browser asked for that code: no other one can use it."""
    request.session[_ASKED] = {**request.session.get(_ASKED, {}), str(complaint.pk): code_id}


def asked_code(request: HttpRequest, complaint: Complaint) -> int:
    """The id of the code that this browser asked for last, 0 for none."""
    return int(request.session.get(_ASKED, {}).get(str(complaint.pk), 0))
