"""A scenario: who complains, what lies behind it, what is told when asked well, and two plays that prove it. Pure.

Scenarios are YAML. `parse` answers with every problem and its line; nothing of a bad file is used.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from backstory.kernel.errors import InvalidInput
from backstory.practice.rules import Behaviour, Style

FOLDER = Path(__file__).parent / "data" / "scenarios"
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LARGEST = 40_000
"""Characters of a scenario file; the shipped ones have some four thousand."""
DEEPEST = 8

Language = Literal["en", "de"]
Cause = Literal[
    "phone_menu",
    "escalation",
    "unmet_expectations",
    "transparency",
    "personal",
    "repeat_contact",
    "broken_promise",
    "product_defect",
    "billing_error",
    "delay",
    "staff_conduct",
    "fine_print",
    "wasted_time",
    "accessibility",
    "privacy",
]
Channel = Literal["counter", "phone", "chat", "email"]
Intent = Literal["what_happened", "stake", "affected", "by_when", "make_right", "history", "right_now"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1200)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,48}$")]
Words = Annotated[tuple[Short, ...], Field(min_length=1, max_length=40)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Start(_Part):
    """The mood the customer comes in with, 0 to 100."""

    arousal: Annotated[float, Field(ge=0, le=94)]
    trust: Annotated[float, Field(ge=6, le=100)]


class Fact(_Part):
    """Something the customer knows. Told when an open question reaches it (by `intents` or words in `about`) and the
    mood allows: arousal not above `below`, trust at least `trust`. One that is not `deep` answers a closed one too."""

    id: Name
    says: Text
    question: Text  # an example of asking well for it: offered in the debrief, and tried in the tests
    about: Words
    intents: tuple[Intent, ...] = ()
    deep: bool = False
    below: Annotated[float, Field(ge=0, le=100)] = 80
    trust: Annotated[float, Field(ge=0, le=100)] = 0


class Trap(_Part):
    """Words that hurt in this story alone, and what the customer answers."""

    words: Words
    says: Text


class Remedy(_Part):
    """What would serve the person, or the cause: words a commitment to it is known by, and a line that says it."""

    words: Words
    line: Text


class Scenario(_Part):
    """One simulated customer. `good` and `bad` are an agent's lines, played as tests of the scenario itself."""

    id: Name
    language: Language = "en"
    title: Short
    behaviour: Behaviour
    style: Style
    cause: Cause
    difficulty: Annotated[int, Field(ge=1, le=3)]
    channel: Channel
    customer: Short
    brief: Text
    start: Start
    opening: Annotated[tuple[Text, ...], Field(min_length=1, max_length=5)]
    demand: Text
    backstory: Text
    need: Text
    facts: Annotated[tuple[Fact, ...], Field(min_length=2, max_length=8)]
    traps: Annotated[tuple[Trap, ...], Field(max_length=6)] = ()
    serve_need: Remedy
    serve_cause: Remedy
    settled: Text
    limits: Annotated[int, Field(ge=1, le=3)] = 1  # how many limits an abusive customer needs before it stops
    digressions: Annotated[tuple[Text, ...], Field(max_length=6)] = ()
    good: Annotated[tuple[Text, ...], Field(min_length=3, max_length=10)]
    bad: Annotated[tuple[Text, ...], Field(min_length=2, max_length=10)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        names = [fact.id for fact in self.facts]
        if len(set(names)) < len(names):
            raise ValueError("two facts have the same id")
        if not any(fact.deep for fact in self.facts):
            raise ValueError("no fact is deep: at least one must hold what is behind the complaint (deep: true)")
        return self

    @property
    def deep(self) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.deep)


class Problem(_Part):
    """What is wrong with a scenario file, and in which line (counted from 1)."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


class ScenarioProblems(InvalidInput):
    """A scenario that cannot be used; `problems` are in order of line."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda one: one.line)
        super().__init__("\n".join(str(one) for one in self.problems), "source")


Place = tuple[str | int, ...]


