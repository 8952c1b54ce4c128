"""Making amends: remedies within authority, and asking afterwards whether it was enough."""

from backstory.recovery.models.authority import Absence, Approval, Asking, AuthorityLimit, SecondLook
from backstory.recovery.models.followups import Aftercare, FollowUp, SecondRecovery
from backstory.recovery.models.leaving import LostCustomer
from backstory.recovery.models.notices import ClosingNotice
from backstory.recovery.models.policies import PolicyRule, RecoveryValue
from backstory.recovery.models.remedies import Remedy
from backstory.recovery.models.surveys import Survey, SurveyChoice, SurveyKind
from backstory.recovery.models.transfers import (
    Connector,
    ConnectorTest,
    Difference,
    HandOver,
    SourceReading,
    Transfer,
    TransferAttempt,
)
from backstory.recovery.models.updates import AccessCode, StageChange, StageUpdate, StatusOpenings, UpdateManner

__all__ = [
    "Absence",
    "AccessCode",
    "Aftercare",
    "Approval",
    "Asking",
    "AuthorityLimit",
    "ClosingNotice",
    "Connector",
    "ConnectorTest",
    "Difference",
    "FollowUp",
    "HandOver",
    "LostCustomer",
    "PolicyRule",
    "RecoveryValue",
    "Remedy",
    "SecondLook",
    "SecondRecovery",
    "SourceReading",
    "StageChange",
    "StageUpdate",
    "StatusOpenings",
    "Survey",
    "SurveyChoice",
    "SurveyKind",
    "Transfer",
    "TransferAttempt",
    "UpdateManner",
]
