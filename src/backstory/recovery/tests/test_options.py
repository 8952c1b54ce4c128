"""What is proposed for a case, and offers held against policy, precedent and value."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backstory.cases.actions import open_complaint, set_cause, set_severity
from backstory.cases.models import Cause, Complaint
from backstory.conversations.models import Message
from backstory.kernel.errors import InvalidInput, NotAllowed, NotFound
from backstory.kernel.money import Money
from backstory.recovery import actions, queries
from backstory.recovery.models import PolicyRule, Remedy
from conftest import Cast


@pytest.fixture
def missed(cast: Cast, write: Callable[..., Message]) -> Callable[..., Complaint]:
    """A complaint about an appointment that nobody came to."""
    cause = Cause.objects.get(slug="missed-appointment")

    def arrive(n: int = 0, severity: int = 2) -> Complaint:
        complaint = open_complaint(cast.alice, write("Nobody came", sender=f"c{n}@customer.example").conversation_id)
        set_severity(cast.alice, complaint.pk, severity)
        return set_cause(cast.alice, complaint.pk, cause.pk)

    actions.seed_policy()
    return arrive


def euros(amount: str | int) -> Money:
    return Money(Decimal(amount), "EUR")


def past(cast: Cast, missed: Callable[..., Complaint], amounts: list[int]) -> None:
    for n, amount in enumerate(amounts, 1):
        actions.offer_remedy(
            cast.alice, missed(n).pk, "credit", amount, "EUR", "Lost day", exception_reason="A whole day was lost."
        )


def test_two_or_three_options_are_proposed_from_the_policy_for_the_cause(
    cast: Cast, missed: Callable[..., Complaint]
) -> None:
    found = queries.options(cast.alice, missed(), "EUR")
    assert [(each.kind, each.money.amount) for each in found.options] == [
        ("credit", Decimal(40)),
        ("expense", Decimal(40)),
        ("goodwill", Decimal(40)),
    ]
    assert all(each.may_grant and not each.outside for each in found.options)
    assert found.options[0].left == euros(100)


def test_precedent_moves_the_proposal_and_warns_of_what_is_far_outside(
    cast: Cast, missed: Callable[..., Complaint]
) -> None:
    past(cast, missed, [24, 26, 26, 28, 30])
    here = missed(9, severity=3)
    proposed = queries.options(cast.alice, here, "EUR").options[0]
    assert (proposed.money, proposed.precedent.count, proposed.far) == (euros(26), 5, "")
    far = queries.weigh(cast.alice, here, "credit", euros(48))
    assert (far.far, far.outside, far.may_grant) == ("above", "", True)
    assert far.reasons[0] == "It is more severe than those cases."
    plain = queries.weigh(cast.alice, missed(10), "credit", euros(48))
    assert far.reasons[-1] == plain.reasons[-1], "what is said of somebody's situation is said to everybody"
    offered = actions.offer_remedy(cast.alice, here.pk, "credit", "48", "EUR", "Lost day")
    assert offered.state == Remedy.State.GRANTED, "a warning never blocks"


def test_precedent_is_only_what_the_viewer_may_see(cast: Cast, missed: Callable[..., Complaint]) -> None:
    past(cast, missed, [24, 26, 26, 28, 30])
    here = missed(9)
    other = open_complaint(cast.charlie, _in_parts(cast).conversation_id)
    set_cause(cast.charlie, other.pk, here.cause_id)
    assert queries.weigh(cast.charlie, other, "credit", euros(26)).precedent.count == 0


def _in_parts(cast: Cast) -> Message:
    from backstory.conversations.actions import receive, store_raw
    from backstory.conversations.letters import Inbound

    raw, _ = store_raw("email", cast.parts_mailbox, b"a letter")
    letter = Inbound(channel="email", from_address="tom@customer.example", text="Nobody came", subject="Visit")
    message = receive(letter, cast.parts_mailbox, raw)
    assert message is not None
    return message


def test_outside_the_policy_needs_a_reason_and_is_kept_as_an_exception(
    cast: Cast, missed: Callable[..., Complaint]
) -> None:
    here = missed()
    with pytest.raises(InvalidInput, match=r"more than our policy gives here \(20\.00 to 50\.00 EUR\)") as refused:
        actions.offer_remedy(cast.alice, here.pk, "credit", "60", "EUR", "Lost day")
    assert refused.value.field == "exception_reason"
    kept = actions.offer_remedy(cast.alice, here.pk, "credit", "60", "EUR", "Lost day", exception_reason="Third time.")
    assert (kept.is_exception, kept.exception_reason) == (True, "Third time.")
    inside = actions.offer_remedy(cast.alice, here.pk, "expense", "30", "EUR", "Taxi", exception_reason="Not needed")
    assert (inside.is_exception, inside.exception_reason) == (False, "")


def test_an_amount_changed_out_of_the_policy_needs_the_deciders_reason(
    cast: Cast, missed: Callable[..., Complaint]
) -> None:
    asked = actions.offer_remedy(cast.alice, missed().pk, "expense", "140", "EUR", "Hotel")
    with pytest.raises(InvalidInput, match="more than our policy"):
        actions.approve_remedy(cast.bob, asked.pk, amount="200")
    granted = actions.approve_remedy(cast.bob, asked.pk, "Two nights.", amount="200")
    assert (granted.is_exception, granted.exception_reason) == (True, "Two nights.")


def test_many_exceptions_say_that_maybe_the_rule_is_wrong(cast: Cast, missed: Callable[..., Complaint]) -> None:
    past(cast, missed, [60, 60, 55, 60])
    credit = PolicyRule.objects.get(slug="appointment-credit")

    def use() -> queries.RuleUse:
        return next(each for each in queries.rule_uses(cast.bob) if each.row == credit)

    assert not use().is_doubtful
    past(cast, missed, [40, 65])
    found = use()
    assert (found.exceptions.count, found.exceptions.total, found.above, found.is_doubtful) == (5, 6, 5, True)


def test_what_keeping_a_customer_is_worth_is_asked_for_and_never_invented(
    cast: Cast, missed: Callable[..., Complaint]
) -> None:
    here = missed()
    unknown = queries.options(cast.alice, here, "EUR")
    assert unknown.break_even.money is None and len(unknown.break_even.missing) == 6
    assert unknown.options[0].costs_more is None
    with pytest.raises(NotAllowed):
        actions.save_value(cast.alice, "EUR", margin="100")
    actions.save_value(cast.bob, "EUR", margin="100", retention="0.8", discount=".1", stay_gain="0.3")
    assert queries.options(cast.alice, here, "EUR").break_even.missing == (
        "what good or bad word of mouth is worth per case",
        "what handling a case costs",
    )
    actions.save_value(cast.bob, "EUR", word_of_mouth="10", handling_cost="15")
    known = queries.options(cast.alice, here, "EUR")
    assert known.break_even.money == euros("75.00"), "0.3 × 266.67 + 10 − 15"
    assert queries.weigh(cast.alice, here, "credit", euros("75.01")).costs_more
    assert not queries.weigh(cast.alice, here, "credit", euros(75)).costs_more


@pytest.mark.parametrize(
    "given",
    [
        {"minimum": "9", "usual": "5", "maximum": "20"},
        {"least_severity": 3, "most_severity": 1},
        {"kind": "hug"},
        {"cause_id": 0},
        {"maximum": "-1"},
    ],
)
def test_a_doubtful_rule_is_refused(cast: Cast, given: dict[str, object]) -> None:
    fields = {"kind": "credit", "currency": "EUR", "minimum": "0", "usual": "5", "maximum": "10", **given}
    with pytest.raises(InvalidInput):
        actions.save_rule(cast.bob, **fields)
    assert not PolicyRule.objects.exists()


def test_leads_change_and_retire_rules_and_the_shipped_ones_stay_away(cast: Cast) -> None:
    assert actions.seed_policy() == 35
    credit = PolicyRule.objects.get(slug="appointment-credit")
    for viewer in (cast.alice, cast.charlie):
        with pytest.raises(NotAllowed):
            actions.save_rule(viewer, credit.pk, maximum="500")
    assert actions.save_rule(cast.bob, credit.pk, maximum="70").maximum == 70
    actions.retire_rule(cast.dana, credit.pk)
    assert actions.seed_policy() == 0
    assert credit.pk not in [each.row.pk for each in queries.rule_uses(cast.bob)]
    with pytest.raises(NotFound):
        actions.retire_rule(cast.bob, 0)


def test_proposing_costs_the_same_however_much_was_given_before(cast: Cast, missed: Callable[..., Complaint]) -> None:
    here = missed()

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.options(cast.alice, here, "EUR")
        return len(captured)

    before = statements()
    past(cast, missed, [24, 26, 26, 28, 30, 32, 34])
    assert statements() == before <= 14
