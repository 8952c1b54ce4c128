"""What is sent and answered where a reading is put right."""

from datetime import datetime
from typing import Any

from ninja import Field, Schema

from backstory.api.schemas import Sent


class Verdict(Sent):
    """What a field is: a level, a name, true or false, or a list of quotes with kind and place."""

    value: Any = Field(examples=[3])


class Judgement(Schema):
    """What somebody said of one field of a reading; `was` is the engine's own verdict."""

    message_id: int
    field: str
    was: Any
    becomes: Any
    engine: str
    created_at: datetime
