"""The same person as …: the page at the customer's name, the line that offers it, and the API."""

import pytest

from backstory.conversations.models import Message
from backstory.people.actions import issue_token
from backstory.people.models import CustomerMerge
from conftest import Cast

pytestmark = pytest.mark.django_db
HOME, WORK = "maya.lind@home.example", "m.lind@work.example"


@pytest.fixture
def two(cast: Cast, write) -> tuple[Message, Message]:
    """Maya writes from two addresses and signs with the same number."""
    home = write("Cold.", sender=HOME, from_name="Maya Lind", signature="Tel. 030 55501234", subject="The boiler")
    work = write("Hard.", sender=WORK, from_name="Maya Lind", signature="+49 30 55501234", subject="The chair")
    return home, work


def test_the_conversation_offers_who_may_be_the_same_person(client, cast: Cast, two) -> None:
    client.force_login(cast.alice)
    home, _ = two
    page = client.get(f"/conversations/{home.conversation_id}/").content.decode()
    assert f"/conversations/{home.conversation_id}/person/hint/" in page
    hint = client.get(f"/conversations/{home.conversation_id}/person/hint/").content.decode()
    assert WORK in hint and "telephone number" in hint
    client.force_login(cast.dana)
    assert WORK not in client.get(f"/conversations/{home.conversation_id}/person/hint/").content.decode()


def test_a_person_says_so_on_the_page_and_takes_it_back(client, cast: Cast, two) -> None:
    client.force_login(cast.alice)
    home, work = two
    address = f"/conversations/{home.conversation_id}/person/"
    assert "The chair" in client.get(address).content.decode()
    client.post(address + "same/", {"other": work.conversation_id})
    page = client.get(address).content.decode()
    assert WORK in page and "said by Alice Archer" in page
    assert "The chair" in client.get(f"/conversations/{home.conversation_id}/").content.decode(), "among their others"
    merge = CustomerMerge.objects.get()
    client.post(f"/persons/{merge.pk}/undo/")
    assert "said by Alice Archer" not in client.get(address).content.decode()


def test_somebody_is_looked_up_by_name_or_address(client, cast: Cast, write, two) -> None:
    client.force_login(cast.alice)
    write("Hello", sender="tom@customer.example", from_name="Tom Berg", subject="A van")
    address = f"/conversations/{two[0].conversation_id}/person/"
    assert "tom@customer.example" in client.get(address, {"q": "berg"}).content.decode()
    assert "Nobody of that name" in client.get(address, {"q": "nobody"}).content.decode()
    client.post(address + "same/", {})
    assert "Choose who is the same person." in client.get(address).content.decode()
    assert not CustomerMerge.objects.exists()


def test_programs_do_the_same(client, cast: Cast, two) -> None:
    home, work = two
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {issue_token(cast.alice, 'test')}"}
    address = f"/api/v1/conversations/{home.conversation_id}/person"
    asked = client.get(address, **bearer).json()
    assert asked["addresses"] == [HOME]
    [proposed] = asked["perhaps"]
    assert (proposed["conversation_id"], proposed["grounds"]) == (work.conversation_id, ["phone"])
    said = client.post(
        address, {"conversation_id": work.conversation_id}, content_type="application/json", **bearer
    ).json()
    assert said["addresses"] == [HOME, WORK]
    undone = client.post(f"/api/v1/persons/{said['merges'][0]['id']}/undo", **bearer)
    assert undone.status_code == 204
    assert client.get(address, **bearer).json()["merges"] == []
