"""What letters carry besides text: Outlook's packages, calendars, uuencoded files, signatures and encryption."""

import binascii
import struct
from datetime import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from backstory.channels.email.parse import Parsed, parse_bytes
from backstory.channels.email.tests.letters import read, with_file
from backstory.channels.email.tests.test_rtf import HELLO
from backstory.channels.email.tnef import unpack


def attribute(level: int, name: int, value: bytes, kind: int = 6) -> bytes:
    return struct.pack("<BHHI", level, name, kind, len(value)) + value + b"\0\0"


def text_property(identifier: int, value: bytes, kind: int = 0x1E) -> bytes:
    return struct.pack("<HHII", kind, identifier, 1, len(value)) + value + b"\0" * (-len(value) % 4)


def winmail(*files: tuple[bytes, bytes], text: bytes = b"") -> bytes:
    pieces = [attribute(1, 0x9003, struct.pack("<I", 1) + text_property(0x1000, text))] if text else []
    for name, data in files:
        named = struct.pack("<I", 1) + text_property(0x3707, name)
        pieces += [attribute(2, 0x9002, b"\0" * 14), attribute(2, 0x8010, b"SHORT~1.TXT\0")]
        pieces += [attribute(2, 0x800F, data), attribute(2, 0x9005, named)]
    return b"\x78\x9f\x3e\x22\x01\x00" + b"".join(pieces)


def letter_with(data: bytes, content_type: bytes = b"application/ms-tnef", name: bytes = b"winmail.dat") -> Parsed:
    return parse_bytes(with_file(name, binascii.b2a_base64(data), content_type))


def test_the_files_in_winmail_dat_are_unpacked() -> None:
    parsed = letter_with(winmail((b"Invoice 7.pdf\0", b"%PDF"), (b"../photo.jpg\0", b"jpeg")))
    assert [(one.name, one.content_type, one.data) for one in parsed.attachments] == [
        ("Invoice 7.pdf", "application/pdf", b"%PDF"),
        ("photo.jpg", "image/jpeg", b"jpeg"),
    ]
    assert "unpacked from winmail.dat, a file only Outlook can open" in parsed.problems


def test_the_text_in_winmail_dat_is_read_where_there_is_no_other() -> None:
    source = b"Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n"
    assert read(binascii.b2a_base64(winmail(text=b"The water is cold.\0")), more=source).text == "The water is cold."


def test_formatted_text_in_winmail_dat_is_read_where_there_is_no_other() -> None:
    block = struct.pack("<I", 1) + text_property(0x1009, HELLO, kind=0x0102)
    package = b"\x78\x9f\x3e\x22\x01\x00" + attribute(1, 0x9003, block)
    source = b"Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n"
    assert read(binascii.b2a_base64(package), more=source).text == "hello world"


@pytest.mark.parametrize("damage", [b"\xff" * 8, b"\x78\x9f\x3e\x22", b"\x78\x9f\x3e\x22\1\0" + b"\xff" * 4_000])
def test_a_damaged_winmail_dat_is_kept_as_it_is(damage: bytes) -> None:
    (item,) = letter_with(damage).attachments
    assert (item.name, item.data) == ("winmail.dat", damage)


def test_hostile_counts_in_winmail_dat_take_no_time() -> None:
    many = struct.pack("<I", 2**32 - 1) + struct.pack("<HHI", 0x1003, 0x3FDE, 2**32 - 1) * 50_000
    package = unpack(winmail((b"a.txt\0", b"x")) + attribute(1, 0x9003, many) + attribute(1, 0, b"") * 90_000)
    assert package is not None and [one.data for one in package.files] == [b"x"]


CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Boiler visit\r\n"
    b"DTSTART:20240503T100000Z\r\nDTEND:20240503T110000Z\r\nLOCATION:Main St 1\r\n"
    b"ORGANIZER;CN=Alice Archer:mailto:care@desk.example\r\nATTENDEE;PARTSTAT=DECLINED:mailto:maya@customer.example\r\n"
    b"END:VEVENT\r\nEND:VCALENDAR\r\n"
)


def test_an_invitation_reads_as_a_sentence_and_stays_a_file() -> None:
    parsed = read(CALENDAR, more=b"Content-Type: text/calendar; charset=utf-8; method=REQUEST\r\n")
    assert parsed.text.splitlines() == [
        "Invitation: Boiler visit",
        "When: 2024-05-03 10:00 UTC to 2024-05-03 11:00 UTC",
        "Where: Main St 1",
        "From: Alice Archer <care@desk.example>",
        "maya@customer.example: declined",
    ]
    assert parsed.attachments[0].data == CALENDAR
    assert "holds a calendar entry: Invitation: Boiler visit" in parsed.problems


