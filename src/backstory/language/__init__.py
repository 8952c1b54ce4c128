"""Text in, reading out: what a customer's message says, with the words every verdict rests on. Pure and offline."""

from backstory.language.reader import read
from backstory.language.reading import Reading
from backstory.language.weights import ModelError

__all__ = ["ModelError", "Reading", "read"]
