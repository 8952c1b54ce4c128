"""The evidence rules that playbooks are made of: small pure predicates over what really happened, by id."""

from backstory.cases.playbooks.evidence import conduct, done, recorded, said, timing
from backstory.cases.playbooks.evidence.registry import RULES, EvidenceRule, Found, Wanted

__all__ = ["RULES", "EvidenceRule", "Found", "Wanted", "conduct", "done", "recorded", "said", "timing"]
