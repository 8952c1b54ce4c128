"""The demo's messages as they would come over the wire: RFC 5322 letters and filled-in web forms.

The bytes go through the same parsers as a real customer's, so the demo shows what real mail looks like here.
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from random import Random

from backstory.channels.email.parse import parse_bytes
from backstory.channels.form import wire
from backstory.conversations.letters import Inbound
from backstory.demo.plan import Story

ATTRIBUTIONS = {
    "en": "On {day:%d %b %Y} at {day:%H:%M}, Kestrel Heating <{address}> wrote:",
    "de": "Am {day:%d.%m.%Y} um {day:%H:%M} schrieb Kestrel Heating <{address}>:",
    "es": "El {day:%d/%m/%Y} a las {day:%H:%M}, Kestrel Heating <{address}> escribió:",
    "fr": "Le {day:%d/%m/%Y} à {day:%H:%M}, Kestrel Heating <{address}> a écrit :",
}
MEDIA = {"png": ("image", "png"), "csv": ("text", "csv"), "pdf": ("application", "pdf")}
SHARE_OF_HTML = 0.4


@dataclass(frozen=True, slots=True)
class Answered:
    """Our letter that a customer answers: its Message-ID, those before it, its words and moment."""

    message_id: str
    references: tuple[str, ...]
    text: str
    at: datetime
    reply_to: str = ""


def message_id(story: Story, number: int) -> str:
    """The Message-ID of a story's message, the same in every build."""
    return f"demo.{story.key}.{number}@{story.customer.email.partition('@')[2]}"


def mail(story: Story, number: int, mailbox: str, answered: Answered | None = None) -> bytes:
    """The letter with which a customer says the story's message `number`, quoting the one it answers."""
    said, customer = story.said[number], story.customer
    letter = EmailMessage(policy=SMTP)
    letter["From"] = f'"{customer.name}" <{customer.email}>'
    letter["To"] = (answered and answered.reply_to) or mailbox
    letter["Subject"] = f"Re: {story.subject}" if answered else story.subject
    letter["Date"] = format_datetime(said.at)
    letter["Message-ID"] = f"<{message_id(story, number)}>"
    if answered:
        letter["In-Reply-To"] = f"<{answered.message_id}>"
        letter["References"] = " ".join(f"<{one}>" for one in (*answered.references, answered.message_id))
    quote = _quote(answered, story.thread.language, mailbox) if answered else ""
    letter.set_content(f"{said.text}\n\n{quote}" if quote else f"{said.text}\n")
    if Random(f"{story.key} {number}").random() < SHARE_OF_HTML:
        letter.add_alternative(_html(said.text, quote), subtype="html")
    for name in story.thread.attach if number == 0 else ():
        letter.add_attachment(_file(name), *MEDIA[name.rpartition(".")[2]], filename=name)
    return letter.as_bytes()


def _quote(answered: Answered, language: str, address: str) -> str:
    head = ATTRIBUTIONS[language].format(day=answered.at, address=address)
    return "\n".join([head, *(f"> {line}".rstrip() for line in answered.text.splitlines())]) + "\n"


def _html(text: str, quote: str) -> str:
    paragraphs = "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in text.split("\n\n"))
    if not quote:
        return f"<html><body>{paragraphs}</body></html>"
    head, _, lines = quote.partition("\n")
    inner = "<br>".join(escape(line.removeprefix("> ").removeprefix(">")) for line in lines.splitlines())
    quoted = f'<div class="gmail_quote"><div>{escape(head)}</div><blockquote>{inner}</blockquote></div>'
    return f"<html><body>{paragraphs}{quoted}</body></html>"


def form(story: Story) -> wire.Submission:
    """The web form with which a story begins."""
    uploads = tuple(
        wire.Upload(name, "/".join(MEDIA[name.rpartition(".")[2]]), _file(name)) for name in story.thread.attach
    )
    return wire.Submission(
        form_id=f"demo-{story.key}",
        email=story.customer.email,
        happened=story.said[0].text,
        name=story.customer.name,
        subject=story.subject,
        language=story.thread.language,
        files=uploads,
    )


def understood(data: bytes, mailbox: str, at: datetime) -> Inbound:
    """A letter as the e-mail channel understands it."""
    return parse_bytes(data, now=at).to_inbound(mailbox_address=mailbox, received_at=at)


def customer_texts(story: Story, mailbox: str) -> list[str]:
    """What will stand in the story's customer messages, as the channels will have parsed them."""
    found = []
    answered: Answered | None = None
    for number, said in enumerate(story.said):
        if said.author == "agent":
            answered = Answered("known.later@kestrel-heating.example", (), said.text, said.at)
        if said.author != "customer":
            continue
        if number == 0 and story.thread.channel == "form":
            found.append(wire.to_inbound(form(story), mailbox, said.at).text)
        else:
            found.append(understood(mail(story, number, mailbox, answered), mailbox, said.at).text)
    return found


def _file(name: str) -> bytes:
    kind = name.rpartition(".")[2]
    return {"png": picture, "csv": _table, "pdf": _page}[kind](name)


def picture(name: str, width: int = 240, height: int = 160) -> bytes:
    """A small PNG (RFC 2083): two soft tones in bands, different for each name."""
    random = Random(name)
    light, dark = ([random.randint(*span) for _ in range(3)] for span in ((170, 235), (60, 140)))
    rows = (b"\x00" + bytes(light if (row // 20) % 3 else dark) * width for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _table(name: str) -> bytes:
    random = Random(name)
    rows = [f"{hour:02}:00;{random.uniform(31, 56):.1f}" for hour in range(24)]
    return "\n".join(["hour;value", *rows, ""]).encode()


def _page(name: str) -> bytes:
    """One page of PDF 1.4 with a line of text."""
    words = f"BT /F1 14 Tf 60 760 Td ({name}) Tj ET".encode()
    objects: Sequence[bytes] = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(words), words),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + head + table + tail
