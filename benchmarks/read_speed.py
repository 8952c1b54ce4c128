"""How fast messages are read: `python benchmarks/read_speed.py`.

Texts of 40 words, one at a time and in a row; the median of the repeats, the time to load, and vaderSentiment (which
gives one polarity score and nothing else) beside it in the same run where it is installed.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

STORY = (
    "the boiler broke again yesterday and nobody called us back although you promised that an engineer would come on "
    "monday we waited all day my daughter is ill please send someone today or refund the money I paid for this repair"
)
WORDS = STORY.split()
LENGTH, TEXTS, REPEATS = 40, 200, 7


def texts() -> list[str]:
    """Different texts of 40 words each, the same on every run."""
    chance = random.Random(7)
    return [" ".join(chance.choice(WORDS) for _ in range(LENGTH)).capitalize() + "." for _ in range(TEXTS)]


def per_second(work: Callable[[str], object], given: list[str]) -> float:
    """Texts a second: the median over the repeats."""
    rates = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        for text in given:
            work(text)
        rates.append(len(given) / (time.perf_counter() - begin))
    return statistics.median(rates)


def one_by_one(work: Callable[[str], object], given: list[str]) -> float:
    """Milliseconds a text, each timed alone: the median."""
    took = []
    for text in given:
        begin = time.perf_counter()
        work(text)
        took.append((time.perf_counter() - begin) * 1000)
    return statistics.median(took)


def load_seconds() -> float:
    """From `import` to the first reading in a fresh interpreter, less the bare interpreter's and numpy's own start."""
    code = "import numpy, time; t = time.perf_counter(); from backstory.language import read; read({!r}); "
    code += "print(time.perf_counter() - t)"
    runs = []
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", code.format("The boiler is broken.")], capture_output=True, text=True, check=True
        )
        runs.append(float(done.stdout))
    return statistics.median(runs)


def main() -> None:
    """Prints one line a measure."""
    from backstory.language import read

    given = texts()
    read(given[0])
    print(f"backstory load and first reading   {load_seconds():8.3f} s")
    print(f"backstory read, one text           {one_by_one(read, given):8.3f} ms")
    print(f"backstory read, in a row           {per_second(read, given):8.0f} texts/s")
    explained = per_second(lambda text: read(text, explain=True), given)
    print(f"backstory read with explain        {explained:8.0f} texts/s")
    long = " ".join(WORDS * 500)
    print(f"backstory read, {len(long.split())} words        {one_by_one(read, [long] * 3):8.1f} ms")
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ImportError:
        print("vaderSentiment is not installed: no comparison")
        return
    score = SentimentIntensityAnalyzer().polarity_scores
    print(f"vaderSentiment, one text           {one_by_one(score, given):8.3f} ms")
    print(f"vaderSentiment, in a row           {per_second(score, given):8.0f} texts/s")


if __name__ == "__main__":
    main()
