"""Quoted history in HTML: the elements mail programs wrap it in become marks on the lines of its text."""

from __future__ import annotations

import re

from lxml import html as lxml_html  # type: ignore[import-untyped]
from lxml.etree import LxmlError  # type: ignore[import-untyped]

from backstory.channels.email.markup import is_too_much, tidy, to_text
from backstory.channels.email.quote import Split, split, split_marked
from backstory.channels.email.quote_marks import FORWARD, HEADER_LINE, HTML_QUOTE, HTML_RULE
from backstory.channels.email.quote_signature import HTML_SIGNATURE

_START, _END = "\ue010", "\ue011"
_MARKS = re.compile(f"([{_START}{_END}])")
_OURS = str.maketrans("", "", _START + _END + HTML_QUOTE + HTML_RULE + HTML_SIGNATURE)
# Elements that hold the history and nothing else. Programs put a prefix before these names ("x_", "ydp1a2b").
_HISTORY_CLASSES = (
    *("yahoo_quoted", "protonmail_quote", "tutanota_quote", "moz-cite-prefix", "moz-forward-container", "gmail_attr"),
    *(
        "zmail_extra",
        "zmail_extra_hr",
        "missive_quote",
        "front-blockquote",
        "freshdesk_quote",
        "hs_reply",
        "quoted-reply",
    ),
    *("mcntmcntmcntcite_prefix", "bloop_original_html", "mailru-blockquote", "history_container"),
)
_HISTORY_NAMES = {
    *("mail-editor-reference-message-container", "olk_src_body_section", "isreplycontent", "isforwardcontent"),
    *("reply-intro", "replybody1", "quote", "messagereplysection", "quoted_header", "oriMsgHtmlSeperator".lower()),
}
# Elements after which everything is history.
_BOUNDARY_NAMES = {
    "divrplyfwdmsg",
    "stopspelling",
    "appendonsend",
    "replysplit",
    "zwchr",
    "mail-editor-reply-separator",
}
_SIGNATURE_CLASSES = ("gmail_signature", "moz-signature", "protonmail_signature_block", "yahoo-signature")
_SIGNATURE_NAMES = {
    *("signature", "ms-outlook-mobile-signature", "composer_signature", "applemailsignature", "sig"),
    *("messagesignaturesection", "lineBreakAtBeginningOfSignature".lower()),
}
_TOP_BORDER = re.compile(r"border-top:[^;]*solid|border-top-style:solid|border-top-color:rgb\(229,229,229\)")


def split_html(source: str) -> Split:
    """Split the text of an HTML message into reply, quoted history and signature."""
    return read_html(source)[1]


def read_html(source: str) -> tuple[str, Split]:
    """The whole text of an HTML message, and the same split into reply, quoted history and signature."""
    if is_too_much(source):
        text = to_text(source)
        return text, split(text)
    marked = to_text(_mark(source))
    return tidy(marked.translate(_OURS)), split_marked(_marked_lines(marked))


def _marked_lines(text: str) -> str:
    """`text` with `HTML_QUOTE` before each line between a start and its end; without an end, to the last."""
    depth, pieces = 0, []
    for piece in _MARKS.split(text):
        if piece == _START:
            depth += 1
        elif piece == _END:
            depth = max(0, depth - 1)
        elif depth:
            pieces.append("\n".join(HTML_QUOTE + line.strip() if line.strip() else "" for line in piece.split("\n")))
        else:
            pieces.append(piece)
    return "".join(pieces)


def _mark(source: str) -> str:
    """`source` with a start mark, and an end mark where there is one, around its history."""
    plain = source.translate(_OURS)
    try:
        tree = lxml_html.document_fromstring(re.sub(r"<\?xml[^>]{0,200}\?>", "", plain, count=1))
        _mark_elements(tree)
        return str(lxml_html.tostring(tree, encoding="unicode"))
    except (LxmlError, ValueError, RecursionError, AssertionError):
        return plain


