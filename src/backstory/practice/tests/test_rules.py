"""The model of mood holds for every style and any mixture of what an agent can say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.practice.rules import EFFECTS, STYLE_WEIGHTS, STYLES, Mood, move

HARMS = sorted(kind for kind, effect in EFFECTS.items() if effect.harms)
HARD = sorted(kind for kind, effect in EFFECTS.items() if effect.hard)
CALMING = sorted(set(EFFECTS) - set(HARMS))

points = st.floats(min_value=0, max_value=100)
moods = st.builds(Mood, points, points, st.booleans(), st.booleans())
styles = st.sampled_from(STYLES)
kinds = st.sets(st.sampled_from(sorted(EFFECTS)), max_size=8)
calming = st.sets(st.sampled_from(CALMING), max_size=8)
seen = st.dictionaries(st.sampled_from(sorted(EFFECTS)), st.integers(0, 9))


@given(moods, kinds, styles, seen)
def test_arousal_and_trust_stay_between_nothing_and_a_hundred(mood, said, style, before) -> None:
    after = move(mood, said, style, before).mood
    assert 0 <= after.arousal <= 100
    assert 0 <= after.trust <= 100


@given(moods, calming, styles, seen)
def test_being_heard_and_validated_never_raises_arousal_nor_costs_trust(mood, said, style, before) -> None:
    after = move(mood, said | {"heard", "validated"}, style, before).mood
    assert after.arousal <= mood.arousal
    assert after.trust >= mood.trust - 0.05  # points are kept to one decimal
    assert (after.heard, after.validated) == (True, True)


@given(moods, kinds, styles, st.sampled_from(HARD), seen)
def test_blame_and_its_like_never_calm_whatever_stands_beside_them(mood, said, style, hard, before) -> None:
    after = move(mood, said | {hard}, style, before).mood
    assert after.arousal >= mood.arousal - 0.05
    assert after.trust <= mood.trust + 0.05


@given(moods, st.sets(st.sampled_from(HARMS), min_size=1), styles, seen)
def test_harm_alone_never_calms_nor_earns_trust(mood, said, style, before) -> None:
    after = move(mood, said, style, before).mood
    assert after.arousal >= mood.arousal - 0.05
    assert after.trust <= mood.trust + 0.05


@given(moods, kinds, styles, st.sampled_from(HARMS), seen)
def test_one_harm_more_never_leaves_the_customer_calmer(mood, said, style, harm, before) -> None:
    without = move(mood, said - {harm}, style, before).mood
    assert move(mood, said | {harm}, style, before).mood.arousal >= without.arousal


@given(moods, styles, st.sampled_from(CALMING), st.integers(0, 8))
def test_the_same_kind_words_again_are_worth_no_more(mood, style, kind, times) -> None:
    now = move(mood, {kind}, style, {kind: times}).mood
    later = move(mood, {kind}, style, {kind: times + 1}).mood
    assert later.arousal >= now.arousal
    assert later.trust <= now.trust


@given(st.floats(50, 100), points, styles)
def test_a_fix_before_being_heard_does_not_calm_a_heated_customer(arousal, trust, style) -> None:
    before = Mood(arousal, trust)
    alone = move(before, {"acted_cause", "dated"}, style)
    assert alone.mood.arousal == pytest.approx(arousal, abs=0.05)
    heard = move(before, {"acted_cause", "dated", "heard"}, style)
    assert heard.mood.arousal < arousal


def test_the_loop_closes_once_when_heard_and_validated_have_both_come() -> None:
    heard = move(Mood(80, 30), {"heard"}, "expressive")
    assert "loop" not in {step.kind for step in heard.steps}
    both = move(heard.mood, {"validated"}, "expressive")
    assert "loop" in {step.kind for step in both.steps}
    assert "loop" not in {step.kind for step in move(both.mood, {"heard", "validated"}, "expressive").steps}


@pytest.mark.parametrize(
    ("style", "kind"),
    [("driver", "refused"), ("expressive", "rule"), ("analytic", "doubted"), ("amiable", "rushed")],
)
def test_what_does_not_work_with_a_style_weighs_more_there(style, kind) -> None:
    others = [move(Mood(40, 50), {kind}, other).mood.arousal for other in STYLES if other != style]
    assert move(Mood(40, 50), {kind}, style).mood.arousal >= max(others)


def test_every_effect_names_its_source_and_every_weight_an_effect() -> None:
    assert all(effect.source and effect.title for effect in EFFECTS.values())
    assert {kind for weights in STYLE_WEIGHTS.values() for kind in weights} <= set(EFFECTS)
    assert all("[" in effect.source for effect in EFFECTS.values()), "each says how well it is known"
