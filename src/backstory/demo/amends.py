"""Making amends at Kestrel: limits, what keeping a customer is worth, offers of many kinds and what came of them, a
lead away with somebody standing in, requests that waited too long."""

from datetime import datetime, timedelta
from random import Random

from backstory.cases.models import Complaint
from backstory.demo.desk import Desk, Life
from backstory.kernel import clock
from backstory.kernel.errors import BackstoryError
from backstory.people.models import User
from backstory.people.policy import Permission, can
from backstory.recovery import actions, queries
from backstory.recovery.models import Remedy, Transfer

SEED = 7
CURRENCY = "EUR"
WEEKS = 14
OFFERS_A_WEEK = 4
FRESH = timedelta(days=9)
"""What was granted since then is still on its way."""
LOST_DAYS = "credit"
EXCEPTION = "Two visits missed: fifty for two lost days is less than one day costs them."
ACCEPTED, DECLINED = 0.72, 0.8
"""Of those who were told: up to the first they accept, up to the second they decline, the rest says nothing."""
NOTES = {
    "accepted": ("Thank you, that is fair.", "Good, let us do that.", ""),
    "declined": ("I would rather have it mended.",),
}
REASONS = (
    "They have waited long enough for a sign from us.",
    "What it cost them, as far as we can see.",
    "The same as we gave in the last case of this kind.",
    "They asked for nothing; it is right all the same.",
)


def begin(desk: Desk) -> None:
    """Put everything about remedies that no single story tells on the agenda."""
    random = Random(SEED)
    bob = desk.user(desk.plan.cast.lead("care").email)
    dana = next(user for user in desk.users.values() if user.role == "administrator")
    desk.begin(_settings(desk, bob, dana))
    desk.begin(_offers(desk, random))
    desk.begin(_answers(desk, Random(SEED + 1)))
    desk.begin(_away(desk))
    desk.begin(_passing_on(desk))


def _settings(desk: Desk, bob: User, dana: User) -> Life:
    """The administrator sharpens the limits; the lead finds out what keeping a customer is worth."""
    yield desk.now - timedelta(days=105)
    care = bob.memberships.get().team_id
    actions.set_limit(dana, "agent", CURRENCY, 150, team_id=care, kind="refund")
    actions.set_limit(dana, "agent", CURRENCY, 600, period="week")
    yield desk.now - timedelta(days=75)
    actions.save_value(bob, CURRENCY, margin="180", retention="0.86", discount="0.08", stay_gain="0.15")
    yield desk.now - timedelta(days=40)
    actions.save_value(bob, CURRENCY, word_of_mouth="12", handling_cost="18")
    actions.set_limit(dana, "lead", CURRENCY, 1200)


def _offers(desk: Desk, random: Random) -> Life:
    """Some complaints a week get what the policy proposes, a little more or less; lost days get more than it says."""
    for week in range(WEEKS, -1, -1):
        for number in range(OFFERS_A_WEEK):
            yield desk.now - timedelta(days=7 * week - number, hours=random.randint(2, 7))
            complaint = _open_without(random)
            if complaint is not None:
                _offer(random, complaint)


def _open_without(random: Random) -> Complaint | None:
    """An open complaint that somebody cares for and nothing was offered for; lost days first."""
    rows = Complaint.objects.filter(state=Complaint.State.OPEN, remedies=None).exclude(owner=None).exclude(cause=None)
    rows = rows.select_related("owner", "conversation", "cause").order_by("id")
    lost = list(rows.filter(cause__slug="missed-appointment"))
    found = lost or list(rows)
    return random.choice(found) if found else None


def _offer(random: Random, complaint: Complaint) -> None:
    owner = complaint.owner
    if owner is None or not can(owner, Permission.GRANT_REMEDY, complaint.conversation.team_id):
        return
    proposed = [each for each in queries.options(owner, complaint, CURRENCY).options if each.may_grant]
    if not proposed:
        return
    chosen = (
        proposed[0] if complaint.cause and complaint.cause.slug == "missed-appointment" else random.choice(proposed)
    )
    amount, why = int(chosen.money.amount), ""
    if chosen.kind == LOST_DAYS and complaint.cause and complaint.cause.slug == "missed-appointment":
        amount, why = (60, EXCEPTION) if random.random() < 0.6 else (45, "")
    elif amount and chosen.rule is not None:
        spread = int(amount * random.uniform(0.7, 1.3) / 5) * 5
        amount = min(max(spread, int(chosen.rule.minimum)), int(chosen.rule.maximum))
    try:
        actions.offer_remedy(
            owner, complaint.pk, chosen.kind, amount, CURRENCY, random.choice(REASONS), exception_reason=why
        )
    except BackstoryError:
        return  # closed or changed since: they get what their own story tells


def _answers(desk: Desk, random: Random) -> Life:
    """Customers are told, most accept, and what was granted is carried out within days."""
    first = desk.now - timedelta(days=7 * (WEEKS + 2))
    for day in range((desk.now - first).days + 1):
        yield first + timedelta(days=day, hours=18)
        _tell_and_hear(random)
        if clock.now() < desk.now - FRESH:
            _carry_out(clock.now() - timedelta(days=2))


def _tell_and_hear(random: Random) -> None:
    rows = Remedy.objects.filter(state=Remedy.State.GRANTED, offered_at=None, carried_out_at=None)
    for remedy in rows.select_related("decided_by", "offered_by").order_by("id"):
        teller = remedy.offered_by
        if teller is None:
            continue
        actions.mark_offered(teller, remedy.pk)
        luck = random.random()
        answer = "accepted" if luck < ACCEPTED else "declined" if luck < DECLINED else ""
        if answer:
            actions.record_answer(remedy.pk, answer, random.choice(NOTES[answer]), viewer=None)


def _carry_out(granted_before: datetime) -> None:
    rows = Remedy.objects.filter(state=Remedy.State.GRANTED, carried_out_at=None, decided_at__lt=granted_before)
    by_hand = rows.exclude(answer="declined").exclude(pk__in=Transfer.objects.values("remedy"))
    for remedy in by_hand.order_by("id"):
        actions.mark_carried_out(remedy.pk, _evidence(remedy), remedy.offered_by)


def _evidence(remedy: Remedy) -> str:
    """How Kestrel knows: the number of a payment, a parcel, a visit, a letter."""
    number = 20_000 + remedy.pk * 37 % 9_000
    words = {
        "refund": "Bank transfer",
        "expense": "Bank transfer",
        "replacement": "Parcel",
        "repair": "Visit report",
        "upgrade": "Order",
        "apology": "Letter",
        "correction": "Corrected invoice",
    }
    return f"{words.get(remedy.kind, 'Credit note')} {number}"


def _away(desk: Desk) -> Life:
    """The lead of the other team is away this week; an agent of hers decides meanwhile."""
    yield desk.now - timedelta(days=2)
    lead = desk.user(desk.plan.cast.lead("parts").email)
    deputy = next(user for user in desk.users.values() if user.role == "agent" and _shares(user, lead))
    actions.plan_absence(lead, lead.pk, clock.now(), desk.now + timedelta(days=5), deputy.pk)


def _shares(one: User, other: User) -> bool:
    teams = set(other.memberships.values_list("team_id", flat=True))
    return one.memberships.filter(team_id__in=teams).exists()


def _passing_on(desk: Desk) -> Life:
    """Each morning of the last weeks, requests that nobody answered go to the next."""
    for day in range(30, -1, -1):
        yield desk.now - timedelta(days=day, hours=1)
        actions.escalate_due_requests()
