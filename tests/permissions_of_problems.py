"""One of everything that belongs to problems, for the permission table."""

from typing import Any

from backstory.cases.models import Complaint
from backstory.improvement import actions, queries


def world_of_problems(cast: Any, complaint: Complaint) -> dict[str, str]:
    """Values for the patterns' parameters; all of Customer care."""
    problem = actions.open_problem(cast.bob, "Cold at night", team_id=cast.care.pk, complaint_ids=[complaint.pk])
    why = actions.add_why(cast.bob, problem.pk, "The tank is too small")
    evidence = actions.add_evidence(cast.bob, problem.pk, why.pk, kind="text", text="She measured it")
    bone = actions.add_bone(cast.bob, problem.pk, "product", "The tank")
    scales = {"severity": 7, "occurrence": 3, "detection": 5}
    failure = actions.rate_failure(cast.bob, problem.pk, mode="Cold", effect="No steam", **scales)
    fix = actions.add_fix(cast.bob, problem.pk, "A second tank", cast.bob.pk, queries.today())
    told = {"text": "The tank holds 80 litres", "place": "letter", "where": "Offer", "began_on": queries.today()}
    note = actions.add_note(cast.bob, problem.pk, **told)
    campaign = actions.plan_campaign(cast.bob, problem.pk, "changed", "A second tank")
    return {
        "campaigns/": str(campaign.pk),
        "unsubscribe/news/": queries.news_link(complaint.conversation.customer_id).split("/")[-2],
        "problems/": str(problem.pk),
        "record/": "pdf",
        "whys/": str(why.pk),
        "evidence/": str(evidence.pk),
        "bones/": str(bone.pk),
        "failures/": str(failure.pk),
        "fixes/": str(fix.pk),
        "notes/": str(note.pk),
    }
