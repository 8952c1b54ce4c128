"""What every stored row shares, and fields that fill themselves.

The fields appear in migrations as Django's own: a migration must run for ever, so it imports nothing of ours.
"""

from typing import Any

from django.db import models

from backstory.kernel import clock
from backstory.kernel.ids import token


class MomentField(models.DateTimeField[Any, Any]):
    """When the row was written, by the injectable clock."""

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", list(args), dict(kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        if add and getattr(model_instance, self.attname) is None:
            setattr(model_instance, self.attname, clock.now())
        return super().pre_save(model_instance, add)


class TokenField(models.CharField[Any, Any]):
    """A random identifier nobody can guess, made when the row is first written."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 40, "unique": True, "editable": False, **options})

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", list(args), dict(kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        if not getattr(model_instance, self.attname):
            setattr(model_instance, self.attname, token())
        return super().pre_save(model_instance, add)


class Row(models.Model):
    """A row that knows when it was written."""

    created_at = MomentField(editable=False)

    class Meta:
        abstract = True
