"""Words in several languages, as a playbook holds them."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4_000)]


def _in_english(value: Any) -> Any:
    return {"en": value} if isinstance(value, str) else value


Words = Annotated[dict[Language, Sentence], BeforeValidator(_in_english), Field(min_length=1)]
"""The same words by language (ISO 639-1); a bare text is taken for English."""
Phrases = dict[Language, list[Sentence]]


def say(words: Mapping[str, str], language: str) -> str:
    """The words in that language, else in English, else in the first there is; "" where there are none."""
    return words.get(language) or words.get("en") or next(iter(words.values()), "")
