"""Playbooks of a desk: drafted by whoever handles complaints, put in force by a lead, kept by what began with them."""

from dataclasses import replace

import pytest

from backstory.cases import actions, queries
from backstory.cases.actions import open_complaint, record_reading, set_cause
from backstory.cases.models import Cause, ComplaintPlaybook, Playbook, PlaybookVersion, SensitiveReading
from backstory.cases.playbooks import shipped
from backstory.cases.playbooks.judging import judge
from backstory.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from backstory.language.reading import Abuse, Language, Reading, Severity, Span
from backstory.live.models import Event

CALM = Reading(Language("en", 0.98), models={"rules": "1"})
SMALL = """\
id: cold-flat
name: Cold flat
when: {causes: [outage], severity_at_least: 2}
steps:
  - key: warm
    title: Warm
    evidence: [feeling_named]
"""


@pytest.fixture
def desk(cast):
    actions.seed_playbooks()
    return cast


def care_panel(viewer, complaint):
    return judge(queries.plan_for(viewer, complaint), queries.care_facts(complaint))


def shown(viewer, complaint) -> str:
    return queries.held_playbook(viewer, complaint).plan.id


def test_the_desk_begins_with_the_shipped_playbooks_in_force_and_seeding_again_changes_nothing(desk) -> None:
    assert Playbook.objects.exclude(in_force=None).count() == 7
    assert actions.seed_playbooks() == 0
    assert PlaybookVersion.objects.count() == 7


def test_a_newer_shipped_text_moves_on_where_nobody_has_changed_it_and_is_a_draft_where_somebody_has(
    desk, monkeypatch
) -> None:
    mine = shipped.sources()["billing-error"].replace("severity", "weight") + "# ours\n"
    version = actions.save_playbook(desk.alice, mine)
    actions.put_playbook_in_force(desk.bob, version.playbook_id, version.number)
    newer = {slug: source + "# newer\n" for slug, source in shipped.sources().items()}
    monkeypatch.setattr(shipped, "sources", lambda: newer)
    assert actions.seed_playbooks() == 7
    assert Playbook.objects.get(slug="general").in_force.source.endswith("# newer\n")
    billing = Playbook.objects.get(slug="billing-error")
    assert billing.in_force == version and billing.versions.first().source.endswith("# newer\n")


def test_an_agent_drafts_a_lead_puts_in_force_and_rolls_back(desk) -> None:
    draft = actions.save_playbook(desk.alice, SMALL, "We have many of these.")
    assert (draft.number, draft.saved_by, draft.note) == (1, desk.alice, "We have many of these.")
    assert draft.playbook.in_force is None
    with pytest.raises(NotAllowed):
        actions.put_playbook_in_force(desk.alice, draft.playbook_id, 1)
    actions.put_playbook_in_force(desk.bob, draft.playbook_id, 1)
    second = actions.save_playbook(desk.alice, SMALL.replace("Warm", "Warm again"), playbook_id=draft.playbook_id)
    actions.put_playbook_in_force(desk.dana, draft.playbook_id, second.number)
    actions.put_playbook_in_force(desk.bob, draft.playbook_id, 1)
    draft.playbook.refresh_from_db()
    assert draft.playbook.in_force == draft
    log = Event.objects.filter(subject="playbook", subject_id=draft.playbook_id).values_list("kind", "actor_name")
    assert list(log.order_by("pk")) == [
        ("playbook.saved", "Alice Archer"),
        ("playbook.in_force", "Bob Byrne"),
        ("playbook.saved", "Alice Archer"),
        ("playbook.in_force", "Dana Diaz"),
        ("playbook.in_force", "Bob Byrne"),
    ]


def test_a_wrong_text_the_same_text_and_another_id_are_not_saved(desk) -> None:
    draft = actions.save_playbook(desk.alice, SMALL)
    with pytest.raises(InvalidInput, match=r"line 7, steps\[1\].evidence\[1\]"):
        actions.save_playbook(desk.alice, SMALL.replace("feeling_named", "feelings"))
    with pytest.raises(Conflict, match="Nothing differs from version 1"):
        actions.save_playbook(desk.alice, SMALL.replace("\n", "\r\n"))
    with pytest.raises(InvalidInput, match="expected cold-flat"):
        actions.save_playbook(desk.alice, SMALL.replace("cold-flat", "warm-flat"), playbook_id=draft.playbook_id)
    assert PlaybookVersion.objects.filter(playbook=draft.playbook).count() == 1


def test_the_general_playbook_cannot_be_retired_and_others_can(desk) -> None:
    with pytest.raises(InvalidInput):
        actions.retire_playbook(desk.bob, Playbook.objects.get(slug="general").pk)
    billing = Playbook.objects.get(slug="billing-error")
    with pytest.raises(NotAllowed):
        actions.retire_playbook(desk.alice, billing.pk)
    assert actions.retire_playbook(desk.bob, billing.pk).in_force is None


