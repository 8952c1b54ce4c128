"""Preparing news for many customers: written, previewed, approved by another lead, begun, paused, stopped."""

from datetime import date
from typing import Any

from django.db import transaction

from backstory.improvement import policy, queries
from backstory.improvement.actions.common import required
from backstory.improvement.models import AddedAddress, Campaign, CampaignText, NewsDeclined, Recipient
from backstory.improvement.queries import standing
from backstory.improvement.rules import letters
from backstory.improvement.rules.recipients import judge, parse_list
from backstory.kernel import clock
from backstory.kernel.errors import Conflict, InvalidInput
from backstory.live.actions import Actor, record
from backstory.people.models import Customer, User
from backstory.people.rules import is_email

State = Campaign.State
EDITABLE = (State.DRAFT, State.PREVIEWED)
MOST_PER_HOUR = 5_000


def tell_of(kind: str, campaign: Campaign, actor: Actor | None = None, **data: Any) -> None:
    record(kind, actor=actor, team_id=campaign.team_id, subject=("campaign", campaign.pk), **data)


def lock_campaign(viewer: User, campaign_id: int) -> Campaign:
    """The campaign, held, if the viewer may tell its team's customers."""
    seen = queries.get_campaign(viewer, campaign_id)
    policy.require_telling(viewer, seen.team_id)
    return Campaign.objects.select_for_update().get(pk=campaign_id)


def _editable(viewer: User, campaign_id: int) -> Campaign:
    campaign = lock_campaign(viewer, campaign_id)
    if campaign.state not in EDITABLE:
        raise Conflict("It has been approved: stop it and begin another to change it.")
    return campaign


@transaction.atomic
def plan_campaign(viewer: User, problem_id: int, kind: str, name: str, team_id: int | None = None) -> Campaign:
    """A draft with words to begin with in each language."""
    problem = queries.get_problem(viewer, problem_id)
    teams = queries.telling_teams(viewer, problem)
    team = next((one for one in teams if team_id in (None, one.pk)), None)
    if team is None:
        policy.require_telling(viewer, team_id or problem.team_id or 0)
        raise InvalidInput("Choose one of your teams.", "team")
    mailbox = queries.mailbox_of(team.pk)
    if mailbox is None:
        raise InvalidInput("This team has no mailbox to write from.", "team")
    if kind not in Campaign.Kind.values:
        raise InvalidInput("Choose what you want to tell.", "kind")
    title = required(name, "name", "the name", 150)
    campaign = Campaign.objects.create(
        problem=problem, team=team, mailbox=mailbox, kind=kind, name=title, made_by=viewer
    )
    templates = letters.CHANGED if kind == Campaign.Kind.CHANGED else letters.NOTICE
    CampaignText.objects.bulk_create(
        CampaignText(campaign=campaign, language=language, subject=one.subject, text=one.text)
        for language, one in templates.items()
    )
    tell_of("campaign.planned", campaign, viewer, name=title)
    return campaign


@transaction.atomic
def write_text(viewer: User, campaign_id: int, language: str, subject: str, text: str) -> CampaignText:
    """The letter in one language. An empty text takes the language out. What was previewed is a draft again."""
    campaign = _editable(viewer, campaign_id)
    if language not in letters.LANGUAGES:
        raise InvalidInput("Choose one of the languages.", "language")
    campaign.texts.filter(language=language).delete()
    row = CampaignText(campaign=campaign, language=language)
    if text.strip():
        row.subject = " ".join(required(subject, "subject", "the subject", 200).split())
        row.text = required(text, "text", "the letter", 10_000)
        row.save()
    _back_to_draft(campaign, viewer)
    return row


@transaction.atomic
def choose_reach(
    viewer: User, campaign_id: int, *, per_hour: int | None, silent_from: date | None, silent_until: date | None
) -> Campaign:
    """How fast it goes, and whether those who wrote to the team in some days are told too."""
    campaign = _editable(viewer, campaign_id)
    if per_hour is None or not 1 <= per_hour <= MOST_PER_HOUR:
        raise InvalidInput(f"Send between 1 and {MOST_PER_HOUR:,} letters an hour.", "per_hour")
    if (silent_from is None) != (silent_until is None) or (silent_from and silent_until and silent_until < silent_from):
        raise InvalidInput("Give both days, the first one first.", "silent_until")
    campaign.per_hour, campaign.silent_from, campaign.silent_until = per_hour, silent_from, silent_until
    campaign.save(update_fields=["per_hour", "silent_from", "silent_until"])
    _back_to_draft(campaign, viewer)
    return campaign


