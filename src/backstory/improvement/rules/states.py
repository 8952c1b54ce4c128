"""Which state of a problem may follow which, and what has to be said."""

from collections.abc import Mapping

from backstory.kernel.errors import Conflict, InvalidInput

SUSPECTED, CONFIRMED, FIXING, WATCHING = "suspected", "confirmed", "fixing", "watching"
PROVEN, REOPENED, ACCEPTED = "proven", "reopened", "accepted"

FOLLOWING: Mapping[str, tuple[str, ...]] = {
    SUSPECTED: (CONFIRMED, ACCEPTED),
    CONFIRMED: (FIXING, ACCEPTED),
    FIXING: (WATCHING, CONFIRMED, ACCEPTED),
    WATCHING: (PROVEN, FIXING, REOPENED, ACCEPTED),
    PROVEN: (REOPENED,),
    REOPENED: (CONFIRMED, FIXING, ACCEPTED),
    ACCEPTED: (REOPENED,),
}
OPEN = (SUSPECTED, CONFIRMED, FIXING, WATCHING, REOPENED)
NEEDS_REASON = (ACCEPTED, REOPENED)


def ensure_may_follow(old: str, new: str, reason: str, *, verdict: str = "", has_plan: bool = False) -> None:
    """Raise Conflict for a step that is not offered, InvalidInput where a reason or a proof is missing.

    `verdict` is the latest of the problem's proof; “proven fixed” is not a matter of opinion.
    """
    if new not in FOLLOWING.get(old, ()):
        raise Conflict("The problem is in a state that does not allow this step.")
    if new in NEEDS_REASON and not reason:
        raise InvalidInput("Say why, in a sentence.", "reason")
    if new == WATCHING and not has_plan:
        raise InvalidInput("Freeze how the fix will be judged first: its metric, baseline and date.", "state")
    if new == PROVEN and verdict != "reduced":
        raise InvalidInput("Only a proof that says “reduced” makes a problem proven fixed.", "state")