def _mark_elements(tree: lxml_html.HtmlElement) -> None:
    roles: dict[str, list[lxml_html.HtmlElement]] = {"history": [], "boundary": [], "signature": [], "rule": []}
    for element in tree.iter():
        if isinstance(element.tag, str) and (role := _role(element)):
            roles[role].append(element)
    history = _outermost(roles["history"] or _last_plain_quote(tree))
    inside = set(history)
    for element in _outermost(roles["boundary"], inside)[:1]:
        _insert_before(element, _START)
    for element in history:
        _wrap(element)
    for mark, role in ((HTML_SIGNATURE, "signature"), (HTML_RULE, "rule")):
        for element in _outermost(roles[role], inside):
            _insert_before(element, mark)


def _role(element: lxml_html.HtmlElement) -> str:
    classes = element.get("class", "").split()
    names = {_bare_name(element.get(key, "")) for key in ("id", "name", "data-marker")}
    if element.tag == "blockquote" and (element.get("type") == "cite" or _is_gmail_quote(element, classes)):
        return "history"
    if element.tag == "div" and _ends(classes, ("gmail_quote", "gmail_quote_container")):
        return "" if element.find(".//blockquote") is not None else "history"
    if _ends(classes, _HISTORY_CLASSES) or names & _HISTORY_NAMES or element.get("data-marker") == "__QUOTED_TEXT__":
        return "history"
    if names & _BOUNDARY_NAMES or _ends(classes, ("OutlookMessageHeader",)) or _is_outlook_header(element):
        return "boundary"
    if element.tag == "hr":
        return "rule"
    return "signature" if _ends(classes, _SIGNATURE_CLASSES) or names & _SIGNATURE_NAMES else ""


def _is_gmail_quote(element: lxml_html.HtmlElement, classes: list[str]) -> bool:
    """Gmail quotes and indents with the same element; a quotation stands in a division of that name."""
    if not _ends(classes, ("gmail_quote",)):
        return False
    return any("gmail_quote" in above.get("class", "") for above in element.iterancestors("div"))


def _bare_name(name: str) -> str:
    return name.lower().removeprefix("x_")


def _ends(classes: list[str], names: tuple[str, ...]) -> bool:
    return any(one.endswith(names) for one in classes)


def _is_outlook_header(element: lxml_html.HtmlElement) -> bool:
    """The division with a line above it in which Outlook puts From, Sent, To and Subject."""
    style = element.get("style", "")
    if element.tag != "div" or "border-top" not in style.lower():
        return False
    if not _TOP_BORDER.search(re.sub(r"\s", "", style.lower())):
        return False
    beginning = "".join(element.itertext())[:400].strip()
    return bool(HEADER_LINE.match(beginning)) or bool(FORWARD.search(beginning[:60]))


def _last_plain_quote(tree: lxml_html.HtmlElement) -> list[lxml_html.HtmlElement]:
    """Where no program named its history, a last block quotation without a class is taken for it."""
    quotes = [one for one in tree.iter("blockquote") if not one.get("class")]
    return _outermost(quotes)[-1:]


def _outermost(
    elements: list[lxml_html.HtmlElement], also_in: set[lxml_html.HtmlElement] | None = None
) -> list[lxml_html.HtmlElement]:
    """Those of `elements` that lie in none of the others, nor in `also_in`."""
    known = set(elements) | (also_in or set())
    return [one for one in elements if not any(above in known for above in one.iterancestors())]


def _insert_before(element: lxml_html.HtmlElement, mark: str) -> None:
    if element.getparent() is not None:
        element.addprevious(_marker(mark))


def _marker(mark: str) -> lxml_html.HtmlElement:
    marker = lxml_html.Element("div")
    marker.text = mark
    return marker


def _wrap(element: lxml_html.HtmlElement) -> None:
    if element.getparent() is None:
        return
    _insert_before(element, _START)
    end = _marker(_END)
    end.tail, element.tail = element.tail, None
    element.addnext(end)
