"""What may have happened in a complaint, by name: the facts that the golden file of CARE was made from."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

from backstory.cases.care import ActionFact, CareFacts, FollowUpFact, Letter, PromiseFact, RemedyFact

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
COMPLAINT = "There is never enough hot water in the night! It is a danger to my family. Move us at once!"
LISTENING = (
    "You told me that there is not enough hot water in the night and that it is a danger to your family. "
    "That must have been frightening. What happened in the night when the hot water ran out?"
)
RULE = "Our policy is that moving is not possible."
ARGUING = "That is not true, the tank is large enough."
GERMAN = "Ich verstehe, dass Sie wütend sind. Was ist in der Nacht passiert?"
FIELDS = frozenset({"stated_problem", "demand", "backstory", "need"})
NEED = ActionFact("need", "Visit the family", "Alice", False)
CAUSE = ActionFact("cause", "Put in a second tank", "Bob", False)
GRANTED, WAITING = RemedyFact("Goodwill €50.00", "granted"), RemedyFact("Refund €500.00", "requested")

SENT = {
    "nothing": (),
    "listening": (LISTENING,),
    "rule": (LISTENING, RULE),
    "arguing": (ARGUING,),
    "mended": (ARGUING, LISTENING),
    "german": (GERMAN,),
}
STAGES = {
    "new": {},
    "told": {"recorded": FIELDS, "summary_message_id": 11},
    "confirmed": {"recorded": FIELDS, "summary_message_id": 11, "confirmed": True},
    "half": {"recorded": frozenset({"stated_problem"}), "actions": (NEED,), "remedies": (WAITING,)},
    "agreed": {"actions": (NEED, CAUSE), "remedies": (GRANTED,), "cause": "Installation"},
    "nobody": {"actions": (replace(NEED, owner=""), CAUSE), "remedies": (GRANTED, WAITING)},
    "kept": {
        "actions": (replace(NEED, done=True), replace(CAUSE, done=True)),
        "promises": (PromiseFact("I will come today", 10, "kept", NOW), PromiseFact("perhaps", 10, "dismissed", None)),
        "cause": "Installation",
        "survey_sent": True,
        "survey_score": 5,
        "followups": (FollowUpFact("call", "done"),),
    },
    "broken": {
        "promises": (PromiseFact("I will write", 10, "open", NOW), PromiseFact("I will call", 12, "broken", NOW)),
        "survey_sent": True,
    },
    "promised": {"promises": (PromiseFact("I will write", 10, "open", NOW),)},
}
NOTHING = CareFacts(
    received=(Letter(1, COMPLAINT, 0),),
    sent=(),
    recorded=frozenset(),
    summary_message_id=None,
    confirmed=False,
    actions=(),
    promises=(),
    cause="",
    now=NOW,
)


def situations() -> Iterator[tuple[str, CareFacts]]:
    """Every course of letters with every stage of handling."""
    for (sent, letters), (stage, known) in product(SENT.items(), STAGES.items()):
        said = tuple(Letter(10 + number, text, 1 + number) for number, text in enumerate(letters))
        yield f"{sent}, {stage}", replace(NOTHING, sent=said, **known)
