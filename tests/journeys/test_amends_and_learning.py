"""From a refund above one's authority to customers who are told what changed because of them, in browsers.

The clock is moved for everybody at once: weeks pass between the steps.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from huey.contrib.djhuey import HUEY
from playwright.sync_api import Browser, Page, expect

from backstory.cases.models import Cause, Complaint
from backstory.channels.email.send import letter_of
from backstory.conversations.models import Conversation, Delivery, Message
from backstory.improvement import tasks as improvement
from backstory.improvement.models import ExposureSeries, Problem
from backstory.kernel import clock
from backstory.people.actions import add_user
from backstory.people.models import Customer, Role
from backstory.recovery import tasks as recovery
from backstory.recovery.connectors.tests.bank import SECRET, Bank, http_settings, running
from backstory.recovery.models import AccessCode, FollowUp, Remedy, SecondRecovery, Survey, Transfer
from backstory.recovery.tests.transferring import set_up
from conftest import PASSWORD, Cast
from tools.browser import visit

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MONDAY = date(2026, 3, 2)
BEFORE, AFTER, WEEKLY = 16, 12, 1000
TODAY = datetime(2026, 6, 22, 10, tzinfo=UTC)  # the Monday after the weeks before


class Time:
    """What the clock says to every thread of this process."""

    def __init__(self) -> None:
        self.moment = TODAY

    def __call__(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment

    def pass_by(self, **parts: float) -> None:
        self.moment += timedelta(**parts)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    told = Time()
    monkeypatch.setattr(clock, "now", told)
    return told


@pytest.fixture
def bank() -> Iterator[Bank]:
    with running() as service:
        yield service


@pytest.fixture
def people(
    chromium: Browser, transactional_db: None, time: Time, cast: Cast, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Page]]:
    """A browser for whoever is asked for, logged in; the worker works at once; any fault on a page fails the test."""
    monkeypatch.setattr(HUEY, "immediate", True)
    add_user("grace@desk.example", "Grace Gray", PASSWORD, Role.LEAD, (cast.care,))
    contexts, faults = [], []

    def person(email: str = "", width: int = 1360) -> Page:
        context = visit(chromium, viewport={"width": width, "height": 900}, base_url=live_server.url, locale="en-GB")
        context.route("**/live/", lambda route: route.abort())  # the stream needs the asynchronous server
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        if email:
            page.goto("/accounts/login/", wait_until="load")
            page.fill("[name=login]", email)
            page.fill("[name=password]", PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url(lambda url: "/accounts/" not in url)
        return page

    yield person
    for context in contexts:
        context.close()
    assert not faults, faults


@pytest.fixture
def tank(cast: Cast, time: Time) -> Cause:
    """The cause, and sixteen weeks in which eight people a week complained about it."""
    cause = Cause.objects.create(name="Tank too small", slug="tank", position=99)
    complain(cast, cause, 0, BEFORE, [7, 8, 9, 8])
    return cause


def complain(cast: Cast, cause: Cause, first: int, last: int, counts: list[int]) -> None:
    other = Customer.objects.create(name="Others")
    for number in range(first, last):
        for each in range(counts[number % len(counts)]):
            day = MONDAY + timedelta(weeks=number, days=each % 7)
            at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
            thread = Conversation.objects.create(
                customer=other,
                mailbox=cast.mailbox,
                team=cast.care,
                channel="email",
                last_message_at=at,
                state="closed",
            )
            Complaint.objects.create(
                number=f"H-{number:02}-{each:02}",
                conversation=thread,
                received_at=at,
                cause=cause,
                cause_confirmed_by=cast.alice,
                state="closed",
                outcome="upheld",
                closed_at=at,
            )


def unfold(page: Page, block: str) -> None:
    if not page.locator(block).evaluate("block => block.open"):
        page.locator(f"{block} > summary").click()


def letters(kind: str = "") -> list[str]:
    """What went out to the customer, oldest first, as a mail program shows it."""
    rows = Delivery.objects.order_by("id")
    return [letter_of(row).text for row in (rows.filter(kind=kind) if kind else rows)]


def link_in(text: str, part: str) -> str:
    found = re.search(rf"https?://[^/\s]+(/{part}/\S+)", text)
    assert found, text
    return found.group(1)


def test_from_a_refund_above_authority_to_customers_told_what_changed(
    people: Callable[..., Page], cast: Cast, write: Callable[..., Message], time: Time, tank: Cause, bank: Bank
) -> None:
    set_up(cast, "http", http_settings(bank), SECRET, when="granted")
    message = write(
        "No hot water again! I want my money back.", sender="tom@customer.example", customer_name="Tom Weir"
    )
    alice, bob, grace, tom = (
        people("alice@desk.example"),
        people("bob@desk.example"),
        people("grace@desk.example"),
        people(width=390),
    )
    ask_for_refund(alice, message.conversation_id, tank)
    bank.faults = ["fails_before", "closes_after"]
    approve(bob)
    pay_once(bank, time)
    close_and_accept(alice, tom, message.conversation_id)
    come_back(alice, time)
    low_score(tom, time)
    recover_again(bob, alice, message.conversation_id, time)
    prove(bob, cast, tank, time)
    tell(bob, grace)


def ask_for_refund(alice: Page, conversation_id: int, tank: Cause) -> None:
    """Above Alice's limit: it waits for somebody who may."""
    alice.goto(f"/conversations/{conversation_id}/", wait_until="load")
    alice.locator("body").press("c")
    panel = alice.locator("#panel")
    expect(panel).to_contain_text(re.compile(r"C-\d{4}-\d{5}"))
    alice.locator("#cause").select_option(label="Tank too small")
    expect(alice.locator("#cause")).to_have_value(str(tank.pk))
    unfold(alice, "#remedy-block")
    expect(alice.locator("#remedy-options")).to_be_visible()  # what is proposed takes the place of the bare form
    form = alice.locator("#remedy-block .remedy-form")
    form.get_by_label("Kind").select_option("refund")
    form.get_by_label("Amount").fill("250")
    form.get_by_label("Currency").fill("EUR")
    form.get_by_label("Why", exact=True).fill("Four months without enough hot water.")
    form.locator(".amends-more > summary").click()
    form.get_by_label("Why an exception is right here").fill("A whole winter, and small children in the house.")
    form.get_by_role("button", name="Offer").click()
    expect(panel).to_contain_text("Waiting for approval")
    assert Remedy.objects.get().state == "requested"


