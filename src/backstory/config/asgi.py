"""One application for one server: pages are rendered by WSGI in threads, the live stream is asynchronous.

Django's synchronous views lose most of their throughput when run under ASGI, and a thread per open
event stream would not carry a large team; so each part runs under the interface that suits it.
"""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backstory.config.settings")
live = get_asgi_application()

from backstory.config.env import env  # noqa: E402
from backstory.config.wsgi import application as wsgi  # noqa: E402

pages = WSGIMiddleware(cast(Any, wsgi), workers=env.web_threads)

Message = MutableMapping[str, Any]


async def application(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    if scope["type"] != "http":  # no lifespan, no websockets: uvicorn is told so by this plain return
        return
    handler: Any = live if scope["path"] == "/live/" else pages
    await handler(scope, receive, send)
