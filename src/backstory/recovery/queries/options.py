"""What may be offered in this case, what similar cases received, and what it may be worth."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from backstory.cases.models import Complaint, Promise
from backstory.cases.queries import earlier_complaints
from backstory.conversations.queries import visible
from backstory.kernel import clock
from backstory.kernel.money import Money
from backstory.measures.value import break_even_remedy, cents, lifetime_value
from backstory.people.models import User
from backstory.recovery.models import RecoveryValue, Remedy
from backstory.recovery.queries.authority import Book, book, wish_for
from backstory.recovery.queries.policies import active_rules, cause_paths, matter_of, recovery_value
from backstory.recovery.rules import policies, precedent
from backstory.recovery.rules.policies import Rule
from backstory.recovery.rules.precedent import Case, Matter, Precedent

MOST_CASES = 1000

NEEDED = {
    "margin": "the margin that a customer brings in a year",
    "retention": "the share of customers who stay from year to year",
    "discount": "the discount rate",
    "stay_gain": "by how much more often somebody stays whom we recover well",
    "word_of_mouth": "what good or bad word of mouth is worth per case",
    "handling_cost": "what handling a case costs",
}


@dataclass(frozen=True)
class BreakEven:
    """Up to where a remedy brings back what it costs; without all inputs there is none, and `missing` says which."""

    money: Money | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Weighed:
    """An offer held against policy, precedent, value and authority. Warnings never block."""

    kind: str
    label: str
    money: Money
    rule: Rule | None
    outside: str  # of the policy: "above", "below" or ""
    precedent: Precedent
    far: str  # from precedent: "above", "below" or ""
    reasons: tuple[str, ...]  # why being far outside may be right
    left: Money | None  # of the viewer's authority for this kind
    may_grant: bool
    needs_two: bool
    costs_more: bool | None  # than it is likely to bring back; None where that is not known


@dataclass(frozen=True)
class Options:
    """What is proposed for a case, side by side."""

    options: tuple[Weighed, ...]
    break_even: BreakEven


@dataclass(frozen=True)
class _Scale:
    """Everything offers of one case are held against, read once."""

    viewer: User
    complaint: Complaint
    currency: str
    rules: list[Rule]
    matter: Matter
    cases: dict[str, list[Case]]
    ledger: Book
    worth: BreakEven
    history: tuple[str, ...] = field(default=())


def break_even(value: RecoveryValue | None, currency: str) -> BreakEven:
    """ΔP(stay)·CLV + Δ word of mouth − handling cost, from what a lead has set; nothing is invented."""
    missing = tuple(words for name, words in NEEDED.items() if value is None or getattr(value, name) is None)
    if value is None or missing:
        return BreakEven(None, missing)
    lifetime = lifetime_value(value.margin or Decimal(0), value.retention or Decimal(0), value.discount or Decimal(0))
    amount = break_even_remedy(
        value.stay_gain or Decimal(0), lifetime, value.word_of_mouth or Decimal(0), value.handling_cost or Decimal(0)
    )
    return BreakEven(Money(cents(amount), currency))


def options(viewer: User, complaint: Complaint, currency: str) -> Options:
    """Two or three ways to make amends here, by policy, with what similar cases received."""
    rules = active_rules()
    matter = matter_of(complaint)
    chosen = policies.proposals(rules, matter, currency)
    scale = _scale(viewer, complaint, currency, [rule.kind for rule in chosen], rules)
    return Options(tuple(_proposal(scale, rule) for rule in chosen), scale.worth)


def weigh(viewer: User, complaint: Complaint, kind: str, money: Money) -> Weighed:
    """One offer as somebody is about to make it."""
    return _weigh(_scale(viewer, complaint, money.currency, [kind], active_rules()), kind, money)


def _scale(viewer: User, complaint: Complaint, currency: str, kinds: list[str], rules: list[Rule]) -> _Scale:
    paths = cause_paths()
    return _Scale(
        viewer,
        complaint,
        currency,
        rules,
        matter_of(complaint, paths),
        _cases(viewer, complaint, kinds, currency, paths),
        book([complaint.pk], [viewer]),
        break_even(recovery_value(currency), currency),
        _history(viewer, complaint),
    )


def _cases(
    viewer: User, complaint: Complaint, kinds: Iterable[str], currency: str, paths: dict[int, tuple[int, ...]]
) -> dict[str, list[Case]]:
    """Remedies of these kinds granted on other complaints that the viewer may see, by kind."""
    rows = Remedy.objects.filter(
        state=Remedy.State.GRANTED,
        kind__in=list(kinds),
        currency=currency,
        decided_at__gt=clock.now() - precedent.OLDEST,
        complaint__conversation__in=visible(viewer),
    ).exclude(complaint=complaint)
    found: dict[str, list[Case]] = {}
    names = ("complaint", "complaint__conversation", "complaint__number", "complaint__cause", "complaint__severity")
    for kind, amount, at, pk, conversation, number, cause, severity in rows.order_by("-decided_at").values_list(
        "kind", "amount", "decided_at", *names
    )[:MOST_CASES]:
        case = Case(pk, conversation, number, Matter(paths.get(cause, ()), severity), amount, at)
        found.setdefault(kind, []).append(case)
    return found


def _history(viewer: User, complaint: Complaint) -> tuple[str, ...]:
    """What the record itself says for giving more here, or otherwise: never anything of a backstory."""
    said = []
    earlier = earlier_complaints(viewer, complaint.conversation)
    if earlier:
        said.append(f"It is not their first complaint ({len(earlier)} before): failing twice weighs more.")
    broken = Promise.objects.filter(conversation=complaint.conversation_id, state=Promise.State.BROKEN).count()
    if broken:
        said.append("We broke a promise here.")
    if complaint.reopened_count:
        said.append("It was closed before and was not settled.")
    return tuple(said)


def _proposal(scale: _Scale, rule: Rule) -> Weighed:
    found = precedent.precedent(scale.matter, scale.cases.get(rule.kind, []), clock.now())
    return _weigh(scale, rule.kind, Money(policies.proposed_amount(rule, found), scale.currency), found)


def _weigh(scale: _Scale, kind: str, money: Money, known: Precedent | None = None) -> Weighed:
    found = known or precedent.precedent(scale.matter, scale.cases.get(kind, []), clock.now())
    rule = policies.rule_for(scale.rules, scale.matter, kind, money.currency)
    wish = wish_for(scale.complaint, kind, money)
    far = precedent.far_outside(found, money.amount)
    worth = scale.worth.money
    return Weighed(
        kind=kind,
        label=str(Remedy.Kind(kind).label),
        money=money,
        rule=rule,
        outside=policies.verdict(rule, money.amount),
        precedent=found,
        far=far,
        reasons=_reasons(scale, found, far) if far else (),
        left=scale.ledger.left(scale.viewer, wish),
        may_grant=scale.ledger.may_grant(scale.viewer, wish),
        needs_two=scale.ledger.needs_two(wish),
        costs_more=None if worth is None else money.amount > worth.amount,
    )


def _reasons(scale: _Scale, found: Precedent, far: str) -> tuple[str, ...]:
    """Why it may be right all the same. The last one is always there, so that it tells nothing about anybody."""
    said = list(scale.history) if far == "above" else []
    typical, here = precedent.typical_severity(found), scale.matter.severity
    if typical is not None and far == "above" and here > typical:
        said.insert(0, "It is more severe than those cases.")
    elif typical is not None and far == "below" and here < typical:
        said.insert(0, "It is less severe than those cases.")
    said.append("Somebody's situation may call for another answer; what is known of that stands elsewhere.")
    return tuple(said)
