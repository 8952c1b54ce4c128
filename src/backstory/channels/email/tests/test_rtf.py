"""Formatted text inside Outlook's packages is read, whatever its code page and however damaged."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.channels.email import rtf

# The two examples of [MS-OXRTFCP], section 4.
HELLO = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)
CROSSING = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")


def test_the_examples_of_the_specification_are_unpacked() -> None:
    assert rtf.unpack(HELLO) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert rtf.unpack(CROSSING) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"
    assert rtf.unpack(struct.pack("<II4sI", 18, 6, b"MELA", 0) + b"{\\rtf1") == b"{\\rtf1"
    assert rtf.unpack(b"LZFu") == rtf.unpack(struct.pack("<II4sI", 18, 6, b"none", 0)) == b""


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (rb"{\rtf1\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 K\'e4lte\par in {\b Haus} 4\tab !}", "Kälte\nin Haus 4\t!"),
        (rb"{\rtf1\ansicpg1251 \'ea\'ee\'f2}", "кот"),
        (rb"{\rtf1{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset128 M;}}\f1 \'93\'fa\'96\'7b\f0 caf\'e9}", "日本café"),
        (rb"{\rtf1\uc1 \u8364? 5, \u-10179?\u-8704?}", "€ 5, 😀"),
        (rb"{\rtf1\uc2\u26085\'93\'fa!}", "日!"),
        (rb"{\rtf1 a{\*\unknown b}{\pict\bin4 }}}}c}d{\info{\author Maya}}e}", "ade"),
        (rb"{\rtf1 {\field{\*\fldinst HYPERLINK http://a.example}{\fldrslt our page}}}", "our page"),
        (b"{\\rtf1 open {{{ \\'", "open"),
    ],
)
def test_the_text_is_read(source: bytes, said: str) -> None:
    text, is_html = rtf.read(source)
    assert (text.strip(), is_html) == (said, False)


def test_html_that_is_wrapped_in_it_comes_out_again() -> None:
    source = (
        rb"{\rtf1\ansi\ansicpg1252\fromhtml1 {\*\htmltag64 <p>}\htmlrtf \par \htmlrtf0 Gr\'fc\'dfe "
        rb"{\*\htmltag84 &lt;}\htmlrtf <\htmlrtf0 {\*\htmltag92 <b>}{\htmlrtf \b\htmlrtf0 Maya{\*\htmltag100 </b>}}}"
    )
    assert rtf.read(source) == ("<p>Grüße &lt;<b>Maya</b>", True)


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    rtf.read(data)[0].encode()
    rtf.read(rtf.unpack(struct.pack("<II4sI", len(data) + 12, 0, b"LZFu", 0) + data))
