"""What stands below a reply: the mailbox's own words with the writer's in them, or the writer's alone. Pure."""

import re

PLACEHOLDERS = ("agent", "first_name", "team", "mailbox", "address", "signature")
"""What `{name}` in a mailbox's signature can be."""
LONGEST = 4000
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def unknown(template: str) -> list[str]:
    """Placeholders that mean nothing, as they stand."""
    return [f"{{{name}}}" for name in _PLACEHOLDER.findall(template) if name not in PLACEHOLDERS]


def signature(template: str, own: str, *, agent: str, team: str, mailbox: str, address: str) -> str:
    """The mailbox's signature filled in; without one, the writer's `own`.

    What is filled in is never looked through for placeholders again. A line whose placeholders are all empty is left
    out. The text may hold light markdown, which the HTML half of a letter shows.
    """
    if not template.strip():
        return own.strip()
    known = {
        "agent": agent,
        "first_name": agent.split(" ", maxsplit=1)[0],
        "team": team,
        "mailbox": mailbox,
        "address": address,
        "signature": own.strip(),
    }
    lines = (_filled(line, known) for line in template.strip().splitlines())
    return "\n".join(line for line in lines if line is not None).strip()


def _filled(line: str, known: dict[str, str]) -> str | None:
    names = [name for name in _PLACEHOLDER.findall(line) if name in known]
    if names and not any(known[name] for name in names):
        return None
    return _PLACEHOLDER.sub(lambda match: known.get(match[1], match[0]), line).rstrip()
