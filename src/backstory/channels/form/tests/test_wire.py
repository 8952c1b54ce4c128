from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.channels.form.wire import FORMAT, TEXT_FIELDS, Submission, Upload, decode, encode, to_inbound
from backstory.kernel.errors import InvalidInput

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
anything = st.text(st.characters())  # lone surrogates and NUL included
uploads = st.builds(Upload, anything, anything, st.binary(max_size=60))
submissions = st.builds(
    Submission, **dict.fromkeys(TEXT_FIELDS, anything), files=st.lists(uploads, max_size=3).map(tuple)
)


@given(submissions)
def test_what_is_stored_can_be_read_again(submission: Submission) -> None:
    assert decode(encode(submission)) == submission


@given(submissions)
def test_whatever_is_typed_the_letter_can_be_stored(submission: Submission) -> None:
    try:
        letter = to_inbound(submission, "care@desk.example", NOW)
    except InvalidInput:
        return
    for text in (letter.subject, letter.text, letter.from_name, letter.from_address, letter.message_id):
        text.encode("utf-8")
        assert "\x00" not in text
    assert "\n" not in letter.subject + letter.from_name
    for attachment in letter.attachments:
        assert attachment.name and not {"/", "\\", "\x00"} & set(attachment.name)
        assert attachment.name not in {".", ".."}


@given(st.binary(max_size=200))
def test_any_bytes_are_a_form_or_a_clear_error(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        decode(data)


@pytest.mark.parametrize(
    "content",
    [
        b'{"format": "other"}',
        f'{{"format": "{FORMAT}", "email": 1}}'.encode(),
        f'{{"format": "{FORMAT}", "files": {{}}}}'.encode(),
        f'{{"format": "{FORMAT}", "files": [1]}}'.encode(),
        f'{{"format": "{FORMAT}", "files": [{{"name": "a", "type": "b", "data": "%%"}}]}}'.encode(),
        b"[" * 100_000,
    ],
)
def test_a_damaged_form_is_named_as_such(content: bytes) -> None:
    with pytest.raises(InvalidInput):
        decode(content)


def test_the_wish_and_the_order_stand_in_the_customers_language() -> None:
    form = Submission("1", "maya@customer.example", "Der Kessel ist kaputt.", wish="Ersatz", order="7", language="de")
    letter = to_inbound(form, "care@desk.example", NOW)
    assert letter.text.endswith("Was es wieder gutmachen würde:\nErsatz\n\nBestellung oder Aktenzeichen: 7")


def test_without_a_subject_the_first_words_stand_for_it() -> None:
    form = Submission("1", "maya@customer.example", "The kettle broke. " * 9, reference="K7M2-9QXA")
    subject = to_inbound(form, "care@desk.example", NOW).subject
    assert subject.startswith("The kettle broke. The") and subject.endswith("… [K7M2-9QXA]") and len(subject) < 90


def test_a_photo_needs_no_words() -> None:
    form = Submission("1", "maya@customer.example", "", files=(Upload("a.jpg", "image/jpeg", b"x"),))
    assert to_inbound(form, "care@desk.example", NOW).attachments[0].name == "a.jpg"


def test_a_made_up_media_type_becomes_plain_bytes() -> None:
    files = (Upload("a.txt", "text/html; x=<script>", b"x"),)
    form = Submission("1", "maya@customer.example", "Look", files=files)
    assert to_inbound(form, "care@desk.example", NOW).attachments[0].content_type == "application/octet-stream"