def parse(source: str) -> Scenario:
    """The scenario of a YAML text; raises ScenarioProblems that name every line to mend."""
    if len(source) > LARGEST:
        raise ScenarioProblems([Problem(line=1, message=f"longer than {LARGEST} characters")])
    try:
        root = yaml.compose(source, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ScenarioProblems([Problem(line=mark.line + 1 if mark else 1, message=_said(error))]) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise ScenarioProblems([Problem(line=1, message=f"not YAML: {error}".splitlines()[0])]) from None
    if not isinstance(root, yaml.MappingNode):
        raise ScenarioProblems([Problem(line=1, message="a scenario has fields such as “title: No hot water”")])
    lines: dict[Place, int] = {}
    problems = list(_walk(root, (), lines, set()))
    if problems:
        raise ScenarioProblems(problems)
    return _checked(root, lines)


def _checked(root: yaml.MappingNode, lines: dict[Place, int]) -> Scenario:
    loader = yaml.SafeLoader("")
    try:
        data: Any = loader.construct_document(root)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        raise ScenarioProblems(
            [Problem(line=mark.line + 1 if mark else 1, message=str(error).splitlines()[0])]
        ) from None
    finally:
        loader.dispose()
    try:
        return Scenario.model_validate(data)
    except ValidationError as error:
        raise ScenarioProblems([_problem(dict(one), lines) for one in error.errors()]) from None


def _said(error: yaml.MarkedYAMLError) -> str:
    return f"not YAML: {error.problem or error.context or 'cannot be read'}"


def _walk(node: yaml.Node, place: Place, lines: dict[Place, int], seen: set[int]) -> Iterator[Problem]:
    """Notes the line of every value; aliases (which can grow without end), repeated fields and depth are problems."""
    line = node.start_mark.line + 1
    lines.setdefault(place, line)
    if id(node) in seen or len(place) > DEEPEST:
        yield Problem(line=line, message="aliases and deep nesting are not taken; write the value out")
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        names: set[str] = set()
        for key, value in node.value:
            name = str(getattr(key, "value", ""))
            if name in names:
                yield Problem(line=key.start_mark.line + 1, message=f"“{name}” stands here twice")
            names.add(name)
            lines[(*place, name)] = key.start_mark.line + 1
            yield from _walk(value, (*place, name), lines, seen)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _walk(value, (*place, number), lines, seen)


def _problem(error: dict[str, Any], lines: dict[Place, int]) -> Problem:
    place: Place = tuple(error["loc"])
    known = next((lines[place[:end]] for end in range(len(place), -1, -1) if place[:end] in lines), 1)
    field = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    return Problem(line=known, message=f"{field}: {_plain(error)}" if field else _plain(error))


def _plain(error: dict[str, Any]) -> str:
    """pydantic's finding in the words of somebody who edits a file."""
    kind, context = error["type"], error.get("ctx", {})
    said = {
        "missing": "is missing",
        "extra_forbidden": "is not a field of a scenario",
        "literal_error": f"must be one of {context.get('expected', '')}",
        "string_type": "must be text; put it in quotation marks",
        "string_pattern_mismatch": "must be small letters, digits and _, beginning with a letter",
        "value_error": str(context.get("error", "")),
    }
    text = said.get(kind) or str(error["msg"])
    return text[0].lower() + text[1:]


@cache
def shipped() -> dict[tuple[str, str], Scenario]:
    """The scenarios that come with the desk by (id, language), the hot-water story first, then by difficulty."""
    found = [parse(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))]
    found.sort(key=lambda one: (one.id != "hot_water", one.difficulty, one.behaviour, one.id, one.language != "en"))
    return {(one.id, one.language): one for one in found}


def source(scenario_id: str, language: str) -> str:
    """The YAML text of a shipped scenario; raises KeyError for one that is not there."""
    if (scenario_id, language) not in shipped():
        raise KeyError(scenario_id)
    return (FOLDER / f"{scenario_id}.{language}.yaml").read_text(encoding="utf-8")


def line_of(text: str, field: str) -> int:
    """The line (from 1) where a field of a scenario begins; 1 where it is not there."""
    found = (number for number, line in enumerate(text.splitlines(), start=1) if line.startswith(f"{field}:"))
    return next(found, 1)
