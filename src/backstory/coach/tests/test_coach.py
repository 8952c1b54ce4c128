"""The golden case, points, empathy, evidence and the questions that open a backstory."""

import pytest

from backstory.coach import Context, check
from backstory.coach.questions import suggest
from backstory.language.replies import evidence

MESSAGE = (
    "You are the worst person in the world. I want you to move my family to another house at once! "
    "There is never enough hot water and it is a danger to my family. When will you do something?"
)
RULE_QUOTING = """Dear Tom,

according to our policy the tank's capacity is 80 litres, which is more than sufficient for a family. Your family \
should have used less water. It is not possible to move you. Your call is important to us.

Kind regards"""
LISTENING = """Dear Tom,

I am sorry that there was not enough hot water and that you were afraid for your family. That must have been a \
frightening night, and I understand why you are angry. What happened last night, and \
who at home needs the hot water most?

I will come to your house today at 4 pm with our plumber. I can either put in a second tank by Friday or lend you an \
electric boiler tonight. About another house: I cannot promise one this week, but I will ask and tell you by Thursday.

Call me at any time, I am here for you.
Alice"""


def statuses(message: str, draft: str) -> list[tuple[str, str]]:
    return [(point.kind, point.status) for point in check(draft, Context(message=message)).points]


def test_the_reply_that_quotes_the_tank_is_stopped_for_the_right_reasons():
    advice = check(RULE_QUOTING, Context(message=MESSAGE, style="driver"))
    reasons = {finding.id for finding in advice.findings}
    assert advice.verdict == "stop"
    assert {"rule_quoted", "rebuttal", "blame", "cannot_be_done", "banned_phrase", "apology_missing"} <= reasons
    assert ("harm", "acknowledged") not in statuses(MESSAGE, RULE_QUOTING)


def test_the_reply_that_listens_passes():
    advice = check(LISTENING, Context(message=MESSAGE, style="driver"))
    assert advice.verdict == "ready"
    assert all(point.status != "missed" for point in advice.points)
    assert (advice.empathy.reaction, advice.empathy.interpretation, advice.empathy.exploration) == (2, 2, 2)


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
@pytest.mark.parametrize("style", [None, "driver", "expressive", "analytic", "amiable"])
def test_the_questions_open_the_backstory_and_never_argue_about_the_tank(language: str, style: str | None):
    asked = suggest(MESSAGE, language, style)
    assert 3 <= len(asked) <= 5
    for question in asked:
        assert question.why
        assert evidence.open_questions(question.text)
        assert evidence.rebuts(question.text) is None
        assert evidence.quotes_rule(question.text) is None
        assert not {"tank", "litres", "capacity", "liter"} & set(question.text.lower().split())


def test_a_family_in_danger_is_asked_about_first():
    first, second, *_ = suggest(MESSAGE, "en")
    assert "safety" in first.text
    assert "family" in second.text


def test_what_is_known_already_is_not_asked():
    texts = [question.text for question in suggest("", "en", stated=["stake", "by_when"])]
    assert not any("mean for you" in text or "By when" in text for text in texts)


def test_a_question_is_answered_only_by_the_kind_of_thing_it_asks_for():
    message = "When will my sofa be delivered?"
    assert statuses(message, "Your sofa will be delivered on Friday.") == [("question", "answered")]
    assert statuses(message, "I understand you want to know about the delivery of your sofa.") == [
        ("question", "acknowledged")
    ]
    assert statuses(message, "Thank you for writing.") == [("question", "missed")]


def test_a_request_is_answered_by_doing_or_refusing_it():
    message = "Please refund the 40 euros."
    assert statuses(message, "I have refunded the 40 euros.") == [("request", "answered")]
    assert statuses(message, "I cannot refund the 40 euros, but here is a voucher.") == [("request", "answered")]
    assert statuses(message, "You asked for a refund of 40 euros.") == [("request", "acknowledged")]


def test_synonyms_meet():
    assert statuses("My parcel never arrived.", "I am sorry the delivery did not reach you.") == [
        ("harm", "acknowledged")
    ]


def test_a_stock_apology_acknowledges_nothing():
    assert statuses("My parcel never arrived.", "We apologise for any inconvenience.") == [("harm", "missed")]


def test_german_points_are_held_against_the_draft():
    message = "Wann kommt der Techniker? Die Heizung ist seit drei Tagen kaputt. Bitte erstatten Sie mir die Miete."
    draft = (
        "Es tut mir leid, dass Ihre Heizung kaputt ist. Der Techniker kommt morgen um 9 Uhr. "
        "Ich erstatte Ihnen die Miete für drei Tage."
    )
    assert statuses(message, draft) == [("question", "answered"), ("harm", "acknowledged"), ("request", "answered")]


def test_a_named_emotion_is_the_customers_not_the_writers():
    assert evidence.names_emotion("I see that you were frightened.") == "frightened"
    assert evidence.names_emotion("We are disappointed.") is None
    assert evidence.names_emotion("A new lamp ships today.") is None


def test_an_open_question_is_no_yes_or_no_question():
    text = "Did it break? What happened last night? How can I help?"
    assert evidence.open_questions(text) == ["What happened last night?", "How can I help?"]


def test_the_problem_is_restated_in_the_customers_words():
    reply = "Thank you. There is never enough hot water for your family."
    assert evidence.restates(MESSAGE, reply) == "There is never enough hot water for your family."
    assert evidence.restates(MESSAGE, "Thank you for your letter.") is None


def test_a_rule_in_the_customers_favour_is_no_rule_held_up():
    assert evidence.quotes_rule("Under our terms you are entitled to a refund.") is None
    assert evidence.quotes_rule("Under our terms this is excluded.") == "Under our terms"


def test_arguing_is_seen():
    assert evidence.rebuts("That is not true, the tank works.") == "That is not true"
    assert evidence.rebuts("Please tell me more.") is None


def test_a_style_makes_its_own_donts_weigh_more():
    draft = "You must send a photo."
    plain = {one.id: one.level for one in check(draft, Context()).findings}
    expressive = {one.id: one.level for one in check(draft, Context(style="expressive")).findings}
    assert (plain["dictatorial_tone"], expressive["dictatorial_tone"]) == ("advice", "warning")


def test_an_empty_draft_has_no_findings_but_leaves_points_missed():
    advice = check("  ", Context(message="When does it arrive?"))
    assert advice.findings == ()
    assert [point.status for point in advice.points] == ["missed"]
    assert advice.verdict == "improve"
