"""Lists come in pages, always the same way: `?page=2&size=50` gives `{items, count, page, size}`."""

from collections.abc import Sequence
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from ninja import Schema
from pydantic import Field

T = TypeVar("T")
M = TypeVar("M", bound=Model)


class Paged(Schema):
    """Which page of a list, counted from 1, and how many on it."""

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    size: Annotated[int, Field(ge=1, le=100)] = 50


class Page(Schema, Generic[T]):
    """A part of a list."""

    items: list[T]
    count: int = Field(description="How many there are on all pages together.")
    page: int
    size: int


def page_of(rows: QuerySet[M] | Sequence[M], paged: Paged) -> dict[str, Any]:
    """One page of a queryset or list, as the fields of `Page`."""
    start = (paged.page - 1) * paged.size
    count = rows.count() if isinstance(rows, QuerySet) else len(rows)
    return {"items": list(rows[start : start + paged.size]), "count": count, "page": paged.page, "size": paged.size}
