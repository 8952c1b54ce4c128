"""The rules of the checks that phrases alone cannot express; importing this registers them."""

from backstory.coach.checks import apology, structure, warmth, wording

__all__ = ["apology", "structure", "warmth", "wording"]
