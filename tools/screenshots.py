"""Pictures of every page, light and dark, wide and phone, and what axe finds on them: into var/screenshots.

    python tools/screenshots.py                          starts a demo desk of its own
    python tools/screenshots.py --url http://localhost:8000   uses a demo desk that runs

Ends with status 1 if axe found anything.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

OUT = Path("var/screenshots")
SIZES = {"1280": (1280, 800), "768": (768, 1024), "390": (390, 844)}
THEMES = ("light", "dark")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DRAFT = "Dear customer, calm down, that is our policy. We will call you by Friday."


@dataclass(frozen=True)
class Shot:
    """One page as one person sees it; `act` names what to do before the picture."""

    name: str
    who: str
    path: str
    act: str = ""


SHOTS = (
    Shot("queue", "alice", "/"),
    Shot("queue-complaints", "alice", "/?view=complaints"),
    Shot("queue-nothing-found", "alice", "/?q=zzzzzz"),
    Shot("conversation", "alice", "complaint"),
    Shot("conversation-plain", "alice", "first"),
    Shot("advice", "alice", "first", "draft"),
    Shot("panel", "alice", "complaint", "panel"),
    Shot("palette", "alice", "first", "palette"),
    Shot("shortcuts", "alice", "/", "shortcuts"),
    Shot("promises", "alice", "/promises/"),
    Shot("promises-broken", "bob", "/promises/?show=broken"),
    Shot("promise-rates", "bob", "/promises/rates/"),
    Shot("phrases", "bob", "/phrases/"),
    Shot("phrase-search", "alice", "complaint", "phrases"),
    Shot("approvals", "bob", "/approvals/"),
    Shot("deliveries", "bob", "/deliveries/"),
    Shot("insight", "bob", "/insight/"),
    Shot("causes", "bob", "/causes/"),
    Shot("playbooks", "alice", "/playbooks/"),
    Shot("playbook", "bob", "/playbooks/1/"),
    Shot("playbook-edit", "alice", "/playbooks/1/edit/"),
    Shot("conduct", "bob", "/conduct/"),
    Shot("coaching", "bob", "/coaching/"),
    Shot("mailbox", "alice", "/mailbox/", "letter"),
    Shot("practice", "alice", "/practice/"),
    Shot("practice-talk", "alice", "/practice/", "talk"),
    Shot("practice-debrief", "alice", "/practice/progress/", "debrief"),
    Shot("practice-progress", "alice", "/practice/progress/"),
    Shot("practice-assignments", "bob", "/practice/assignments/"),
    Shot("practice-scenarios", "bob", "/practice/scenarios/"),
    Shot("practice-editor", "bob", "/practice/scenarios/new/", "check"),
    Shot("profile", "alice", "/profile/"),
    Shot("quarantine", "dana", "/quarantine/"),
    Shot("originals", "dana", "/originals/"),
    Shot("original-entry", "dana", "/quarantine/", "entry"),
    Shot("not-allowed", "alice", "/causes/"),
    Shot("not-found", "alice", "/nowhere/"),
    Shot("login", "", "/accounts/login/"),
)


@contextmanager
def demo_desk() -> Iterator[str]:
    """A demo desk on a free port, in a folder of its own, gone afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "BACKSTORY_DATA_DIR": folder,
            "BACKSTORY_PORT": str(port),
            "BACKSTORY_BASE_URL": url,
            "BACKSTORY_SMTP_PORT": "0",
        }
        desk = subprocess.Popen([sys.executable, "-m", "backstory.config.cli", "demo"], env=os.environ | settings)
        try:
            wait_for(url, desk)
            yield url
        finally:
            desk.terminate()
            desk.wait(20)


def wait_for(url: str, desk: "subprocess.Popen[bytes]") -> None:
    """Until the desk answers; it may take minutes to write its history."""
    for _ in range(600):
        if desk.poll() is not None:
            raise SystemExit("The demo desk did not start.")
        try:
            urllib.request.urlopen(f"{url}/accounts/login/", timeout=5)
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("The demo desk did not answer in time.")


