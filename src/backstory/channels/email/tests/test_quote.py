"""What the person newly wrote, in the ways mail programs quote."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstory.channels.email.quote import split
from backstory.channels.email.quote_html import split_html
from backstory.channels.email.tests.attributions import ATTRIBUTIONS, DEVICES, DIVIDERS, FORWARDS, HEADERS

REPLY = "Still cold, 3 days now."
BARE_QUOTES = [
    "2025-06-02 9:30 GMT+02:00 Alice <care@desk.example>:\n> We are sorry.",
    "________________________________\nFrom: Alice <care@desk.example>\nSent: today\nSubject: water\n\nWe are sorry.",
    "> We are sorry.\n> Truly.",
    "##- Please type your reply above this line -##\n\nWe are sorry.",
    "Alice Archer---03.05.2024 10:00:00---We are sorry.\n\nTruly.",
]


def check_below(history: str) -> None:
    parts = split(f"{REPLY}\n\n{history}")
    assert parts.reply == REPLY
    assert parts.quoted.splitlines()[-1] == history.splitlines()[-1]


@pytest.mark.parametrize("line", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS.keys())
def test_history_below_an_attribution_is_set_apart(line: str) -> None:
    check_below(f"{line}\n\n> We are sorry.\n> Truly.")
    check_below(f"{line}\n\nWe are sorry.\n\nTruly.")


@pytest.mark.parametrize("fields", HEADERS.values(), ids=HEADERS.keys())
def test_history_below_copied_fields_is_set_apart(fields: str) -> None:
    check_below(f"{fields}\n\nWe are sorry.\n\nTruly.")


@pytest.mark.parametrize("line", DIVIDERS)
def test_history_below_a_divider_is_set_apart(line: str) -> None:
    check_below(f"{line}\n\nWe are sorry.\n\nTruly.")


@pytest.mark.parametrize("history", BARE_QUOTES)
def test_history_in_rarer_forms_is_set_apart(history: str) -> None:
    check_below(history)


@pytest.mark.parametrize("line", FORWARDS)
def test_a_forwarded_letter_is_history_only_below_own_words(line: str) -> None:
    letter = f"{line}\nFrom: Shop <shop@shop.example>\nSubject: Order\n\nYour order is late."
    check_below(letter)
    for alone in (letter, f"\n{letter}", f"Sent from my iPhone\n\n{letter}"):
        assert "Your order is late." in split(alone).reply


def test_a_reply_below_the_quote_is_found() -> None:
    parts = split("On 2 Jun 2025, Alice <a@d.example> wrote:\n> Is it warm now?\n\nNo, it is not.")
    assert parts.reply == "No, it is not."


def test_answers_between_quoted_lines_are_kept() -> None:
    parts = split(
        "On 2 Jun 2025, Alice <a@d.example> wrote:\n> Which boiler?\n\nThe old one.\n\n> Since when?\n\nMonday."
    )
    assert parts.reply.split() == ["The", "old", "one.", "Monday."]


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nMaya Lind\nTel. 123",
        *DEVICES,
        "Best regards,\nMaya Lind",
        "Mit freundlichen Grüßen\nMaya Lind",
        "Cordialement,\nMaya Lind",
        "Un cordial saludo,\nMaya",
    ],
)
def test_a_signature_is_set_apart(signature: str) -> None:
    parts = split(f"The water is cold.\n\n{signature}")
    assert (parts.reply, parts.signature) == ("The water is cold.", signature.strip())


@pytest.mark.parametrize(
    "text",
    [
        "Best wishes to your team, but I wrote three times already.",
        "Sent from my desk, the parcel took two weeks to arrive here and nobody told me where it was.",
        "From: nobody knows where this noise comes.",
        "Appointment:\n\nDate: Wednesday 3 October\nTime: 7:00\n\nPlease bring the part.",
        "5 > 3 and that is all I can say.",
        "I called on 3 May 2024 and your agent said:\nNo refund.\n\nThat is not right.",
        "Hello,\n\nOn 3 May 2024 I wrote:\nplease refund me.\n\nNobody answered.",
        "Here is what Alice wrote:\nyou will get it on Monday.\n\nIt did not come.",
        "The manager said on Monday at 10:00:\nyou will get it.\n\nI did not.",
        "Le 3 mai 2024 à 10:00 j'ai écrit :\nRemboursez-moi.\n\nRien.",
        "My trip\nFrom: Berlin\nTo: Munich\nDate: 3 May 2024 10:00\n\nThe train was two hours late.",
        "Hello\n--- my order ---\n12345\n\nIt is late.",
        "The parcel was sent from London on Monday\nand never came.",
        "Best\nvalue it was not. Thanks to you I had to buy a new one, and that was not cheap at all, was it now?",
    ],
)
def test_words_that_only_look_like_marks_stay(text: str) -> None:
    assert split(text).reply == text


@pytest.mark.parametrize(
    "history",
    [
        '<div class="gmail_quote">On Mon, 2 Jun 2025, Alice wrote:<blockquote>We are sorry.</blockquote></div>',
        '<div id="divRplyFwdMsg"><b>From:</b> Alice</div><div>We are sorry.</div>',
        '<blockquote type="cite">We are sorry.</blockquote>',
        '<div class="yahoo_quoted">We are sorry.</div>',
        '<hr id="stopSpelling">Date: Mon<br>We are sorry.',
    ],
)
def test_history_in_html_is_set_apart(history: str) -> None:
    parts = split_html(f"<html><body><div>Still cold.</div>{history}</body></html>")
    assert parts.reply == "Still cold." and "We are sorry." in parts.quoted


PIECES = st.sampled_from(
    [
        *("hello", "> quoted", "", "-- ", "From: x", "Subject: y", "Ok - On Mon, 1 May 2025 at 9:00 A <a@b.c> wrote:"),
        *(
            list(ATTRIBUTIONS.values())[::7]
            + list(HEADERS.values())[::5]
            + [*DIVIDERS[:3], *FORWARDS[:3], *DEVICES[:3]]
        ),
    ]
)


@given(st.lists(PIECES, max_size=12))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_no_word_is_lost(pieces: list[str]) -> None:
    text = "\n".join(pieces)
    parts = split(text)
    kept = "\n".join([parts.reply, parts.quoted, parts.signature])
    assert sorted(re.findall(r"\w+", kept)) == sorted(re.findall(r"\w+", text))
