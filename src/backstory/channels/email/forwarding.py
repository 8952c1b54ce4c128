"""Letters that somebody passed on: the original inside, whether enclosed (message/rfc822) or written out below a block
of header lines, and the words of whoever passed it on.

Pure: whether the sender is somebody whose forwards are to be opened like this is for the caller to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from backstory.channels.email.parse import Parsed, parse_bytes
from backstory.channels.email.quote import split
from backstory.conversations.letters import Address, Forward, Inbound
from backstory.conversations.rules import bare_subject, is_answer_subject

WRITTEN_OUT = 0.9
"""How sure the author of an original is that was read from the text of the forward."""
_LOOKED_AT = 200_000  # characters in which a block of header lines is looked for
_MOST_CONTINUED = 8  # unlabelled lines of one block, such as a long list of recipients
_FEWEST_LABELS = 3

# How mail programs name the fields of a forwarded letter, in their own translations.
_FROM = (
    "from|von|de|van|da|fra|från|od|ot|от|от кого|lähettäjä|feladó|kimden|gönderen|expéditeur|remitente|"
    "mittente|afzender|"
    "发件人|寄件者|寄件人|差出人|보낸 사람|보낸사람|from address|αποστολέας|מאת|من|de la|saatja|no|nuo"
)
_SUBJECT = (
    "subject|betreff|objet|sujet|asunto|oggetto|onderwerp|assunto|emne|ämne|aihe|temat|předmět|predmet|тема|konu|tárgy|"
    "主题|主題|件名|제목|θέμα|נושא|الموضوع|subiect|teema|temats|tema"
)
_OTHER = (
    "date|sent|to|cc|reply-to|datum|gesendet|an|kopie|antwort an|date d'envoi|envoyé|envoyé le|à|fecha|"
    "enviado|enviado el|"
    "para|data|inviato|a|verzonden|aan|enviada em|enviada|dato|sendt|til|kopi|skickat|till|kopia|lähetetty|"
    "päiväys|vastaanottaja|kopio|wysłano|do|dw|data wysłania|odesláno|komu|kopie|дата|отправлено|кому|"
    "копия|tarih|gönderildi|"
    "kime|bilgi|dátum|elküldve|címzett|másolatot kap|日期|发送时间|发送日期|收件人|收件者|抄送|"
    "副本|寄件日期|日付|日時|送信日時|宛先|"
    "날짜|보낸 날짜|받는 사람|받는사람|참조|"
    "ημερομηνία|προς|תאריך|אל|التاريخ|إلى|trimis|către|kuupäev|importance|priority"
)
_LABEL = re.compile(
    rf"^[\s>*_|]*(?:(?P<sender>{_FROM})|(?P<subject>{_SUBJECT})|(?P<other>{_OTHER}))\s?[*_]{{0,2}}\s?[:：][*_]{{0,2}}\s*"
    r"(?P<value>.*)$",
    re.IGNORECASE,
)
_DIVIDER = re.compile(
    r"(?i)^[\s>*]*(?:[-_=*]{2,}[^\n]{0,80}|begin forwarded message\s*:?|"
    r"anfang der weitergeleiteten (?:nachricht|e-mail)\s*:?|"
    r"début du message (?:réexpédié|transféré)\s*:?|inicio del mensaje reenviado\s*:?|inizio messaggio inoltrato\s*:?|"
    r"begin doorgestuurd bericht\s*:?|início da mensagem (?:re)?encaminhada\s*:?|vidarebefordrat brev\s*:?|"
    r"videresendt (?:besked|melding)\s*:?|начало переадресованного сообщения\s*:?|"
    r"początek przekazywanej wiadomości\s*:?|転送されたメッセージ\s*:?|以下是转发的邮件\s*:?)\s*$"
)
_SAYS_FORWARDED = re.compile(
    r"(?i)forwarded|weitergeleitet|transféré|réexpédié|reenviad|inoltrat|doorgestuurd|encaminhad|vidarebefordra|"
    r"videresend|välitetty|edelleenlähet|przekaz|přeposlan|переадресован|пересыла|iletilen|továbbított|转发|轉寄|転送|전달"
)
_FORWARD_SUBJECT = re.compile(r"(?i)^\s*(?:fwd?|wg|tr|rv|i|enc|vl|doorst|pd|ilt|пересл|转发|轉寄|전달|転送)\s*[:：]")
_EMAIL = re.compile(r"[^\s<>\"(),:;\[\]\\]{1,64}@[^\s<>\"(),:;\[\]\\]{1,255}[^\s<>\"(),:;\[\]\\.]")


@dataclass(frozen=True, slots=True)
class Original:
    """The letter inside a forward: from whom, what, and the words around it. `enclosed` is the parsed original where
    the whole of it came along."""

    sender: Address
    subject: str
    text: str
    words: str
    enclosed: Parsed | None = None


def original_in(parsed: Parsed) -> Original | None:
    """The letter that this one passes on, or None where it passes on none whose author can be made out."""
    return _enclosed(parsed) or _written_out(parsed)


def _enclosed(parsed: Parsed) -> Original | None:
    part = next((one for one in parsed.attachments if one.content_type == "message/rfc822"), None)
    inner = parse_bytes(part.data) if part else None
    if inner is None or not inner.sender.email or inner.auto == "bounce":
        return None
    return Original(inner.sender, inner.subject, inner.text, parsed.parts.reply, inner)


def _written_out(parsed: Parsed) -> Original | None:
    lines = parsed.text[:_LOOKED_AT].split("\n")
    found = next((block for start in range(len(lines)) if (block := _block_at(lines, start)) is not None), None)
    if found is None:
        return None
    divider = found.start > 0 and _DIVIDER.match(_line_before(lines, found.start)) is not None
    if not _is_forward(parsed.subject, lines[: found.start], divider):
        return None
    before = _without_divider(lines[: found.start])
    body = [_unquoted(line) for line in lines[found.end :]] if found.quoted else lines[found.end :]
    subject = found.subject or bare_subject(parsed.subject)
    return Original(found.sender, subject, "\n".join(body).strip(), split("\n".join(before).strip()).reply)


def _is_forward(subject: str, before: list[str], divider: bool) -> bool:
    """A block of header lines alone may be the history of an answer; a forward says so, or at least is no answer."""
    if _FORWARD_SUBJECT.match(subject) or any(_SAYS_FORWARDED.search(line) for line in before[-4:]):
        return True
    return divider and not is_answer_subject(subject)


@dataclass(frozen=True, slots=True)
class _Block:
    start: int
    end: int
    sender: Address
    subject: str
    quoted: bool


def _block_at(lines: list[str], start: int) -> _Block | None:
    """The block of header lines that begins in this line, if there is one with an author."""
    if not _LABEL.match(lines[start]):
        return None
    values: dict[str, str] = {}
    labels, continued, end = 0, 0, start
    for end in range(start, min(len(lines), start + 40)):
        match = _LABEL.match(lines[end])
        if match is not None:
            labels += 1
            values.setdefault(_kind(match), match["value"])
        elif not lines[end].strip(" \t>*|") or continued >= _MOST_CONTINUED:
            break
        else:
            continued += 1
    else:
        end += 1
    sender = _person(values.get("sender", ""))
    if labels < _FEWEST_LABELS or sender is None:
        return None
    return _Block(start, end, sender, _plain(values.get("subject", "")), lines[start].lstrip().startswith(">"))


def _kind(match: re.Match[str]) -> str:
    return next(name for name in ("sender", "subject", "other") if match[name] is not None)


def _person(value: str) -> Address | None:
    found = _EMAIL.search(value)
    if found is None:
        return None
    name = re.split(r"[<\[(]", value[: found.start()].replace("mailto:", ""))[0]
    local, _, domain = found.group(0).rpartition("@")
    return Address(f"{local}@{domain.lower()}", _plain(name).strip("\"'"))


def _plain(value: str) -> str:
    return " ".join(value.replace("*", " ").split())


def _line_before(lines: list[str], start: int) -> str:
    return next((line for line in reversed(lines[:start]) if line.strip(" \t>")), "")


def _without_divider(before: list[str]) -> list[str]:
    """The forwarder's own lines: without what the mail program wrote between them and the original."""
    kept = list(before)
    while kept and (not kept[-1].strip(" \t>") or _DIVIDER.match(kept[-1])):
        kept.pop()
    return kept


