"""One of everything for the permission table, all of Customer care: values for an address's parameters by where they
stand. Each part is a room's."""

from dataclasses import dataclass
from typing import Any

from backstory.assistant.models import Proposal
from backstory.cases.actions import (
    add_issue,
    add_resolution_action,
    begin_review,
    open_complaint,
    request_trial,
    save_backstory,
    seed_playbooks,
    split_message,
)
from backstory.cases.models import (
    Cause,
    CauseModel,
    ConductDecision,
    Playbook,
    Promise,
    Retelling,
    Theme,
    ThemeSearch,
)
from backstory.conversations.actions import add_place, quarantine, same_person, send_reply, store_raw
from backstory.conversations.letters import InboundAttachment
from backstory.insight import warehouse
from backstory.insight.actions import Wish, add_schedule
from backstory.kernel import clock
from backstory.kernel.files import put
from backstory.people.actions import issue_token
from backstory.people.queries import unsubscribe_link
from backstory.practice.actions import assign, save_scenario
from backstory.practice.actions import begin as begin_practice
from backstory.practice.actions import finish as finish_practice
from backstory.practice.scenarios import source as shipped_source
from backstory.recovery.actions import note_changes, offer_remedy, plan_absence, seed_policy
from backstory.recovery.models import (
    AuthorityLimit,
    Connector,
    Difference,
    FollowUp,
    HandOver,
    LostCustomer,
    PolicyRule,
    SecondRecovery,
    Survey,
    Transfer,
)
from backstory.recovery.queries import status_token
from tests.permissions_of_insight import world_of_insight
from tests.permissions_of_problems import world_of_problems


@dataclass
class Letter:
    """Maya's letter, what became of it, and what the parts of the world are made of."""

    cast: Any
    write: Any
    message: Any
    complaint: Any
    reply: Any


def letter(cast, write) -> Letter:
    photo = InboundAttachment(name="leak.jpg", content_type="image/jpeg", data=b"x")
    message = write("It is cold. When will you come?", attachments=(photo,))
    complaint = open_complaint(cast.alice, message.conversation_id)
    save_backstory(cast.alice, complaint.pk, stated_problem="Cold", demand="Heat", backstory="Baby", need="Safety")
    seed_playbooks()
    return Letter(cast, write, message, complaint, send_reply(cast.alice, message.conversation_id, "By Friday."))


def everything(cast, write, settings, folder) -> dict[str, str]:
    """The whole world."""
    here = letter(cast, write)
    tokens = {user.name: issue_token(user, "test") for user in (cast.alice, cast.bob, cast.charlie, cast.dana)}
    return {
        **world_of_conversations(here),
        **world_of_cases(here),
        **world_of_readings(here),
        **world_of_recovery(here),
        **world_of_what_follows(here),
        **world_of_practice(cast),
        **world_of_reports(cast, settings, folder),
        **world_of_problems(cast, here.complaint),
        **world_of_insight(cast),
        "tokens/": str(cast.alice.api_tokens.first().pk),
        **{f"token of {name.split()[0].lower()}": token for name, token in tokens.items()},
    }


def world_of_conversations(here: Letter) -> dict[str, str]:
    cast, message = here.cast, here.message
    mailbox, attachment = str(cast.mailbox.pk), str(message.attachments.get().pk)
    move = doubtful_and_moved(cast, here.write, message)
    other = here.write("From my desk.", sender="maya@work.example", subject="A chair")
    raw, _ = store_raw("email", cast.mailbox, b"odd")
    quarantine(raw.pk, "Odd.")
    return {
        "conversations/": str(message.conversation_id),
        "messages/": str(message.pk),
        "attachments/": attachment,
        "files/": attachment,
        "originals/": str(message.raw_id),
        "deliveries/": str(here.reply.delivery.pk),
        "mailbox/": str(here.reply.delivery.pk),
        "quarantine/": str(raw.pk),
        "moves/": str(move.pk),
        "persons/": str(same_person(cast.alice, message.conversation_id, other.conversation_id).pk),
        "help/": mailbox,
        "brand/": mailbox,
        "hooks/mail/": mailbox,
        "settings/mailboxes/": mailbox,
        "places/": str(add_place(cast.bob, {"label": "Counter", "kind": "place"}, cast.mailbox.pk).pk),
        "help/thanks/": "aaaa",
        "unsubscribe/": unsubscribe_link(message.conversation.customer).split("/")[-2],
    }


def world_of_cases(here: Letter) -> dict[str, str]:
    cast, message, complaint = here.cast, here.message, here.complaint
    due = {"owner_id": cast.alice.pk, "due_at": clock.ahead(days=1)}
    action = add_resolution_action(cast.alice, complaint.pk, serves="need", text="Call her", **due)
    promise = Promise.objects.create(
        conversation=message.conversation, message=here.reply, quote="By Friday", owner=cast.alice
    )
    playbook = Playbook.objects.get(slug="billing-error")
    decision = ConductDecision.objects.create(
        kind="ending",
        state="proposed",
        conversation=message.conversation,
        reason="Insults",
        letter="Goodbye.",
        review_at=clock.ahead(days=90),
    )
    return {
        "complaints/": str(complaint.pk),
        "actions/": str(action.pk),
        "issues/": str(add_issue(cast.alice, complaint.pk, "Charged twice.").pk),
        "themes/": str(Theme.objects.create(name="Lids", found_by=ThemeSearch.objects.create(state="done")).pk),
        "promises/": str(promise.pk),
        "causes/": str(Cause.objects.first().pk),
        "playbooks/": str(playbook.pk),
        "playbooks/previews/": str(request_trial(cast.alice, playbook.pk, 1).pk),
        "conduct/": str(decision.pk),
    }


