"""Follow-ups and second recoveries as pages show them: what to do, who may, and what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from backstory.cases import policy as case_policy
from backstory.cases.models import Complaint
from backstory.cases.playbooks.words import say
from backstory.people.models import User
from backstory.recovery import policy, queries
from backstory.recovery.models import FollowUp, SecondRecovery
from backstory.web.formats import short_date
from backstory.web.panes.belonging import Button, Notice
from backstory.web.panes.playbooks import reader_language
from backstory.web.panes.promised import Keeper, keepers

ICONS = {"call": "phone", "letter": "mail", "check": "checklist"}
KINDS = {
    "call": gettext_noop("Call"),
    "letter": gettext_noop("Letter"),
    "check": gettext_noop("Check that the fix held"),
}
STATES = {
    "open": gettext_noop("To do"),
    "done": gettext_noop("Done"),
    "not_reached": gettext_noop("Not reached"),
    "skipped": gettext_noop("Skipped"),
}
WHYS = {
    "low_score": gettext_noop("A low score"),
    "check_failed": gettext_noop("The fix did not hold"),
    "asked": gettext_noop("Somebody saw that it was not enough"),
}
OUTCOMES = {
    "unknown": gettext_noop("Not known"),
    "recovered": gettext_noop("Recovered at the second attempt"),
    "not_recovered": gettext_noop("Not recovered"),
}
TONES = {"unknown": "plain", "recovered": "good", "not_recovered": "bad"}


@dataclass(frozen=True)
class FollowUpRow:
    """One follow-up: its words in the reader's language, and the note only for those who may read a backstory."""

    row: FollowUp
    words: str
    kind: str
    state: str
    icon: str
    note: str
    may_do: bool
    keepers: list[Keeper]


@dataclass(frozen=True)
class SecondRow:
    """One second recovery; `about` is the score with its scale, `line` the customer's own words."""

    row: SecondRecovery
    why: str
    about: str
    line: str
    outcome: str
    tone: str
    may_do: bool
    may_give: bool
    keepers: list[Keeper]


def followup_rows(viewer: User, found: Iterable[FollowUp], *, with_notes: bool = False) -> list[FollowUpRow]:
    """Follow-ups for a list or, with their notes, for the panel; a team's people are looked up once."""
    teams: dict[int, list[Keeper]] = {}
    shown = []
    for each in found:
        complaint = each.complaint
        team = complaint.conversation.team_id
        may_do = case_policy.may_handle(viewer, complaint)
        if may_do and team not in teams:
            teams[team] = keepers(complaint.conversation)
        note = each.note if with_notes and case_policy.may_read_backstory(viewer, complaint) else ""
        words = say(each.words, reader_language())
        kind, state = _(KINDS[each.kind]), _(STATES[each.state])
        shown.append(FollowUpRow(each, words, kind, state, ICONS[each.kind], note, may_do, teams.get(team, [])))
    return shown


def second_rows(viewer: User, found: Iterable[SecondRecovery]) -> list[SecondRow]:
    teams: dict[int, list[Keeper]] = {}
    shown = []
    for each in found:
        talk = each.complaint.conversation
        may_do = case_policy.may_handle(viewer, each.complaint)
        may_give = policy.may_give_second_recovery(viewer, talk.team_id)
        if may_give and talk.team_id not in teams:
            teams[talk.team_id] = keepers(talk)
        survey = each.survey
        shown.append(
            SecondRow(
                row=each,
                why=_(WHYS[each.why]),
                about=queries.score_of(survey),
                line=survey.comment if survey else "",
                outcome=_(OUTCOMES[each.outcome]),
                tone=TONES[each.outcome],
                may_do=may_do,
                may_give=may_give,
                keepers=teams.get(talk.team_id, []),
            )
        )
    return shown


@dataclass(frozen=True)
class After:
    """What comes after a complaint, for its panel."""

    followups: list[FollowUpRow]
    seconds: list[SecondRow]
    lost: bool


def after(viewer: User, complaint: Complaint) -> After:
    return After(
        followup_rows(viewer, queries.followups_of(complaint), with_notes=True),
        second_rows(viewer, queries.second_recoveries_of(complaint)),
        complaint.state == Complaint.State.CLOSED and queries.lost_of(complaint.conversation.customer) is not None,
    )


def notices(shown: After | None) -> list[Notice]:
    """A second recovery under way stands above the thread: why, whose, by when."""
    seconds = shown.seconds if shown else []
    return [_second(each) for each in seconds if each.row.state == SecondRecovery.State.OPEN]


def _second(shown: SecondRow) -> Notice:
    row = shown.row
    reason = f"{shown.why} ({shown.about})" if shown.about else shown.why
    words = {
        "why": reason,
        "who": row.owner.name if row.owner else _("nobody yet: a lead decides"),
        "day": short_date(row.due_at),
    }
    text = _("Second recovery: %(why)s. With %(who)s, by %(day)s.") % words
    if shown.line:
        text = f"{text} “{shown.line}”"
    return Notice(f"second-{row.pk}", "bad", "heart-handshake", text, _buttons(shown))


def _buttons(shown: SecondRow) -> list[Button]:
    link = Button(_("All second recoveries"), reverse("web:second_recoveries"), is_link=True)
    return [link] if shown.may_do else []
