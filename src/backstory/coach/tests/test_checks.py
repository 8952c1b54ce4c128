"""Every check in the register is run on its own examples; properties hold for any text."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backstory.coach import Advice, Context, check
from backstory.coach.registry import RULES, Check, checks
from backstory.language.replies.lexicon import LANGUAGES, compiled, load

CORE = ("apology_missing", "banned_phrase", "blame", "non_apology", "invalidation")
any_text = st.one_of(
    st.text(max_size=400),
    st.text(alphabet=st.characters(), max_size=60),
    st.lists(
        st.sampled_from(
            [
                "I'm sorry",
                "sorry if you feel so",
                "your item",
                "calm down.",
                "We will check",
                "At least",
                "policy",
                "\n\n",
                "!!",
                "?",
                "you should have",
                "as soon as possible",
                "Your call is important to us.",
                "Es tut mir leid,",
                "leider nicht möglich",
                "\ud800",
            ]
        ),
        max_size=30,
    ).map(" ".join),
)


def _examples(kind: str) -> list[object]:
    return [
        pytest.param(one, sample, id=f"{one.id}-{number}")
        for one in checks()
        for number, sample in enumerate(getattr(one, kind))
    ]


def _advice(sample: dict[str, str], draft: str | None = None) -> Advice:
    context = Context(
        message=sample.get("message", ""),
        style=sample.get("style"),
        language=sample.get("language"),
        regime=sample.get("regime"),
    )
    return check(sample["draft"] if draft is None else draft, context)


def test_every_check_is_whole():
    ids = [one.id for one in checks()]
    assert len(ids) == len(set(ids)) >= 35
    for one in checks():
        assert one.good and one.bad and one.message and one.source
        assert one.strength in ("V", "R", "G", "S")
        assert one.level in ("info", "advice", "warning") or one.id == "legal_content_missing"
        assert set(one.phrases) <= set(one.languages) <= set(LANGUAGES)
        assert one.id in RULES or one.phrases


def test_every_rule_has_its_entry():
    assert set(RULES) <= {one.id for one in checks()}


def test_the_core_speaks_four_languages():
    by_id = {one.id: one for one in checks()}
    for name in CORE:
        assert set(by_id[name].languages) == set(LANGUAGES)
    assert all({"en", "de"} <= set(one.languages) for one in checks())


@pytest.mark.parametrize(("one", "sample"), _examples("good"))
def test_a_good_example_passes_its_check(one: Check, sample: dict[str, str]):
    assert one.id not in {finding.id for finding in _advice(sample).findings}


@pytest.mark.parametrize(("one", "sample"), _examples("bad"))
def test_a_bad_example_fails_its_check(one: Check, sample: dict[str, str]):
    assert one.id in {finding.id for finding in _advice(sample).findings}


@pytest.mark.parametrize(("one", "sample"), _examples("bad"))
def test_applying_a_rewrite_removes_the_finding(one: Check, sample: dict[str, str]):
    draft = sample["draft"]
    for finding in _advice(sample).findings:
        if finding.id == one.id and finding.rewrite is not None:
            mended = draft[: finding.start] + finding.rewrite + draft[finding.end :]
            left = [again for again in _advice(sample, mended).findings if again.id == one.id]
            assert len(left) < len([again for again in _advice(sample).findings if again.id == one.id])


def test_every_pattern_in_the_data_compiles():
    for one in checks():
        for phrases in one.phrases.values():
            assert all(compiled(phrase["find"]) for phrase in phrases)
    for name, by_language in load("lexicon").items():
        if name != "stop":
            assert all(compiled(pattern) for pattern in by_language.values())


@settings(max_examples=150, deadline=None)
@given(draft=any_text, message=any_text)
@example(draft="", message="")
@example(draft="\ud800 sorry", message="\udfff?")
@example(draft="İİİ calm down", message="ŉ You İ are late!!")
def test_any_text_gets_advice_with_exact_places(draft: str, message: str):
    advice = check(draft, Context(message=message))
    for finding in advice.findings:
        assert draft[finding.start : finding.end] == finding.quote
        assert finding.source and finding.message
    for point in advice.points:
        assert point.quote in message
        assert (point.draft_quote is None) == (point.status == "missed")
    assert advice.to_dict()["verdict"] in ("ready", "improve", "stop")


@settings(max_examples=60, deadline=None)
@given(draft=any_text, message=any_text)
def test_a_dismissed_finding_stays_away(draft: str, message: str):
    found = check(draft, Context(message=message)).findings
    keys = {finding.key for finding in found[:2]}
    left = check(draft, Context(message=message, dismissed=keys)).findings
    assert not keys & {finding.key for finding in left}
    assert {finding.key for finding in left} == {finding.key for finding in found} - keys


def test_a_repeated_opening_of_a_pattern_costs_no_more_than_its_length():
    text = "sie haben " * 5000
    start = time.process_time()
    check(text, Context(message=text))
    assert time.process_time() - start < 10


def test_twenty_thousand_words_are_checked():
    draft = "we will look into the matter as soon as possible " * 2000
    advice = check(draft, Context(message="my lamp is late and you should have told me " * 2000))
    assert any(finding.id == "too_long" for finding in advice.findings)
