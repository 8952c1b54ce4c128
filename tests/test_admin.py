"""Django's administration, for administrators only."""

import pytest
from django.test import Client

from backstory.live.models import Event
from backstory.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def dana(cast) -> Client:
    client = Client()
    client.force_login(cast.dana)
    return client


def test_agents_and_leads_cannot_open_the_administration(cast) -> None:
    for user in (cast.alice, cast.bob, cast.charlie):
        client = Client()
        client.force_login(user)
        assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    "page",
    [
        "live/event",
        "people/user",
        "people/team",
        "people/customer",
        "people/apitoken",
        "conversations/rawmessage",
        "conversations/delivery",
        "conversations/dkimkey",
        "recovery/authoritylimit",
    ],
)
def test_every_list_of_the_administration_opens(dana, write, page) -> None:
    write("Hello")
    assert dana.get(f"/admin/{page}/").status_code == 200


def test_backstories_are_not_in_the_administration(dana) -> None:
    assert dana.get("/admin/cases/backstory/").status_code == 404


def test_an_added_agent_can_log_in_and_the_log_tells_of_it(dana) -> None:
    form = {
        "email": "eve@desk.example",
        "name": "Eve",
        "role": "agent",
        "password1": "correct horse battery",
        "password2": "correct horse battery",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    response = dana.post("/admin/people/user/add/", form)
    assert response.status_code == 302, response.context["errors"]
    user = User.objects.get(email="eve@desk.example")
    assert user.check_password("correct horse battery")
    assert not user.is_staff
    assert Event.objects.filter(kind="admin.added", actor_name="Dana Diaz").exists()
