"""How Kestrel Heating carries its remedies out: refunds at a payment provider, the rest through finance.

The provider is never called: what it would have answered is written down as an answer, and its connector is paused at
the end, so that the demo reaches nobody. One refund is left uncertain, for a lead to decide.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from backstory.cases.models import Complaint
from backstory.demo.desk import Desk, Life
from backstory.kernel import clock
from backstory.people.models import User
from backstory.recovery import actions, queries, rules
from backstory.recovery.connectors import Evidence, Outcome, State
from backstory.recovery.models import Connector, Remedy, Transfer
from backstory.recovery.rules.transfers import Facts, Phase, Step

BEGAN = timedelta(days=75)
KEY = "sk_test_of_the_demo_reaches_nobody"
REFUNDS, FINANCE = "Card refunds (Stripe, test)", "Finance, weekly file"
CURRENCIES = ("EUR", "GBP")


@dataclass
class Till:
    """Who looks after payments, and what has happened so far."""

    desk: Desk
    refunds: Connector
    finance: Connector
    carried: int = 0
    seen: set[int] = field(default_factory=set)


def transfers(desk: Desk) -> Life:
    """Connectors are set up; then each day remedies go through them, and each week finance gets its file."""
    yield desk.now - BEGAN
    administrator = next(user for user in desk.users.values() if user.role == "administrator")
    till = Till(desk, *_connect(administrator))
    days = BEGAN.days
    for day in range(1, days + 1):
        yield desk.now - timedelta(days=days - day, hours=2)
        if days - day in {0, 2}:
            _grant_another(till, is_lost=day != days)
        _carry_out(till, is_last_day=day == days)
        if day % 7 == 0:
            _weekly_file(till, answered=days - day > 9)
    actions.pause_connector(administrator, till.refunds.pk)


def _connect(administrator: User) -> tuple[Connector, Connector]:
    refunds = actions.add_connector(administrator, "stripe", REFUNDS)
    actions.set_up_connector(administrator, refunds.pk, REFUNDS, {"api": "https://api.stripe.com"}, KEY)
    finance = actions.add_connector(administrator, "csv", FINANCE)
    by_hand = actions.Serves(kinds=["refund"], currencies=CURRENCIES, press_above="200")
    others = ["goodwill", "expense", "credit"]
    by_file = actions.Serves(kinds=others, currencies=CURRENCIES, recipient_is=Connector.Recipient.EMAIL)
    actions.set_service(administrator, refunds.pk, by_hand)
    actions.set_service(administrator, finance.pk, by_file)
    return actions.resume_connector(administrator, refunds.pk), actions.resume_connector(administrator, finance.pk)


def _carry_out(till: Till, *, is_last_day: bool) -> None:
    """Everything granted since yesterday goes its way; the last day's refund waits for its payment's number."""
    for remedy in Remedy.objects.filter(state=Remedy.State.GRANTED, carried_out_at=None).order_by("id"):
        transfer = None if remedy.pk in till.seen else actions.begin_transfer(remedy.pk)
        till.seen.add(remedy.pk)
        if transfer is None:
            continue
        if transfer.connector_id == till.finance.pk:
            _answer(transfer, Outcome(State.PENDING, words="Waits for the next file to finance."))
        elif not is_last_day:
            _refund(till, transfer)


def _grant_another(till: Till, *, is_lost: bool) -> None:
    """Bob pays something back in an open case: the older one's answer is lost, the newer one waits for its number."""
    bob = till.desk.user(till.desk.plan.cast.lead("care").email)
    rows = Complaint.objects.filter(state=Complaint.State.OPEN, conversation__team__in=bob.teams.all(), remedies=None)
    complaint = rows.order_by("-received_at").first()
    if complaint is None:
        return
    reason = "The call-out was charged although we had to come twice."
    remedy = actions.offer_remedy(bob, complaint.pk, "refund", "45", "EUR", reason, exception_reason=reason)
    transfer = actions.begin_transfer(remedy.pk)
    till.seen.add(remedy.pk)
    if is_lost and transfer is not None:
        actions.release_transfer(bob, transfer.pk, f"pi_3Kestrel{transfer.pk:04d}")
        _lost(transfer)