def approve(bob: Page) -> None:
    bob.goto("/approvals/", wait_until="load")
    expect(bob.locator("body")).to_contain_text("€250.00")
    bob.get_by_role("button", name="Approve").first.click()
    expect(bob.locator("body")).to_contain_text("Nothing waits for you")


def pay_once(bank: Bank, time: Time) -> None:
    """The payment service fails before it acts, then after: the money has moved once, and that is found out."""
    transfer = Transfer.objects.get()
    assert transfer.state != "done"
    for _ in range(8):
        time.pass_by(hours=2)
        recovery.carry_due.call_local()
        transfer.refresh_from_db()
        if transfer.state == "done":
            break
    assert transfer.state == "done" and not bank.faults
    assert [each.amount for each in bank.moved(transfer.key)] == [25_000] and len(bank.ledger) == 1
    assert Remedy.objects.get().carried_out_at is not None


def close_and_accept(alice: Page, tom: Page, conversation_id: int) -> None:
    """The letter about the closing leads to the page where the customer accepts, with a code from their mail."""
    alice.goto(f"/conversations/{conversation_id}/", wait_until="load")
    unfold(alice, "#close-block")
    block = alice.locator("#close-block")
    block.get_by_label("Outcome").select_option("upheld")
    block.get_by_label("Reasons").fill("The tank was too small.")
    block.get_by_role("button", name="Close it").click()
    expect(alice.get_by_role("button", name="Reopen the complaint")).to_be_visible()
    closing = next(text for text in reversed(letters()) if "/status/" in text)
    tom.goto(link_in(closing, "status"), wait_until="load")
    expect(tom.locator("#offers")).to_contain_text("€250.00")
    tom.locator("#offers").get_by_role("button", name="Send me a code").click()
    expect(tom.get_by_role("status")).to_contain_text("on its way")
    sent = AccessCode.objects.get().message
    assert sent is not None
    code = re.search(r"^\d{6}$", letter_of(sent.delivery).text, re.MULTILINE)
    assert code
    tom.get_by_label("The six digits").fill(code.group())
    tom.get_by_role("button", name="Open", exact=True).click()
    tom.get_by_role("button", name="Accept").click()
    expect(tom.locator("#offers")).to_contain_text("You have accepted this.")
    assert Remedy.objects.get().answer == "accepted"


def come_back(alice: Page, time: Time) -> None:
    """The playbook's follow-up is due some days later, and is done."""
    time.pass_by(days=4)
    alice.goto("/followups/", wait_until="load")
    alice.locator(".followup-settle > summary").first.click()
    form = alice.locator(".followup-settle").first
    form.locator("[name=note]").fill("He is glad that somebody rang.")
    with alice.expect_navigation():
        form.locator("button[value=done]").click()
    assert FollowUp.objects.filter(state="done").count() == 1


def low_score(tom: Page, time: Time) -> None:
    """One click in the letter chooses, a press sends: two of five opens a second recovery."""
    time.pass_by(days=3)
    recovery.send_surveys.call_local()
    survey = Survey.objects.get(sent_at__isnull=False)
    assert survey.message is not None
    tom.goto(link_in(letter_of(survey.message.delivery).text, "survey"), wait_until="load")
    tom.locator("input[name=score][value='2']").check(force=True)
    tom.get_by_role("button", name=re.compile("Send", re.I)).first.click()
    expect(tom.locator("main")).to_contain_text("taken up again")
    assert SecondRecovery.objects.get().why == "low_score"


