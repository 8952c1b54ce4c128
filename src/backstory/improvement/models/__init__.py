"""Problems behind complaints, how they are understood, and what is done about them."""

from backstory.improvement.models.campaigns import AddedAddress, Campaign, CampaignText, NewsDeclined, Recipient
from backstory.improvement.models.problems import Decision, Fix, Problem, ProblemCause, ProblemComplaint
from backstory.improvement.models.understanding import Evidence, FailureMode, FishboneBone, Why

__all__ = [
    "AddedAddress",
    "Campaign",
    "CampaignText",
    "Decision",
    "Evidence",
    "FailureMode",
    "FishboneBone",
    "Fix",
    "NewsDeclined",
    "Problem",
    "ProblemCause",
    "ProblemComplaint",
    "Recipient",
    "Why",
]
