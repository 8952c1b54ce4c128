"""What is to be read of a letter: its plain text, its safe HTML, and the text apart from history and signature."""

from __future__ import annotations

import re
from email.message import Message
from html import escape
from typing import NamedTuple

from backstory.channels.email.armor import unflowed, without_armor, without_uuencoded
from backstory.channels.email.charsets import clean, decode
from backstory.channels.email.headers import parameter, raw_value
from backstory.channels.email.markup import sanitise, to_text
from backstory.channels.email.parts import Walk, add_file, content_type_of, part_bytes
from backstory.channels.email.quote import Split, split
from backstory.channels.email.quote_html import read_html

MAX_TEXT = 1_000_000  # characters of text kept; the original keeps the rest
_MAX_BYTES = 5_000_000  # of one text part that are decoded; files in old letters stand in the text
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)


class Bodies(NamedTuple):
    """The text of a letter in its three forms."""

    text: str
    html: str
    parts: Split


class _Readable(NamedTuple):
    text: str
    is_html: bool


def read_bodies(walk: Walk) -> Bodies:
    """The texts among the parts of `walk`; files found inside a text are added to its attachments."""
    known = {id(part): _read(part, walk) for part in dict.fromkeys([*walk.texts, *walk.htmls])}
    texts = [known[id(part)] for part in walk.texts]
    sources = [known[id(part)] for part in walk.htmls]
    has_html = any(one.is_html for one in sources)
    source = (
        "".join(one.text if one.is_html else f"<pre>{escape(one.text)}</pre>" for one in sources) if has_html else ""
    )
    html = _safe(source, walk) if has_html else ""
    if has_html and all(one.is_html or not one.text.strip() for one in texts):
        text, parts = read_html(source)
        return Bodies(_cut(text, walk), html, parts)
    plain = "\n\n".join(to_text(one.text) if one.is_html else one.text for one in texts if one.text.strip())
    plain = _cut(plain if plain.strip() else "\n\n".join(walk.readings), walk)
    return Bodies(plain, html, split(plain))


def _safe(source: str, walk: Walk) -> str:
    safe, problem = sanitise(source)
    walk.problem(problem)
    return safe


def _cut(text: str, walk: Walk) -> str:
    if len(text) <= MAX_TEXT:
        return text
    walk.problem(f"the text is longer than {MAX_TEXT} characters: the rest is only in the original")
    return text[:MAX_TEXT]


def _read(part: Message, walk: Walk) -> _Readable:
    """The decoded text of a part."""
    data, problem = part_bytes(part)
    walk.problem(problem)
    if len(data) > _MAX_BYTES:
        walk.problem(f"a text is longer than {_MAX_BYTES} bytes: the rest is only in the original")
        data = data[:_MAX_BYTES]
    is_html = content_type_of(part) == "text/html"
    label = parameter(part, "content-type", "charset")
    if is_html and not label and (declared := _META_CHARSET.search(data[:4_000])):
        label = declared.group(1).decode("ascii")
    text, problem = decode(data, label)
    walk.problem(problem)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _Readable(text if is_html else _plain(part, text, walk), is_html)


def _plain(part: Message, text: str, walk: Walk) -> str:
    text, files = without_uuencoded(text)
    for one in files:
        add_file(walk, clean(one.name), "", one.data)
    text, note = without_armor(_cut(text, walk))
    walk.problem(note)
    if "flowed" in raw_value(part, "content-type").lower():
        return unflowed(text, parameter(part, "content-type", "delsp").lower() == "yes")
    return text
