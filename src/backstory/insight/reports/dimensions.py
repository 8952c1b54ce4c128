"""By what complaints can be told apart, and how each group is called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from backstory.cases.queries import cause_tree
from backstory.conversations.models import Channel, Mailbox, Place
from backstory.insight import rules
from backstory.insight.reports.asking import Asked

UNKNOWN = "none"
"""The key of a group whose value nobody knows."""


@dataclass(frozen=True)
class Dimension:
    """`sql` gives a case's key; `names` what keys are called, for this viewer. `group` maps a key to the one shown."""

    name: str
    title: StrPromise
    head: StrPromise
    sql: str
    names: Callable[[Asked], Mapping[str, str]]
    group: Callable[[], Mapping[str, str]] | None = None
    hidden_until_known: bool = False


def _teams(asked: Asked) -> Mapping[str, str]:
    return {str(pk): name for pk, name in asked.teams.items()}


def _causes(asked: Asked) -> Mapping[str, str]:
    return {**{str(node.id): node.path for node in cause_tree()}, UNKNOWN: _("Cause not yet known")}


def _topics(asked: Asked) -> Mapping[str, str]:
    top = {str(node.id): node.name for node in cause_tree() if node.parent_id is None}
    return {**top, UNKNOWN: _("Cause not yet known")}


def _tops() -> Mapping[str, str]:
    parents = {node.id: node.parent_id for node in cause_tree()}
    return {str(pk): str(rules.top_of(parents, pk)) for pk in parents}


def _channels(asked: Asked) -> Mapping[str, str]:
    return {value: str(label) for value, label in Channel.choices}


def _mailboxes(asked: Asked) -> Mapping[str, str]:
    rows = Mailbox.objects.filter(team_id__in=asked.teams).values_list("pk", "name", "address")
    return {str(pk): f"{name} ({address})" for pk, name, address in rows}


def _places(asked: Asked) -> Mapping[str, str]:
    rows = Place.objects.filter(mailbox__team_id__in=asked.teams).values_list("pk", "label")
    return {**{str(pk): label for pk, label in rows}, UNKNOWN: _("No code was scanned")}


def _severities(asked: Asked) -> Mapping[str, str]:
    labels = (_("No harm"), _("Minor"), _("Moderate"), _("Serious"), _("Critical"))
    return {str(level): label for level, label in enumerate(labels)}


def _returning(asked: Asked) -> Mapping[str, str]:
    return {"first": _("First complaint of this customer"), "again": _("Complained before")}


def _as_written(asked: Asked) -> Mapping[str, str]:
    return {UNKNOWN: _("Not known")}


# Whether a customer complained before is known within the viewer's teams only: others' complaints stay unseen.
_RETURNING = (
    "CASE WHEN received_at > min(received_at) OVER (PARTITION BY customer_id) THEN 'again' "
    "WHEN received_at IS NULL THEN NULL ELSE 'first' END"
)

DIMENSIONS = {
    each.name: each
    for each in (
        Dimension("team", gettext_lazy("By team"), gettext_lazy("Team"), "team_id::VARCHAR", _teams),
        Dimension("topic", gettext_lazy("By area"), gettext_lazy("Area"), "cause_id::VARCHAR", _topics, _tops),
        Dimension("cause", gettext_lazy("By cause"), gettext_lazy("Cause"), "cause_id::VARCHAR", _causes),
        Dimension("channel", gettext_lazy("By channel"), gettext_lazy("Channel"), "channel", _channels),
        Dimension("mailbox", gettext_lazy("By mailbox"), gettext_lazy("Mailbox"), "mailbox_id::VARCHAR", _mailboxes),
        Dimension("severity", gettext_lazy("By severity"), gettext_lazy("Severity"), "severity::VARCHAR", _severities),
        Dimension("customer", gettext_lazy("By customer history"), gettext_lazy("Customers"), _RETURNING, _returning),
        Dimension(
            "language", gettext_lazy("By language"), gettext_lazy("Language"), "nullif(language, '')", _as_written
        ),
        Dimension(
            "product", gettext_lazy("By product"), gettext_lazy("Product"), "product", _as_written,
            hidden_until_known=True,
        ),
        Dimension(
            "place", gettext_lazy("By place"), gettext_lazy("Place"), "place_id::VARCHAR", _places,
            hidden_until_known=True,
        ),
        Dimension(
            "segment", gettext_lazy("By segment"), gettext_lazy("Segment"), "segment", _as_written,
            hidden_until_known=True,
        ),
    )
}  # fmt: skip


def keyed(dimension: Dimension) -> str:
    """`seen` with the group each case belongs to, as `grouped`."""
    key = f"coalesce({dimension.sql}, '{UNKNOWN}')"
    if dimension.group is None:
        return f", grouped AS (SELECT *, {key} AS key FROM seen) "
    return (
        f", named AS (SELECT unnest($keys) AS low, unnest($tops) AS top), "
        f"grouped AS (SELECT seen.*, coalesce(top, {key}) AS key FROM seen LEFT JOIN named ON low = {key}) "
    )


def values(dimension: Dimension) -> dict[str, list[str]]:
    """What `keyed` asks for."""
    if dimension.group is None:
        return {}
    mapping = dimension.group()
    return {"keys": list(mapping), "tops": list(mapping.values())}
