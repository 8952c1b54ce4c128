"""A caller: somebody of the cast with a token."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from backstory.people.actions import issue_token
from backstory.people.models import User


class Caller:
    """The API through Django's test client, as a script would use it."""

    def __init__(self, secret: str) -> None:
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        self.client = Client(headers=self.headers, enforce_csrf_checks=True)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query)

    def send(self, method: str, path: str, **body: Any) -> Any:
        call = getattr(self.client, method)
        return call(f"/api/v1{path}", body, content_type="application/json")

    def post(self, path: str, **body: Any) -> Any:
        return self.send("post", path, **body)


@pytest.fixture
def call() -> Callable[[User], Caller]:
    cache.clear()  # counts of calls must not pass from test to test
    return lambda user: Caller(issue_token(user, "A script"))
