"""Phrases of the toolkit in the demo's replies, so that its page has something to count."""

from random import Random

from backstory.cases import toolkit

FIRST = ("ask-stake", "ask-constraint", "ask-affected")
LATER = ("ensure-reach-me", "ensure-thanks", "ensure-close-amiable")
OFTEN = 0.45


def with_phrase(text: str, language: str, *, first: bool, random: Random) -> str:
    """Nearly every second reply gets a phrase before its last paragraph, where there is one in its language."""
    if random.random() >= OFTEN:
        return text
    wanted = FIRST if first else LATER
    found = [each.text for each in toolkit.shipped(language) if each.key in wanted]
    body, gap, close = text.rstrip().rpartition("\n\n")
    return f"{body}{gap}{random.choice(found)}\n\n{close}" if found and gap else text
