"""The company's tree of causes."""

from dataclasses import dataclass

from backstory.cases import rules
from backstory.cases.models import Cause


@dataclass(frozen=True, slots=True)
class CauseNode:
    """A cause in its tree; `depth` is 0 at the root, `path` names it with all above it."""

    id: int
    parent_id: int | None
    slug: str
    name: str
    definition: str
    examples: str
    is_active: bool
    depth: int
    path: str


def cause_tree(*, active_only: bool = False) -> list[CauseNode]:
    """All causes, parents before children, siblings in their order: one SQL statement."""
    rows = {row.pk: row for row in Cause.objects.order_by("position", "name", "pk")}
    if active_only:
        rows = {pk: row for pk, row in rows.items() if row.is_active}
    order = rules.depth_first({pk: row.parent_id for pk, row in rows.items()}, rows)
    paths: dict[int | None, str] = {}
    nodes = []
    for pk, depth in order:
        row = rows[pk]
        above = paths.get(row.parent_id)
        paths[pk] = f"{above} › {row.name}" if above else row.name
        nodes.append(
            CauseNode(
                pk, row.parent_id, row.slug, row.name, row.definition, row.examples, row.is_active, depth, paths[pk]
            )
        )
    return nodes


def cause_names() -> dict[str, str]:
    """The names of the causes in use by slug, in their order."""
    return {node.slug: node.name for node in cause_tree(active_only=True)}
