"""The sheet of paper behind a form: every page shown has its own, so that a double click is one letter."""

from dataclasses import dataclass
from typing import Literal

from django.core.signing import BadSignature, Signer

from backstory.kernel import clock
from backstory.kernel.ids import token

QUICKEST_SECONDS = 3
LONGEST_SECONDS = 24 * 60 * 60

_signer = Signer(salt="backstory.portal.sheet")

Age = Literal["fresh", "right", "stale"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`id` is random, `started` the second (Unix time) the page was shown."""

    id: str
    started: int

    @property
    def signed(self) -> str:
        return str(_signer.sign_object([self.id, self.started]))

    @property
    def reference(self) -> str:
        """What the customer is given to come back to, such as K7M2-9QXA."""
        return f"{self.id[:4]}-{self.id[4:8]}".upper()

    @property
    def age(self) -> Age:
        seconds = clock.now().timestamp() - self.started
        if seconds < QUICKEST_SECONDS:
            return "fresh"
        return "right" if seconds <= LONGEST_SECONDS else "stale"


def new() -> Sheet:
    return Sheet(token(16), int(clock.now().timestamp()))


def read(signed: str) -> Sheet | None:
    """The sheet a form came on, or None for one that is not ours."""
    try:
        sheet_id, started = _signer.unsign_object(signed)
    except (BadSignature, ValueError, TypeError):
        return None
    return Sheet(str(sheet_id), int(started))
