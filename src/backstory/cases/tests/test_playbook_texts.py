"""Playbooks as YAML: those that the desk comes with, and clear errors for those that are wrong."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstory.cases.playbooks import shipped
from backstory.cases.playbooks.evidence import RULES
from backstory.cases.playbooks.judging import judge
from backstory.cases.playbooks.texts import LONGEST, PlaybookError, parse, problems_of
from backstory.cases.tests.golden_facts import situations

SMALL = """\
id: cold-flat
name: {en: Cold flat, de: Kalte Wohnung}
when:
  causes: [outage]
  severity_at_least: 2
steps:
  - key: warm
    title: Warm
    evidence:
      - feeling_named
      - {rule: step_agreed, serves: need, within_hours: 4}
"""


def told(source: str) -> list[str]:
    return [str(problem) for problem in problems_of(source)]


def test_a_small_playbook_is_read_and_a_bare_text_is_english() -> None:
    playbook = parse(SMALL)
    assert playbook.id == "cold-flat" and playbook.name["de"] == "Kalte Wohnung"
    assert playbook.when.causes == ["outage"] and playbook.when.severity_at_least == 2
    assert playbook.steps[0].title == {"en": "Warm"}
    assert [wanted.rule for wanted in playbook.steps[0].evidence] == ["feeling_named", "step_agreed"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("id: cold-flat\n", "", "line 1, id: expected this key, and it is not there"),
        ("id: cold-flat", "id: Cold Flat", "line 1, id: expected small letters, digits and hyphens"),
        (
            "feeling_named",
            "feeling_name",
            "line 10, steps[1].evidence[1]: there is no evidence rule",
        ),
        ("feeling_named", "feeling_name", "did you mean “feeling_named”?"),
        (
            "serves: need",
            "serves: cat",
            "[2].serves: expected 'need' or 'cause', found “cat”",
        ),
        ("within_hours: 4", "hours: 4", "line 11, steps[1].evidence[2].hours: there is no key “hours” here"),
        ("within_hours: 4", "within_hours: soon", "expected a whole number, found “soon”"),
        (
            "severity_at_least: 2",
            "severity_at_least: 9",
            "line 5, when.severity_at_least: expected 4 or less",
        ),
        ("  causes:", "  cause:", "line 4, when.cause: there is no key “cause” here; did you mean “causes”?"),
        (
            "    title: Warm\n",
            "    title: Warm\n    title: Cold\n",
            "line 9, steps[1].title: this key stands here twice",
        ),
        ("title: Warm", 'title: ""', "steps[1].title"),
        ("  causes: [outage]", "  causes: [outage", "not YAML"),
        ("id: cold-flat", "id: &a cold-flat", "line 1: anchors, aliases and tags"),
        ("steps:\n", "steps: none\nmore:\n", "line 6, steps: expected a list"),
    ],
)
def test_an_error_tells_line_path_and_what_was_expected(before: str, after: str, expected: str) -> None:
    assert before in SMALL
    assert expected in "\n".join(told(SMALL.replace(before, after, 1)))


def test_two_steps_with_one_key_are_refused_by_name() -> None:
    twice = SMALL + SMALL[SMALL.index("  - key") :]
    assert told(twice) == ["line 7, steps: the key “warm” stands at two steps; each step needs a key of its own"]


@pytest.mark.parametrize("source", ["", "just words", "[1, 2]", "\x00", "[" * 5_000, "a: *b", "x" * (LONGEST + 1)])
def test_what_is_no_playbook_at_all_is_an_error_and_never_a_traceback(source: str) -> None:
    with pytest.raises(PlaybookError) as caught:
        parse(source)
    assert caught.value.problems


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.integers(0, len(SMALL)))
def test_whatever_is_typed_into_a_playbook_it_is_read_or_its_problems_are_told(typed: str, at: int) -> None:
    source = SMALL[:at] + typed + SMALL[at:]
    try:
        parse(source)
    except PlaybookError as error:
        assert all(problem.line >= 1 and problem.words for problem in error.problems)


def test_the_desk_comes_with_seven_playbooks_that_speak_english_and_german() -> None:
    names = list(shipped.sources())
    assert names[0] == "general"
    assert set(names[1:]) == {
        *("abusive-contact", "billing-error", "broken-promise"),
        *("safety-hazard", "silent-customer", "vulnerable-customer"),
    }
    for source in shipped.sources().values():
        playbook = parse(source)
        assert playbook.source and playbook.about.keys() == {"en", "de"}
        for step in playbook.steps:
            assert step.guidance.keys() == {"en", "de"}, (playbook.id, step.key)
            assert {code: len(said) for code, said in step.phrases.items()}.keys() <= {"en", "de"}


def test_no_phrase_that_is_offered_contradicts_the_customer_or_quotes_a_rule() -> None:
    from backstory.language.replies import evidence as words

    for source in shipped.sources().values():
        for step in parse(source).steps:
            for phrase in (each for said in step.phrases.values() for each in said):
                assert not words.rebuts(phrase) and not words.quotes_rule(phrase), phrase


@pytest.mark.parametrize("name", list(shipped.sources()))
def test_every_shipped_playbook_can_be_judged_whatever_has_happened(name: str) -> None:
    playbook = parse(shipped.sources()[name])
    for _, facts in situations():
        steps = judge(playbook, facts, "de", "de")
        assert [step.key for step in steps] == [plan.key for plan in playbook.steps]
        assert all(step.done == all(line.done for line in step.evidence) for step in steps)
        assert all(bool(step.guidance) != step.done for step in steps)


def test_every_evidence_rule_has_its_words_in_english_and_german_and_is_explained() -> None:
    from backstory.cases.tests.evidence_examples import SETTINGS

    for rule in RULES.values():
        wanted = rule.wanted.model_validate({"rule": rule.id, **SETTINGS.get(rule.id, {})})
        assert rule.sentence(wanted).keys() == rule.advice(wanted).keys() == {"en", "de"}, rule.id


AFTER = "id: x\nname: X\nsteps:\n  - {key: a, title: A, evidence: [steps_done]}\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("followups:\n  - {key: call, after_days: 0, kind: call, words: Hm.}", 6, "expected 1 or more"),
        ("followups:\n  - {key: call, after_days: 3, kind: visit, words: Hm.}", 6, "'call', 'letter' or 'check'"),
        ("followups:\n  - {key: call, kind: call, words: Hm.}", 6, "it is not there"),
        ("followups:\n  - {key: call, after_day: 3, kind: call, words: Hm.}", 6, "did you mean “after_days”"),
        (
            "followups:\n  - {key: a, after_days: 3, kind: call, words: Hm., when: {severity: 2}}",
            6,
            "did you mean “severity_at_least”",
        ),
        ("survey: {kind: csat, low: 5}", 5, "from 1 to 4"),
        ("survey: {kind: none, low: 1}", 5, "only where something is asked"),
    ],
)
def test_what_is_wrong_with_what_comes_afterwards_is_told_by_line(text: str, line: int, words: str) -> None:
    found = problems_of(AFTER + text)
    assert any(problem.line == line and words in problem.words for problem in found), [str(one) for one in found]


def test_two_follow_ups_need_keys_of_their_own() -> None:
    twice = "followups:\n" + "  - {key: a, after_days: 3, kind: call, words: Hm.}\n" * 2
    assert "stands at two follow-ups" in str(problems_of(AFTER + twice)[0])


def test_a_playbook_from_before_there_were_follow_ups_still_loads() -> None:
    plan = parse(AFTER)
    assert plan.followups == [] and plan.survey is None