def test_a_complaint_begins_with_what_fits_and_keeps_its_version_until_it_is_moved(desk, letter) -> None:
    record_reading(letter.pk, replace(CALM, severity=Severity(4, True, "danger")))
    complaint = open_complaint(desk.alice, letter.conversation_id)
    assert shown(desk.alice, complaint) == "safety-hazard"
    assert care_panel(desk.alice, complaint)[0].key == "make-safe"

    changed = shipped.sources()["safety-hazard"].replace("key: make-safe", "key: safe-first")
    version = actions.save_playbook(desk.bob, changed)
    actions.put_playbook_in_force(desk.bob, version.playbook_id, version.number)
    assert care_panel(desk.alice, complaint)[0].key == "make-safe"
    held = queries.held_playbook(desk.alice, complaint)
    assert held.better == version and held.is_newer

    actions.move_to_playbook(desk.alice, complaint.pk, version.pk)
    assert care_panel(desk.alice, complaint)[0].key == "safe-first"
    assert queries.held_playbook(desk.alice, complaint).better is None
    event = Event.objects.get(kind="playbook.chosen")
    assert event.actor_name == "Alice Archer" and event.data == {"name": "Safety hazard", "number": 2}


def test_what_has_become_another_matter_is_offered_another_playbook_and_never_moved_silently(
    desk, complaint, promised
) -> None:
    assert shown(desk.alice, complaint) == "general"
    promised("broken", -1)
    held = queries.held_playbook(desk.alice, complaint)
    assert held.plan.id == "general" and held.better_plan.id == "broken-promise"
    assert held.reasons == (("situations", "broken-promise"),) and not held.is_newer


def test_a_complaint_from_before_there_were_playbooks_goes_by_the_four_steps(cast, complaint) -> None:
    assert not ComplaintPlaybook.objects.exists()
    assert [step.title for step in care_panel(cast.alice, complaint)] == ["Connect", "Ask", "Resolve", "Ensure"]


def test_a_cause_below_the_one_named_fits_too(desk, complaint) -> None:
    child = actions.add_cause(desk.bob, "Double charge", parent_id=Cause.objects.get(slug="billing").pk)
    set_cause(desk.alice, complaint.pk, child.pk)
    complaint.refresh_from_db()
    assert queries.fitting_version(complaint).playbook.slug == "billing-error"


def test_only_readers_of_backstories_learn_that_the_playbook_is_for_vulnerable_customers(desk, letter) -> None:
    SensitiveReading.objects.create(message=letter, data={"vulnerability": [{"kind": "health", "text": "croup"}]})
    complaint = open_complaint(desk.alice, letter.conversation_id)
    assert shown(desk.alice, complaint) == "vulnerable-customer"
    assert shown(desk.dana, complaint) == "general"
    assert [step.title for step in care_panel(desk.dana, complaint)] == ["Connect", "Ask", "Resolve", "Ensure"]
    held = ComplaintPlaybook.objects.get()
    actions.move_to_playbook(desk.alice, complaint.pk, Playbook.objects.get(slug="general").in_force_id)
    actions.move_to_playbook(desk.alice, complaint.pk, held.version_id)
    log = Event.objects.filter(subject="complaint", kind__startswith="playbook.")
    assert [event.kind for event in log.order_by("pk")] == ["playbook.chosen", "playbook.changed"]
    assert "vulnerable" not in str(list(log.values_list("data", flat=True)))


def test_nobody_moves_a_complaint_of_another_team_or_to_a_version_out_of_force(desk, complaint) -> None:
    general = Playbook.objects.get(slug="general").in_force_id
    with pytest.raises(NotFound):
        actions.move_to_playbook(desk.charlie, complaint.pk, general)
    draft = actions.save_playbook(desk.alice, SMALL)
    with pytest.raises(InvalidInput):
        actions.move_to_playbook(desk.alice, complaint.pk, draft.pk)


def test_abuse_and_silence_are_seen_in_what_happened(desk, complaint, letter, promised) -> None:
    assert queries.matter_of(complaint).abuse == 1
    record_reading(letter.pk, replace(CALM, abuse=Abuse(-2, ("insult",), (Span("abuse", "never enough", 9, 21),))))
    assert queries.matter_of(complaint).abuse == -2
    assert queries.matter_of(complaint).silent_days == 0
    message = promised("dismissed").message
    message.conversation.messages.filter(pk=message.pk).update(created_at=message.created_at - _days(9))
    letter.conversation.messages.filter(pk=letter.pk).update(created_at=message.created_at - _days(10))
    assert queries.matter_of(complaint).silent_days == 9


def _days(count: int):
    from datetime import timedelta

    return timedelta(days=count)


def test_unknown_causes_and_channels_are_doubts_not_errors(desk) -> None:
    plan = queries.plan_of(actions.save_playbook(desk.alice, SMALL.replace("[outage]", "[outage, biling]")))
    assert queries.doubts(plan) == ["There is no cause “biling” in use here."]


def test_a_version_that_names_a_rule_which_is_gone_falls_back_to_the_general_one(desk, complaint) -> None:
    draft = actions.save_playbook(desk.alice, SMALL)
    PlaybookVersion.objects.filter(pk=draft.pk).update(source=SMALL.replace("feeling_named", "gone"))
    draft.refresh_from_db()
    assert queries.plan_of(draft).id == "general"
    with pytest.raises(InvalidInput):
        actions.put_playbook_in_force(desk.bob, draft.playbook_id, draft.number)
