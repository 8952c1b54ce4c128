"""The reports' pages and files: for leads, of their own teams, safe to open, and gone through to the conversations."""

import csv
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client

from backstory.cases.actions import add_cause, open_complaint, set_cause
from backstory.cases.models import Complaint
from backstory.conversations.models import Message
from backstory.insight import warehouse
from backstory.people.actions import add_team, add_user
from backstory.people.models import Role

Write = Callable[..., Message]


@pytest.fixture
def built(settings: Any, tmp_path: Path) -> Callable[[], None]:
    settings.WAREHOUSE_DIR = tmp_path / "warehouse"
    return lambda: warehouse.rebuild() and None


@pytest.fixture
def complaint(cast: Any, write: Write, built: Callable[[], None]) -> Complaint:
    found = open_complaint(cast.alice, write("Nobody came.", from_name="Maya Ortiz").conversation_id)
    cause = add_cause(cast.bob, '=HYPERLINK("http://evil.example")')
    set_cause(cast.alice, found.pk, cause.pk)
    built()
    return found


def test_a_lead_sees_a_report_with_the_same_numbers_in_chart_and_table(bob: Client, complaint: Complaint) -> None:
    page = bob.get("/reports/?report=cause").content.decode()
    assert '"values": [1]' in page
    assert "=HYPERLINK" in page
    assert "How this is computed" in page


def test_a_figure_leads_to_the_conversations_behind_it(bob: Client, complaint: Complaint) -> None:
    page = bob.get(
        f"/reports/cause/cases/?key={complaint.cause_id or Complaint.objects.get().cause_id}"
    ).content.decode()
    assert complaint.number in page
    assert "Maya Ortiz" in page
    assert bob.get("/reports/cause/cases/?what=secrets").status_code == 404


def test_a_lead_of_another_team_finds_nothing_behind_the_same_address(
    cast: Any, complaint: Complaint, browser_of: Any
) -> None:
    lead = browser_of(add_user("lea@parts.example", "Lea", cast.password, Role.LEAD, (cast.parts,)))
    key = Complaint.objects.get().cause_id
    for path in ("/reports/", "/reports/cause.csv", f"/reports/cause/cases/?key={key}"):
        answer = lead.get(path)
        assert complaint.number not in answer.content.decode()
        assert "HYPERLINK" not in answer.content.decode() or "cases" in path
    assert "None in this selection" in lead.get(f"/reports/cause/cases/?key={key}").content.decode()
    assert lead.get(f"/reports/?team={cast.care.pk}").status_code == 404
    assert lead.get(f"/reports/team.csv?team={cast.care.pk}").status_code == 404


def test_a_file_holds_what_the_page_shows_and_runs_nothing(bob: Client, complaint: Complaint) -> None:
    answer = bob.get("/reports/cause.csv?against=before")
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0]["group"].startswith("'=HYPERLINK")
    assert (rows[0]["complaints"], rows[0]["before_complaints"]) == ("1", "0")
    book = ZipFile(BytesIO(bob.get("/reports/cause.xlsx").content))
    sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]
    assert len(sheets) == 2
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
    assert bob.get("/reports/cause.pdf").content.startswith(b"%PDF-")
    assert bob.get("/reports/cause.exe").status_code == 404
    assert bob.get("/reports/secrets.csv").status_code == 404


def test_a_name_cannot_become_markup_in_print(cast: Any, bob: Client, complaint: Complaint) -> None:
    cause = add_cause(cast.bob, '#read("/etc/passwd") *bold* $x$ \\ "')
    set_cause(cast.alice, complaint.pk, cause.pk)
    warehouse.rebuild()
    assert bob.get("/reports/cause.pdf").content.startswith(b"%PDF-")


@pytest.mark.parametrize("query", ["period=9y", "period=custom&from=x", "against=x", "team=x", f"team={'9' * 40}"])
def test_a_choice_that_makes_no_sense_is_said_so_on_the_page(bob: Client, complaint: Complaint, query: str) -> None:
    page = bob.get(f"/reports/?{query}")
    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()


def test_an_agent_may_not_look(alice: Client, complaint: Complaint) -> None:
    for path in ("/reports/", "/reports/team.csv", "/reports/team/cases/"):
        assert alice.get(path).status_code == 403


def test_without_a_read_model_the_page_says_how_far_it_is(bob: Client, built: Callable[[], None]) -> None:
    warehouse.ask_for_rebuild()
    page = bob.get("/reports/")
    assert page.status_code == 503
    assert "being prepared" in page.content.decode()
    assert bob.get("/reports/team.csv").status_code == 503


def test_only_an_administrator_has_the_figures_built_anew(dana: Client, bob: Client, complaint: Complaint) -> None:
    assert bob.post("/reports/rebuild/").status_code == 403
    assert not warehouse.status().wanted
    assert dana.post("/reports/rebuild/").status_code == 302
    assert warehouse.status().wanted
    assert "made anew shortly" in dana.get("/reports/").content.decode()


def test_a_team_of_several_can_be_chosen(cast: Any, complaint: Complaint, dana: Client) -> None:
    other = add_team("Night shift")
    page = dana.get(f"/reports/?team={other.pk}").content.decode()
    assert "Team: Night shift." in page
    assert "Nothing in this period" in page
