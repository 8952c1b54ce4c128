"""Problems as pages show them: tones, next steps, what a chart draws."""

from collections.abc import Iterable
from typing import Any

from babel import dates
from django.utils.translation import gettext as _

from backstory.cases.models import Complaint
from backstory.cases.queries import complaints
from backstory.improvement.models import Problem
from backstory.improvement.queries import ProofFacts
from backstory.improvement.rules import states
from backstory.improvement.rules.weeks import Week
from backstory.people.models import User
from backstory.web.formats import reader_locale

PROPOSED_SHOWN = 20
TONES = {
    states.SUSPECTED: "plain",
    states.CONFIRMED: "warn",
    states.FIXING: "info",
    states.WATCHING: "info",
    states.PROVEN: "good",
    states.REOPENED: "bad",
    states.ACCEPTED: "plain",
}


def numbers(texts: Iterable[str]) -> set[int]:
    """The whole numbers among what an address named."""
    return {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19}


def complaints_named(viewer: User, texts: Iterable[str]) -> list[Complaint]:
    """The complaints an address names by id, those the viewer may see."""
    return list(complaints(viewer).filter(pk__in=numbers(texts)))


def next_states(problem: Problem, facts: ProofFacts) -> list[tuple[str, str]]:
    """The steps offered now, as (state, what the button says)."""
    words = {
        states.CONFIRMED: _("Confirm it"),
        states.FIXING: _("It is being fixed"),
        states.WATCHING: _("Watch whether it stays away"),
        states.PROVEN: _("Proven fixed"),
        states.REOPENED: _("Reopen"),
        states.ACCEPTED: _("Accept it as it is"),
    }
    offered = [(state, words[state]) for state in states.FOLLOWING.get(problem.state, ())]
    if facts.verdict != "reduced":
        offered = [step for step in offered if step[0] != states.PROVEN]
    return offered if facts.has_plan else [step for step in offered if step[0] != states.WATCHING]


def time_chart(weeks: list[Week]) -> dict[str, Any]:
    """What the page's script draws."""
    locale = reader_locale()
    return {
        "time": [
            {
                "label": dates.format_skeleton("MMMd", week.monday, locale=locale),
                "count": week.count,
                "whole": week.whole,
            }
            for week in weeks
        ],
        "words": {
            "complaints": _("Complaints"),
            "unknown": _("Nothing known"),
            "unfinished": _("not a whole one"),
        },
    }
