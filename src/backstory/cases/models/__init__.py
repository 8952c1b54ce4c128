"""Complaints and what belongs to handling one: reading, cause, backstory, next steps, promises."""

from backstory.cases.models.backstories import Backstory
from backstory.cases.models.complaints import Cause, Complaint, ComplaintCounter, ResolutionAction
from backstory.cases.models.conduct import AbusiveContact, ConductDecision, Respite
from backstory.cases.models.hearing import QuestionAsked, QuestionSearch, Retelling
from backstory.cases.models.issues import Issue
from backstory.cases.models.learning import CauseModel, CauseModelChoice
from backstory.cases.models.playbooks import ComplaintPlaybook, Playbook, PlaybookTrial, PlaybookVersion
from backstory.cases.models.promises import Promise, PromiseSearch
from backstory.cases.models.readings import (
    Correction,
    Reading,
    ReadingCorrection,
    ReplyReading,
    Rereading,
    SensitiveCorrection,
    SensitiveReading,
    Verdicts,
)
from backstory.cases.models.reviews import Card, Review
from backstory.cases.models.themes import Theme, ThemeMember, ThemeSearch
from backstory.cases.models.toolkit import Phrase, PhraseUse

__all__ = [
    "AbusiveContact",
    "Backstory",
    "Card",
    "Cause",
    "CauseModel",
    "CauseModelChoice",
    "Complaint",
    "ComplaintCounter",
    "ComplaintPlaybook",
    "ConductDecision",
    "Correction",
    "Issue",
    "Phrase",
    "PhraseUse",
    "Playbook",
    "PlaybookTrial",
    "PlaybookVersion",
    "Promise",
    "PromiseSearch",
    "QuestionAsked",
    "QuestionSearch",
    "Reading",
    "ReadingCorrection",
    "ReplyReading",
    "Rereading",
    "ResolutionAction",
    "Respite",
    "Retelling",
    "Review",
    "SensitiveCorrection",
    "SensitiveReading",
    "Theme",
    "ThemeMember",
    "ThemeSearch",
    "Verdicts",
]
