"""The page of lost customers."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backstory.cases.models import Complaint
from backstory.recovery.models import LostCustomer
from conftest import Cast


def test_a_lead_brings_in_a_list_and_reads_what_it_is_about(cast: Cast, alice: Client, bob: Client) -> None:
    listed = SimpleUploadedFile("gone.csv", b"email,name,cause\ntom@customer.example,Tom Tanner,outage\n")
    assert 'name="list"' not in alice.get("/lost-customers/").content.decode()
    bob.post("/lost-customers/list/", {"mailbox": str(cast.mailbox.pk), "list": listed})
    page = bob.get("/lost-customers/").content.decode()
    assert "Tom Tanner" in page and "from a list" in page and "Will be asked" in page
    other = {"mailbox": str(cast.parts_mailbox.pk), "list": SimpleUploadedFile("gone.csv", b"email\n")}
    assert bob.post("/lost-customers/list/", other).status_code == 404


def test_an_agent_marks_somebody_beside_the_conversation_and_takes_it_back(
    complaint: Complaint, alice: Client, charlie: Client
) -> None:
    path = f"/conversations/{complaint.conversation_id}/lost/"
    assert charlie.post(path).status_code == 404
    alice.post(path)
    lost = LostCustomer.objects.get()
    alice.post(f"/lost-customers/{lost.pk}/", {"cause": str(complaint.cause_id or "")})
    alice.post(f"/lost-customers/{lost.pk}/", {"decision": "stays"})
    assert not LostCustomer.objects.exists()
