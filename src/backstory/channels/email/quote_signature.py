"""The signature below what a person wrote: after "-- ", a telephone's line, a closing with a name."""

from __future__ import annotations

import re

from backstory.channels.email import quote_phrases as phrases

HTML_SIGNATURE = "\ue014"  # stands on a line of its own where the HTML has the element of a signature
_MAX_LINE = 300  # characters of a line that can still be a mark
_CLOSING_LINES = 10  # lines from a closing to the end
_DEVICE_LINES = 6
_MARKED_LINES = 30
_DASHES = re.compile(r"^\s?(?:--|——|—|––)\s*$")
_LIST_FOOTER = re.compile(r"^\s*_{30,}\s*$")
_SENT_FROM = re.compile(rf"^\s*[*_(\[]{{0,2}}(?:{'|'.join(phrases.SENT_FROM)})[^\n]{{0,100}}$", re.IGNORECASE)
_DEVICE = re.compile(
    r"(?i)ipad|ipod|android|galaxy|samsung|huawei|xiaomi|pixel|nokia|blackberry|smartphone|phon|mobil|handy|"
    r"outlook|mail\b|courrier|correo|posta\b|e-post|tablet|telefon|teléfono|téléphone|celular|móvil|cellulare|gsm|"
    r"windows|yahoo|gmail|proton|gmx|web\.de|zoho|ios\b|device|gerät|appareil|dispositivo|телефон|mac\b|app\b|手机|携帯"
)
_CLOSING = re.compile(rf"^\s*(?:{'|'.join(phrases.CLOSING)})\s*[,.!，。]*\s*$", re.IGNORECASE)
_CLOSING_AND_NAME = re.compile(
    rf"^\s*(?:{'|'.join(phrases.CLOSING)}),\s+[^\W\d_][\w.'’-]*(?:\s[^\W\d_][\w.'’-]*){{0,2}}\s*$", re.IGNORECASE
)
_DASH_NAME = re.compile(r"^\s*(?:[-–—]{1,2}|/)\s?[^\W\d_]\w+(?:\s[^\W\d_][\w.]*){0,2}\s*$")


def split_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines of the body and those of the signature, which starts at its first mark."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    trimmed = lines[:end]
    written = False
    for index, line in enumerate(trimmed):
        if written and len(line) <= _MAX_LINE and _starts_signature(trimmed, index):
            return trimmed[:index], trimmed[index:]
        written = written or bool(line.strip())
    return trimmed, []


def _starts_signature(lines: list[str], index: int) -> bool:
    line, left = lines[index], len(lines) - index
    if not line.strip():
        return False
    if line.strip() == HTML_SIGNATURE:
        return left <= _MARKED_LINES
    if _DASHES.match(line) or _LIST_FOOTER.match(line):
        return True
    if left <= _DEVICE_LINES and is_device_line(line):
        return True
    if left <= _CLOSING_LINES and (_CLOSING.match(line) or (left <= 4 and _CLOSING_AND_NAME.match(line))):
        return all(len(rest) <= 100 for rest in lines[index:])
    return left == 1 and not lines[index - 1].strip() and bool(_DASH_NAME.match(line))


def is_device_line(line: str) -> bool:
    """Whether a telephone or a mail program says here what it is."""
    return len(line) <= 160 and bool(_SENT_FROM.match(line)) and bool(_DEVICE.search(line))
