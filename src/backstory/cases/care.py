"""CARE: connect, ask, resolve, ensure. Which steps are done follows from what really happened; nobody ticks them.

The four steps are the general playbook, as data in `playbooks/data/general.yaml`; here is the short way to it, with the
facts that every playbook is judged by.
"""

from backstory.cases.playbooks.facts import (
    MOST_WEIGHED,
    ActionFact,
    CareFacts,
    DecisionFact,
    Evidence,
    FollowUpFact,
    Letter,
    PromiseFact,
    RemedyFact,
    Step,
)
from backstory.cases.playbooks.judging import judge
from backstory.cases.playbooks.shipped import general

__all__ = [
    "MOST_WEIGHED",
    "ActionFact",
    "CareFacts",
    "DecisionFact",
    "Evidence",
    "FollowUpFact",
    "Letter",
    "PromiseFact",
    "RemedyFact",
    "Step",
    "care",
]


def care(facts: CareFacts) -> list[Step]:
    """The four steps in order, each with its evidence and advice for the first thing that is missing."""
    return judge(general(), facts)
