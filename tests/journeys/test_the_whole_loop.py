"""One complaint through the whole loop, in a browser, over real mail: the golden case. Then a part falls."""

import os
import re
import signal
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Visitor, links, opened, words
from tools.desk import Desk, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COMPLAINT = """\
You are the worst people in the world. There is NEVER enough hot water in this house, and it is a
danger to my family! Move my family to another house at once. When will you move us?

Tom Okafor
"""
BACKSTORY = """\
Sorry for shouting. We used up the tank last night and then the baby woke with croup. The only thing
that helps is steam, and there was no hot water to make it. She could not breathe. We were terrified.
"""
QUESTION = (
    "Tom, never enough hot water, and your family in danger: I can hear how frightened and angry you are, and I am "
    "sorry. I want to understand before I do anything. What happened, and what does it mean for your family?"
)
REPLY = (
    "Thank you for telling me about your baby, Tom. That must have been terrifying. I will bring an electric steam "
    "kettle to your flat today, and I have booked a second hot-water tank, which Raj will fit on Thursday. We cannot "
    "move you to another house this week; you can choose the second tank on Thursday or a larger tank on Friday. "
    "I will call you by Friday to hear how the night was."
)


def letter(text: str, message_id: str, **headers: str) -> bytes:
    message = EmailMessage()
    message["From"] = "Tom Okafor <tom@customer.example>"
    message["To"] = "care@desk.example"
    message["Subject"] = headers.pop("subject", "Never enough hot water")
    message["Message-ID"] = f"<{message_id}@customer.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def unfold(page: Page, block: str) -> None:
    """Open one folded part of the panel."""
    summary = page.locator(f"#{block} > summary")
    if not page.locator(f"#{block}").evaluate("block => block.open"):
        summary.click()


def write(page: Page, text: str) -> None:
    page.locator("#composer-text").fill(text)


def test_a_complaint_arrives_live_is_handled_with_care_and_its_cause_is_counted(
    desk: Desk, chromium: Browser, visitors: list[Visitor]
) -> None:
    alice, bob, tom = (Visitor(chromium, desk) for _ in range(3))
    visitors += [alice, bob, tom]
    page = alice.log_in("alice@desk.example")
    arrive(desk, page)
    connect(desk, page)
    ask(desk, page)
    resolve(desk, page)
    approve(bob)
    promise_and_close(desk, page)
    answer_as_customer(desk, tom)
    reopened(page)
    learn(bob)


def arrive(desk: Desk, page: Page) -> None:
    """2 to 4: a real SMTP client delivers; it is in the queue without reloading, and read."""
    expect(page.locator("#queue")).not_to_contain_text("Tom Okafor")
    desk.post("tom@customer.example", letter(COMPLAINT, "one"))
    row = page.locator("#queue").get_by_text("Tom Okafor")
    expect(row.first).to_be_visible()
    row.first.click()
    expect(page.locator("#thread-body")).to_contain_text("worst people in the world")
    expect(page.locator("#thread-body")).to_contain_text(re.compile("Complaint", re.I))
    expect(page.locator("#thread-body")).to_contain_text(re.compile("anger", re.I))
    expect(page.locator("#thread-body")).to_contain_text(re.compile("safety", re.I))


def connect(desk: Desk, page: Page) -> None:
    """5 and 6: one key makes it a complaint; the coach stops the wrong tone; the reply goes out by SMTP."""
    page.locator("body").press("c")
    expect(page.locator("#panel")).to_contain_text(re.compile(r"C-\d{4}-00001"))
    write(page, "Calm down. That's our policy, and the tank is big enough. You should have used less water.")
    advice = page.locator("#advice")
    expect(advice.locator("[data-finding]").first).to_be_visible()
    expect(advice).to_contain_text("Missed")
    for reason in ("Calm down", "That's our policy", "You should have"):
        expect(advice.locator("[data-finding] q").filter(has_text=reason).first).to_be_visible()
    questions = page.locator("#panel [data-insert]")
    expect(questions).not_to_have_count(0)
    assert not [text for text in questions.all_text_contents() if re.search("tank|capacity|how much water", text, re.I)]
    found = advice.locator("[data-finding]").count()
    advice.locator("[data-finding]").first.focus()
    page.keyboard.press("Alt+d")
    expect(advice.locator("[data-finding]")).to_have_count(found - 1)
    write(page, QUESTION)
    page.locator("#composer-text").press("Control+Enter")
    expect(page.locator("#thread-body")).to_contain_text("before I do anything")
    sent = opened(desk.letter(0))
    assert sent["In-Reply-To"] == "<one@customer.example>"
    assert sent["To"].addresses[0].addr_spec == "tom@customer.example"
    expect(page.locator("#thread-body")).to_contain_text("Sent")
    expect(page.locator("#care-connect")).to_have_class(re.compile("done"))


