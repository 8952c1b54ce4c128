"""How each kind of event reads in a timeline. Every room registers the sentences of its own events."""

from backstory.live.models import Event

_phrases: dict[str, str] = {}


def register(phrases: dict[str, str]) -> None:
    """Add sentences by event kind; `{actor}` and the keys of the event's data can stand in them."""
    _phrases.update(phrases)


def known() -> frozenset[str]:
    return frozenset(_phrases)


class _Blanks(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"


def sentence(event: Event) -> str:
    """The event in words; an unknown kind is shown by its name rather than hidden."""
    values = _Blanks(event.data, actor=event.actor_name or "The desk")
    return _phrases.get(event.kind, "{actor}: " + event.kind).format_map(values)
