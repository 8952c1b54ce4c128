"""What an examination of the desk finds."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["well", "warning", "fault"]


@dataclass(frozen=True)
class Finding:
    """How one part of the desk is, and what would mend it."""

    level: Level
    what: str
    words: str
    mend: str = ""