def ask(desk: Desk, page: Page) -> None:
    """3 and 5: the answer joins the thread live; the backstory is kept, said back and confirmed."""
    reply = opened(desk.letter(0))
    answer = letter(BACKSTORY, "two", subject="Re: Never enough hot water", In_Reply_To=str(reply["Message-ID"]))
    desk.post("tom@customer.example", answer, recipient=reply["Reply-To"].addresses[0].addr_spec)
    expect(page.locator("#thread-body")).to_contain_text("woke with croup")
    page.locator("#backstory-stated_problem").fill("Not enough hot water")
    page.locator("#backstory-demand").fill("Move the family to another house")
    page.locator("#backstory-backstory").fill("The baby has croup; there was no steam in the night")
    page.locator("#backstory-need").fill("The child's safety")
    page.get_by_role("button", name="Save the backstory").click()
    page.get_by_text("Write the summary to confirm").click()
    expect(page.locator("#composer-text")).to_have_value(re.compile("hot water"))
    page.locator("#composer-text").press("Control+Enter")
    assert "hot water" in words(desk.letter(1))
    unfold(page, "confirm-block")
    page.locator("#confirmation").fill("Yes, exactly that.")
    page.get_by_role("button", name="Record").click()
    expect(page.locator("#panel")).to_contain_text("Confirmed by the customer")
    expect(page.locator("#care-ask")).to_have_class(re.compile("done"))


def resolve(desk: Desk, page: Page) -> None:
    """5, 6 and 8: an action for the need, one for the cause, a remedy above the limit, and the reply."""
    for serves, text in (("need", "Bring a steam kettle"), ("cause", "Fit a second tank")):
        unfold(page, "plan-block")
        page.locator("#action-text").fill(text)
        page.locator("#action-serves").select_option(serves)
        page.locator("#action-due").fill("2030-01-31")
        page.get_by_role("button", name="Plan it").click()
        expect(page.locator("#panel")).to_contain_text(text)
    unfold(page, "remedy-block")
    expect(page.locator("#remedy-options")).to_be_visible()  # what is proposed takes the place of the bare form
    page.locator("#remedy-kind").select_option("goodwill")
    page.locator("#remedy-amount").fill("150")
    page.locator("#remedy-reason").fill("A night without hot water and a sick child.")
    page.locator("#remedy-block .amends-more > summary").click()
    page.locator("#remedy-exception").fill("The child was in danger that night.")
    page.get_by_role("button", name="Offer", exact=True).click()
    expect(page.locator("#panel")).to_contain_text("Waiting for approval")
    write(page, REPLY)
    expect(page.locator("#advice")).to_contain_text("Empathy")
    expect(page.locator("#advice .finding.warning, #advice .finding.blocker")).to_have_count(0)
    page.locator("#composer-text").press("Control+Enter")
    assert "second hot-water tank" in words(desk.letter(2))


def approve(bob: Visitor) -> None:
    """8: above the agent's limit the lead decides."""
    page = bob.log_in("bob@desk.example")
    page.goto("/approvals/")
    expect(page.locator("main")).to_contain_text("150")
    page.get_by_role("button", name="Approve").first.click()
    expect(page.locator("main")).not_to_contain_text("A night without hot water")


