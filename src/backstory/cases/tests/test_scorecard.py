"""The scorecard fills itself from what was written, and tells how far people agree with it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from backstory.cases.scorecard import KEYS, Exchange, Facts, agreement, filled, judged, may_lead_begin
from backstory.kernel.errors import InvalidInput

ASKED = "There is never enough hot water at night, and nobody comes."
KIND = (
    "No hot water at night and nobody came: that must have been frightening. What does this mean for you at home? "
    "I can send a fitter tonight or tomorrow, whichever suits you."
)
RULE = "According to our terms the tank holds 80 litres. That is not true what you write."


def facts(*replies: str, strain: float | None = 0.8, hours: float = 3, **more: int) -> Facts:
    exchanges = [Exchange(n, ASKED, text, strain, timedelta(hours=hours)) for n, text in enumerate(replies, 1)]
    promises = {"promises_kept": 0, "promises_broken": 0, **more}
    return Facts(tuple(exchanges), closed=True, **promises)


def test_a_reply_that_listens_meets_every_line_with_its_words() -> None:
    card = filled(facts(KIND, promises_kept=1))
    assert list(card) == list(KEYS)
    assert all(verdict.met for verdict in card.values())
    assert card["asked"].quote == "What does this mean for you at home?"
    assert card["asked"].message_id == 1


def test_a_reply_that_quotes_rules_fails_with_the_words_that_do() -> None:
    card = filled(facts(RULE))
    assert card["no_rule"].met is False and "According to our terms" in card["no_rule"].quote
    assert card["no_argument"].met is False
    assert card["asked"].met is False and card["asked"].quote == ""


def test_where_nobody_was_strained_no_feeling_had_to_be_met() -> None:
    assert filled(facts(RULE, strain=0.1))["met_feeling"].met is None
    assert filled(facts(RULE, strain=None))["met_feeling"].met is None


def test_without_an_answer_or_a_promise_a_line_does_not_apply() -> None:
    assert all(verdict.met is None for verdict in filled(Facts((), 0, 0, True)).values())
    assert filled(facts(KIND))["kept_word"].met is None


def test_one_late_answer_and_one_broken_promise_are_told() -> None:
    card = filled(facts(KIND, hours=40, promises_kept=2, promises_broken=1))
    assert (card["in_time"].met, card["in_time"].quote) == (False, "40 h")
    assert (card["kept_word"].met, card["kept_word"].quote) == (False, "2/3")


def test_every_line_has_to_be_judged() -> None:
    answers = dict.fromkeys(KEYS, "yes")
    assert judged(answers) == dict.fromkeys(KEYS, True)
    with pytest.raises(InvalidInput) as error:
        judged({**answers, "asked": "maybe"})
    assert error.value.field == "asked"


def test_the_lead_waits_a_week_for_the_agents_own_view() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    assert not may_lead_begin(now, False, now + timedelta(days=6))
    assert may_lead_begin(now, False, now + timedelta(days=7))
    assert may_lead_begin(now, True, now)


RATINGS = st.lists(st.tuples(*[st.sampled_from([True, False, None])] * 2), min_size=2, max_size=40)


@given(RATINGS)
def test_kappa_is_cohens(pairs: list[tuple[bool | None, bool | None]]) -> None:
    found = agreement(pairs)
    names = {True: "yes", False: "no", None: "na"}
    left, right = [names[a] for a, _ in pairs], [names[b] for _, b in pairs]
    if found.kappa is None:
        assert len(set(left + right)) == 1
    else:
        assert found.kappa == pytest.approx(cohen_kappa_score(left, right))
        assert found.interval and found.interval[0] <= found.kappa <= found.interval[1]


def test_kappa_of_a_textbook_table() -> None:
    """Cohen's own kind of table: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no gives 0.4."""
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    assert agreement(pairs).kappa == pytest.approx(0.4)
    assert agreement([]).kappa is None
