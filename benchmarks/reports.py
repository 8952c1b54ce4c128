"""Reports on a large desk: building the read model, following the desk, every report, and the same questions in SQL.

    python -m benchmarks.reports [--conversations 1000000] [--events 5000000] [--postgresql URL] [--folder DIR]

Medians of five within one run; the three engines are asked the same questions one after the other on the same machine.
Takes some ten minutes and some 8 GB at full size.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

from benchmarks.reports_desk import draw, in_desk

TIMES = 5
LOAD = "from pathlib import Path\nfrom benchmarks.reports_desk import load\nboot.prepare()\nload(Path({folder!r}))\n"
BUILD = """
import resource, time
from backstory.insight import warehouse
begun = time.perf_counter()
warehouse.rebuild()
seconds = time.perf_counter() - begun
size = sum(path.stat().st_size for path in warehouse.store.home().rglob("*") if path.is_file())
print(seconds, size / 1e6, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
FOLLOW = """
import random, time, threading
from backstory.insight import warehouse
from backstory.insight.warehouse import follow, store
from backstory.live.actions import record
stop, random, waits = follow.start(), random.Random(1), []
time.sleep(3)
for number in range(20):
    for _ in range(50):  # fifty conversations change in a moment
        event = record("benchmark.change", conversation_id=random.randint(1, {count}))
    begun = time.perf_counter()
    while store.read().position < event.pk:
        time.sleep(0.01)
    waits.append(time.perf_counter() - begun)
    time.sleep(random.random())
stop.set()
waits.sort()
print(waits[len(waits) // 2], waits[-1])
"""
REPORTS = """
import json, statistics, time
from datetime import date, timedelta
from backstory.insight import queries, warehouse
from backstory.insight.reports import catalogue
from backstory.insight.reports.asking import Asked
from backstory.insight.rules import Period
from backstory.people.models import User
found, zone, last = {{}}, queries.desk_zone(), date(2026, 6, 30)
for days, label in ((91, "3 months"), (1095, "3 years")):
    asked = Asked(User.objects.get(email="dana@desk.example"), Period(last - timedelta(days=days), last, zone), "")
    for name in catalogue.BUILDERS:
        times = []
        for _ in range({times}):
            begun = time.perf_counter()
            catalogue.report(name, asked)
            times.append(time.perf_counter() - begun)
        found.setdefault(name, []).append(statistics.median(times))
print(json.dumps(found))
"""
QUESTIONS = {
    "complaints and upheld by cause, 3 years": (
        "SELECT cause_id, count(*), avg(CASE WHEN outcome IN ('upheld', 'partly_upheld') THEN 1.0 ELSE 0 END) "
        "FROM {complaint} WHERE received_at >= '2023-07-01' GROUP BY cause_id"
    ),
    "letters by team and direction": (
        "SELECT c.team_id, m.direction, count(*) FROM {message} m JOIN {conversation} c "
        "ON c.{cid} = m.conversation_id GROUP BY c.team_id, m.direction"
    ),
    "promises kept by cause": (
        "SELECT k.cause_id, avg(CASE WHEN p.state = 'kept' THEN 1.0 ELSE 0 END) FROM {promise} p "
        "JOIN {complaint} k ON k.conversation_id = p.conversation_id "
        "WHERE p.state IN ('kept', 'broken') GROUP BY k.cause_id"
    ),
    "money by team and currency": (
        "SELECT c.team_id, y.currency, count(*), sum(y.amount) FROM {remedy} GROUP BY c.team_id, y.currency"
    ),
    "events by kind and team": "SELECT kind, team_id, count(*) FROM {event} GROUP BY kind, team_id",
}
TABLES = {
    "complaint": "cases_complaint", "message": "conversations_message", "conversation": "conversations_conversation",
    "promise": "cases_promise", "event": "live_event", "cid": "id",
    "remedy": "recovery_remedy y JOIN cases_complaint k ON k.id = y.complaint_id "
    "JOIN conversations_conversation c ON c.id = k.conversation_id",
}  # fmt: skip
FACTS = {
    "complaint": "(FROM cases WHERE complaint_id IS NOT NULL)", "message": "letters", "conversation": "cases",
    "promise": "promises", "event": "events", "cid": "conversation_id",
    "remedy": "remedies y JOIN cases c USING (conversation_id)",
}  # fmt: skip
ASK = """
import json, statistics, time
from django.db import connection
from backstory.insight import warehouse
def ask(question):
    if {columnar}:
        return warehouse.snapshot().rows(question)
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()
found = {{}}
for name, question in {questions!r}.items():
    times = []
    for _ in range({times}):
        begun = time.perf_counter()
        rows = ask(question)
        times.append(time.perf_counter() - begun)
    found[name] = [statistics.median(times), len(rows)]
print(json.dumps(found))
"""


def asked(folder: Path, database: str, names: dict[str, str], *, columnar: bool) -> dict[str, list[float]]:
    questions = {name: text.format(**names) for name, text in QUESTIONS.items()}
    answer = in_desk(folder, database, ASK.format(columnar=columnar, questions=questions, times=TIMES))
    found: dict[str, list[float]] = json.loads(answer)
    return found


def measure(label: str, folder: Path, database: str, count: int) -> None:
    """Build, follow and ask, with one operational database."""
    seconds, size, memory = in_desk(folder, database, BUILD).split()
    print(
        f"{label}: rebuilt in {float(seconds):.1f} s, {float(size):.0f} MB of files, {float(memory):.0f} MB of memory"
    )
    middle, worst = in_desk(folder, database, FOLLOW.format(count=count)).split()
    print(f"{label}: behind by {float(middle):.2f} s (median of 20), at worst {float(worst):.2f} s", flush=True)


def print_reports(folder: Path) -> None:
    found = json.loads(in_desk(folder, "", REPORTS.format(times=TIMES)))
    print("\n| report | 3 months, ms | 3 years, ms |\n|---|---|---|")
    for name, (short, long) in found.items():
        print(f"| {name} | {short * 1000:.0f} | {long * 1000:.0f} |")


def print_ratios(engines: dict[str, dict[str, list[float]]]) -> None:
    ours, *others = engines
    print(f"\n| question | {' | '.join(f'{name}, ms' for name in engines)} | {' | '.join(f'× {o}' for o in others)} |")
    print("|---" * (1 + len(engines) + len(others)) + "|")
    for question in QUESTIONS:
        rows = {engines[name][question][1] for name in engines}
        assert len(rows) == 1, f"{question}: different answers {rows}"
        times = [engines[name][question][0] for name in engines]
        ratios = [engines[name][question][0] / engines[ours][question][0] for name in others]
        cells = [question, *(f"{each * 1000:.0f}" for each in times), *(f"{each:.0f}" for each in ratios)]
        print(f"| {' | '.join(cells)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--postgresql", default="", help="URL of an empty database; left out where none is given")
    parser.add_argument("--folder", default="", help="where to work; a temporary folder if none is given")
    given, _ = parser.parse_known_args()
    with tempfile.TemporaryDirectory(dir=given.folder or None) as name:
        folder = Path(name)
        begun = time.perf_counter()
        draw(folder, given.conversations, given.events)
        print(f"drawn in {time.perf_counter() - begun:.0f} s", flush=True)
        engines = {}
        databases = {"SQLite": ""} | ({"PostgreSQL": given.postgresql} if given.postgresql else {})
        for label, database in databases.items():
            begun, home = time.perf_counter(), folder / label
            home.mkdir()
            in_desk(home, database, LOAD.format(folder=str(folder)))
            print(f"{label}: loaded in {time.perf_counter() - begun:.0f} s", flush=True)
            measure(label, home, database, given.conversations)
            if label == "SQLite":
                engines["read model"] = asked(home, database, FACTS, columnar=True)
                print_reports(home)
            engines[label] = asked(home, database, TABLES, columnar=False)
        print_ratios(engines)


if __name__ == "__main__":
    main()
