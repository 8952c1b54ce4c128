"""The company's own tree of causes. What complaints point to is never deleted, only retired."""

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from backstory.cases import policy, rules
from backstory.cases.models import Cause
from backstory.cases.taxonomy import DEFAULT_CAUSES
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.live.actions import record
from backstory.people.models import User


def seed_causes() -> int:
    """Add the default causes that are missing, by slug; returns how many. Changed ones stay as they are."""
    added = 0
    for position, cause in enumerate(DEFAULT_CAUSES):
        defaults = {"name": cause.name, "definition": cause.definition, "position": position}
        _, new = Cause.objects.get_or_create(slug=cause.slug, defaults=defaults)
        added += new
    return added


def _lock(cause_id: int) -> Cause:
    found = Cause.objects.select_for_update().filter(pk=cause_id).first()
    if found is None:
        raise NotFound("There is no such cause.")
    return found


def _tell(kind: str, cause: Cause, viewer: User) -> None:
    record(kind, actor=viewer, subject=("cause", cause.pk), name=cause.name)


@transaction.atomic
def add_cause(viewer: User, name: str, definition: str = "", parent_id: int | None = None, examples: str = "") -> Cause:
    """A new cause, last among its siblings."""
    policy.require_editing_causes(viewer)
    title = _free_name(name, parent_id)
    parent = _lock(parent_id) if parent_id is not None else None
    last = Cause.objects.filter(parent=parent).aggregate(last=Max("position"))["last"]
    cause = Cause.objects.create(
        parent=parent,
        name=title,
        slug=_free_slug(title),
        definition=definition.strip(),
        examples=_lines(examples),
        position=0 if last is None else last + 1,
    )
    _tell("cause.added", cause, viewer)
    return cause


def _lines(text: str) -> str:
    """What customers say who mean it: one example a line, blank ones left out."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())[:4000]


def _free_name(name: str, parent_id: int | None, besides: int | None = None) -> str:
    title = rules.required(name, "name", "the name", 100)
    same = Cause.objects.filter(parent_id=parent_id, name__iexact=title).values_list("pk", flat=True)
    if any(pk != besides for pk in same):
        raise InvalidInput(f"There is already a cause “{title}” in this place.", "name")
    return title


def _free_slug(name: str) -> str:
    """A slug nobody has: figures and imports refer to causes by it, so it never changes."""
    stem = slugify(name)[:50] or "cause"
    taken = set(Cause.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(slug for slug in numbered if slug not in taken)


@transaction.atomic
def rename_cause(
    viewer: User, cause_id: int, name: str, definition: str | None = None, examples: str | None = None
) -> Cause:
    """A new name, and a new definition and examples (one a line) if given."""
    policy.require_editing_causes(viewer)
    cause = _lock(cause_id)
    cause.name = _free_name(name, cause.parent_id, besides=cause.pk)
    cause.definition = cause.definition if definition is None else definition.strip()
    cause.examples = cause.examples if examples is None else _lines(examples)
    cause.save(update_fields=["name", "definition", "examples"])
    _tell("cause.renamed", cause, viewer)
    return cause


@transaction.atomic
def move_cause(viewer: User, cause_id: int, parent_id: int | None, position: int | None = None) -> Cause:
    """Put a cause under another one (None: at the top), at a place among its siblings (None: last)."""
    policy.require_editing_causes(viewer)
    parents = dict(Cause.objects.select_for_update().order_by("pk").values_list("pk", "parent_id"))
    cause = _lock(cause_id)
    if parent_id is not None and parent_id not in parents:
        raise InvalidInput("There is no such cause to move it under.", "parent")
    rules.ensure_no_loop(parents, cause_id, parent_id)
    _free_name(cause.name, parent_id, besides=cause.pk)
    siblings = list(Cause.objects.filter(parent_id=parent_id).exclude(pk=cause_id))
    place = len(siblings) if position is None else max(0, min(position, len(siblings)))
    cause.parent_id = parent_id
    siblings.insert(place, cause)
    for number, row in enumerate(siblings):
        row.position = number
    Cause.objects.bulk_update(siblings, ["position", "parent"])
    _tell("cause.moved", cause, viewer)
    return cause


@transaction.atomic
def retire_cause(viewer: User, cause_id: int) -> Cause:
    """No longer offered; complaints that have it keep it. Conflicting with causes in use below it: retire
    those first."""
    policy.require_editing_causes(viewer)
    cause = _lock(cause_id)
    if cause.children.filter(is_active=True).exists():
        raise InvalidInput("Retire or move the causes below this one first.", "cause")
    cause.is_active = False
    cause.save(update_fields=["is_active"])
    _tell("cause.retired", cause, viewer)
    return cause
