"""Replies in HTML, as the common programs and web mailers build them."""
# ruff: noqa: E501 (lines of letters, as they come)

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstory.channels.email.markup import to_text
from backstory.channels.email.quote_html import split_html

ATTRIBUTION = "On Fri, 3 May 2024 at 10:00, Alice &lt;care@desk.example&gt; wrote:"
FIELDS = (
    "<b>From:</b> Alice &lt;care@desk.example&gt;<br><b>Sent:</b> Friday, May 3, 2024 10:00 AM<br>"
    "<b>To:</b> Maya<br><b>Subject:</b> RE: Water"
)
CLIENTS = {
    "Gmail": f'<div dir="ltr">Still cold.</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" '
    f'class="gmail_attr">{ATTRIBUTION}<br></div><blockquote class="gmail_quote">We are sorry.</blockquote></div>',
    "Gmail without attribution element": f'<div>Still cold.</div><div class="gmail_extra"><br><div class="gmail_quote">'
    f'{ATTRIBUTION}<br><blockquote class="gmail_quote">We are sorry.</blockquote></div></div>',
    "Outlook": '<div class="WordSection1"><p class="MsoNormal">Still cold.</p><div><div style="border:none;border-top:'
    f'solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">{FIELDS}</p></div></div>'
    "<p>We are sorry.</p></div>",
    "Outlook on the web": '<div>Still cold.</div><div id="appendonsend"></div><hr tabindex="-1"><div id="divRplyFwdMsg" '
    f'dir="ltr">{FIELDS}</div><div>We are sorry.</div>',
    "Outlook on the web, new": '<div>Still cold.</div><div id="mail-editor-reference-message-container"><hr>'
    f"<div>{FIELDS}</div><div>We are sorry.</div></div>",
    "Windows Mail": '<div>Still cold.</div><div style="padding-top: 5px; border-top-color: rgb(229, 229, 229); '
    f'border-top-width: 1px; border-top-style: solid;">{FIELDS}</div><div>We are sorry.</div>',
    "Apple Mail": f'Still cold.<br><div><br><blockquote type="cite"><div>{ATTRIBUTION}</div><br><div>We are sorry.</div>'
    "</blockquote></div>",
    "Thunderbird": f'<p>Still cold.</p><div class="moz-cite-prefix">{ATTRIBUTION}<br></div><blockquote type="cite" '
    'cite="mid:1@desk.example">We are sorry.</blockquote>',
    "Yahoo": f'<div class="yahoo-style-wrap"><div>Still cold.</div></div><div id="ydp1" class="ydp12ab34yahoo_quoted"><div>'
    f"{ATTRIBUTION}</div><div>We are sorry.</div></div>",
    "Proton": f'<div>Still cold.</div><div class="protonmail_quote">------- Original Message -------<br>{ATTRIBUTION}<br>'
    '<blockquote class="protonmail_quote" type="cite">We are sorry.</blockquote></div>',
    "GMX": '<div>Still cold.<div name="quote" style="margin:10px;border-left:2px solid #C3D9E5"><div><b>Gesendet:</b> '
    "Freitag, 03. Mai 2024<br><b>Von:</b> Alice &lt;care@desk.example&gt;</div><div>We are sorry.</div></div></div>",
    "Zoho": '<div>Still cold.</div><div class="zmail_extra"><div id="Zm-_Id_-Sgn1">---- On Fri, 03 May 2024 10:00:00 +0200 '
    "<b>Alice &lt;care@desk.example&gt;</b> wrote ----</div><blockquote>We are sorry.</blockquote></div>",
    "Zimbra": f'<div>Still cold.</div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">{FIELDS}</div>'
    '<div data-marker="__QUOTED_TEXT__">We are sorry.</div>',
    "Spark": '<div name="messageBodySection">Still cold.</div><div name="messageReplySection">On 3 May 2024, Alice wrote:<br>'
    '<blockquote type="cite">We are sorry.</blockquote></div>',
    "Roundcube": '<p>Still cold.</p><p id="reply-intro">On 2024-05-03 10:00, Alice wrote:</p><blockquote type="cite">'
    '<div id="replybody1">We are sorry.</div></blockquote>',
    "Tutanota": f'<div>Still cold.</div>{ATTRIBUTION}<br><blockquote class="tutanota_quote">We are sorry.</blockquote>',
    "old Outlook Express": f"<div>Still cold.</div><blockquote><div>----- Original Message -----</div><div>{FIELDS}</div>"
    "<div>We are sorry.</div></blockquote>",
    "Outlook Express with dashes": f"<p>Still cold.</p><p>-----Original Message-----<br>{FIELDS}</p><p>We are sorry.</p>",
    "a rule and a bold From": f"<div>Still cold.</div><hr><div>{FIELDS}</div><p>We are sorry.</p>",
    "no more than an attribution": f"<p>Still cold.</p><p>{ATTRIBUTION}</p><p>We are sorry.</p>",
    "Yandex": '<div>Still cold.</div><div>03.05.2024, 10:00, "Alice" &lt;care@desk.example&gt;:</div><blockquote>'
    "We are sorry.</blockquote>",
    "QQ": "<div>Still cold.</div><div>------------------&nbsp;原始邮件&nbsp;------------------</div><div><b>发件人:</b> Alice "
    "&lt;care@desk.example&gt;</div><div>We are sorry.</div>",
}