def _lead(till: Till, transfer: Transfer) -> User:
    team = transfer.remedy.complaint.conversation.team
    return next(user for user in till.desk.users.values() if user.role == "lead" and team in user.teams.all())


def _refund(till: Till, transfer: Transfer) -> None:
    """Somebody names the payment and the provider answers; now and then the number was wrong."""
    till.carried += 1
    number = f"{transfer.pk:04d}"
    actions.release_transfer(_lead(till, transfer), transfer.pk, f"pi_3Kestrel{number}")
    if till.carried % 4 == 0:
        _answer(transfer, Outcome(State.REFUSED, words="No such payment: the number belongs to another account."))
        _corrected(till, transfer)
        return
    _answer(transfer, _done(transfer, number))


def _done(transfer: Transfer, number: str) -> Outcome:
    answer = f'{{"id": "re_3Kestrel{number}", "object": "refund", "status": "succeeded"}}'
    kept = Evidence(request_digest="0" * 64, status=200, answer=answer)
    return Outcome(State.DONE, reference=f"re_3Kestrel{number}", money=transfer.money, evidence=kept)


def _corrected(till: Till, transfer: Transfer) -> None:
    actions.retry_transfer(_lead(till, transfer), transfer.pk, f"pi_3Kestrel{transfer.pk:04d}b")
    _answer(transfer, _done(transfer, f"{transfer.pk:04d}b"))


def _lost(transfer: Transfer) -> None:
    """The answer was lost, and the look-ups could not tell: nobody knows whether the money has moved."""
    lost = Outcome(State.UNKNOWN, words="No answer came back (ReadTimeoutError).")
    _answer(transfer, lost)
    away = Outcome(State.UNKNOWN, words="Stripe answered with HTTP 503.", evidence=Evidence("", 503, "unavailable"))
    claimed = _claimed(transfer)
    if claimed is not None:
        actions.end_attempt(actions.begin_look_up(claimed), away)
        step = Step(Phase.UNCERTAIN, None, perhaps=True)
        actions.settle_transfer(claimed, actions.Found(away, step), acted=False, perhaps=True)


def _claimed(transfer: Transfer) -> Transfer | None:
    """The transfer claimed as by a worker, at the time of its next try."""
    at = Transfer.objects.values_list("next_try_at", flat=True).get(pk=transfer.pk) or clock.now()
    with clock.travel(max(at, clock.now())):
        return actions.claim_transfer(transfer.pk)


def _answer(transfer: Transfer, outcome: Outcome) -> None:
    """A worker's step with an answer that is made up instead of asked for."""
    claimed = _claimed(transfer)
    attempt = None if claimed is None else actions.begin_attempt(claimed)
    if claimed is None or attempt is None:
        return
    actions.end_attempt(attempt, outcome)
    looks = claimed.connector.kind != Connector.Kind.CSV
    step = rules.after_carrying_out(outcome, Facts(attempts=1, look_ups=0, honours_keys=looks, can_look_up=looks))
    actions.settle_transfer(claimed, actions.Found(outcome, step), acted=True, perhaps=False)


def _weekly_file(till: Till, *, answered: bool) -> None:
    """A file for each team and currency in which something waits; finance answers the older ones in full."""
    leads = [user for user in till.desk.users.values() if user.role == "lead"]
    for lead in leads:
        for currency, _count in queries.waiting_sums(lead, till.finance):
            batch = actions.make_hand_over(lead, till.finance.pk, currency)
            if answered:
                actions.fetch_hand_over(lead, batch.pk)
                lines = [f"{each.key},paid,SEPA-{each.pk:05d}" for each in batch.transfers.all()]
                text = "key,state,reference\n" + "\n".join(lines)
                actions.take_answer(lead, till.finance.pk, text.encode())
