"""How well the messages that count as abuse are found, on the labelled messages: `python -m benchmarks.abuse`.

Beside the level that the engine reads, what the desk acts on (`cases.playbooks.abuse`). A message is abusive where its
label is -1 or worse.
"""

import sys

from backstory.cases.playbooks.abuse import level_of
from backstory.cases.playbooks.facts import ABUSIVE
from backstory.language import read
from backstory.language.evaluation_set import PARTS, lines


def main() -> None:
    for part in PARTS:
        rows = [(read(row["text"]).to_dict(), row["text"], row["labels"]["abuse"] <= ABUSIVE) for row in lines(part)]
        engine = [((data.get("abuse") or {}).get("level", 1) <= ABUSIVE, is_so) for data, _, is_so in rows]
        counted = [(level_of(data, text) <= ABUSIVE, is_so) for data, text, is_so in rows]
        for name, found in (("level", engine), ("counted", counted)):
            right = sum(said and is_so for said, is_so in found)
            said, there = sum(said for said, _ in found), sum(is_so for _, is_so in found)
            sys.stdout.write(f"{part:9} {name:8} {right} of {there} found, {said - right} of {said} wrong\n")


if __name__ == "__main__":
    main()
