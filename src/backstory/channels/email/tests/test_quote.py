"""What the person newly wrote, in the ways mail programs quote."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstory.channels.email.quote import split
from backstory.channels.email.quote_html import split_html

QUOTED_BELOW = [
    "On Mon, 2 Jun 2025 at 09:30, Alice <care@desk.example> wrote:\n> We are sorry.",
    "On Mon, 2 Jun 2025 at 09:30, Alice Archer\n<care@desk.example> wrote:\n\n> We are sorry.",
    "Am 02.06.2025 um 09:30 schrieb Alice:\n> Es tut uns leid.",
    "Am Mo., 2. Juni 2025 um 09:30 Uhr schrieb Alice <care@desk.example>:\n\n> Es tut uns leid.",
    "El lun, 2 jun 2025 a las 9:30, Alice (<care@desk.example>) escribió:\n> Lo sentimos.",
    "Le lun. 2 juin 2025 à 09:30, Alice <care@desk.example> a écrit :\n> Désolés.",
    "-----Original Message-----\nFrom: Alice\nSent: Monday\nTo: Maya\nSubject: Re: water\n\nWe are sorry.",
    "-----Ursprüngliche Nachricht-----\nVon: Alice\nGesendet: Montag\nAn: Maya\nBetreff: AW\n\nEs tut uns leid.",
    "________________________________\nFrom: Alice <care@desk.example>\nSent: Monday, June 2, 2025 9:30 AM\n"
    "To: Maya\nSubject: Re: water\n\nWe are sorry.",
    "Von: Alice <care@desk.example>\nGesendet: Montag, 2. Juni 2025 09:30\nAn: Maya\nBetreff: AW: Wasser\n\nLeider.",
    "De : Alice <care@desk.example>\nEnvoyé : lundi 2 juin 2025 09:30\nÀ : Maya\nObjet : RE: eau\n\nDésolés.",
    "De: Alice <care@desk.example>\nEnviado: lunes, 2 de junio de 2025 9:30\nPara: Maya\nAsunto: RE: agua\n\nPerdón.",
    "2025-06-02 9:30 GMT+02:00 Alice <care@desk.example>:\n> We are sorry.",
    "> We are sorry.\n> Truly.",
]


@pytest.mark.parametrize("history", QUOTED_BELOW)
def test_history_below_the_reply_is_set_apart(history: str) -> None:
    parts = split(f"Still cold, 3 days now.\n\n{history}")
    assert parts.reply == "Still cold, 3 days now."
    assert parts.quoted.splitlines()[-1] == history.splitlines()[-1]


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
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
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


@given(
    st.lists(
        st.sampled_from(["hello", "> quoted", "", "-- ", "On 1 May 2025, A <a@b.c> wrote:", "From: x", "Subject: y"])
    )
)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_no_line_is_lost(lines: list[str]) -> None:
    parts = split("\n".join(lines))
    kept = "\n".join([parts.reply, parts.quoted, parts.signature]).split()
    assert sorted(kept) == sorted("\n".join(lines).split())
