"""The door for what customers say on channels of your own: an app, a till, another system."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from backstory.api.auth import viewer
from backstory.api.errors import WRITE
from backstory.api.schemas import NewMessage, Stored
from backstory.channels.form.actions import submit
from backstory.channels.form.wire import Submission
from backstory.conversations.models import Mailbox
from backstory.conversations.queries import mailbox_for
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.people.rules import is_email

router = Router(tags=["messages"])


def _mailbox(user: User, address: str) -> Mailbox:
    """The mailbox of that address, if the viewer works in its team; else NotFound, as for none at all."""
    found = mailbox_for(address)
    if found is None or not policy.can(user, Permission.REPLY, found[0].team_id):
        raise NotFound("There is no such mailbox.")
    return found[0]


@router.post("", response={202: Stored, **WRITE}, summary="Hand in what a customer said")
def hand_in(request: HttpRequest, sent: NewMessage) -> Any:
    """Stored at once, through the same door as the web form; moments later it stands in its conversation. The same
    `id` with the same content is one message, however often it is sent."""
    mailbox = _mailbox(viewer(request), sent.mailbox)
    if not is_email(sent.email):
        raise InvalidInput("That is not an e-mail address, so nobody could be answered.", "email")
    if not sent.text.strip():
        raise InvalidInput("There is nothing written.", "text")
    submission = Submission(
        form_id=sent.id,
        email=sent.email,
        happened=sent.text,
        name=sent.name,
        subject=sent.subject,
        language=sent.language,
    )
    return Status(202, submit(mailbox, submission))
