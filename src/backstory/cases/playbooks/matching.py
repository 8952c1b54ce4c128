"""Which playbook fits a complaint. Pure.

A playbook fits where every condition that it names holds. Of those that fit, the most specific wins:

1. what is happening to the person goes before what the matter is about, the gravest first: safety (which beats all),
   vulnerability, abuse, a broken promise, silence;
2. then whoever names more conditions;
3. then the narrower cause in the desk's tree;
4. then the higher severity;
5. then the id, so that the answer is always the same.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from backstory.cases.playbooks.facts import ABUSIVE, NO_ABUSE
from backstory.cases.playbooks.schema import SITUATIONS, Playbook, When


@dataclass(frozen=True, slots=True)
class Matter:
    """What is known of one complaint; `causes` is its cause and those above it, the narrowest first, by slug."""

    causes: tuple[str, ...] = ()
    channel: str = ""
    severity: int = 0
    words: str = ""  # what the customer wrote, for what playbooks look for in it
    safety: bool = False
    vulnerable: bool = False
    abuse: int = NO_ABUSE  # the worst level so far
    broken_promise: bool = False
    silent_days: int = 0  # whole days that our latest letter has waited for an answer

    def situations(self, silent_after: int) -> frozenset[str]:
        holds = {
            "safety": self.safety,
            "vulnerability": self.vulnerable,
            "abuse": self.abuse <= ABUSIVE,
            "broken-promise": self.broken_promise,
            "silence": self.silent_days >= silent_after,
        }
        return frozenset(name for name, is_so in holds.items() if is_so)


@dataclass(frozen=True, slots=True)
class Fit:
    """Why a playbook fits: each condition with what met it; `rank` orders, the greater the more specific."""

    reasons: Mapping[str, str] = field(default_factory=dict)
    rank: tuple[int, ...] = ()


def best(playbooks: Iterable[Playbook], matter: Matter) -> Playbook | None:
    """The playbook that fits best, None where none fits."""
    fitting = [(found, playbook) for playbook in playbooks if (found := fit(playbook.when, matter)) is not None]
    if not fitting:
        return None
    return min(fitting, key=lambda one: ([-part for part in one[0].rank], one[1].id))[1]


def fit(when: When, matter: Matter) -> Fit | None:
    """How well the conditions fit; None where one that is named does not hold."""
    situations = [name for name in when.situations if name in matter.situations(when.silent_days)]
    causes = [slug for slug in matter.causes if slug in when.causes]
    mention = next((word for word in when.mentions if _mentioned(word, matter.words)), "")
    met = {
        "situations": situations[0] if situations else "",
        "causes": causes[0] if causes else "",
        "mentions": mention,
        "channels": matter.channel if matter.channel in when.channels else "",
    }
    named = [name for name in met if getattr(when, name)]
    if not all(met[name] for name in named) or matter.severity < (when.severity_at_least or 0):
        return None
    reasons = {name: met[name] for name in named}
    if when.severity_at_least:
        reasons["severity"] = str(matter.severity)
    gravest = max((len(SITUATIONS) - SITUATIONS.index(name) for name in situations), default=0)
    depth = max((len(matter.causes) - matter.causes.index(slug) for slug in causes), default=0)
    return Fit(reasons, (gravest, len(reasons), depth, when.severity_at_least or 0))


def _mentioned(word: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(word)}", text, re.IGNORECASE) is not None
