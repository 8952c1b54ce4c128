"""Letters for tests, written here by hand."""

from backstory.channels.email.parse import Parsed, parse_bytes

HEADER = (
    b"From: Maya Lind <maya@customer.example>\r\nTo: care@desk.example\r\nSubject: No hot water\r\n"
    b"Date: Mon, 02 Jun 2025 09:30:00 +0200\r\nMessage-ID: <first@customer.example>\r\n"
)

MIXED = b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n"


def letter(body: bytes = b"The water is cold.", *, header: bytes = HEADER, more: bytes = b"") -> bytes:
    """A letter from Maya; `more` are further header lines."""
    return header + more + b"\r\n" + body


def read(body: bytes = b"The water is cold.", *, header: bytes = HEADER, more: bytes = b"") -> Parsed:
    return parse_bytes(letter(body, header=header, more=more))


def nested(depth: int) -> bytes:
    """A text inside so many multiparts."""
    shells = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level) for level in range(depth)
    )
    return HEADER + shells + b"Content-Type: text/plain\r\n\r\nfrom the deep\r\n"


def with_file(name: bytes, data: bytes = b"QUJD", content_type: bytes = b"application/zip") -> bytes:
    """A letter with one base64 attachment of the given file name."""
    return letter(
        b"--x\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n--x\r\nContent-Type: " + content_type + b"\r\n"
        b'Content-Disposition: attachment; filename="'
        + name
        + b'"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + data
        + b"\r\n--x--\r\n",
        more=b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n",
    )


BOUNCE = (
    b"Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nTo: care@desk.example\r\n"
    b"Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
    b"Date: Mon, 02 Jun 2025 09:30:00 +0200\r\nMessage-ID: <bounce@mx.example>\r\n"
    b'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\r\n\r\n'
    b"--r\r\nContent-Type: text/plain\r\n\r\nYour letter could not be delivered.\r\n"
    b"--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
    b"Final-Recipient: rfc822; maya@customer.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    b"Diagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n"
    b"--r\r\nContent-Type: message/rfc822\r\n\r\n"
    b"Message-ID: <%s>\r\nSubject: Re: No hot water\r\n\r\nhello\r\n--r--\r\n"
)

ABUSE = (
    b"From: <feedback@provider.example>\r\nTo: care@desk.example\r\nSubject: FW: Re: No hot water\r\n"
    b'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary="r"\r\n\r\n'
    b"--r\r\nContent-Type: text/plain\r\n\r\nThis is an e-mail abuse report.\r\n"
    b"--r\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: x/1\r\n"
    b"Version: 1\r\nOriginal-Rcpt-To: <maya@customer.example>\r\n\r\n"
    b"--r\r\nContent-Type: message/rfc822\r\n\r\n"
    b"Message-ID: <%s>\r\nSubject: Re: No hot water\r\n\r\nhello\r\n--r--\r\n"
)