def recover_again(bob: Page, alice: Page, conversation_id: int, time: Time) -> None:
    bob.goto("/second-recoveries/", wait_until="load")
    expect(bob.locator("main")).to_contain_text("Tom Weir")
    alice.goto(f"/conversations/{conversation_id}/", wait_until="load")
    unfold(alice, "#close-block")
    block = alice.locator("#close-block")
    block.get_by_label("Outcome").select_option("upheld")
    block.get_by_label("Reasons").fill("A second tank is ordered, and he knows the day.")
    block.get_by_role("button", name="Close it").click()
    expect(alice.get_by_role("button", name="Reopen the complaint")).to_be_visible()


def weeks(first: int, last: int) -> str:
    return "\n".join(f"{MONDAY + timedelta(weeks=number)}, {WEEKLY}" for number in range(first, last))


def prove(bob: Page, cast: Cast, tank: Cause, time: Time) -> None:
    """From the cause to a problem, a fix whose judgement is frozen first, and a verdict when the weeks have passed."""
    bob.goto("/problems/new/", wait_until="load")
    bob.get_by_label("What goes wrong").fill("Cold after the evening")
    bob.locator(f"input[name=cause][value='{tank.pk}']").check()
    bob.get_by_role("button", name="Open the problem").click()
    expect(bob.get_by_role("heading", level=1)).to_have_text("Cold after the evening")
    at = f"/problems/{Problem.objects.get().pk}"
    post(bob, f"{at}/link/", all="1")
    for state in ("confirmed", "fixing"):
        post(bob, f"{at}/state/", state=state)
    post(bob, "/exposure/add/", name="Orders", unit="orders", source="entered", team="", weeks="")
    series = str(ExposureSeries.objects.get().pk)
    post(bob, "/exposure/add/", series=series, weeks=weeks(0, BEFORE))
    start = clock.now().date() - timedelta(days=clock.now().weekday())
    bob.goto(f"{at}/fixes/", wait_until="load")
    bob.get_by_text("Plan a fix").click()
    bob.get_by_label("What will be done").fill("A second tank in every house")
    bob.get_by_label("By when").fill(start.isoformat())
    bob.get_by_role("button", name="Plan it").click()
    fix = Problem.objects.get().fixes.get()
    baseline = {"baseline_first": str(MONDAY), "baseline_last": str(MONDAY + timedelta(weeks=BEFORE, days=-1))}
    judged = {"start": str(start), "end": str(start + timedelta(weeks=AFTER)), "kind": "u", "target": "50"}
    post(bob, f"{at}/freeze/", series=series, fix=str(fix.pk), **baseline, **judged)
    post(bob, f"{at}/fixes/{fix.pk}/", done=str(start))
    post(bob, f"{at}/state/", state="watching")
    begun = (start - MONDAY).days // 7
    complain(cast, tank, begun, begun + AFTER, [2, 3])
    time.pass_by(weeks=AFTER, days=1)
    post(bob, "/exposure/add/", series=series, weeks=weeks(BEFORE, begun + AFTER))
    improvement.judge_plans.call_local()
    bob.goto(f"{at}/fixes/", wait_until="load")
    expect(bob.locator("main")).to_contain_text("Reduced")
    post(bob, f"{at}/state/", state="proven")
    assert Problem.objects.get().state == "proven"


def post(page: Page, path: str, **fields: str) -> None:
    """A form of the page that is open, sent as its button would."""
    token = next(one["value"] for one in page.context.cookies() if one["name"] == "csrftoken")
    answer = page.request.post(
        path, form={**fields, "csrfmiddlewaretoken": token}, headers={"Referer": page.url, "HX-Request": "true"}
    )
    assert answer.status < 400, (path, answer.status, answer.text()[:400])


def tell(bob: Page, grace: Page) -> None:
    """Whoever complained hears what changed because of them, once another lead has approved the letter."""
    problem = Problem.objects.get()
    bob.goto(f"/problems/{problem.pk}/told/", wait_until="load")
    bob.get_by_label("Name, for yourselves").fill("Second tanks")
    bob.get_by_role("button", name="Write it").click()
    expect(bob.get_by_role("heading", level=1)).to_have_text("Second tanks")
    campaign = problem.campaigns.get()
    for language in ("de", "es", "fr"):  # else their letters would go out with blanks to be filled in
        post(bob, f"/campaigns/{campaign.pk}/text/", language=language, subject="", text="")
    text = "Hello {name},\nyour complaint {number} led to this:\na second tank in every house."
    bob.locator("#subject-en").fill("What changed because of you")
    bob.locator("#text-en").fill(text)
    with bob.expect_navigation():
        bob.locator("details:has(#text-en) button").click()
    with bob.expect_navigation():
        bob.get_by_role("button", name=re.compile("Preview")).click()
    grace.goto(f"/campaigns/{campaign.pk}/", wait_until="load")
    with grace.expect_navigation():
        grace.get_by_role("button", name="Approve").click()
    with grace.expect_navigation():
        grace.get_by_role("button", name="Start sending").click()
    improvement.send_campaign_letters.call_local()
    told = [text for text in letters("news") if "a second tank in every house" in text]
    assert len(told) == 1 and Complaint.objects.get(conversation__customer__name="Tom Weir").number in told[0]
