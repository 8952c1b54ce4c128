"""Light markdown as plain text: what a signature shows in the half of a letter that has no bold and no links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from markdown_it.token import Token

from backstory.channels.email.letter_html import SUM, markdown

_SUM_MARK = "\ue002"


def plain(text: str) -> str:
    """The text without marks of emphasis and code, and with the address of a link behind its words. Lines, lists,
    quotes and whatever else stands in it stay as they are typed."""
    blocks = re.split(r"(\n\s*\n)", text)
    return "".join(one if index % 2 else _block(one) for index, one in enumerate(blocks))


def _block(text: str) -> str:
    """One block; the parser drops what a line is indented by, so that is put back."""
    marked = SUM.sub(_SUM_MARK, text.replace(_SUM_MARK, ""))
    inline = markdown().parseInline(marked)[0].children or []
    lines = "".join(_words(inline)).replace(_SUM_MARK, "*").split("\n")
    typed = text.split("\n")
    if len(lines) != len(typed):
        return "\n".join(lines)
    return "\n".join(was[: len(was) - len(was.lstrip())] + now.lstrip() for was, now in zip(typed, lines, strict=True))


def _words(tokens: Iterable[Token]) -> Iterator[str]:
    """What is to be read of an inline text; of a link its words, then its address where that says something new."""
    link, said = "", ""
    for token in tokens:
        words = "\n" if token.type in ("softbreak", "hardbreak") else token.content
        if token.type == "link_open":
            link, said = str(token.attrGet("href") or ""), ""
        elif token.type == "link_close":
            yield (
                f" ({link.removeprefix('mailto:')})"
                if link and said not in (link, link.removeprefix("mailto:"))
                else ""
            )
        elif token.nesting == 0:
            said += words
            yield words
