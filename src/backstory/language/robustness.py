"""Behavioural tests of readings: `python -m backstory.language.robustness [--json] [--every N]`.

After CheckList (Ribeiro, Wu, Guestrin & Singh, ACL 2020): *invariance* (typos, case, punctuation, manners, paraphrase
change no verdict), *direction* (an added sentence never moves its verdict the wrong way), *minimal pairs* (negation,
look-alikes, plain words), and *swaps* of names, gender, origin, religion, sexuality and age (no verdict moves by more
than .1). The texts are `data/evaluation/develop.jsonl` and `data/evaluation/robustness.json`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from backstory.language.evaluate_figures import Figure, share, show, show_pivoted
from backstory.language.evaluation_set import FOLDER, LANGUAGES, lines
from backstory.language.perturbations import PERTURBATIONS
from backstory.language.reader import read
from backstory.language.reading import Reading
from backstory.language.robustness_swaps import swap_figures

MOVE = 0.1
SLACK = 0.02
Check = Callable[[Reading], bool | None]


@cache
def material() -> dict[str, Any]:
    """`robustness.json`: pairs, added, paraphrases, swaps."""
    loaded: dict[str, Any] = json.loads((FOLDER / "robustness.json").read_text(encoding="utf-8"))
    return loaded


def _threat(kind: str) -> Check:
    return lambda one: None if one.threats is None else bool(one.threats.get(kind))


def _asks(kind: str) -> Check:
    return lambda one: None if one.asks is None else any(ask.kind == kind for ask in one.asks)


def _leads(emotion: str) -> Check:
    return lambda one: None if one.ekman is None else max(one.ekman, key=one.ekman.__getitem__) == emotion


# Name of an expectation -> what the reading says to it; None where it abstains, which neither passes nor fails.
CHECKS: Mapping[str, Check] = {
    "complaint": lambda one: None if one.complaint is None else one.complaint.is_complaint,
    "safety": lambda one: None if one.severity is None else one.severity.safety,
    "grave": lambda one: None if one.severity is None else one.severity.level >= 3,
    "urgent": lambda one: None if one.urgency is None else one.urgency.level >= 2,
    "vulnerable": lambda one: None if one.vulnerability is None else bool(one.vulnerability),
    "abusive": lambda one: None if one.abuse is None else one.abuse.level < 0,
    "angry": _leads("anger"),
    **{kind: _threat(kind) for kind in ("legal", "churn", "publicity", "self-harm")},
    **{kind: _asks(kind) for kind in ("question", "request", "demand")},
}
LEVELS: Mapping[str, Callable[[Reading], float | None]] = {
    "complaint": lambda one: one.complaint.p if one.complaint else None,
    "anger": lambda one: one.ekman["anger"] if one.ekman else None,
    "fear": lambda one: one.ekman["fear"] if one.ekman else None,
    "intensity": lambda one: one.intensity.overall if one.intensity else None,
    "urgency": lambda one: float(one.urgency.level) if one.urgency else None,
}


def bases(every: int) -> list[tuple[str, str]]:
    """(language, text) of every n-th message to develop on that has at least four words."""
    found = [(one["language"], one["text"]) for one in lines("develop") if len(one["text"].split()) >= 4]
    return found[::every]


def invariance_figures(every: int) -> Iterator[Figure]:
    """Every harmless change in turn."""
    for name in PERTURBATIONS:
        yield from change_figures(name, every)


def change_figures(name: str, every: int) -> Iterator[Figure]:
    """One harmless change: how often the complaint verdict turns, its p moves by over .1, and the rest changes."""
    change = PERTURBATIONS[name]
    pairs = [(read(text), read(change(text, language))) for language, text in bases(every)]
    both = [(a, b) for a, b in pairs if a.complaint and b.complaint]
    yield share(f"{name}: complaint turns", [_turns("complaint", a, b) for a, b in both])
    moved = [abs(a.complaint.p - b.complaint.p) > MOVE for a, b in both if a.complaint and b.complaint]
    yield share(f"{name}: p of complaint moves by over {MOVE}", moved)
    yield share(f"{name}: safety turns", [_turns("safety", a, b) for a, b in both])
    apart = [abs(a.severity.level - b.severity.level) > 1 for a, b in both if a.severity and b.severity]
    yield share(f"{name}: severity moves by over one level", apart)
    yield share(f"{name}: no longer read", [bool(a.complaint) and not b.complaint for a, b in pairs])


def paraphrase_figures() -> Iterator[Figure]:
    """Two ways to say the same: how often complaint and safety differ, p differs by over .25, severity by over one."""
    pairs = [(read(a), read(b)) for language in LANGUAGES for a, b in material()["paraphrases"][language]]
    both = [(a, b) for a, b in pairs if a.complaint and b.complaint]
    yield share("paraphrase: complaint differs", [_turns("complaint", a, b) for a, b in both])
    apart = [abs(a.complaint.p - b.complaint.p) > 0.25 for a, b in both if a.complaint and b.complaint]
    yield share("paraphrase: p of complaint differs by over 0.25", apart)
    yield share("paraphrase: safety differs", [_turns("safety", a, b) for a, b in both])
    levels = [abs(a.severity.level - b.severity.level) > 1 for a, b in both if a.severity and b.severity]
    yield share("paraphrase: severity differs by over one level", levels)


def _turns(name: str, a: Reading, b: Reading) -> bool:
    return CHECKS[name](a) != CHECKS[name](b)


def direction_figures(every: int = 8) -> Iterator[Figure]:
    """A sentence added at the end: `rises` and `falls` fail on a move the wrong way, `found` where it is not seen."""
    texts = bases(every)
    before = {text: read(text) for _, text in texts}
    for language in LANGUAGES:
        for sentence, name, wanted in material()["added"][language]:
            failed = []
            for text in (text for code, text in texts if code == language):
                after = read(f"{text} {sentence}")
                verdict = _fails(name, wanted, before[text], after)
                failed += [] if verdict is None else [verdict]
            yield share(f"{language}, {name} not {wanted}: “{sentence}”", failed)


def _fails(name: str, wanted: str, before: Reading, after: Reading) -> bool | None:
    if wanted == "found":
        seen = CHECKS[name](after)
        return None if seen is None else not seen
    a, b = LEVELS[name](before), LEVELS[name](after)
    if a is None or b is None:
        return None
    return b < a - SLACK if wanted == "rises" else b > a + SLACK


def pair_failures(capability: str, language: str) -> list[tuple[str, str, bool]]:
    """(text, expectation, failed) of each expectation the reading answers to."""
    found = []
    for text, expectations in material()["pairs"][capability][language]:
        reading = read(text)
        for expected in expectations.split():
            said = CHECKS[expected.removeprefix("!")](reading)
            if said is not None:
                found.append((text, expected, said is expected.startswith("!")))
    return found


def pair_figures() -> Iterator[Figure]:
    """Failures a capability and language, with the failed expectations named."""
    for capability in material()["pairs"]:
        for language in LANGUAGES:
            found = pair_failures(capability, language)
            failed = "; ".join(f"“{text}” {expected.replace('!', 'not ')}" for text, expected, wrong in found if wrong)
            yield share(f"{capability}: {language}", [wrong for _, _, wrong in found], failed)


def sections(every: int) -> dict[str, Iterator[Figure]]:
    """Title -> failure rates."""
    return {
        "Invariance": invariance_figures(every),
        "Paraphrase": paraphrase_figures(),
        "Direction": direction_figures(4 * every),
        "Minimal pairs": pair_figures(),
        "Swaps": swap_figures(material()["swaps"]),
    }


def _show(title: str, figures: Sequence[Figure]) -> None:
    if title in ("Invariance", "Minimal pairs", "Swaps"):
        show_pivoted(figures)
        return
    answered = [one for one in figures if one.count]
    failing = [one for one in answered if one.value or title == "Paraphrase"]
    show(failing)
    sys.stdout.write(f"\nNever failing: {len(answered) - len(failing)} of {len(answered)}.\n")


def main(arguments: Sequence[str]) -> int:
    """Prints the failure rates; returns an exit code."""
    parser = argparse.ArgumentParser(prog="python -m backstory.language.robustness", description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="take every n-th message only")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", metavar="TITLE", help="one part: invariance, paraphrase, direction, pairs or swaps")
    options = parser.parse_args(arguments)
    measured = {
        title: figures
        for title, figures in sections(options.every).items()
        if (options.only or "").lower() in title.lower()
    }
    if options.json:
        plain = {title: [one.to_dict() for one in figures] for title, figures in measured.items()}
        sys.stdout.write(json.dumps(plain, indent=2, ensure_ascii=False) + "\n")
        return 0
    for title, figures in measured.items():
        sys.stdout.write(f"\n{title} (share that fails)\n\n")
        _show(title, list(figures))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
