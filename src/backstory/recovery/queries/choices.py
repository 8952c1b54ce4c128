"""What teams and mailboxes ask after a complaint, and for which a viewer may choose it."""

from backstory.conversations.models import Mailbox
from backstory.people.models import Team, User
from backstory.recovery import policy
from backstory.recovery.models import SurveyChoice


def survey_choices() -> dict[tuple[str, int], SurveyChoice]:
    """Every choice by (`team` or `mailbox`, its id)."""
    rows = SurveyChoice.objects.all()
    return {("team", row.team_id) if row.team_id else ("mailbox", row.mailbox_id or 0): row for row in rows}


def asking_teams(viewer: User) -> list[Team]:
    """The teams for which the viewer may choose what is asked, by name."""
    return [team for team in Team.objects.order_by("name") if policy.may_choose_survey(viewer, team.pk)]


def asking_mailboxes(viewer: User) -> list[Mailbox]:
    rows = Mailbox.objects.filter(archived_at=None).order_by("name")
    return [box for box in rows if policy.may_choose_survey(viewer, box.team_id)]
