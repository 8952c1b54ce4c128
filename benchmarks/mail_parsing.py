"""Reading letters against other libraries, on other projects' test letters: `python -m benchmarks.mail_parsing`.

Needs the shared test data (`BACKSTORY_SHARED`); the others come with `pip install backstory[benchmarks]`.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes
from typing import Any

from backstory.channels.email.markup import to_text
from backstory.channels.email.parse import parse_bytes
from backstory.channels.email.quote import split
from backstory.channels.email.quote_html import split_html
from backstory.channels.email.structure import tree_of
from benchmarks import mail_gold, mail_rivals
from benchmarks import mail_throughput as throughput
from benchmarks.mail_fuzz import SHARED

MINE = "**Backstory**"


def ours(data: bytes) -> dict[str, Any]:
    return mail_gold.fields_of(parse_bytes(data))


def fields() -> None:
    """Agreement with the gold, field by field: as it stands, and without what is known to be wrong in it."""
    letters = list(mail_gold.letters(SHARED / "mime"))
    print(f"| percent alike, {len(letters)} letters | {' | '.join(mail_gold.FIELDS)} | all | … without wrong gold |")
    print(f"|---|{'---|' * (len(mail_gold.FIELDS) + 2)}")
    for name, read in ({MINE: ours} | mail_rivals.FIELD_READERS).items():
        if name in mail_rivals.PACKAGES and mail_rivals.module(name) is None:
            print(f"| {name} | not installed |")
            continue
        print(_fields_row(name, read, letters))
    print()


def _fields_row(name: str, read: Callable[[bytes], dict[str, Any]], letters: list[mail_gold.Expected]) -> str:
    wrong: Counter[str] = Counter()
    unexcused = 0
    for letter in letters:
        try:
            differing = mail_gold.disagreements(letter, read(letter.data))
        except Exception:  # a letter that a library cannot read at all
            differing = list(mail_gold.FIELDS)
        wrong.update(differing)
        unexcused += sum(not mail_gold.is_gold_wrong(letter, field) for field in differing)
    cells = len(letters) * len(mail_gold.FIELDS)
    shares = [100 * (1 - wrong[field] / len(letters)) for field in mail_gold.FIELDS]
    total, excused = 100 * (1 - wrong.total() / cells), 100 * (1 - unexcused / cells)
    return f"| {name} | {' | '.join(f'{share:.0f}' for share in shares)} | {total:.1f} | {excused:.1f} |"


def squeezed(text: str | None) -> str:
    return re.sub(r"\s+", "", text or "")


def our_replies(text: str, kind: str) -> list[str]:
    parts = split(text) if kind == "text" else split_html(text)
    return [parts.reply, parts.reply + parts.signature]


def is_exact(case: dict[str, Any], reading: str) -> bool:
    """Whether a reading is what the suite calls visible, white space apart."""
    visible = case["visible"]
    if visible and case["kind"] == "html" and "<" in visible:
        visible = to_text(visible)
    found = squeezed(reading)
    return (
        (visible is None or found == squeezed(visible))
        and all(squeezed(part) in found for part in case["contains"])
        and not any(squeezed(part) in found for part in case["absent"])
    )


def replies() -> None:
    """Cases whose visible text is exact, suite by suite, with the signature counted as each suite does."""
    lines = (SHARED / "quoted_replies.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    suites = sorted({case["source"] for case in cases})
    print(f"| exact visible text | {' | '.join(suites)} | all | without signature | with it |")
    print(f"|---|{'---|' * (len(suites) + 3)}")
    for name, read in ({MINE: our_replies} | mail_rivals.REPLY_READERS).items():
        if name != MINE and mail_rivals.module(name) is None:
            print(f"| {name} | not installed |")
            continue
        passed: Counter[str] = Counter()
        for case in cases:
            good = [is_exact(case, one) for one in _readings(read, case)]
            passed[case["source"]] += any(good)
            passed["bare"] += bool(good and good[0])
            passed["full"] += bool(good and good[-1])
        of = Counter(case["source"] for case in cases)
        columns = " | ".join(f"{passed[suite]}/{of[suite]}" for suite in suites)
        total = sum(passed[suite] for suite in suites)
        print(f"| {name} | {columns} | {total}/{len(cases)} | {passed['bare']} | {passed['full']} |")
    print()


def _readings(read: Callable[[str, str], list[str]], case: dict[str, Any]) -> list[str]:
    try:
        return read(case["input"], case["kind"])
    except Exception:
        return []


def our_bounce(data: bytes) -> tuple[bool, list[bool]]:
    parsed = parse_bytes(data)
    return parsed.auto == "bounce", [one.permanent for one in parsed.bounced]


def bounces() -> None:
    """Reports known as such, and those whose recipients and permanence are all right; ordinary letters mistaken."""
    expected = json.loads((SHARED / "bounces" / "expected.json").read_text(encoding="utf-8"))
    reports = [(SHARED / "bounces" / name, wanted) for name, wanted in expected.items()]
    reports = [one for one in reports if one[1][0]["reason"] != "vacation"]
    ordinary = sorted((SHARED / "mime").rglob("*.eml"))
    print(f"| {len(reports)} reports | known | recipients, permanent or not | of {len(ordinary)} ordinary mistaken |")
    print("|---|---|---|---|")
    readers = {MINE: our_bounce, "flufl.bounce": mail_rivals.bounced_by_flufl}
    for name, read in readers.items():
        if name != MINE and mail_rivals.module(name) is None:
            print(f"| {name} | not installed |")
            continue
        found = [(read(path.read_bytes()), [bool(one["hard"]) for one in wanted]) for path, wanted in reports]
        known = sum(is_bounce for (is_bounce, _), _ in found)
        right = sum(sorted(got) == sorted(wanted) for (_, got), wanted in found)
        mistaken = sum(read(path.read_bytes())[0] for path in ordinary)
        print(f"| {name} | {known} | {right} ({100 * right / len(reports):.1f} %) | {mistaken} |")
    print()


BARE = "stdlib email: parts only, nothing decoded"
SAME_JOB = "stdlib email: fields, addresses, date, text, HTML, files decoded"


def speed() -> None:
    """Letters a second beside the standard library, bare and doing what it can of the same job, and others: of all
    letters of the shared data, of those that are no bounces, and of plain ones. Best of five rounds of processor time,
    everybody in turn, so that a busy machine spoils none alone."""
    everything = [path.read_bytes() for path in sorted(SHARED.rglob("*.eml"))]
    ordinary = [path.read_bytes() for path in sorted((SHARED / "mime").rglob("*.eml"))]
    readers: dict[str, Callable[[bytes], Any]] = {
        BARE: message_from_bytes,
        "Backstory: parts only": lambda data: tree_of(data, []),
        f"{MINE}: everything": parse_bytes,
        SAME_JOB: mail_rivals.stdlib_everything,
        **{name: read for name, read in mail_rivals.FIELD_READERS.items() if not name.startswith("stdlib")},
    }
    for title, letters in (
        (f"all {len(everything)} letters", everything),
        (f"{len(ordinary)} that are no bounces", ordinary),
        ("200 plain ones", [throughput.letter(number) for number in range(200)]),
    ):
        _speeds(title, letters, readers)


def _speeds(title: str, letters: list[bytes], readers: dict[str, Callable[[bytes], Any]]) -> None:
    known = {
        name: read
        for name, read in readers.items()
        if name not in mail_rivals.PACKAGES or mail_rivals.module(name) is not None
    }
    rounds = [{name: _rate(read, letters) for name, read in known.items()} for _ in range(5)]
    best = {name: max(each[name] for each in rounds) for name in known}
    print(f"| {title} | letters a second | of stdlib bare | of stdlib doing the same job |\n|---|---|---|---|")
    for name in readers:
        rate = best.get(name)
        cells = (
            "not installed | |"
            if rate is None
            else f"{rate:.0f} | {rate / best[BARE]:.2f} | {rate / best[SAME_JOB]:.2f} |"
        )
        print(f"| {name} | {cells}")
    print()


def _rate(read: Callable[[bytes], Any], letters: list[bytes]) -> float:
    start = time.process_time()
    for data in letters:
        try:
            read(data)
        except Exception:  # counted as read: failing is quick
            continue
    return len(letters) / (time.process_time() - start)


def main() -> None:
    if not SHARED.is_dir():
        print("needs the shared data folder (BACKSTORY_SHARED), which this checkout does not have")
        return
    wanted = sys.argv[1:]
    for part in (fields, replies, bounces, speed):
        if wanted and part.__name__ not in wanted:
            continue
        part()


if __name__ == "__main__":
    main()
