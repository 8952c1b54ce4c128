"""Every route keeps to what the schema says, whatever a caller sends."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis import checks
from schemathesis.specs.openapi.schemas import OpenApiSchema

from backstory.cases.actions import add_issue, add_resolution_action, open_complaint
from backstory.cases.models import Promise
from backstory.conversations.actions import send_reply
from backstory.conversations.models import Message
from backstory.kernel import clock
from backstory.people.actions import issue_token
from backstory.recovery.actions import offer_remedy, plan_update, save_rule
from backstory.recovery.models import AuthorityLimit

described = schemathesis.pytest.from_fixture("description")
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Between requests Django closes its connection; here it holds the test's transaction."""
    ended = (signals.request_started, signals.request_finished)
    for signal in ended:
        signal.disconnect(close_old_connections)
    yield
    for signal in ended:
        signal.connect(close_old_connections)


@pytest.fixture
def description(request: pytest.FixtureRequest, db: None, one_connection: None) -> OpenApiSchema:
    """The API's own description, read only where these tests run: working out its cases takes seconds."""
    request.node._nodeid = request.node.nodeid  # schemathesis 4.32 reports by it; pytest 9 has it no longer
    return schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())


@dataclass
class Desk:
    """Bob's token, who may do the most, and the id of one of everything."""

    token: str
    ids: dict[str, int]


@pytest.fixture
def desk(cast: Any, write: Callable[..., Message], settings: Any) -> Desk:
    settings.API_REQUESTS_PER_MINUTE = 0
    message = write("There is no hot water!")
    complaint = open_complaint(cast.alice, message.conversation_id)
    sent = send_reply(cast.alice, message.conversation_id, "Thank you for telling me.")
    same = {"conversation_id": message.conversation_id, "message": sent, "quote": "I will"}
    due = clock.ahead(days=1)
    action = add_resolution_action(cast.alice, complaint.pk, serves="need", text="Call", due_at=due)
    ids = {
        "conversations": message.conversation_id,
        "messages": message.pk,
        "complaints": complaint.pk,
        "actions": action.pk,
        "promises": Promise.objects.create(**same, start=900, end=906).pk,
        "issues": add_issue(cast.alice, complaint.pk, "Charged twice.").pk,
        "remedies": offer_remedy(cast.alice, complaint.pk, "refund", "500", "EUR", "A cold month").pk,
        "updates": plan_update(cast.alice, complaint.pk, due).pk,
        "authority": AuthorityLimit.objects.filter(role="agent")[0].pk,
        "remedy-policy": save_rule(cast.bob, kind="credit", currency="EUR", minimum="5", usual="7", maximum="900").pk,
    }
    return Desk(issue_token(cast.bob, "Schemathesis"), ids)


@described.parametrize()
@settings(
    max_examples=2,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_route_keeps_to_its_schema(case: schemathesis.Case, desk: Desk) -> None:
    pk = case.path_parameters.get("pk") if case.path_parameters else None
    if isinstance(pk, int) and 0 < pk % 4 < 3:
        noun = case.path.split("/")[3]  # /api/v1/complaints/{pk}
        case.path_parameters["pk"] = desk.ids[noun]  # often one that exists
    with transaction.atomic():  # each call meets the same desk
        case.call_and_validate(checks=CHECKS, headers={"Authorization": f"Bearer {desk.token}"})
        transaction.set_rollback(True)


def test_each_route_says_what_it_does_and_what_it_may_refuse() -> None:
    from backstory.api.routes import api

    for path, methods in api.get_openapi_schema(path_prefix="/api/")["paths"].items():
        for method, operation in methods.items():
            assert len(operation["summary"].split()) > 1, (method, path)
            assert {401, 404, 422, 429} <= {int(code) for code in operation["responses"]}, (method, path)
            assert operation["security"], (method, path)


def test_the_reference_loads_nothing_from_elsewhere(db: None) -> None:
    page = Client().get("/api/docs").content.decode()
    assert "swagger" in page
    assert "https://" not in page