def _unquoted(line: str) -> str:
    return re.sub(r"^\s?>\s?", "", line)


def inbound_from(parsed: Parsed, outer: Inbound, original: Original) -> Inbound:
    """The original as the letter that came, with who passed it on beside it. `outer` is the forward as it came."""
    by = Address(parsed.sender.email, parsed.sender.name)
    if original.enclosed is not None:
        return _from_enclosed(outer, original, original.enclosed, by)
    parts = split(original.text)
    bare = not parts.reply
    return replace(
        outer,
        subject=original.subject,
        from_name=original.sender.name,
        from_address=original.sender.email,
        customer_name=original.sender.name,
        reply_to=(),
        sent_at=None,
        text=original.text if bare else parts.reply,
        quoted="" if bare else parts.quoted,
        signature="" if bare else parts.signature,
        forward=Forward(by, original.words, confidence=WRITTEN_OUT),
    )


def _from_enclosed(outer: Inbound, original: Original, inner: Parsed, by: Address) -> Inbound:
    letter = inner.to_inbound(received_at=outer.received_at)
    others = tuple(one for one in outer.attachments if one.content_type != "message/rfc822")
    return replace(
        letter,
        attachments=(*letter.attachments, *others),
        problems=tuple(dict.fromkeys((*letter.problems, *outer.problems))),
        reply_token=outer.reply_token,
        forward=Forward(by, original.words, outer.message_id),
    )
