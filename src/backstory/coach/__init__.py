"""A draft and what it answers in; advice with its evidence and source out. Pure: no framework, no network, no clock."""

from backstory.coach.advice import Advice, Context, Finding, Point
from backstory.coach.coach import check
from backstory.language.reading import Empathy

__all__ = ["Advice", "Context", "Empathy", "Finding", "Point", "check"]
