"""The REST API, version 1: thin routes over the same queries and actions that the pages use."""

from functools import cache
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from backstory.api import errors
from backstory.api.auth import SessionAuth, TokenAuth
from backstory.api.routers import (
    authority,
    complaints,
    conversations,
    desk,
    followups,
    inbound,
    issues,
    persons,
    problems,
    promises,
    readings,
    remedies,
    updates,
)
from backstory.api.throttle import CallsPerMinute

DESCRIPTION = """
Everything an agent does in the workspace, for scripts. Send `Authorization: Bearer bsy_…`; tokens are issued on the
profile page and act with the rights of whoever issued them. What another team has is answered with 404, as if it did
not exist. Refusals have one shape: `{"error": "in plain words", "field": "which, if one"}`.
"""


class DescribedOnce(NinjaAPI):
    """An API whose description is built once a process: no route comes or goes while it runs, and building takes
    a good part of a second."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        return self._described(path_prefix or self.get_root_path(path_params or {}))

    @cache  # noqa: B019 - there is one API and it lives as long as the process
    def _described(self, path_prefix: str) -> OpenAPISchema:
        return super().get_openapi_schema(path_prefix=path_prefix)


api = DescribedOnce(
    title="Backstory",
    version="1",
    description=DESCRIPTION,
    auth=[TokenAuth(), SessionAuth()],
    throttle=[CallsPerMinute()],
)
errors.register(api)
api.add_router("/v1", desk.router)
api.add_router("/v1/conversations", conversations.router)
api.add_router("/v1/conversations", persons.of_conversation)
api.add_router("/v1/persons", persons.router)
api.add_router("/v1/messages", inbound.router)
api.add_router("/v1/messages", readings.router)
api.add_router("/v1/complaints", complaints.router)
api.add_router("/v1/complaints", remedies.of_complaint)
api.add_router("/v1/complaints", issues.of_complaint)
api.add_router("/v1/issues", issues.router)
api.add_router("/v1", followups.router)
api.add_router("/v1/actions", complaints.steps)
api.add_router("/v1/problems", problems.router)
api.add_router("/v1/promises", promises.router)
api.add_router("/v1/remedies", remedies.router)
api.add_router("/v1/complaints", updates.of_complaint)
api.add_router("/v1/updates", updates.router)
api.add_router("/v1/authority", authority.router)
api.add_router("/v1/remedy-policy", authority.policy)
