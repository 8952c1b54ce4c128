"""Every address × method × role. A new address fails here until somebody has thought about who may use it."""

from pathlib import Path

import pytest
from django.test import Client

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
from tests.permissions import METHODS, ROLES, addresses, ask
from tests.permissions_of_insight import world_of_insight
from tests.permissions_of_problems import world_of_problems

TABLE = Path(__file__).with_name("permission_table.txt")
pytestmark = pytest.mark.django_db


def expected() -> dict[str, dict[str, str]]:
    """The table: a line an address, `pattern | GET LHOOO | POST LHOOR`; methods not named are not there."""
    rows = {}
    for line in TABLE.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            pattern, *cells = (part.strip() for part in line.split(" | "))
            rows[pattern.strip("·")] = dict(cell.split() for cell in cells if cell)
    return rows


@pytest.fixture
def world(cast, write, settings, tmp_path) -> dict[str, str]:
    """One of everything, all of Customer care; values for the patterns' parameters by where they stand."""
    photo = InboundAttachment(name="leak.jpg", content_type="image/jpeg", data=b"x")
    message = write("It is cold. When will you come?", attachments=(photo,))
    complaint = open_complaint(cast.alice, message.conversation_id)
    action = add_resolution_action(
        cast.alice, complaint.pk, serves="need", text="Call her", owner_id=cast.alice.pk, due_at=clock.ahead(days=1)
    )
    reply = send_reply(cast.alice, message.conversation_id, "I will call you by Friday.")
    promise = Promise.objects.create(
        conversation=message.conversation, message=reply, quote="I will call you by Friday", owner=cast.alice
    )
    remedy = offer_remedy(cast.alice, complaint.pk, "refund", "500", "EUR", "She paid twice.")
    seed_policy()
    absence = plan_absence(cast.bob, cast.bob.pk, clock.now(), clock.ahead(days=1))
    survey = Survey.objects.create(complaint=complaint, due_at=clock.now(), sent_at=clock.now())
    followup = FollowUp.objects.create(
        complaint=complaint, key="call", kind="call", counted_from="closing", begun_at=clock.now(), due_at=clock.now()
    )
    lost = LostCustomer.objects.create(
        customer=message.conversation.customer,
        team=cast.care,
        conversation=message.conversation,
        source="agent",
        ask_at=clock.now(),
        asked_at=clock.now(),
    )
    second = SecondRecovery.objects.create(complaint=complaint, why="asked", due_at=clock.now())
    move = doubtful_and_moved(cast, write, message)
    retelling = Retelling.objects.create(
        message=message, conversation=message.conversation, earlier=message, ground="same_words"
    )
    other = write("From my desk.", sender="maya@work.example", subject="A chair")
    person = same_person(cast.alice, message.conversation_id, other.conversation_id)
    raw, _ = store_raw("email", cast.mailbox, b"odd")
    quarantine(raw.pk, "Odd.")
    practice = begin_practice(cast.alice, "hot_water.en", seed=1)
    finish_practice(cast.alice, practice.pk)
    asked = assign(cast.bob, "hot_water.en", cast.care.pk, (cast.alice.pk,))
    scenario = save_scenario(cast.bob, cast.care.pk, shipped_source("hot_water", "en"))
    tokens = {user.name: issue_token(user, "test") for user in (cast.alice, cast.bob, cast.charlie, cast.dana)}
    seed_playbooks()
    playbook = Playbook.objects.get(slug="billing-error")
    decision = ConductDecision.objects.create(
        kind="ending",
        state="proposed",
        conversation=message.conversation,
        reason="Insults",
        letter="Goodbye.",
        review_at=clock.ahead(days=90),
    )
    save_backstory(cast.alice, complaint.pk, stated_problem="Cold", demand="Heat", backstory="Baby", need="Safety")
    settings.WAREHOUSE_DIR = tmp_path / "warehouse"
    warehouse.rebuild()
    sending = add_schedule(cast.bob, Wish("team", "pdf", "4w", "", None, "week", 0, 7, [cast.bob.pk]))
    return {
        "conversations/": str(message.conversation_id),
        "complaints/": str(complaint.pk),
        "actions/": str(action.pk),
        "messages/": str(message.pk),
        "attachments/": str(message.attachments.get().pk),
        "issues/": str(add_issue(cast.alice, complaint.pk, "Charged twice.").pk),
        "themes/": str(Theme.objects.create(name="Lids", found_by=ThemeSearch.objects.create(state="done")).pk),
        "originals/": str(message.raw_id),
        "deliveries/": str(reply.delivery.pk),
        "mailbox/": str(reply.delivery.pk),
        "proposals/": str(
            Proposal.objects.create(conversation=message.conversation, asked_by=cast.alice, kind="draft").pk
        ),
        "promises/": str(promise.pk),
        "approvals/": str(remedy.pk),
        "absences/": str(absence.pk),
        "limits/": str(AuthorityLimit.objects.first().pk),
        "policy/": str(PolicyRule.objects.first().pk),
        "remedies/": str(remedy.pk),
        "causes/": str(Cause.objects.first().pk),
        "learning/": str(CauseModel.objects.create(state="failed").pk),
        "quarantine/": str(raw.pk),
        "playbooks/": str(playbook.pk),
        "playbooks/previews/": str(request_trial(cast.alice, playbook.pk, 1).pk),
        "conduct/": str(decision.pk),
        "moves/": str(move.pk),
        "persons/": str(person.pk),
        "retellings/": str(retelling.pk),
        "reviews/": str(begin_review(cast.bob, message.conversation_id).pk),
        "tokens/": str(cast.alice.api_tokens.first().pk),
        "followups/": str(followup.pk),
        "recoveries/": str(second.pk),
        "customers/": str(lost.pk),
        "goodbye/": lost.token,
        "help/": str(cast.mailbox.pk),
        "brand/": str(cast.mailbox.pk),
        "hooks/mail/": str(cast.mailbox.pk),
        "settings/mailboxes/": str(cast.mailbox.pk),
        **moving(remedy),
        "places/": str(add_place(cast.bob, {"label": "Counter", "kind": "place"}, cast.mailbox.pk).pk),
        "help/thanks/": "aaaa",
        "status/": status_token(complaint),
        "status/preview/": str(complaint.pk),
        "offers/": str(remedy.pk),
        "files/": str(message.attachments.get().pk),
        "updates/": str(an_update(complaint).pk),
        "survey/": survey.token,
        "surveys/": str(survey.pk),
        "unsubscribe/": unsubscribe_link(message.conversation.customer).split("/")[-2],
        "insight/": "causes",
        "insight/answers/": "teams",
        "reports/": "team",
        "schedules/": str(sending.pk),
        "readings/": "drift",
        "readings/again/": "pause",
        "reading/": "severity",
        "sessions/": str(practice.pk),
        "assignments/": str(asked.pk),
        "scenarios/": str(scenario.pk),
        "export/": "hot_water.en",
        **world_of_problems(cast, complaint),
        **world_of_insight(cast),
        **{f"token of {name.split()[0].lower()}": token for name, token in tokens.items()},
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


def fill(pattern: str, world: dict[str, str]) -> str:
    """The pattern with its parameters taken from the world."""
    import re

    path = pattern
    while found := re.search(r"<[^>]+>", path):
        before = re.search(r"((?:\w+/)+)$", path[: found.start()])
        place = before.group(1) if before else ""
        value = world.get(place) or world.get("/".join(place.split("/")[-2:]), "1")
        path = path[: found.start()] + value + path[found.end() :]
    return "/" + re.sub(r"[\^$\\]|\(\?P.*?\)\+?|\[.*?\]\+|\)", "", path)


def clients(cast, world) -> dict[str, tuple[Client, Client]]:
    """For each role a browser and an API client."""
    found = {"anonymous": (Client(), Client())}
    for role in ROLES[1:]:
        browser = Client()
        browser.force_login(getattr(cast, role))
        found[role] = (browser, Client(headers={"Authorization": f"Bearer {world[f'token of {role}']}"}))
    return found


def observed(pattern: str, cast, world: dict[str, str]) -> dict[str, str]:
    """The cells of one address. Everybody asks with a fresh log-in: asking may end one."""
    path, who, cells = fill(pattern, world), clients(cast, world), {}
    for method in METHODS:
        letters = [ask(who[role][path.startswith("/api/")], method, pattern, path) for role in ROLES]
        if set(letters) - {"-", "L"}:
            cells[method] = "".join(letters)
    return cells


def line(pattern: str, cells: dict[str, str]) -> str:
    return " | ".join([pattern or "·", *(f"{method} {letters}" for method, letters in cells.items())])


def test_every_address_answers_everybody_as_the_table_says(cast, world) -> None:
    table, here = expected(), addresses()
    missing, gone = sorted(set(here) - set(table)), sorted(set(table) - set(here))
    assert not missing, f"not in the permission table: {missing}"
    assert not gone, f"in the permission table but no address: {gone}"
    seen = {pattern: observed(pattern, cast, world) for pattern in here}
    wrong = [
        f"{line(pattern, seen[pattern])}   (expected {table[pattern]})"
        for pattern in here
        if seen[pattern] != table[pattern]
    ]
    assert not wrong, "\n".join(wrong)
