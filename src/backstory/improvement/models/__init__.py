"""Problems behind complaints, how they are understood, and what is done about them."""

from backstory.improvement.models.campaigns import AddedAddress, Campaign, CampaignText, NewsDeclined, Recipient
from backstory.improvement.models.problems import Decision, Fix, Problem, ProblemCause, ProblemComplaint
from backstory.improvement.models.proofs import (
    ComplaintRate,
    ExpectationNote,
    ExposureSeries,
    ExposureValue,
    ProofPlan,
    ProofReading,
    ReportingChange,
)
from backstory.improvement.models.understanding import Evidence, FailureMode, FishboneBone, Why

__all__ = [
    "AddedAddress",
    "Campaign",
    "CampaignText",
    "ComplaintRate",
    "Decision",
    "Evidence",
    "ExpectationNote",
    "ExposureSeries",
    "ExposureValue",
    "FailureMode",
    "FishboneBone",
    "Fix",
    "NewsDeclined",
    "Problem",
    "ProblemCause",
    "ProblemComplaint",
    "ProofPlan",
    "ProofReading",
    "Recipient",
    "ReportingChange",
    "Why",
]
