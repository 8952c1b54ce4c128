"""Who I am, what happened, which causes there are, and whether a draft is right."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from backstory import coach
from backstory.api import queries
from backstory.api.auth import viewer
from backstory.api.check_schemas import Checked, DraftToCheck
from backstory.api.errors import READ, WRITE
from backstory.api.schemas import Cause, Events, Mailbox, Me
from backstory.cases.queries import cause_tree
from backstory.conversations.queries import working_mailboxes
from backstory.language import read

router = Router()

After = Annotated[int, Field(ge=0, le=2**63 - 1)]
Limit = Annotated[int, Field(ge=1, le=500)]


@router.get("/me", response={200: Me, **READ}, summary="Whoever the token belongs to", tags=["desk"])
def me(request: HttpRequest) -> Any:
    return viewer(request)


@router.get("/mailboxes", response={200: list[Mailbox], **READ}, summary="Your teams' mailboxes", tags=["desk"])
def mailboxes(request: HttpRequest) -> Any:
    """The addresses that your teams answer under, archived ones left out; nothing of how they are connected."""
    return list(working_mailboxes(viewer(request)))


@router.get("/causes", response={200: list[Cause], **READ}, summary="The tree of root causes", tags=["causes"])
def causes(request: HttpRequest) -> Any:
    """Parents before their children; retired ones are marked, not left out."""
    return list(cause_tree())


@router.get("/events", response={200: Events, **READ}, summary="What happened since an event", tags=["events"])
def events(request: HttpRequest, after: After = 0, limit: Limit = 100) -> Any:
    """The log of your teams, oldest first. Begin with `after=0`, then give each answer's `next`: nothing is left out
    and nothing comes twice. An event appears two seconds after it happened. It never holds what a backstory says."""
    found = queries.events_after(viewer(request), after, limit)
    return {"items": found, "next": found[-1].pk if found else after}


@router.post("/check", response={200: Checked, **WRITE}, summary="The coach's advice on a draft", tags=["check"])
def check(request: HttpRequest, sent: DraftToCheck) -> Any:
    """Nothing is stored or sent. `verdict` is ready, improve or stop; each finding says its source."""
    context = coach.Context(
        message=sent.message,
        reading=read(sent.message) if sent.message.strip() else None,
        channel=sent.channel,
        style=sent.style,
        language=sent.language,
        dismissed=frozenset(sent.dismissed),
    )
    return coach.check(sent.draft, context).to_dict()
