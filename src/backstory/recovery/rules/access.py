"""The six digits that open the sensitive parts of the status page. Pure."""

from datetime import timedelta

from backstory.kernel.errors import InvalidInput

CODE_DIGITS = 6
CODE_LASTS = timedelta(minutes=15)
OPEN_FOR = timedelta(minutes=30)
"""How long the sensitive parts stay open in the browser session that gave the code."""
MOST_TRIES = 5
MOST_CODES = 4
"""Codes for one complaint in `CODES_WINDOW`, whoever asks."""
CODES_WINDOW = timedelta(hours=1)
MASK = "••••••"
"""Stands for the code wherever the letter is kept or shown."""


def digits(text: str) -> str:
    """The six digits somebody typed, whatever spaces and dashes stand between; InvalidInput for anything else."""
    found = "".join(each for each in text if each not in " -\u00a0\u2009")
    if len(found) != CODE_DIGITS or not (found.isascii() and found.isdigit()):
        raise InvalidInput("The code has six digits.", "code")
    return found


def code_from(digest: str) -> str:
    """Six digits from a keyed digest (hexadecimal, at least 64 bits of it): uniform to one part in 10^13."""
    return f"{int(digest[:20], 16) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"