def log_in(browser: Browser, url: str, email: str, password: str) -> Any:
    """The cookies of somebody who has logged in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{url}/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    page.click("button.btn-primary")
    page.wait_for_url(f"{url}/")
    state = context.storage_state()
    context.close()
    return state


def go(page: Page, url: str, shot: Shot) -> None:
    """Open the page; `first` and `complaint` are the top conversations of those views."""
    if shot.path.startswith("/"):
        page.goto(url + shot.path)
        return
    page.goto(url + ("/?view=complaints" if shot.path == "complaint" else "/"))
    link = page.locator(".queue-link").first
    if link.count():
        page.goto(url + str(link.get_attribute("href")))


def act(page: Page, what: str) -> None:
    """Bring the page into the state to be shown."""
    if what == "draft" and page.locator("#composer-text").count():
        page.fill("#composer-text", DRAFT)
        page.wait_for_selector("#advice [data-advice]")
    elif what == "panel":
        page.evaluate("document.querySelector('#panel')?.classList.add('is-open')")
    elif what == "palette":
        page.keyboard.press("Control+k")
        page.wait_for_selector(".palette-hit")
    elif what == "phrases" and page.locator("#composer-text").count():
        page.keyboard.press("Alt+p")
        page.wait_for_selector("#phrase-results [data-phrase]")
    elif what == "shortcuts":
        page.keyboard.press("?")
    elif what == "entry" and page.locator(".ledger-line a").count():
        page.locator(".ledger-line a").first.click()
    elif what == "talk":
        talk(page)
    elif what == "debrief":
        page.locator(".practice-table a").last.click()
    elif what == "check":
        page.locator("[formaction]").click()
    elif what == "letter" and page.locator(".letter-list a").count():
        page.locator(".letter-list a").first.click()


def talk(page: Page) -> None:
    """The hot-water story begun, one message said, the next one half written."""
    page.locator(".practice-grid .practice-card").first.locator("[value=with]").click()
    page.fill("#practice-said", "I am sorry. No hot water and a family in danger: that is frightening. What happened?")
    page.click("#practice-send")
    page.wait_for_selector(".message.out")
    page.fill("#practice-said", "Please calm down, the tank holds 80 litres.")
    page.wait_for_selector("#practice-advice .finding")


def picture(context: BrowserContext, url: str, shot: Shot, name: str) -> list[str]:
    """Take one picture; what axe finds is returned, with console errors."""
    page = context.new_page()
    problems: list[str] = []
    # A page that is refused says so in the console; that is what two of the pictures are of.
    page.on("console", lambda line: problems.extend(_fault(line.type, line.text)))
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    go(page, url, shot)
    act(page, shot.act)
    page.wait_for_timeout(400)
    page.screenshot(path=OUT / f"{name}.png")
    for found in Axe().run(page).response["violations"]:
        places = "; ".join(str(node["target"]) for node in found["nodes"][:4])
        problems.append(f"axe {found['id']} ({found['impact']}): {places}")
    page.close()
    return [f"{name}: {problem}" for problem in problems]


def _fault(kind: str, text: str) -> list[str]:
    is_fault = kind == "error" and "the server responded with a status of 40" not in text
    return [f"console: {text}"] if is_fault else []


def take_all(browser: Browser, url: str, people: dict[str, Any], only: str) -> list[str]:
    problems: list[str] = []
    for shot in (each for each in SHOTS if only in each.name):
        for size, (width, height) in SIZES.items():
            for theme in THEMES:
                viewport: Any = {"width": width, "height": height}
                state = people[shot.who] if shot.who else None
                context = browser.new_context(viewport=viewport, color_scheme=theme, storage_state=state)  # type: ignore[arg-type]
                problems += picture(context, url, shot, f"{shot.name}-{size}-{theme}")
                context.close()
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a desk that is running; without it a demo is started")
    parser.add_argument("--only", default="", help="only pages whose name holds this")
    given = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    if given.url:
        return shoot(given.url.rstrip("/"), given.only)
    with demo_desk() as url:
        return shoot(url, given.only)


def demo_people() -> tuple[dict[str, str], str]:
    """The e-mail address of the demo's first agent, lead and administrator, and the password of all."""
    import django

    os.environ.setdefault("BACKSTORY_DATA_DIR", tempfile.gettempdir() + "/backstory-screenshots")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backstory.config.settings")
    django.setup()
    from backstory.demo.build import PASSWORD, logins

    roles = {"alice": "agent", "bob": "lead", "dana": "administrator"}
    return {name: next(one.email for one in logins() if one.role == role) for name, role in roles.items()}, PASSWORD


def shoot(url: str, only: str) -> int:
    addresses, password = demo_people()
    with sync_playwright() as playwright:
        path = "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        people = {name: log_in(browser, url, address, password) for name, address in addresses.items()}
        problems = take_all(browser, url, people, only)
        browser.close()
    sys.stdout.write("\n".join([*problems, f"{len(problems)} problems; pictures are in {OUT}"]) + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
