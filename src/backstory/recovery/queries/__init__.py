"""Reading remedies, surveys and what a customer may see of their own complaint."""

from backstory.recovery.queries.care import all_facts, care_panel
from backstory.recovery.queries.links import NO_LINK, complaint_by_status_token, status_link, status_token
from backstory.recovery.queries.remedies import approvals, get_remedy, granted_by, limit_for, limits, remedies
from backstory.recovery.queries.status import Milestone, PromiseSeen, Status, status_for
from backstory.recovery.queries.surveys import (
    due_surveys,
    overlooked_closings,
    survey_by_token,
    survey_link,
    survey_of,
    unkept_promises,
)

__all__ = [
    "NO_LINK",
    "Milestone",
    "PromiseSeen",
    "Status",
    "all_facts",
    "approvals",
    "care_panel",
    "complaint_by_status_token",
    "due_surveys",
    "get_remedy",
    "granted_by",
    "limit_for",
    "limits",
    "overlooked_closings",
    "remedies",
    "status_for",
    "status_link",
    "status_token",
    "survey_by_token",
    "survey_link",
    "survey_of",
    "unkept_promises",
]
