"""Telling many customers at once: the news of a problem, its preview, approval, and how far its letters are."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backstory.improvement import actions, policy, queries
from backstory.improvement.models import Campaign, Recipient
from backstory.improvement.rules import letters
from backstory.kernel.errors import InvalidInput
from backstory.people.policy import Permission
from backstory.web.views.common import back_to, is_fragment, page, requires, viewer
from backstory.web.views.forms import number_of, text_of, words_of
from backstory.web.views.problem_writing import day_of
from backstory.web.views.problems import shown_problem

LARGEST_LIST = 5_000_000
LANGUAGE_NAMES = {"en": "English", "de": "Deutsch", "es": "Español", "fr": "Français"}


@require_safe
@requires(Permission.VIEW_INSIGHT)
def told(request: HttpRequest, pk: int) -> HttpResponse:
    """The news of one problem."""
    user = viewer(request)
    found, context = shown_problem(request, pk)
    rows = queries.campaigns(user).filter(problem=found)
    context |= {
        "campaigns": [(row, queries.progress(row)) for row in rows],
        "kinds": Campaign.Kind.choices,
        "teams": queries.telling_teams(user, found),
    }
    return page(request, "web/problem_told.html", "insight", context)


@require_POST
@requires(Permission.TELL_CUSTOMERS)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    user, team = viewer(request), number_of(request, "team")
    campaign = actions.plan_campaign(user, pk, text_of(request, "kind"), text_of(request, "name"), team)
    return HttpResponseRedirect(reverse("web:campaign", args=(campaign.pk,)))


@require_safe
@requires(Permission.VIEW_INSIGHT)
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """One campaign; htmx gets its progress alone."""
    user = viewer(request)
    found = queries.get_campaign(user, pk)
    context = {"campaign": found, "progress": queries.progress(found)}
    if is_fragment(request):
        return page(request, "web/_campaign_progress.html", "insight", context)
    state = request.GET.get("state", "")
    may_tell = policy.may_tell(user, found.team_id)
    texts = {text.language: text for text in found.texts.all()}
    context |= {
        "may_tell": may_tell,
        "may_edit": may_tell and found.state in ("draft", "previewed"),
        "may_approve": may_tell and found.state == "previewed" and found.made_by_id != user.pk,
        "texts": [(code, LANGUAGE_NAMES[code], texts.get(code)) for code in letters.LANGUAGES],
        "people": queries.recipients(user, found, state) if may_tell else [],
        "state": state,
        "states": Recipient.State.choices,
        "added": found.added.count(),
        "sample": _sample(found),
        "tone": TONES,
    }
    return page(request, "web/campaign.html", "insight", context)


TONES = {"chosen": "info", "sent": "good", "by_hand": "warn", "left_out": "plain", "failed": "bad"}


def _sample(campaign: Campaign) -> Any:
    """The letter as its first reader would get it."""
    first = campaign.recipients.filter(state__in=("chosen", "sent")).select_related("complaint").order_by("id").first()
    texts = {text.language: text for text in campaign.texts.all()}
    if first is None or not texts:
        return None
    return queries.letter_for(campaign, first, texts)


@require_POST
@requires(Permission.TELL_CUSTOMERS)
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter in one language."""
    language, subject = text_of(request, "language"), text_of(request, "subject")
    actions.write_text(viewer(request), pk, language, subject, words_of(request, "text"))
    return _back(request, pk, _("Saved. Preview it again before it can be approved."))


@require_POST
@requires(Permission.TELL_CUSTOMERS)
def reach(request: HttpRequest, pk: int) -> HttpResponse:
    """How fast, and whom beside those who complained."""
    user = viewer(request)
    actions.choose_reach(
        user,
        pk,
        per_hour=number_of(request, "per_hour"),
        silent_from=day_of(request, "silent_from"),
        silent_until=day_of(request, "silent_until"),
    )
    handed = _list_of(request)
    if handed is None:
        return _back(request, pk, _("Saved."))
    count = actions.add_addresses(user, pk, handed)
    return _back(request, pk, _("Saved: %(count)d addresses are on the list.") % {"count": count})


def _list_of(request: HttpRequest) -> str | None:
    """The list that came as a file or as text; None where neither was given, "" to empty it."""
    file = request.FILES.get("file")
    if file is not None:
        if (file.size or 0) > LARGEST_LIST:
            raise InvalidInput(_("The list is too large."), "file")
        return bytes(file.read()).decode("utf-8-sig", "replace")
    text = words_of(request, "list").strip()
    return text or ("" if text_of(request, "clear") else None)


@require_POST
@requires(Permission.TELL_CUSTOMERS)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    actions.preview_campaign(viewer(request), pk)
    return _back(request, pk, _("Ready: another lead can approve it now."))


@require_POST
@requires(Permission.TELL_CUSTOMERS)
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    actions.approve_campaign(viewer(request), pk)
    return _back(request, pk, _("Approved. It goes out when somebody starts it."))


@require_POST
@requires(Permission.TELL_CUSTOMERS)
def step(request: HttpRequest, pk: int) -> HttpResponse:
    found = actions.step_campaign(viewer(request), pk, text_of(request, "step"))
    return _back(request, pk, _("The news is now: %(state)s.") % {"state": found.get_state_display()})


def _back(request: HttpRequest, pk: int, message: str) -> HttpResponse:
    return back_to(request, reverse("web:campaign", args=(pk,)), message)