def world_of_readings(here: Letter) -> dict[str, str]:
    cast, message = here.cast, here.message
    talk = message.conversation
    retelling = Retelling.objects.create(message=message, conversation=talk, earlier=message, ground="same_words")
    return {
        "proposals/": str(Proposal.objects.create(conversation=talk, asked_by=cast.alice, kind="draft").pk),
        "learning/": str(CauseModel.objects.create(state="failed").pk),
        "retellings/": str(retelling.pk),
        "reviews/": str(begin_review(cast.bob, talk.pk).pk),
        "readings/": "drift",
        "readings/again/": "pause",
        "reading/": "severity",
    }


def world_of_recovery(here: Letter) -> dict[str, str]:
    cast, complaint = here.cast, here.complaint
    remedy = offer_remedy(cast.alice, complaint.pk, "refund", "500", "EUR", "She paid twice.")
    seed_policy()
    absence = plan_absence(cast.bob, cast.bob.pk, clock.now(), clock.ahead(days=1))
    return {
        "approvals/": str(remedy.pk),
        "remedies/": str(remedy.pk),
        "offers/": str(remedy.pk),
        "absences/": str(absence.pk),
        "limits/": str(AuthorityLimit.objects.first().pk),
        "policy/": str(PolicyRule.objects.first().pk),
        **moving(remedy),
        "status/": status_token(complaint),
        "status/preview/": str(complaint.pk),
        "updates/": str(an_update(complaint).pk),
    }


def world_of_what_follows(here: Letter) -> dict[str, str]:
    complaint, talk, now = here.complaint, here.message.conversation, clock.now()
    survey = Survey.objects.create(complaint=complaint, due_at=now, sent_at=now)
    followup = FollowUp.objects.create(
        complaint=complaint, key="call", kind="call", counted_from="closing", begun_at=now, due_at=now
    )
    lost = LostCustomer.objects.create(
        customer=talk.customer, team=here.cast.care, conversation=talk, source="agent", ask_at=now, asked_at=now
    )
    second = SecondRecovery.objects.create(complaint=complaint, why="asked", due_at=now)
    return {
        "survey/": survey.token,
        "surveys/": str(survey.pk),
        "followups/": str(followup.pk),
        "recoveries/": str(second.pk),
        "customers/": str(lost.pk),
        "goodbye/": lost.token,
    }


def world_of_practice(cast) -> dict[str, str]:
    practice = begin_practice(cast.alice, "hot_water.en", seed=1)
    finish_practice(cast.alice, practice.pk)
    return {
        "sessions/": str(practice.pk),
        "assignments/": str(assign(cast.bob, "hot_water.en", cast.care.pk, (cast.alice.pk,)).pk),
        "scenarios/": str(save_scenario(cast.bob, cast.care.pk, shipped_source("hot_water", "en")).pk),
        "export/": "hot_water.en",
    }


def world_of_reports(cast, settings, folder) -> dict[str, str]:
    settings.WAREHOUSE_DIR = folder / "warehouse"
    warehouse.rebuild()
    sending = add_schedule(cast.bob, Wish("team", "pdf", "4w", "", None, "week", 0, 7, [cast.bob.pk]))
    return {
        "insight/": "causes",
        "insight/answers/": "teams",
        "reports/": "team",
        "schedules/": str(sending.pk),
    }


def moving(remedy) -> dict[str, str]:
    """The remedy on its way through a connector, in a file for finance, with a difference."""
    connector = Connector.objects.create(kind="csv", name="Finance")
    batch = HandOver.objects.create(connector=connector, currency="EUR", count=1, total=500, path=put("x", b"1")[0])
    given = {"amount": 500, "currency": "EUR", "state": "uncertain", "hand_over": batch}
    transfer = Transfer.objects.create(remedy=remedy, connector=connector, **given)
    difference = Difference.objects.create(transfer=transfer, kind="missing", words="Not there.")
    return {
        "transfers/": str(transfer.pk),
        "transfers/files/": str(batch.pk),
        "transfers/differences/": str(difference.pk),
        "settings/connectors/": str(connector.pk),
    }


def an_update(complaint):
    note_changes()
    return complaint.updates.get(kind="changed")


def doubtful_and_moved(cast, write, message):
    """The message is doubtful where it is, and another one was split off."""
    again = write("Another matter.", subject="Invoice", reply_token=message.conversation.reply_token)
    third = write("And the chair.", subject="Chair", reply_token=message.conversation.reply_token)
    again.conversation.messages.filter(pk=message.pk).update(doubt="subject")
    return split_message(cast.alice, third.pk)
