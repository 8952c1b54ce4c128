"""Reading a playbook from its YAML text; what is wrong is told by line, path and what was expected.

Every scalar is text until the schema says otherwise (YAML's own `no` and `12:30` surprise people). Anchors are refused:
they let a few lines grow without end.
"""

import difflib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from backstory.cases.playbooks.evidence import RULES
from backstory.cases.playbooks.schema import FollowUpPlan, FollowUpWhen, Playbook, StepPlan, SurveyPlan, When
from backstory.kernel.errors import InvalidInput

LONGEST = 100_000
MOST_PROBLEMS = 20
Path = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: the line (from 1), the path to it, and in words what was expected there."""

    line: int
    path: str
    words: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.path}: {self.words}" if self.path else f"line {self.line}: {self.words}"


class PlaybookError(InvalidInput):
    """A text that is no playbook, with every problem found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems[:3]), "source")
        self.problems = problems[:MOST_PROBLEMS]


@lru_cache(maxsize=256)
def parse(source: str) -> Playbook:
    """The playbook of a YAML text; raises PlaybookError."""
    root = _composed(source)
    try:
        return Playbook.model_validate(_plain(root))
    except ValidationError as error:
        found = [_problem(one, root) for one in error.errors(include_url=False)]
        raise PlaybookError(sorted(found, key=lambda one: one.line)) from None


def problems_of(source: str) -> list[Problem]:
    """What is wrong with a text; nothing if it is a playbook."""
    try:
        parse(source)
    except PlaybookError as error:
        return error.problems
    return []


def _composed(source: str) -> yaml.Node:
    if len(source) > LONGEST:
        raise PlaybookError([Problem(1, "", f"expected at most {LONGEST} characters, found {len(source)}")])
    try:
        for token in yaml.scan(source, yaml.SafeLoader):
            if isinstance(token, yaml.AliasToken | yaml.AnchorToken | yaml.TagToken):
                line = token.start_mark.line + 1
                raise PlaybookError([Problem(line, "", "anchors, aliases and tags (& * !) are not used in playbooks")])
        root = yaml.compose(source, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise PlaybookError([Problem(mark.line + 1 if mark else 1, "", f"not YAML: {error.problem}")]) from None
    except (yaml.YAMLError, RecursionError):
        raise PlaybookError(
            [Problem(1, "", "not YAML: a character that is not allowed, or too deeply nested")]
        ) from None
    if not isinstance(root, yaml.MappingNode):
        raise PlaybookError([Problem(1, "", "expected keys and values: id, name, when, steps")])
    return root


def _plain(node: yaml.Node, path: Path = ()) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each, (*path, place)) for place, each in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in found:
                where = _written((*path, name))
                raise PlaybookError([Problem(key.start_mark.line + 1, where, "this key stands here twice")])
            found[name] = _plain(value, (*path, name))
        return found
    return str(node.value)


def _problem(error: Any, root: yaml.Node) -> Problem:
    path, node = _place(error["loc"], root)
    return Problem(node.start_mark.line + 1, _written(path), _expected(error))


def _place(location: Path, root: yaml.Node) -> tuple[Path, yaml.Node]:
    """The path as the writer knows it and the nearest place in the text; the schema's own branches are left out."""
    node, path = root, list[int | str]()
    for place, part in enumerate(location):
        inner = _child(node, part)
        if inner is not None:
            node = inner
            path.append(part)
        elif place == len(location) - 1 and part not in RULES and part != "[key]":
            path.append(part)
    return tuple(path), node


def _child(node: yaml.Node, part: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part]  # type: ignore[no-any-return]
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    return None


def _written(path: Path) -> str:
    """`steps[1].evidence[0].rule`, places counted from 1 as a person counts."""
    found = ""
    for part in path:
        found += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if found else part
    return found


def _expected(error: Any) -> str:
    kind, given, context = error["type"], error.get("input"), error.get("ctx") or {}
    if kind == "missing":
        return "expected this key, and it is not there"
    if kind == "extra_forbidden":
        return _unknown_key(error["loc"])
    if kind == "union_tag_invalid":
        return f"there is no evidence rule “{context['tag']}”{_meant(str(context['tag']), list(RULES))}"
    if kind == "union_tag_not_found":
        return "expected the id of an evidence rule under the key `rule`"
    if kind == "value_error":
        return str(context.get("error", error["msg"]))
    if kind == "literal_error":
        return f"expected {context['expected']}{_found(given)}"
    return f"{_INSTEAD.get(kind, error['msg'][:1].lower() + error['msg'][1:])}{_found(given)}".format(**context)


_INSTEAD = {
    "dict_type": "expected keys and values",
    "list_type": "expected a list (lines that begin with “- ”)",
    "string_type": "expected a text",
    "int_parsing": "expected a whole number",
    "model_type": "expected keys and values",
    "too_short": "expected at least {min_length} of them",
    "too_long": "expected at most {max_length} of them",
    "string_too_short": "expected a text that is not empty",
    "string_too_long": "expected at most {max_length} characters",
    "greater_than_equal": "expected {ge} or more",
    "less_than_equal": "expected {le} or less",
    "string_pattern_mismatch": "expected small letters, digits and hyphens (a language has two letters, such as en)",
}


def _found(given: Any) -> str:
    if isinstance(given, str):
        return f", found “{given[:60]}”".replace("{", "{{").replace("}", "}}")
    return ""


def _unknown_key(location: Path) -> str:
    known = _keys_at(location)
    key = str(location[-1])
    return f"there is no key “{key}” here{_meant(key, known)}; expected one of {', '.join(known)}"


def _keys_at(location: Path) -> list[str]:
    """The keys that the schema knows at the place of an unknown one."""
    rule = next((part for part in reversed(location[:-1]) if part in RULES), None)
    model: type[BaseModel] = Playbook
    if rule is not None:
        model = RULES[str(rule)].wanted
    elif location[0] == "when":
        model = When
    elif location[0] == "steps":
        model = StepPlan
    elif location[0] == "followups":
        model = FollowUpWhen if "when" in location else FollowUpPlan
    elif location[0] == "survey":
        model = SurveyPlan
    return list(model.model_fields)


def _meant(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, 1)
    return f"; did you mean “{close[0]}”?" if close else ""