@transaction.atomic
def add_addresses(viewer: User, campaign_id: int, text: str) -> int:
    """Replace the list of affected people who never complained by a CSV text; returns how many are on it."""
    campaign = _editable(viewer, campaign_id)
    people = parse_list(text, is_email)
    campaign.added.all().delete()
    AddedAddress.objects.bulk_create(
        [AddedAddress(campaign=campaign, address=one.address, name=one.name, language=one.language) for one in people]
    )
    _back_to_draft(campaign, viewer)
    return len(people)


def _back_to_draft(campaign: Campaign, viewer: User) -> None:
    """What changes after the preview has to be previewed again, by whoever changed it."""
    campaign.recipients.all().delete()
    campaign.state, campaign.made_by, campaign.previewed_at = State.DRAFT, viewer, None
    campaign.save(update_fields=["state", "made_by", "previewed_at"])
    tell_of("campaign.changed", campaign, viewer, name=campaign.name)


@transaction.atomic
def preview_campaign(viewer: User, campaign_id: int) -> Campaign:
    """Work out who is told, who is not and why: then another lead can approve."""
    campaign = _editable(viewer, campaign_id)
    texts = list(campaign.texts.all())
    if not texts:
        raise InvalidInput("There is no letter yet in any language.", "text")
    blank = next((one for one in texts if letters.is_unfinished(one.text)), None)
    if blank is not None:
        raise InvalidInput(f"The letter in “{blank.language}” still has a blank in square brackets to fill.", "text")
    campaign.recipients.all().delete()
    people = queries.candidates(campaign)
    known = standing.standings(campaign, [(one.customer_id, one.address) for one in people])
    rows = []
    for one in people:
        state, reason = judge(known[one.customer_id, one.address])
        rows.append(
            Recipient(
                campaign=campaign, customer_id=one.customer_id, complaint_id=one.complaint_id,
                conversation_id=one.conversation_id, address=one.address, name=one.name[:200],
                language=one.language, state=state, reason=reason,
            )
        )  # fmt: skip
    Recipient.objects.bulk_create(rows, batch_size=500)
    campaign.state, campaign.previewed_at = State.PREVIEWED, clock.now()
    campaign.save(update_fields=["state", "previewed_at"])
    tell_of("campaign.previewed", campaign, viewer, name=campaign.name, count=len(rows))
    return campaign


@transaction.atomic
def approve_campaign(viewer: User, campaign_id: int) -> Campaign:
    """Another lead than whoever wrote it last agrees that it goes out."""
    campaign = lock_campaign(viewer, campaign_id)
    if campaign.state != State.PREVIEWED:
        raise Conflict("Only what has been previewed can be approved.")
    policy.require_approving(viewer, campaign.team_id, campaign.made_by_id)
    campaign.state, campaign.approved_by, campaign.approved_at = State.APPROVED, viewer, clock.now()
    campaign.save(update_fields=["state", "approved_by", "approved_at"])
    tell_of("campaign.approved", campaign, viewer, name=campaign.name)
    return campaign


STEPS = {
    "start": ((State.APPROVED,), State.SENDING, "campaign.started"),
    "pause": ((State.SENDING,), State.PAUSED, "campaign.paused"),
    "resume": ((State.PAUSED,), State.SENDING, "campaign.resumed"),
    "stop": ((*EDITABLE, State.APPROVED, State.SENDING, State.PAUSED), State.STOPPED, "campaign.stopped"),
}


@transaction.atomic
def step_campaign(viewer: User, campaign_id: int, step: str) -> Campaign:
    """`start`, `pause`, `resume` or `stop`; Conflict where the campaign is not in a state for it."""
    campaign = lock_campaign(viewer, campaign_id)
    if step not in STEPS:
        raise InvalidInput("Choose one of the steps.", "step")
    before, after, kind = STEPS[step]
    if campaign.state not in before:
        raise Conflict("The campaign is in a state that does not allow this step.")
    campaign.state = after
    if step == "start":
        campaign.started_at = clock.now()
    if step == "stop":
        campaign.finished_at = clock.now()
    campaign.save(update_fields=["state", "started_at", "finished_at"])
    tell_of(kind, campaign, viewer, name=campaign.name)
    return campaign


@transaction.atomic
def decline_news(customer_id: int) -> None:
    """A customer wants no letters unasked any more; said twice it is said once."""
    customer = Customer.objects.select_for_update().get(pk=customer_id)
    _, new = NewsDeclined.objects.get_or_create(customer=customer)
    if new:
        record("news.declined", actor=customer, subject=("customer", customer.pk))
