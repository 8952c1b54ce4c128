"""Decisions about making amends, pure."""

from backstory.cases.playbooks.scales import SCALES, Scale
from backstory.recovery.rules.followups import (
    LONGEST_NOTE,
    REMIND_BEFORE,
    due_at,
    keeper,
    wanted,
)
from backstory.recovery.rules.links import LINK_LASTS, link_is_fresh
from backstory.recovery.rules.questions import Question, question
from backstory.recovery.rules.remedies import KINDS, WITHOUT_MONEY, WORTH_MONEY, ensure_amount_fits
from backstory.recovery.rules.second import Colleague, outcome_of, second_owner
from backstory.recovery.rules.surveys import (
    ASK_AGAIN_AFTER,
    ASK_WITHIN,
    LONGEST_COMMENT,
    MOST_ROUNDS,
    SAME_MATTER_REST,
    AfterClosing,
    Wish,
    chosen,
    comment,
    ensure_low_fits,
    is_expired,
    may_ask,
    score,
)

__all__ = [
    "ASK_AGAIN_AFTER",
    "ASK_WITHIN",
    "KINDS",
    "LINK_LASTS",
    "LONGEST_COMMENT",
    "LONGEST_NOTE",
    "MOST_ROUNDS",
    "REMIND_BEFORE",
    "SAME_MATTER_REST",
    "SCALES",
    "WITHOUT_MONEY",
    "WORTH_MONEY",
    "AfterClosing",
    "Colleague",
    "Question",
    "Scale",
    "Wish",
    "chosen",
    "comment",
    "due_at",
    "ensure_amount_fits",
    "ensure_low_fits",
    "is_expired",
    "keeper",
    "link_is_fresh",
    "may_ask",
    "outcome_of",
    "question",
    "score",
    "second_owner",
    "wanted",
]
