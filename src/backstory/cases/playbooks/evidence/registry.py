"""How an evidence rule is declared and found by its id.

A rule is a function `(facts, wanted) -> Found`. `wanted` holds its parameters, validated by the class it declares, and
words that a playbook puts in the place of the rule's own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, create_model

from backstory.cases.playbooks.facts import CareFacts
from backstory.cases.playbooks.words import Words

Told = Mapping[str, str]


class Wanted(BaseModel):
    """One thing a step asks for; rules with parameters add their fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: str
    sentence: Words = Field(default_factory=dict)
    advice: Words = Field(default_factory=dict)


W = TypeVar("W", bound=Wanted)


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found; `sentence` and `advice` where the state of things asks for other words than the usual."""

    done: bool
    quote: str = ""
    message_id: int | None = None
    sentence: Told | None = None
    advice: Told | None = None


@dataclass(frozen=True)
class EvidenceRule:
    """`sentence` says what is there once it is done, `advice` what to do while it is not, both by language."""

    id: str
    sentence: Callable[[Any], Told]
    advice: Callable[[Any], Told]
    wanted: type[Wanted]
    find: Callable[[CareFacts, Any], Found]

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(name for name in self.wanted.model_fields if name not in Wanted.model_fields)


RULES: dict[str, EvidenceRule] = {}


def evidence(
    sentence: Told | Callable[[W], Told],
    advice: Told | Callable[[W], Told],
    wanted: type[W] = Wanted,  # type: ignore[assignment]
) -> Callable[[Callable[[CareFacts, W], Found]], Callable[[CareFacts, W], Found]]:
    """Register the function below as the evidence rule of its name."""

    def register(find: Callable[[CareFacts, W], Found]) -> Callable[[CareFacts, W], Found]:
        name = find.__name__
        fields: dict[str, Any] = {"rule": (Literal[name], name)}
        entry = create_model(f"Wanted_{name}", __base__=wanted, **fields)
        RULES[name] = EvidenceRule(name, _of(sentence), _of(advice), entry, find)
        return find

    return register


def _of(words: Told | Callable[[W], Told]) -> Callable[[W], Told]:
    return words if callable(words) else lambda _: words
