"""Two customers who are one person: everything that names the one names the other from then on, until taken back.

Which customers a person may say this of is decided by the conversations that they see: see
`conversations.actions.same_person`, which calls these inside a transaction of its own.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction

from backstory.kernel.clock import now
from backstory.kernel.errors import Conflict
from backstory.people import policy
from backstory.people.models import Customer, CustomerMerge, User
from backstory.people.policy import Permission


@transaction.atomic
def merge_customers(viewer: User, source: Customer, target: Customer) -> CustomerMerge:
    """Make one customer of two: addresses, conversations and whatever else names `source` names `target` then.

    `source` stays as a row that leads to `target`, for links that were given out. What may be there only once, and is
    there for both, stays where it is. Raises Conflict where one of them is somebody else already.
    """
    policy.require(viewer, Permission.MERGE_CUSTOMERS)
    away, stays = _held(source.pk, target.pk)
    if away.pk == stays.pk:
        raise Conflict("They are one person already.")
    if away.merged_into_id or stays.merged_into_id:
        raise Conflict("One of them was said to be somebody else meanwhile: open the conversation again.")
    declined = [at for at in (away.surveys_declined_at, stays.surveys_declined_at) if at]
    before = {"declined": stays.surveys_declined_at.isoformat() if stays.surveys_declined_at else ""}
    stays.surveys_declined_at = min(declined, default=None)  # whoever wants no questions gets none
    stays.save(update_fields=["surveys_declined_at"])
    away.merged_into = stays
    away.save(update_fields=["merged_into"])
    moved = {label: _lead(model, field, away, stays) for label, model, field in _naming_a_customer()}
    kept = {label: keys for label, keys in moved.items() if keys}
    return CustomerMerge.objects.create(source=away, target=stays, moved=kept, before=before, user=viewer)


def _held(*keys: int) -> list[Customer]:
    rows = {row.pk: row for row in Customer.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    return [rows[key] for key in keys]


def _naming_a_customer() -> Iterator[tuple[str, type[models.Model], str]]:
    """(label, model, field) of whatever names a customer, in any room: rooms above this one are not known here."""
    for relation in Customer._meta.related_objects:
        model = relation.related_model
        if isinstance(model, type) and model not in (Customer, CustomerMerge):
            yield f"{model._meta.label_lower}.{relation.field.name}", model, relation.field.name


def _lead(model: type[models.Model], field: str, away: Customer, stays: Customer) -> list[int]:
    """Let the rows that name one customer name the other; those that did."""
    rows = model._default_manager.filter(**{field: away})
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    try:
        with transaction.atomic():
            rows.update(**{field: stays})
    except IntegrityError:  # there may be one of them only: those stay, the others follow
        return [key for key in keys if _leads(model, {field: stays}, key)]
    return keys


def _leads(model: type[models.Model], change: Mapping[str, Any], key: int) -> bool:
    try:
        with transaction.atomic():
            return bool(model._default_manager.filter(pk=key).update(**change))
    except IntegrityError:
        return False


@transaction.atomic
def undo_customer_merge(viewer: User, merge: CustomerMerge) -> CustomerMerge:
    """Take back that two customers are one: what named the first names it again.

    Raises Conflict where the second was said to be a third one since: that comes first.
    """
    policy.require(viewer, Permission.MERGE_CUSTOMERS)
    source, target = _held(merge.source_id, merge.target_id)
    if target.merged_into_id or source.merged_into_id != target.pk:
        raise Conflict("They were merged again since: take that back first.")
    for label, keys in merge.moved.items():
        name, _, field = label.rpartition(".")
        rows = apps.get_model(name)._default_manager.filter(pk__in=keys, **{field: target})
        rows.update(**{field: source})
    source.merged_into = None
    source.save(update_fields=["merged_into"])
    if not merge.before.get("declined") and target.surveys_declined_at == source.surveys_declined_at:
        target.surveys_declined_at = None
        target.save(update_fields=["surveys_declined_at"])
    merge.undone_at = now()
    merge.save(update_fields=["undone_at"])
    return merge
