"""Writing a playbook: the YAML text, its problems by line, and what it says, as one types."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backstory.cases import actions, queries
from backstory.cases.playbooks import shipped
from backstory.cases.playbooks.texts import LONGEST, Problem, parse, problems_of
from backstory.kernel.errors import Conflict, InvalidInput
from backstory.people.policy import Permission
from backstory.web.panes import playbooks as panes
from backstory.web.views.common import page, requires, viewer
from backstory.web.views.forms import number_of, text_of, words_of

TEMPLATE = """\
id: my-playbook
name: {en: My playbook, de: Mein Playbook}
about: {en: "For which complaints this is, in one sentence."}
when:
  causes: [billing]
  # situations: [safety, vulnerability, abuse, broken-promise, silence]
  # channels: [email]      mentions: [Kestrel 24]      severity_at_least: 2
steps:
  - key: connect
    title: {en: Connect, de: Verbinden}
    guidance: {en: "What to do, in words that a new colleague understands."}
    phrases:
      en: ["A phrase the agent can use."]
    evidence:
      - problem_restated
      - feeling_named
  - key: resolve
    title: {en: Resolve, de: Lösen}
    evidence:
      - {rule: step_agreed, serves: need}
      - {rule: step_agreed, serves: cause}
"""


def _checked(source: str) -> dict[str, Any]:
    """The problems of a text, or what it says."""
    problems = problems_of(source)
    if problems:
        return {"problems": problems, "plan": None, "doubts": []}
    plan = parse(source)
    return {"problems": [], "plan": panes.shown(plan), "doubts": queries.doubts(plan)}


def _editor(request: HttpRequest, source: str, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"source": source, "rules": panes.rules(), "playbook": None, "note": "", **_checked(source), **more}
    response = page(request, "web/playbook_edit.html", "playbooks", context)
    response.status_code = status
    return response


@require_safe
@requires(Permission.DRAFT_PLAYBOOKS)
def new(request: HttpRequest) -> HttpResponse:
    """An empty editor, or one with a shipped playbook to begin from."""
    known = shipped.sources()
    return _editor(request, known.get(request.GET.get("from", ""), TEMPLATE))


@require_safe
@requires(Permission.DRAFT_PLAYBOOKS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest version to go on from, or the one asked for."""
    playbook = queries.get_playbook(viewer(request), pk)
    asked = request.GET.get("version", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else playbook.last_number
    version = queries.get_version(viewer(request), pk, number)
    return _editor(request, version.source, playbook=playbook, version=version)


@require_POST
@requires(Permission.DRAFT_PLAYBOOKS)
def check(request: HttpRequest) -> HttpResponse:
    """What is wrong with the text, or what it says: asked for on every pause in typing."""
    return render(request, "web/_playbook_checked.html", _checked(words_of(request, "source")))


@require_POST
@requires(Permission.DRAFT_PLAYBOOKS)
def save(request: HttpRequest) -> HttpResponse:
    """Save what was written, or a file of it, as a new version; what is wrong comes back with the text unharmed."""
    pk, note = number_of(request, "playbook"), text_of(request, "note")
    given = request.FILES.get("file")
    source = _text_of(given) if given is not None else words_of(request, "source")
    try:
        version = actions.save_playbook(viewer(request), source, note, pk)
    except (InvalidInput, Conflict) as error:
        playbook = queries.get_playbook(viewer(request), pk) if pk else None
        found = _checked(source)["problems"] or [Problem(1, "", str(error))]
        return _editor(request, source, status=error.status, playbook=playbook, note=note, problems=found)
    return redirect(f"/playbooks/{version.playbook_id}/?version={version.number}")


def _text_of(given: "UploadedFile[bytes]") -> str:
    if (given.size or 0) > LONGEST:
        raise InvalidInput(_("A playbook has at most %(n)d characters.") % {"n": LONGEST}, "file")
    return bytes(given.read()).decode("utf-8-sig", "replace")
