"""Sending a campaign's letters, so many an hour: each person once, each a message in a conversation of its own team."""

import structlog
from django.db import transaction

from backstory.conversations.actions import begin_with, send_notice
from backstory.conversations.models import Conversation, Delivery
from backstory.improvement import queries
from backstory.improvement.actions.campaigns import State, tell_of
from backstory.improvement.models import Campaign, Recipient
from backstory.improvement.queries import standing
from backstory.improvement.rules import letters
from backstory.improvement.rules.recipients import due_now, judge
from backstory.kernel import clock
from backstory.kernel.errors import BackstoryError
from backstory.people.actions import customer_for

log = structlog.get_logger(__name__)


def send_due_letters() -> int:
    """Send what each running campaign may send in this minute; returns how many letters."""
    return sum(_send_some(campaign) for campaign in queries.sending())


def _send_some(campaign: Campaign) -> int:
    allowed = due_now(campaign.per_hour, queries.sent_since(campaign, queries.an_hour_ago()))
    sent = sum(_send_one(pk) for pk in queries.next_recipients(campaign, allowed))
    _finish(campaign.pk)
    return sent


def _send_one(recipient_id: int) -> bool:
    """One letter in one transaction: the row says “told” exactly when the letter is there."""
    try:
        with transaction.atomic():
            return _tell(recipient_id)
    except BackstoryError as error:
        log.warning("campaign letter not sent", recipient_id=recipient_id, reason=str(error))
        _note_failure(recipient_id, str(error))
        return False


def _tell(recipient_id: int) -> bool:
    seen = Recipient.objects.only("campaign_id").get(pk=recipient_id)
    campaign = Campaign.objects.select_for_update().select_related("mailbox").get(pk=seen.campaign_id)
    row = Recipient.objects.select_for_update().get(pk=recipient_id)
    if campaign.state != State.SENDING or row.state != Recipient.State.CHOSEN:
        return False
    person = (row.customer_id, row.address)
    row.state, row.reason = judge(standing.standings(campaign, [person])[person])  # much may have happened since
    if row.state == Recipient.State.CHOSEN:
        _write(campaign, row)
    row.save()
    return row.state == Recipient.State.SENT


def _write(campaign: Campaign, row: Recipient) -> None:
    texts = {text.language: text for text in campaign.texts.all()}
    letter = queries.letter_for(campaign, row, texts)
    conversation = row.conversation or _begin(campaign, row, letter.subject)
    link = queries.news_link(conversation.customer_id)
    end = letters.footer(letter.language, link, complained=letter.complained)
    words = f"{letter.text}\n\n{end}"
    row.message = send_notice(conversation, words, kind=Delivery.Kind.NEWS, subject=letter.subject)
    row.state, row.reason, row.sent_at = Recipient.State.SENT, "", clock.now()


def _begin(campaign: Campaign, row: Recipient, subject: str) -> Conversation:
    """A thread for somebody who has none with the team: an answer lands there."""
    customer = customer_for("email", row.address, row.name)
    row.customer = customer
    row.conversation = begin_with(customer, campaign.mailbox, subject)
    return row.conversation


@transaction.atomic
def _note_failure(recipient_id: int, reason: str) -> None:
    row = Recipient.objects.select_for_update().get(pk=recipient_id)
    if row.state == Recipient.State.CHOSEN:
        row.state, row.error = Recipient.State.FAILED, reason[:300]
        row.save(update_fields=["state", "error"])


@transaction.atomic
def _finish(campaign_id: int) -> None:
    """A campaign with nobody left to tell is done."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    left = campaign.recipients.filter(state=Recipient.State.CHOSEN).exists()
    if campaign.state != State.SENDING or left:
        return
    campaign.state, campaign.finished_at = State.DONE, clock.now()
    campaign.save(update_fields=["state", "finished_at"])
    told = campaign.recipients.filter(state=Recipient.State.SENT).count()
    tell_of("campaign.done", campaign, None, name=campaign.name, count=told)
