"""Readings: saying what a field of a message's reading is, and taking that back."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from backstory.api.auth import viewer
from backstory.api.errors import WRITE
from backstory.api.reading_schemas import Judgement, Verdict
from backstory.api.schemas import Id, ShortWords
from backstory.cases.actions import correct_reading, undo_correction

router = Router(tags=["readings"])


@router.put("/{pk}/reading/{field}", response={200: Judgement, **WRITE}, summary="Say what a field of its reading is")
def judge(request: HttpRequest, pk: Id, field: ShortWords, sent: Verdict) -> Any:
    """What people say holds over the engine's verdict, and trains what learns. Saying the same confirms it."""
    return correct_reading(viewer(request), pk, field, sent.value)


@router.post("/{pk}/reading/{field}/undo", response={200: Judgement, **WRITE}, summary="Take the newest judgement back")
def take_back(request: HttpRequest, pk: Id, field: ShortWords) -> Any:
    """An older judgement holds again, else what the engine says."""
    return undo_correction(viewer(request), pk, field)
