"""Latency of the queue page and the conversation page at 10 000 conversations, through the real server.

The same pages are measured under both interfaces in one run: rendered in threads by WSGI (as shipped) and as
synchronous views under ASGI.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx

from tools.desk import PASSWORD, Desk, free_port, until

CONVERSATIONS = 10_000
REQUESTS = 60
CLIENTS = 4

FILL = """
from backstory.config import boot
boot.setup()
from datetime import timedelta
from random import Random
from backstory.kernel import clock
from backstory.cases.models import Reading
from backstory.conversations.models import Conversation, Mailbox, Message
from backstory.people.models import Customer
random, now, mailbox = Random(7), clock.now(), Mailbox.objects.get(address="care@desk.example")
words = "heating boiler cold water pressure invoice engineer appointment again Monday please answer refund".split()
text = lambda: " ".join(random.choices(words, k=60))
customers = Customer.objects.bulk_create([Customer(name=f"Customer {n}") for n in range(COUNT // 2)])
conversations = Conversation.objects.bulk_create([
    Conversation(customer=random.choice(customers), mailbox=mailbox, team_id=mailbox.team_id, subject=text()[:60],
        channel="email", state=random.choice(["open", "open", "waiting", "closed"]), snippet=text()[:150],
        last_message_at=now - timedelta(minutes=n), waiting_since=now - timedelta(minutes=n))
    for n in range(COUNT)], batch_size=500)
messages = Message.objects.bulk_create([
    Message(conversation=conversation, direction="in" if n % 2 == 0 else "out", text=text(),
        sender_address="c@customer.example", message_id=f"{conversation.pk}.{n}@x.example")
    for conversation in conversations for n in range(5)], batch_size=500)
Reading.objects.bulk_create([
    Reading(message=message, conversation_id=message.conversation_id, engine="benchmark", severity=2,
        emotion="anger", intensity=2, is_complaint=True, complaint_p=0.9)
    for message in messages if message.direction == "in"], batch_size=500)
print(conversations[len(conversations) // 2].pk)
"""


def log_in(url: str) -> httpx.Client:
    client = httpx.Client(base_url=url, timeout=60)
    client.get("/accounts/login/")
    form = {"login": "alice@desk.example", "password": PASSWORD, "csrfmiddlewaretoken": client.cookies["csrftoken"]}
    answer = client.post("/accounts/login/", data=form, headers={"Referer": url})
    assert answer.status_code == 302, answer.status_code
    return client


def median_milliseconds(client: httpx.Client, path: str) -> tuple[float, float]:
    """Median and 95th percentile of `REQUESTS` requests, after three to warm up."""
    times = []
    for number in range(REQUESTS + 3):
        began = time.perf_counter()
        answer = client.get(path)
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, (path, answer.status_code)
        if number == 2:
            times.clear()
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


@contextmanager
def plain_asgi(desk: Desk) -> Iterator[str]:
    """The same desk served by Django's own ASGI handler, for comparison."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "backstory.config.asgi:live", "--port", str(port), "--lifespan", "off"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([*command, "--no-access-log"], env=desk.environment, stdout=quiet, stderr=quiet)
    try:
        url = f"http://127.0.0.1:{port}"
        until(lambda: answers(f"{url}/accounts/login/"), "the server under ASGI")
        yield url
    finally:
        process.terminate()
        process.wait()


def answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


def throughput(client: httpx.Client, path: str) -> float:
    """Pages per second with several clients at once."""
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda _: client.get(path), range(REQUESTS * 2)))
    return REQUESTS * 2 / (time.perf_counter() - began)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Desk(Path(folder), parts=()) as desk:
        middle = desk.python(f"COUNT = {CONVERSATIONS}\n{FILL}").split()[-1]
        pages = {
            "queue": "/",
            "search": "/?q=refund",
            "conversation": f"/conversations/{middle}/",
            "profile": "/profile/",
        }
        print(f"\nPages at {CONVERSATIONS:,} conversations, milliseconds (median, 95th percentile of {REQUESTS})\n")
        print("| page | WSGI in threads: median | 95 % | under ASGI: median | 95 % |\n|---|---|---|---|---|")
        desk.start("web")
        shipped = log_in(desk.url)
        with plain_asgi(desk) as url:
            other = log_in(url)
            for name, path in pages.items():
                cells = [*median_milliseconds(shipped, path), *median_milliseconds(other, path)]
                print(f"| {name} | {' | '.join(f'{cell:.1f}' for cell in cells)} |", flush=True)
        for name, path in (("queue", "/"), ("profile", "/profile/")):
            print(
                f"\n{name}, {CLIENTS} clients at once: {throughput(shipped, path):.0f} pages a second (WSGI in threads)"
            )


if __name__ == "__main__":
    main()
