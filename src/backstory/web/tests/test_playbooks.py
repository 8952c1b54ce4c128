"""The pages of playbooks: reading, writing, comparing, previewing, putting in force."""

import html
import re

import pytest
from django.utils import translation

from backstory.cases import actions, queries
from backstory.cases.models import Playbook, PlaybookTrial, PlaybookVersion
from backstory.web.panes import playbooks as panes
from backstory.web.tests.conftest import HTMX

pytestmark = pytest.mark.django_db

SMALL = """\
id: cold-flat
name: {en: Cold flat, de: Kalte Wohnung}
when: {causes: [outage]}
steps:
  - key: warm
    title: {en: Warm, de: Wärmen}
    guidance: {en: Bring a heater., de: Bringen Sie ein Heizgerät.}
    phrases: {en: [I bring a heater myself.], de: [Ich bringe selbst ein Heizgerät.]}
    evidence: [feeling_named]
"""


@pytest.fixture(autouse=True)
def seeded(cast):
    actions.seed_playbooks()


def text_of(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def billing() -> Playbook:
    return Playbook.objects.get(slug="billing-error")


def test_the_list_names_what_is_in_force_and_when_it_applies(alice) -> None:
    shown = text_of(alice.get("/playbooks/"))
    assert "Safety hazard" in shown and "somebody's safety is at stake" in shown
    assert "whatever no other playbook fits" in shown
    assert shown.count("Version 1 in force") == 7


def test_a_playbook_is_shown_with_its_words_in_the_readers_language(alice) -> None:
    path = f"/playbooks/{billing().pk}/"
    assert "A charge, refund or payment is wrong" in text_of(alice.get(path))
    with translation.override("de"):
        german = panes.shown(queries.plan_of(billing().in_force))
    assert german.name == "Falsche Rechnung"
    assert "Der fragliche Betrag wurde genannt" in german.steps[0].evidence


def test_an_agent_writes_a_playbook_and_only_a_lead_puts_it_in_force(alice, bob, cast) -> None:
    saved = alice.post("/playbooks/save/", {"source": SMALL, "note": "For the winter"}, follow=True)
    assert "Version 1, a draft" in text_of(saved) and "For the winter" in text_of(saved)
    assert "Put in force" not in text_of(saved)
    version = PlaybookVersion.objects.get(playbook__slug="cold-flat")
    force = f"/playbooks/{version.playbook_id}/1/force/"
    assert alice.post(force).status_code == 403
    assert "Version 1 is in force" in text_of(bob.post(force, follow=True))
    version.playbook.refresh_from_db()
    assert version.playbook.in_force == version


def test_what_is_wrong_comes_back_with_its_line_and_the_text_unharmed(alice) -> None:
    wrong = SMALL.replace("feeling_named", "feelings_named")
    answer = alice.post("/playbooks/save/", {"source": wrong, "note": "mine"})
    assert answer.status_code == 422
    assert "Line 9" in text_of(answer) and "did you mean “feeling_named”?" in text_of(answer)
    assert html.escape(wrong, quote=False) in answer.content.decode().replace("&#39;", "'").replace("&#34;", '"')
    assert 'value="mine"' in answer.content.decode()
    assert not Playbook.objects.filter(slug="cold-flat").exists()


def test_the_text_is_checked_while_one_types_and_shows_what_it_says(alice) -> None:
    good = alice.post("/playbooks/check/", {"source": SMALL}, headers=HTMX)
    assert "I bring a heater myself." in text_of(good) and "The feeling was named" in text_of(good)
    bad = alice.post("/playbooks/check/", {"source": "id: ["}, headers=HTMX)
    assert "not YAML" in text_of(bad)
    doubtful = alice.post("/playbooks/check/", {"source": SMALL.replace("outage", "outrage")}, headers=HTMX)
    assert "There is no cause “outrage” in use here." in text_of(doubtful)


def test_a_file_is_imported_and_a_version_exported_as_it_was_written(alice) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    given = SimpleUploadedFile("cold.yaml", SMALL.encode())
    alice.post("/playbooks/save/", {"file": given, "source": "", "note": ""})
    version = PlaybookVersion.objects.get(playbook__slug="cold-flat")
    exported = alice.get(f"/playbooks/{version.playbook_id}/1/export/")
    assert exported.content.decode() == SMALL
    assert "cold-flat-1.yaml" in exported["Content-Disposition"]


def test_saving_the_same_again_says_so(alice) -> None:
    playbook = billing()
    source = playbook.in_force.source
    answer = alice.post("/playbooks/save/", {"source": source, "playbook": playbook.pk})
    assert answer.status_code == 409 and "Nothing differs from version 1" in text_of(answer)


def test_versions_are_compared_line_by_line_and_an_earlier_one_comes_back(bob, cast) -> None:
    playbook = billing()
    changed = playbook.in_force.source.replace("I have stopped every reminder", "I have stopped all reminders")
    bob.post("/playbooks/save/", {"source": changed, "playbook": playbook.pk, "note": "Shorter"})
    page = bob.get(f"/playbooks/{playbook.pk}/compare/?version=2").content.decode()
    assert 'class="gone"' in page and 'class="new"' in page and "I have stopped all reminders" in page
    bob.post(f"/playbooks/{playbook.pk}/2/force/")
    bob.post(f"/playbooks/{playbook.pk}/1/force/")
    assert billing().in_force.number == 1
    same = bob.get(f"/playbooks/{playbook.pk}/compare/?version=1&with=1")
    assert "No difference" in text_of(same)


def test_a_preview_is_made_by_a_worker_and_shows_both_playbooks_side_by_side(alice, cast, letter) -> None:
    from backstory.recovery import tasks

    complaint = actions.open_complaint(cast.alice, letter.conversation_id)
    actions.set_cause(cast.alice, complaint.pk, _cause("billing"))
    version = billing().in_force
    asked = alice.post(f"/playbooks/{version.playbook_id}/1/preview/")
    trial = PlaybookTrial.objects.get()
    assert asked["Location"] == f"/playbooks/previews/{trial.pk}/"
    assert "You can leave this page" in text_of(alice.get(asked["Location"]))
    tasks.run_trial.call_local(trial.pk)
    trial.refresh_from_db()
    assert trial.state == "done" and trial.results["matched"] == 1 and trial.results["newly"] == 1
    shown = text_of(alice.get(asked["Location"], headers=HTMX))
    assert complaint.number in shown and "done in 0 of 1" in shown


def test_a_preview_names_no_complaint_of_another_team(charlie, cast, complaint) -> None:
    from backstory.recovery.actions import run_trial

    general = Playbook.objects.get(slug="general")
    for other in Playbook.objects.exclude(pk=general.pk):
        actions.retire_playbook(cast.bob, other.pk)
    trial = actions.request_trial(cast.charlie, general.pk, 1)
    run_trial(trial.pk)
    trial.refresh_from_db()
    assert trial.results["matched"] == 1
    shown = text_of(charlie.get(f"/playbooks/previews/{trial.pk}/"))
    assert complaint.number not in shown and "1 more are in conversations of other teams" in shown


def test_the_panel_offers_what_fits_better_and_moves_to_it(alice, cast, letter) -> None:
    complaint = actions.open_complaint(cast.alice, letter.conversation_id)
    actions.set_cause(cast.alice, complaint.pk, _cause("billing"))
    page = f"/conversations/{letter.conversation_id}/"
    shown = text_of(alice.get(page))
    assert "“Billing error” fits better now: the cause is billing." in shown
    alice.post(f"/complaints/{complaint.pk}/playbook/", {"version": billing().in_force_id})
    after = text_of(alice.get(page))
    assert "Billing error version 1" in after and "fits better now" not in after
    assert "Alice Archer went on by the playbook “Billing error”, version 1." in after
    assert "The amount in question was named" in after and "How to do it well" in after


def _cause(slug: str) -> int:
    from backstory.cases.models import Cause

    return Cause.objects.get(slug=slug).pk


def test_a_step_that_is_not_called_for_yet_says_what_it_waits_for(alice, cast, letter) -> None:
    complaint = actions.open_complaint(cast.alice, letter.conversation_id)
    abusive = Playbook.objects.get(slug="abusive-contact").in_force_id
    actions.move_to_playbook(cast.alice, complaint.pk, abusive)
    shown = text_of(alice.get(f"/conversations/{letter.conversation_id}/"))
    assert "Begins when: It went on after a limit was set." in shown
