"""Quoted history in HTML: the elements mail programs wrap it in become marks in the text made from it."""

from __future__ import annotations

import re

from lxml import html as lxml_html  # type: ignore[import-untyped]
from lxml.etree import LxmlError  # type: ignore[import-untyped]

from backstory.channels.email.markup import is_too_much, to_text
from backstory.channels.email.quote import Split, split

_START, _END = "\ue010", "\ue011"
# Elements that hold the history and nothing else.
_CONTAINERS = (
    "//div[contains(concat(' ', normalize-space(@class), ' '), ' gmail_quote ')]"
    " | //div[contains(@class, 'gmail_quote_container')] | //*[@id='OLK_SRC_BODY_SECTION']"
    " | //*[contains(@class, 'yahoo_quoted')] | //*[contains(@class, 'protonmail_quote')]"
    " | //*[contains(@class, 'tutanota_quote')] | //*[contains(@class, 'moz-cite-prefix')]"
    " | //*[contains(@class, 'zmail_extra')] | //blockquote[@type='cite']"
    " | //*[@id='mail-editor-reference-message-container'] | //div[@name='quote']"
)
# Elements after which everything is history.
_BOUNDARIES = (
    "//*[@id='divRplyFwdMsg'] | //*[@id='stopSpelling'] | //*[@id='appendonsend'] | //*[@id='replySplit']"
    " | //*[contains(@class, 'OutlookMessageHeader')]"
    " | //div[contains(translate(@style, ' ABCDEFST', 'abcdefst'), 'border-top:solid#b5c4df1.0pt')]"
    " | //div[contains(translate(@style, ' ABCDEFST', 'abcdefst'), 'border-top:solid#e1e1e11.0pt')]"
    " | //div[contains(translate(@style, ' ABCDEFST', 'abcdefst'), 'border:none;border-top:solid')]"
    " | //div[contains(translate(@style, ' ', ''), 'border-top-color:rgb(229,229,229)')]"
)
_MARKED = re.compile(f"{_START}(.*?)(?:{_END}|\\Z)", re.DOTALL)


def split_html(source: str) -> Split:
    """Split the text of an HTML message into reply, quoted history and signature."""
    if is_too_much(source):
        return split(to_text(source))
    text = to_text(_mark(source))
    history = [part.replace(_START, "").strip() for part in _MARKED.findall(text)]
    parts = split(_MARKED.sub("\n", text).replace(_END, ""))
    quoted = "\n\n".join(part for part in [parts.quoted, *history] if part)
    return Split(parts.reply, quoted.replace(_END, ""), parts.signature)


def _mark(source: str) -> str:
    """`source` with a start mark, and an end mark where there is one, around its history."""
    plain = source.replace(_START, "").replace(_END, "")
    try:
        tree = lxml_html.document_fromstring(re.sub(r"<\?xml[^>]{0,200}\?>", "", plain, count=1))
        _mark_elements(tree)
        return str(lxml_html.tostring(tree, encoding="unicode"))
    except (LxmlError, ValueError, RecursionError, AssertionError):
        return plain


def _mark_elements(tree: lxml_html.HtmlElement) -> None:
    boundaries = tree.xpath(_BOUNDARIES)
    if boundaries:
        _insert_before(boundaries[0], _START)
    for element in _outermost(tree.xpath(_CONTAINERS)):
        _wrap(element)
    plain_quotes = [one for one in tree.xpath("//blockquote[not(ancestor::blockquote)]") if not one.get("class")]
    if plain_quotes and plain_quotes[-1].get("type") != "cite":
        _wrap(plain_quotes[-1])


def _outermost(elements: list[lxml_html.HtmlElement]) -> list[lxml_html.HtmlElement]:
    known = set(elements)
    return [one for one in elements if not any(above in known for above in one.iterancestors())]


def _insert_before(element: lxml_html.HtmlElement, mark: str) -> None:
    if element.getparent() is not None:
        element.addprevious(_marker(mark))


def _marker(mark: str) -> lxml_html.HtmlElement:
    marker = lxml_html.Element("div")
    marker.text = mark
    return marker


def _wrap(element: lxml_html.HtmlElement) -> None:
    _insert_before(element, _START)
    end = _marker(_END)
    end.tail, element.tail = element.tail, None
    element.addnext(end)
