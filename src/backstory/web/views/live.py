"""The event stream of an open page."""

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET

from backstory.live import stream
from backstory.live.queries import Hint
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission


def _sight(user: User) -> tuple[bool, frozenset[int]]:
    return policy.sees_all_teams(user, Permission.VIEW_CONVERSATIONS), policy.team_ids(user)


@require_GET
async def live(request: HttpRequest) -> HttpResponseBase:
    """Hints for what this user may see, as Server-Sent Events (HTML Living Standard, section 9.2)."""
    user = await request.auser()
    if not isinstance(user, User):
        return HttpResponse(status=401)
    everything, teams = await sync_to_async(_sight)(user)

    def visible(hint: Hint) -> bool:
        return hint.team_id is not None and (everything or hint.team_id in teams)

    response = StreamingHttpResponse(stream.frames(visible), content_type="text/event-stream")
    response["Cache-Control"] = "no-cache"
    response["X-Accel-Buffering"] = "no"
    return response