@pytest.mark.parametrize("source", CLIENTS.values(), ids=CLIENTS.keys())
def test_history_is_set_apart_as_each_program_wraps_it(source: str) -> None:
    parts = split_html(f"<html><body>{source}</body></html>")
    assert parts.reply == "Still cold."
    assert "We are sorry." in parts.quoted and "Alice" in parts.quoted


def test_an_answer_between_two_quotations_stays() -> None:
    parts = split_html(
        f'<div class="gmail_quote"><div class="gmail_attr">{ATTRIBUTION}</div><blockquote class="gmail_quote">Which boiler?'
        '</blockquote><div>The old one.</div><blockquote class="gmail_quote">Since when?</blockquote><div>Monday.</div></div>'
    )
    assert parts.reply.split() == ["The", "old", "one.", "Monday."]


def test_an_answer_below_the_quotation_is_found() -> None:
    parts = split_html(f'<p>{ATTRIBUTION}</p><blockquote type="cite">Is it warm?</blockquote><p>No, it is not.</p>')
    assert (parts.reply, "Is it warm?" in parts.quoted) == ("No, it is not.", True)


def test_a_forwarded_letter_without_own_words_stays_visible() -> None:
    parts = split_html(
        '<div dir="ltr"><br><br><div class="gmail_quote">---------- Forwarded message ---------<br>From: Shop '
        "&lt;shop@shop.example&gt;<br>Date: Fri, 3 May 2024<br>Subject: Order<br><br>Your order is late.</div></div>"
    )
    assert "Your order is late." in parts.reply and not parts.quoted


@pytest.mark.parametrize("mark", ['class="gmail_signature"', 'id="Signature"', 'class="moz-signature"'])
def test_a_signature_element_is_set_apart(mark: str) -> None:
    parts = split_html(f"<div>Still cold.</div><br><div {mark}>Maya Lind<br>Tel. 123</div>")
    assert parts.reply == "Still cold." and parts.signature.split("\n")[0] == "Maya Lind"


def test_an_indented_passage_in_gmail_is_the_writers_own() -> None:
    parts = split_html('<div>As I said:</div><blockquote class="gmail_quote">It is cold.</blockquote>')
    assert "It is cold." in parts.reply


def words(text: str) -> list[str]:
    return sorted(re.findall(r"\w+", text))


PIECES = st.sampled_from(
    [*CLIENTS.values(), "<p>More of it.</p>", "<hr>", "<blockquote>x</blockquote>", "--&nbsp;<br>Maya"]
)


@given(st.lists(PIECES, max_size=5))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_no_word_of_html_is_lost(pieces: list[str]) -> None:
    source = f"<html><body>{''.join(pieces)}</body></html>"
    parts = split_html(source)
    assert words(f"{parts.reply}\n{parts.quoted}\n{parts.signature}") == words(to_text(source))
