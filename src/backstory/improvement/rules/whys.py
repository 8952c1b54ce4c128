"""Five whys: a tree of answers, read back from the deepest cause up. Pure.

Reading back with “therefore” is the usual test of a chain of whys: whoever hears it from the root up must nod at each
step. Source: the counter-check of the Toyota practice, as in Ohno, *Toyota Production System* (1988), and common
root-cause handbooks. “Human error” is where an investigation begins, not where it ends (Dekker, *The Field Guide to
Understanding ‘Human Error’*, 2006).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_BLAME = re.compile(
    r"""
    human\s+(?:error|failure|mistake)s? | operator\s+error | user\s+error | pilot\s+error
    | (?:staff|employee|agent|worker|technician|colleague|somebody|someone|he|she|they|people)s?\s+
      (?:made\s+(?:a|an)\s+(?:mistake|error)|forgot|was\s+careless|were\s+careless|did\s+not\s+pay\s+attention
         |didn['’]t\s+pay\s+attention|was\s+negligent|were\s+negligent|did\s+not\s+care|failed\s+to\s+follow)
    | careless(?:ness)? | negligence | inattention | lack\s+of\s+(?:attention|care|discipline) | sloppiness
    | not\s+paying\s+attention | individual\s+(?:error|mistake|failure)
    | menschliche[srnm]?\s+(?:versagen|fehler|irrtum) | bedien(?:ungs|er)?fehler | anwenderfehler | nutzerfehler
    | unachtsam(?:keit)? | nachl[äa]ssig(?:keit)? | fl[üu]chtigkeitsfehler | schlamperei | leichtsinn
    | unaufmerksam(?:keit)? | fahrl[äa]ssig(?:keit)? | schusseligkeit
    | (?:mitarbeiter(?:in(?:nen)?)?|techniker(?:in)?|kolleg(?:e|in|en)|jemand|personal)\s+
      (?:(?:hat|haben)\s+)?(?:nicht\s+aufgepasst|(?:es\s+)?vergessen|verga(?:ß|ss)|nicht\s+mitgedacht|geschlampt)
    """,
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the tree; `parent` is None for an answer to the problem itself."""

    id: int
    parent: int | None
    text: str
    evidence: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """An answer in its place: `depth` from 1, whether nothing is asked below it, whether it only names a culprit."""

    id: int
    parent: int | None
    text: str
    depth: int
    is_leaf: bool
    blames: bool
    is_bare: bool  # no evidence


def blames_somebody(text: str) -> bool:
    """Whether the words end at somebody's mistake (“human error” and what means the same, English and German)."""
    return _BLAME.search(text) is not None


def tree(answers: Sequence[Answer]) -> list[Link]:
    """The answers, each before those below it, siblings in the order given; what hangs in a loop is left out."""
    below: dict[int | None, list[Answer]] = {}
    for answer in answers:
        below.setdefault(answer.parent, []).append(answer)
    found: list[Link] = []
    waiting = [(answer, 1) for answer in reversed(below.get(None, []))]
    while waiting:
        answer, depth = waiting.pop()
        children = below.get(answer.id, [])
        blames = blames_somebody(answer.text)
        found.append(
            Link(
                answer.id, answer.parent, answer.text, depth, not children, blames and not children, not answer.evidence
            )
        )
        waiting.extend((child, depth + 1) for child in reversed(children))
    return found


def _sentence(text: str) -> str:
    words = " ".join(text.split()).rstrip(".!… ")
    return words[:1].upper() + words[1:]


def read_back(problem: str, answers: Sequence[Answer], therefore: str = "Therefore") -> list[list[str]]:
    """For each deepest answer the chain up to the problem, a sentence a step: the cause first, then “therefore …”."""
    by_id: Mapping[int, Answer] = {answer.id: answer for answer in answers}
    chains = []
    for link in tree(answers):
        if not link.is_leaf:
            continue
        steps, at = [], by_id.get(link.id)
        while at is not None:
            steps.append(at.text)
            at = by_id.get(at.parent) if at.parent is not None else None
        first, *rest = [*steps, problem]
        chains.append([f"{_sentence(first)}.", *(f"{therefore}: {_sentence(one)}." for one in rest)])
    return chains