def test_a_calendar_that_is_none_is_only_a_file() -> None:
    parsed = read(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:yesterday\r\n", more=b"Content-Type: text/calendar\r\n")
    assert len(parsed.attachments) == 1


def test_uuencoded_files_in_a_text_become_attachments() -> None:
    lines = b"".join(binascii.b2a_uu(b"0123456789"[at : at + 5]) for at in (0, 5))
    parsed = read(b"See the file.\r\n\r\nbegin 644 numbers.txt\r\n" + lines + b"`\r\nend\r\n\r\nThank you.")
    assert parsed.text.split() == ["See", "the", "file.", "Thank", "you."]
    assert [(one.name, one.data) for one in parsed.attachments] == [("numbers.txt", b"0123456789")]


def test_a_sentence_that_begins_like_a_uuencoded_file_stays() -> None:
    text = "begin 644 times\nand end never\n"
    assert read(text.encode()).text == text


def test_flowed_lines_are_one_paragraph() -> None:
    body = b"The water is \r\ncold since \r\nMonday.\r\n> Is it \r\n> warm?\r\n-- \r\nMaya"
    parsed = read(body, more=b"Content-Type: text/plain; format=flowed\r\n")
    assert parsed.text == "The water is cold since Monday.\n> Is it warm?\n-- \nMaya"
    assert read(b"a \r\nb", more=b"Content-Type: text/plain; format=flowed; delsp=yes\r\n").text == "ab"


def test_the_armour_of_an_openpgp_signature_is_taken_off() -> None:
    parsed = read(
        b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nThe water is cold.\n- -- \nMaya\n"
        b"-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----\n"
    )
    assert (parsed.parts.reply, parsed.parts.signature) == ("The water is cold.", "-- \nMaya")
    assert "signed with OpenPGP; the signature was not checked" in parsed.problems


def test_encrypted_letters_say_so() -> None:
    inline = read(b"-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\n")
    mime = read(
        b"--x\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--x\r\n"
        b"Content-Type: application/octet-stream; name=encrypted.asc\r\n\r\nhQEM\r\n--x--",
        more=b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=x\r\n',
    )
    for parsed in (inline, mime):
        assert "encrypted with OpenPGP: the text can be read only with the recipient's key" in parsed.problems
    assert [one.name for one in mime.attachments][-1] == "encrypted.asc"


def test_a_detached_signature_is_kept_and_named() -> None:
    parsed = read(
        b"--x\r\nContent-Type: text/plain\r\n\r\nThe water is cold.\r\n--x\r\n"
        b"Content-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nMII\r\n--x--",
        more=b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=x\r\n',
    )
    assert (parsed.text, [one.name for one in parsed.attachments]) == ("The water is cold.", ["smime.p7s"])
    assert "signed with S/MIME; the signature was not checked" in parsed.problems


@pytest.fixture(scope="module")
def maya() -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Maya Lind")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, datetime(2024, 1, 1), datetime(2034, 1, 1))
    return key, builder.sign(key, hashes.SHA256())


def test_a_letter_inside_an_opaque_signature_is_read(maya: tuple[rsa.RSAPrivateKey, x509.Certificate]) -> None:
    key, certificate = maya
    inside = b"Content-Type: text/plain; charset=utf-8\r\n\r\nThe water is cold."
    builder = pkcs7.PKCS7SignatureBuilder().set_data(inside).add_signer(certificate, key, hashes.SHA256())
    envelope = builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
    more = b"Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n"
    parsed = read(binascii.b2a_base64(envelope), more=more)
    assert (parsed.text, [one.name for one in parsed.attachments]) == ("The water is cold.", ["smime.p7m"])
    assert "signed with S/MIME; the signature was not checked" in parsed.problems


def test_an_encrypted_smime_letter_says_so(maya: tuple[rsa.RSAPrivateKey, x509.Certificate]) -> None:
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(b"secret").add_recipient(maya[1])
    envelope = builder.encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
    more = b"Content-Type: application/x-pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n"
    problems = read(binascii.b2a_base64(envelope), more=more).problems
    assert "encrypted with S/MIME: the text can be read only with the recipient's key" in problems


def test_a_damaged_smime_part_is_kept() -> None:
    parsed = read(b"MIIxxx", more=b"Content-Type: application/pkcs7-mime; name=smime.p7m\r\n")
    assert "an S/MIME part could not be read" in parsed.problems and len(parsed.attachments) == 1


def test_the_charset_of_html_is_read_from_its_head() -> None:
    body = '<html><head><meta charset="koi8-r"></head><body>Вода холодная</body></html>'.encode("koi8-r")
    assert read(body, more=b"Content-Type: text/html\r\n").text == "Вода холодная"
