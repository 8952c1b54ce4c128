"""Decisions about making amends, pure."""

from backstory.recovery.rules.links import LINK_LASTS, link_is_fresh
from backstory.recovery.rules.remedies import (
    DEFAULT_CURRENCIES,
    DEFAULT_LIMITS,
    KINDS,
    WITHOUT_MONEY,
    WORTH_MONEY,
    Limits,
    ensure_amount_fits,
    roles_within,
    total,
    who_may,
    within,
)
from backstory.recovery.rules.surveys import (
    ASK_AGAIN_AFTER,
    ASK_WITHIN,
    BAD_SCORE,
    BEST_SCORE,
    LONGEST_COMMENT,
    AfterClosing,
    comment,
    is_bad,
    may_ask,
    score,
)

__all__ = [
    "ASK_AGAIN_AFTER",
    "ASK_WITHIN",
    "BAD_SCORE",
    "BEST_SCORE",
    "DEFAULT_CURRENCIES",
    "DEFAULT_LIMITS",
    "KINDS",
    "LINK_LASTS",
    "LONGEST_COMMENT",
    "WITHOUT_MONEY",
    "WORTH_MONEY",
    "AfterClosing",
    "Limits",
    "comment",
    "ensure_amount_fits",
    "is_bad",
    "link_is_fresh",
    "may_ask",
    "roles_within",
    "score",
    "total",
    "who_may",
    "within",
]
