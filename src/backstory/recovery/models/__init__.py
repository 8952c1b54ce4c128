"""Making amends: remedies within authority, and asking afterwards whether it was enough."""

from backstory.recovery.models.followups import Aftercare, FollowUp, SecondRecovery
from backstory.recovery.models.leaving import LostCustomer
from backstory.recovery.models.notices import ClosingNotice
from backstory.recovery.models.remedies import AuthorityLimit, Remedy
from backstory.recovery.models.surveys import Survey, SurveyChoice, SurveyKind
from backstory.recovery.models.updates import AccessCode, StageChange, StageUpdate, StatusOpenings, UpdateManner

__all__ = [
    "AccessCode",
    "Aftercare",
    "AuthorityLimit",
    "ClosingNotice",
    "FollowUp",
    "LostCustomer",
    "Remedy",
    "SecondRecovery",
    "StageChange",
    "StageUpdate",
    "StatusOpenings",
    "Survey",
    "SurveyChoice",
    "SurveyKind",
    "UpdateManner",
]
