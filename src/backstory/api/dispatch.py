"""How a reply is to leave, from what a program sent. It goes at once: no person looks on who could take it back."""

from backstory.api.schemas import Reply
from backstory.conversations.letters import Address, Dispatch
from backstory.conversations.recipients import parsed
from backstory.kernel.errors import InvalidInput


def dispatch_of(sent: Reply) -> Dispatch:
    """Raises InvalidInput for what is no address."""
    to, cc = _people(sent.to, "to"), _people(sent.cc, "cc")
    return Dispatch(to=to, cc=cc, confirmed=frozenset(sent.confirmed), quote=sent.quote)


def _people(addresses: list[str] | None, field: str) -> tuple[Address, ...] | None:
    if addresses is None:
        return None
    found, wrong = parsed(", ".join(addresses))
    if wrong:
        raise InvalidInput(f"“{wrong[0]}” is not an e-mail address.", field)
    return tuple(found)
