"""What the complaint regime that applies wants a letter to say. Only this can stop a letter from being sent.

The regimes are data (`data/regimes.json`): kinds of letters, how each is known, and what it has to say. A regime whose
source was not verified ([R]) warns and does not stop. An ordinary reply, which announces no decision, is not touched.
"""

from collections.abc import Iterator
from typing import Any

from backstory.coach import books
from backstory.coach.advice import Level
from backstory.coach.registry import Hit, rule
from backstory.coach.situation import Situation
from backstory.language.replies import lexicon


@rule("legal_content_missing")
def legal_content(case: Situation) -> Iterator[Hit]:
    regime = regimes().get(case.context.regime or "")
    if regime is None:
        return
    at = case.draft.sign_off_start
    level: Level = "blocker" if regime["strength"] == "V" else "warning"
    for letter in regime["letters"]:
        lacking = [need for need in letter["needs"] if _lacks(need, case.draft.plain)]
        if lacking and _is_of(letter, case.draft.plain):
            says = "; ".join(need["says"] for need in lacking)
            said = f"A {letter['kind']} has to say: {says} ({regime['title']})."
            yield Hit(at, at, "".join(need["offer"] for need in lacking), said, level=level, source=regime["source"])


def regimes() -> dict[str, dict[str, Any]]:
    """The regimes known, by id."""
    return books.load("regimes")  # type: ignore[no-any-return]


def _is_of(letter: dict[str, Any], draft: str) -> bool:
    excluded = "unless" in letter and lexicon.compiled(letter["unless"]).search(draft)
    return not excluded and bool(lexicon.compiled(letter["when"]).search(draft))


def _lacks(need: dict[str, str], draft: str) -> bool:
    if "only" in need and not lexicon.compiled(need["only"]).search(draft):
        return False
    return not lexicon.compiled(need["find"]).search(draft)
