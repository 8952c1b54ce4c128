"""What an agent typed, as the HTML half of a letter: light markdown, links, images named in the text, direction.

Nothing remote, no style sheet; what comes out has been through the sanitiser, whatever went in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from unicodedata import bidirectional

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

IMAGE = re.compile(r"\[image: ([^\]\n]{1,255})\]")
"""Where an image stands in the text: readable in the text half, and in the workspace."""
_MARK = re.compile("\ue000(\\d{1,3})\ue001")
SUM = re.compile(r"(?<=[\d)])\*(?=[\d(])")  # 2*3*4 is a sum, no emphasis
_TAGS = {"p", "br", "strong", "em", "code", "a", "ul", "ol", "li", "blockquote", "img", "div", "hr"}
_ATTRIBUTES = {"*": {"dir"}, "a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}, "blockquote": {"type"}}
_BLOCKS = {"paragraph_open", "bullet_list_open", "ordered_list_open", "blockquote_open"}
_RULES = "newline emphasis balance_pairs fragments_join backticks link autolink list blockquote linkify"
_SCHEMES = {"http", "https", "mailto", "cid"}
_NONE: Mapping[str, str] = {}
_RTL = {"R", "AL"}


@cache
def markdown() -> MarkdownIt:
    """Emphasis, code, links, lists and quotes. No headings, tables, rules, indented code, backslashes or HTML: people
    who write a letter mean a number sign, a row of dashes or an indent as they stand."""
    parser = MarkdownIt("zero", {"breaks": True, "linkify": True, "html": False}).enable(_RULES.split())
    if parser.linkify is not None:
        parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False})
    return parser


def letter_html(
    text: str, signature: str = "", quotation: tuple[str, str] = ("", ""), images: Mapping[str, str] = _NONE
) -> str:
    """A whole HTML document. `quotation` is (attribution, text) of what is answered; `images` maps names to
    Content-IDs."""
    line, quoted = quotation
    parts = [fragment(text, images)]
    if signature:
        parts.append(f"<p>-- </p>\n{fragment(signature)}")
    if quoted:
        parts.append(f"<p{_dir(line)}>{escape(line)}</p>")
        parts.append(f'<blockquote type="cite">\n{_paragraphs(quoted)}\n</blockquote>')
    body = _clean("\n".join(parts))
    whole = ' dir="rtl"' if direction(text) == "rtl" else ""
    return f'<!doctype html>\n<html{whole}><head><meta charset="utf-8"></head><body>\n{body}\n</body></html>\n'


def without_pictures(text: str) -> str:
    """The text with blanks where pictures stand: as long as before, so that places in it stay true."""
    return IMAGE.sub(lambda match: " " * len(match[0]), text)


def fragment(text: str, images: Mapping[str, str] = _NONE) -> str:
    """The text's own HTML, sanitised; unknown images stay words."""
    names: list[str] = []

    def mark(match: re.Match[str]) -> str:
        if match[1] not in images or len(names) > 99:
            return match[0]
        names.append(match[1])
        return f"\ue000{len(names) - 1}\ue001"

    marked = IMAGE.sub(mark, re.sub("[\ue000-\ue002]", "", text))
    marked = SUM.sub("\ue002", marked)
    tokens = markdown().parse(marked)
    _direct(tokens)
    html = markdown().renderer.render(tokens, markdown().options, {})
    return _clean(_MARK.sub(lambda match: _image(names, int(match[1]), images), html.replace("\ue002", "*")))


def _image(names: list[str], index: int, images: Mapping[str, str]) -> str:
    if index >= len(names):
        return ""
    return f'<img src="cid:{escape(images[names[index]])}" alt="{escape(names[index])}">'


def _direct(tokens: list[Token]) -> None:
    """Each block says in which direction it runs: mail programs do not find out by themselves."""
    for index, token in enumerate(tokens):
        if token.type in _BLOCKS:
            inline = next((each for each in tokens[index:] if each.type == "inline"), None)
            if inline is not None and direction(inline.content) == "rtl":
                token.attrSet("dir", "rtl")


def direction(text: str) -> str:
    """`rtl` when the first letter with a direction runs from right to left, else `ltr` (Unicode UAX 9, P2 and P3)."""
    first = next((kind for kind in map(bidirectional, text[:2000]) if kind in {"L", *_RTL}), "L")
    return "rtl" if first in _RTL else "ltr"


def _dir(text: str) -> str:
    return ' dir="rtl"' if direction(text) == "rtl" else ""


def _paragraphs(text: str) -> str:
    return "\n".join(f"<p{_dir(one)}>{_lines(one)}</p>" for one in re.split(r"\n\s*\n", text.strip()))


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>\n")


def _clean(html: str) -> str:
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)
