"""What a problem's rules decide: whys read back, blame, failure modes, states, the picture of a fishbone."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.improvement.rules import failures, fishbone, states
from backstory.improvement.rules.weeks import fill, monday_of
from backstory.improvement.rules.whys import Answer, blames_somebody, read_back, tree
from backstory.kernel.errors import Conflict, InvalidInput

pytestmark = pytest.mark.once

WHYS = [
    Answer(1, None, "the tank is too small", 1),
    Answer(2, 1, "it was chosen for two people"),
    Answer(3, 1, "nobody asks how many live there."),
    Answer(4, None, "the boiler restarts at night", 2),
]


@st.composite
def trees(draw: st.DrawFn) -> list[Answer]:
    count = draw(st.integers(0, 25))
    parents = [draw(st.one_of(st.none(), st.integers(1, number))) if number else None for number in range(count)]
    return [Answer(number + 1, parent, f"answer {number + 1}") for number, parent in enumerate(parents)]


def test_each_branch_is_read_back_from_its_deepest_cause_up() -> None:
    assert read_back("there is no hot water", WHYS) == [
        ["It was chosen for two people.", "Therefore: The tank is too small.", "Therefore: There is no hot water."],
        ["Nobody asks how many live there.", "Therefore: The tank is too small.", "Therefore: There is no hot water."],
        ["The boiler restarts at night.", "Therefore: There is no hot water."],
    ]


@given(trees())
def test_a_tree_holds_every_answer_once_below_its_parent(answers: list[Answer]) -> None:
    found = tree(answers)
    assert sorted(link.id for link in found) == [answer.id for answer in answers]
    place = {link.id: number for number, link in enumerate(found)}
    depth = {link.id: link.depth for link in found}
    for link in found:
        if link.parent is not None:
            assert place[link.parent] < place[link.id] and depth[link.id] == depth[link.parent] + 1
    assert len(read_back("it", answers)) == sum(link.is_leaf for link in found)


def test_answers_in_a_loop_are_left_out_instead_of_read_for_ever() -> None:
    looped = [Answer(1, 2, "a"), Answer(2, 1, "b"), Answer(3, None, "c")]
    assert [link.id for link in tree(looped)] == [3]
    assert read_back("it", looped) == [["C.", "Therefore: It."]]


@pytest.mark.parametrize(
    "words",
    [
        "Human error",
        "The agent made a mistake",
        "it was carelessness",
        "Technician forgot to tighten it",
        "Lack of attention in the warehouse",
        "Menschliches Versagen",
        "Bedienungsfehler beim Einbau",
        "Ein Mitarbeiter hat es vergessen",
        "Unachtsamkeit",
    ],
)
def test_a_culprit_is_recognised_in_english_and_german(words: str) -> None:
    assert blames_somebody(words)


@pytest.mark.parametrize(
    "words",
    [
        "The form does not ask how many people live there",
        "The error message names the wrong part",
        "Two labels look the same",
        "Die Etiketten sehen gleich aus",
        "Nobody is told when a part is out of stock",
    ],
)
def test_a_cause_in_the_system_is_not_taken_for_a_culprit(words: str) -> None:
    assert not blames_somebody(words)


def test_blame_is_questioned_only_where_nothing_is_asked_below_it() -> None:
    ended = [Answer(1, None, "human error")]
    asked = [*ended, Answer(2, 1, "two labels look the same")]
    assert [link.blames for link in tree(ended)] == [True]
    assert [link.blames for link in tree(asked)] == [False, False]


class Row:
    def __init__(self, severity: int, occurrence: int, detection: int) -> None:
        self.severity, self.occurrence, self.detection = severity, occurrence, detection


scale = st.integers(1, 10)


def test_a_severity_of_nine_comes_before_any_product() -> None:
    rare, common = Row(9, 1, 1), Row(8, 10, 10)
    assert failures.in_order([common, rare]) == [rare, common]
    assert failures.weigh(rare).label == "critical" and failures.weigh(common).label == "high"


@given(st.lists(st.builds(Row, scale, scale, scale)))
def test_nothing_severe_ever_stands_below_something_that_is_not(rows: list[Row]) -> None:
    order = [failures.weigh(row) for row in failures.in_order(rows)]
    assert [weight.overrides for weight in order] == sorted((weight.overrides for weight in order), reverse=True)
    for before, after in pairwise(order):
        assert before.overrides != after.overrides or before.product >= after.product


@given(st.integers() | st.none())
def test_a_rating_is_from_one_to_ten(value: int | None) -> None:
    if value is not None and 1 <= value <= 10:
        assert failures.rating(value, "severity") == value
    else:
        with pytest.raises(InvalidInput):
            failures.rating(value, "severity")


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=60),
    st.lists(
        st.tuples(
            st.text("PQ<&", min_size=1, max_size=9),
            st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=200), max_size=5),
        ),
        min_size=1,
        max_size=8,
    ),
)
def test_the_fishbone_is_well_formed_whatever_people_write(problem: str, branches: list[tuple[str, list[str]]]) -> None:
    picture = fishbone.svg(problem, branches, "A fishbone")
    root = ElementTree.fromstring(picture.encode("utf-8", "replace"))
    assert {element.tag.split("}")[1] for element in root.iter()} <= {"svg", "title", "line", "text", "rect"}
    assert (
        "style=" not in picture or "style=" in problem or any("style=" in one for _, items in branches for one in items)
    )
    _, _, width, height = (float(part) for part in root.attrib["viewBox"].split())
    for element in root.iter():
        if element.tag.endswith("text"):
            assert 0 <= float(element.attrib["y"]) <= height and 0 <= float(element.attrib["x"]) <= width


def test_only_a_proof_makes_a_problem_proven_fixed() -> None:
    with pytest.raises(InvalidInput):
        states.ensure_may_follow("watching", "proven", "", verdict="not shown", has_plan=True)
    states.ensure_may_follow("watching", "proven", "", verdict="reduced", has_plan=True)
    with pytest.raises(InvalidInput):
        states.ensure_may_follow("fixing", "watching", "")
    with pytest.raises(InvalidInput):
        states.ensure_may_follow("confirmed", "accepted", "")
    with pytest.raises(Conflict):
        states.ensure_may_follow("suspected", "proven", "", verdict="reduced", has_plan=True)


@given(st.dates(), st.lists(st.integers(0, 300), max_size=30))
def test_weeks_keep_every_day_s_count(first, offsets) -> None:  # type: ignore[no-untyped-def]
    from datetime import date, timedelta

    if first > date(9990, 1, 1) or first < date(2, 1, 1):
        return
    by_day: dict[date, int] = {}
    for offset in offsets:
        by_day[first + timedelta(days=offset)] = by_day.get(first + timedelta(days=offset), 0) + 1
    weeks = fill(first, first + timedelta(days=300), by_day)
    assert sum(week.count for week in weeks) == len(offsets)
    assert all(week.monday == monday_of(week.monday) for week in weeks)
