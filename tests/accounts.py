"""What the tests of log-ins and passwords share."""

import re
from email import message_from_bytes
from email.policy import default
from typing import Any

from django.http import HttpResponse
from django.test import Client

from backstory.channels.email import tasks
from backstory.conversations.models import ServiceLetter
from backstory.kernel import files

LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"
NEW_PASSWORD = "a kettle on every hob"


def log_in(client: Client, email: str, password: str, **fields: str) -> Any:
    return client.post(LOGIN, {"login": email, "password": password, **fields})


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def ask_for_reset(email: str, client: Client | None = None) -> Any:
    return (client or Client()).post(RESET, {"email": email})


def work() -> None:
    """What the worker does each minute; tasks run at once in tests."""
    tasks.deliver_service_letters.call_local()


def link_in(letter: ServiceLetter) -> str:
    body = message_from_bytes(files.get(letter.path), policy=default).get_content()
    found = re.search(r"^http://localhost:8000(/accounts/password/reset/key/\S+)$", body.replace("\r", ""), re.M)
    assert found, body
    return found[1]


def reset_link(email: str) -> str:
    ask_for_reset(email)
    work()
    return link_in(ServiceLetter.objects.latest("id"))


def choose(client: Client, link: str, password: str) -> HttpResponse:
    form = client.get(link, follow=True)
    return client.post(form.request["PATH_INFO"], {"password1": password, "password2": password})
