"""HTML of messages: made safe to show, and turned into text.

Safe means: no script, style sheet, form, frame or event handler, and nothing that is fetched when the page
opens, because a remote image tells its sender who read the letter and when. Pictures that came with the
letter keep their "cid:" address, for the page to point at the stored attachment.
"""

from __future__ import annotations

import html
import re

import nh3
from inscriptis import get_text
from inscriptis.model.config import ParserConfig

from backstory.channels.email.charsets import clean

MAX_HTML = 2_000_000  # characters
_MAX_TAGS = 30_000  # three times the largest newsletters; the reader takes some 60 µs for each element
_MAX_NESTING = 200  # open elements; the sanitiser's time grows with the square of it
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,30})")
_CLOSED_BY_THEMSELVES = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "wbr"),
    *("p", "li", "td", "th", "tr", "dd", "dt", "option", "tbody", "thead", "tfoot", "colgroup"),
}
_TAGS = {
    *("a", "abbr", "address", "b", "bdi", "bdo", "blockquote", "br", "center", "cite", "code", "dd", "del"),
    *("details", "div", "dl", "dt", "em", "figcaption", "figure", "font", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span"),
    *("strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time"),
    *("tr", "tt", "u", "ul", "var"),
}
_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href"},
    "bdo": {"dir"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan", "align", "valign"},
    "th": {"colspan", "rowspan", "align", "valign"},
    "table": {"align", "border", "cellpadding", "cellspacing"},
    "time": {"datetime"},
}
_DROPPED_WHOLE = {
    "script",
    "style",
    "title",
    "noscript",
    "template",
    "iframe",
    "object",
    "svg",
    "math",
    "head",
}
# Each of these reads a character at most twice, whatever is left open.
_UNSEEN = re.compile(
    r"<(?:script|style|head)\b[^<>]*+>(?:[^<]++|<(?!/(?:script|style|head)\b))*+(?:</[^<>]*+>?)?"
    r"|<!--(?:[^-]++|-(?!->))*+(?:-->)?",
    re.IGNORECASE,
)
_BREAKING_TAG = re.compile(r"<(?:br|/?(?:p|div|tr|li|h[1-6]|blockquote|table))\b[^<>]*+>", re.I)
_ANY_TAG = re.compile(r"</?[a-z!?][^<>]*+>?", re.I)
_BLANKS = re.compile(r"[ \t\u00a0]+$", re.MULTILINE)
_MANY_BREAKS = re.compile(r"\n{4,}")


def sanitise(source: str) -> tuple[str, str]:
    """Safe HTML of a message's HTML part, and a problem in words ("" when nothing had to give way)."""
    if is_too_much(source):
        return (
            f"<pre>{html.escape(_strip(source)[:MAX_HTML])}</pre>",
            "HTML too large or too deep: shown as text",
        )
    blocked: list[str] = []

    def attribute(tag: str, name: str, value: str) -> str | None:
        if tag == "img" and name == "src" and not value.strip().lower().startswith("cid:"):
            blocked.append(value)
            return None
        return value

    safe = nh3.clean(
        source,
        tags=_TAGS,
        clean_content_tags=_DROPPED_WHOLE,
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
    )
    return clean(safe), "remote pictures were blocked" if blocked else ""


def is_too_much(source: str) -> bool:
    """Whether HTML is so large or so deep that only its text is taken."""
    return len(source) > MAX_HTML or source.count("<") > _MAX_TAGS or _nesting(source) > _MAX_NESTING


def _nesting(source: str) -> int:
    """The greatest number of elements open at once, counted roughly; void and self-closing ones do not
    count.
    """
    depth = deepest = 0
    for closing, tag in _TAG.findall(source):
        if tag.lower() in _CLOSED_BY_THEMSELVES:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest


def to_text(source: str) -> str:
    """The text of HTML as a reader would see it, links without their addresses."""
    if not source.strip():
        return ""
    if is_too_much(source):
        return tidy(_strip(source))
    try:
        return tidy(get_text(_without_declaration(source), ParserConfig(display_links=False)))
    except (ValueError, RecursionError, AssertionError, TypeError, LookupError):
        return tidy(_strip(source))


def _without_declaration(source: str) -> str:
    """lxml refuses a text that declares an encoding of its own."""
    return re.sub(r"<\?xml[^>]{0,200}\?>", "", source, count=1)


def tidy(text: str) -> str:
    """Text made from markup without blanks at line ends, invisible blanks and long gaps."""
    plain = clean(text.replace("\u00a0", " ").replace("\u200b", ""))
    return _MANY_BREAKS.sub("\n\n\n", _BLANKS.sub("", plain)).strip("\n")


def _strip(source: str) -> str:
    """Text without markup, in time that grows with the length alone."""
    shown = _UNSEEN.sub(" ", source[:MAX_HTML])
    return clean(html.unescape(_ANY_TAG.sub("", _BREAKING_TAG.sub("\n", shown))))
