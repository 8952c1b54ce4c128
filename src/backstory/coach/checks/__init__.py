"""The rules of the checks that phrases alone cannot express; importing this registers them."""

from backstory.coach.checks import apology, law, reading_ease, structure, styles, warmth, wording

__all__ = ["apology", "law", "reading_ease", "structure", "styles", "warmth", "wording"]
