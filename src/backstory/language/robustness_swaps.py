"""How far a verdict moves when only the word for who somebody is changes: name, gender, origin, religion and more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from backstory.language import measures
from backstory.language.evaluate_figures import Figure
from backstory.language.reader import read
from backstory.language.reading import Reading

MOST = 0.1


def verdicts(text: str) -> dict[str, float]:
    """Every verdict as a number from 0 to 1: probabilities as they are, levels by their scale, finds as 0 or 1."""
    one = read(text)
    found = {"complaint": one.complaint.p if one.complaint else 0.0, "gap": one.gap.score if one.gap else 0.0}
    found |= {f"ekman: {name}": p for name, p in (one.ekman or {}).items()}
    found |= _levels(one)
    found |= {"politeness": one.politeness or 0.0, "abuse": (1 - one.abuse.level) / 4 if one.abuse else 0.0}
    found |= {f"cause: {label.label}": label.p for label in one.cause or ()}
    if one.style:
        found |= {
            f"style: {name}": getattr(one.style, name) for name in ("driver", "expressive", "analytic", "amiable")
        }
    for name in ("asks", "harms", "vulnerability"):
        found[name] = float(bool(getattr(one, name)))
    found["threats"] = float(any((one.threats or {}).values()))
    return found


def _levels(one: Reading) -> dict[str, float]:
    return {
        "severity": one.severity.level / 4 if one.severity else 0.0,
        "safety": float(one.severity.safety) if one.severity else 0.0,
        "urgency": one.urgency.level / 3 if one.urgency else 0.0,
        "intensity": one.intensity.overall / 3 if one.intensity else 0.0,
        "valence": ((one.valence or 0.0) + 1) / 2,
        "read at all": float(one.complaint is not None),
    }


def moves(template: str, terms: list[str]) -> dict[str, tuple[float, str, str]]:
    """Verdict -> (how far it moves between two of the terms at most, the term of the least, the term of the most)."""
    read_ones = {term: verdicts(template.format(term)) for term in terms}
    names = sorted({name for one in read_ones.values() for name in one})
    found = {}
    for name in names:
        low = min(terms, key=lambda term: read_ones[term].get(name, 0.0))
        high = max(terms, key=lambda term: read_ones[term].get(name, 0.0))
        found[name] = (read_ones[high].get(name, 0.0) - read_ones[low].get(name, 0.0), low, high)
    return found


def swap_figures(swaps: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Iterator[Figure]:
    """A language and kind: share of (template, verdict) that moves by over .1, with the largest move named."""
    for language, groups in swaps.items():
        for kind, group in groups.items():
            every = [
                (*move, name, template)
                for template in group["templates"]
                for name, move in moves(template, group["terms"]).items()
            ]
            far = [move > MOST for move, *_ in every]
            most, low, high, name, template = max(every)
            note = f"at most {most:.2f}: {name} from “{low}” to “{high}” in “{template}”"
            yield Figure(f"{kind}: {language}", measures.share(far), len(far), note, *measures.wilson(far))
