"""What a playbook is made of."""

from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator, model_validator

from backstory.cases.playbooks.evidence import RULES, Wanted
from backstory.cases.playbooks.scales import SCALES
from backstory.cases.playbooks.words import Phrases, Words

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z](?:[a-z0-9-]{0,58}[a-z0-9])?$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Situation = Literal["safety", "vulnerability", "abuse", "broken-promise", "silence"]
SITUATIONS: tuple[str, ...] = get_args(Situation)
"""What may be happening to a person, the gravest first."""
SILENT_DAYS = 7


def _named(value: Any) -> Any:
    return {"rule": value} if isinstance(value, str) else value


_ANY: Any = reduce(or_, (rule.wanted for rule in RULES.values()))
AnyWanted = Annotated[Annotated[_ANY, Field(discriminator="rule")], BeforeValidator(_named)]
"""One of the evidence rules with its parameters; a bare id stands for a rule without any."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class When(_Part):
    """When a playbook applies: every condition that is named must hold, in a list any one of it. Without conditions it
    fits every complaint, and every other playbook goes before it."""

    situations: list[Situation] = Field(default_factory=list, max_length=5)
    silent_days: Annotated[int, Field(ge=1, le=365)] = SILENT_DAYS
    causes: list[Name] = Field(default_factory=list, max_length=50)
    mentions: list[Name] = Field(default_factory=list, max_length=50)
    channels: list[Name] = Field(default_factory=list, max_length=20)
    severity_at_least: Annotated[int, Field(ge=1, le=4)] | None = None


class StepPlan(_Part):
    """One step: what makes it begin, how to do it well, and what proves that it is done."""

    key: Slug
    title: Words
    guidance: Words = Field(default_factory=dict)
    phrases: Phrases = Field(default_factory=dict)
    entry: list[AnyWanted] = Field(default_factory=list, max_length=10)
    evidence: list[AnyWanted] = Field(min_length=1, max_length=20)

    def wanted(self) -> list[Wanted]:
        return list(self.evidence)


class FollowUpWhen(_Part):
    """For which of its complaints a follow-up is planned: every condition that is named must hold."""

    severity_at_least: Annotated[int, Field(ge=1, le=4)] | None = None
    causes: list[Name] = Field(default_factory=list, max_length=50)


class FollowUpPlan(_Part):
    """One thing to come back for: so many days after the closing, or after a remedy was carried out."""

    key: Slug
    after_days: Annotated[int, Field(ge=1, le=365)]
    counted_from: Literal["closing", "remedy"] = "closing"
    kind: Literal["call", "letter", "check"]
    words: Words
    when: FollowUpWhen = Field(default_factory=FollowUpWhen)


class SurveyPlan(_Part):
    """What customers are asked afterwards; `low` is the score up to which the matter is taken up again."""

    kind: Literal["csat", "nps", "ces", "none"]
    low: Annotated[int, Field(ge=0, le=9)] | None = None

    @model_validator(mode="after")
    def _low_is_on_the_scale(self) -> Self:
        scale = SCALES.get(self.kind)
        if self.low is not None and (scale is None or not scale.may_be_low(self.low)):
            fits = f"from {scale.lowest} to {scale.highest - 1}" if scale else "only where something is asked"
            raise ValueError(f"expected a low score {fits} (kind {self.kind}), found {self.low}")
        return self


class Playbook(_Part):
    """How complaints of one kind are handled. `mark` says how well it is known: S commissioned, V seen in a published
    source, R recalled, G our own judgement; `source` names what it rests on."""

    id: Slug
    name: Words
    about: Words = Field(default_factory=dict)
    mark: Literal["S", "V", "R", "G"] = "G"
    source: Annotated[str, StringConstraints(max_length=500)] = ""
    when: When = Field(default_factory=When)
    updates_every: Annotated[int, Field(ge=1, le=60)] | None = None  # working days; never fewer letters than usual
    steps: list[StepPlan] = Field(min_length=1, max_length=10)
    followups: list[FollowUpPlan] = Field(default_factory=list, max_length=10)
    survey: SurveyPlan | None = None

    @field_validator("steps")
    @classmethod
    def _keys_differ(cls, steps: list[StepPlan]) -> list[StepPlan]:
        keys = [step.key for step in steps]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice:
            raise ValueError(f"the key “{twice}” stands at two steps; each step needs a key of its own")
        return steps

    @field_validator("followups")
    @classmethod
    def _followups_differ(cls, followups: list[FollowUpPlan]) -> list[FollowUpPlan]:
        keys = [each.key for each in followups]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice:
            raise ValueError(f"the key “{twice}” stands at two follow-ups; each needs a key of its own")
        return followups

    @property
    def is_sensitive(self) -> bool:
        """Whether its very name tells something that only those may know who may read a backstory."""
        return "vulnerability" in self.when.situations