def promise_and_close(desk: Desk, page: Page) -> None:
    """7 and 9: the promise is offered and accepted with a key, kept; everything done, the complaint closes."""
    expect(page.locator("#panel")).to_contain_text("Granted")
    page.get_by_text("Mark as paid by hand").click()
    page.locator("#panel [name=evidence]").fill("Transfer of today, no 17")
    page.locator("#panel form:has([name=evidence]) button").click()
    expect(page.locator("#panel")).to_contain_text("Transfer of today, no 17")
    offers = page.locator(".promise-offer")
    expect(offers.filter(has_text="Friday")).to_be_visible()
    while offers.count():
        left = offers.count() - 1
        page.locator("body").press("p")
        expect(offers).to_have_count(left)
    expect(page.locator("#panel")).to_contain_text("I will call you by Friday")
    kept = page.locator("#panel").get_by_role("button", name="Kept")
    while kept.count():
        left = kept.count() - 1
        kept.first.click()
        expect(kept).to_have_count(left)
    done = page.locator("#panel").get_by_role("button", name="Done", exact=True)
    for left in (1, 0):
        done.first.click()
        expect(done).to_have_count(left)
    assert page.locator("#cause option:checked").text_content() == "Outage"
    page.locator("#panel").get_by_role("button", name="Confirm", exact=True).click()
    expect(page.locator("#panel")).not_to_contain_text("suggestion of the reading")
    unfold(page, "close-block")
    page.locator("#outcome").select_option("upheld")
    page.locator("#outcome-reason").fill("The tank was too small for the family.")
    page.get_by_role("button", name="Close it").click()
    expect(page.locator("#panel")).to_contain_text("Upheld")


def answer_as_customer(desk: Desk, tom: Visitor) -> None:
    """9: status page without anything internal, then the survey after the fix, answered badly."""
    status = link_to(desk, "/status/")
    tom.page.goto(status)
    body = tom.page.locator("body")
    expect(body).to_contain_text("call you by Friday")
    for secret in ("croup", "tank was too small", "Yes, exactly that"):
        expect(body).not_to_contain_text(secret)
    survey = link_to(desk, "/survey/")
    tom.page.goto(survey)
    tom.page.locator("input[name=score][value='2']").check(force=True)
    tom.page.get_by_role("button", name="Send my answer").click()
    expect(tom.page.locator("body")).to_contain_text(re.compile("thank", re.I))
    tom.page.locator("[name=comment]").fill("Still cold in the morning.")
    tom.page.get_by_role("button", name="Send this line").click()
    expect(tom.page.locator("body")).to_contain_text("Still cold in the morning.")


def link_to(desk: Desk, part: str) -> str:
    """The newest link of its kind that the desk has sent, once there is one."""

    def found() -> list[str]:
        return [link for letter in desk.postbox.letters for link in links(letter) if part in link]

    until(lambda: bool(found()), f"a letter with {part} going out")
    return found()[-1]


def reopened(page: Page) -> None:
    """9: the bad answer opens the question again and stands on the conversation."""
    expect(page.locator("#panel")).to_contain_text("2 / 5")
    expect(page.locator("#panel")).to_contain_text("Still cold in the morning.")
    expect(page.locator("#close-block")).to_be_visible()


def learn(bob: Visitor) -> None:
    """10: the lead sees complaints over time and by cause, from this very row."""
    bob.page.goto("/insight/")
    expect(bob.page.locator("main")).to_contain_text("Outage")
    with bob.page.expect_download() as download:
        bob.page.locator("a[href*='.csv']").first.click()
    assert download.value.path().read_text().count("\n") >= 2


def child_of(parent: int, part: str) -> int | None:
    """The process id of one part while it runs, from /proc (Linux)."""
    for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        with suppress(OSError):  # gone while one looks
            if Path(f"/proc/{pid}/cmdline").read_bytes().endswith(f"{part}\0".encode()):
                return int(pid)
    return None


def test_a_killed_part_comes_back_and_the_desk_answers(desk: Desk) -> None:
    supervisor = desk.processes[0].pid
    killed = child_of(supervisor, "web")
    assert killed
    os.kill(killed, signal.SIGKILL)
    until(lambda: child_of(supervisor, "web") not in (None, killed), "another web server")
    until(desk._web_answers, "the web server to come back")
