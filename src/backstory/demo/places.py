"""Codes in the world: on a counter, on a boiler's door and at the foot of the yearly letter."""

from datetime import timedelta
from random import Random

from backstory.conversations import actions as conversations
from backstory.demo.desk import Desk, Life

HUNG = timedelta(days=60)
PLACES = (
    {"label": "Showroom counter, Harbour Street", "kind": "place", "topic": "In the showroom"},
    {"label": "Inside the boiler door, K2", "kind": "product", "product": "K2 boiler", "cause_hint": "outage"},
    {"label": "Yearly service letter", "kind": "letter", "topic": "Your yearly service", "language": "en"},
)


def codes(desk: Desk) -> Life:
    """Bob hangs three codes; people scan them; some of those who use the form have come by one. One is retired."""
    yield desk.now - HUNG
    lead = desk.user(desk.plan.cast.lead("care").email)
    made = [conversations.add_place(lead, dict(given), desk.mailboxes["care"].pk) for given in PLACES]
    desk.codes.extend(place.code for place in made)
    random = Random(11)
    for day in range(1, HUNG.days):
        yield desk.now - HUNG + timedelta(days=day)
        for place in made:
            for _ in range(random.choice((0, 0, 0, 1, 1, 2))):
                conversations.count_scan(place.pk)
    conversations.retire_place(lead, made[2].pk)
