"""Phrases by which mail programs mark quoted history and signatures, in the languages customers write in.

Words only; `quote.py` says how they are used. Attribution verbs and header names come from the programs' own
translations (Gmail, Outlook, Apple Mail, Thunderbird, Yahoo, GMX, Yandex).
"""

from __future__ import annotations

import re

_EMAIL = r"[^\s<>@]+@[^\s<>@]+"
# The verb that ends (or, in some languages, stands inside) "On 3 May, Maya wrote:".
_WROTE = (
    "wrote|writes|said|schrieb|schreef|geschreven|escribió|escribio|a écrit|ha scritto|scrisse|escreveu|"
    "skrev|"
    "kirjoitti|napisał|napisała|napisał\\(a\\)|napsal|napsala|napísal|написал|написала|пишет|yazdı|schreib|"
    "sent|đã viết|написав|har skrevet|írta|a scris|έγραψε|さんは書きました|写道|寫道|wrote that"
)
_LEAD = (
    "on|am|op|le|el|il|em|den|på|dne|dnia|w dniu|vào|em seg|em ter|em qua|em qui|em sex|no dia|dňa|pe|ti|ke|"
    "at|wg|v|zo|ma|di|wo|do|vr|za|lun|mar|mié|jue|vie|sáb|dom|lør|søn|man|tir|ons|tor|fre"
)
VERB = re.compile(_WROTE, re.IGNORECASE)
ATTRIBUTION = re.compile(
    rf"^[\s*_>]*(?:-{{0,10}}\s*)(?:(?:{_LEAD})\b[^\n]{{0,300}}\b(?:{_WROTE})\b[^\n]{{0,120}}"
    rf"|[^\n]{{0,200}}\d[^\n]{{0,200}}\b(?:{_WROTE})\b[^\n]{{0,80}}"
    rf"|[^\n]{{1,120}}<{_EMAIL}>[^\n]{{0,60}}\b(?:{_WROTE})\b"
    rf"|[^\n]{{0,80}}\b(?:{_WROTE})\b[^\n]{{0,160}}\d[^\n]{{0,80}})\s*:\s*\**\s*$",
    re.IGNORECASE,
)
# Attributions that have no verb: "2024-05-03 9:00 GMT+02:00 Maya <maya@example.com>:", "26.06.2014, 14:41,
# …".
DATED = re.compile(
    rf"^[\s*]*(?:[^\n]{{0,40}}\b\d{{1,4}}[-./年]\s?\d{{1,2}}[-./月]\s?\d{{1,4}}|"
    rf"[^\n]{{0,12}}\b\d{{1,2}}\s\w{{3,9}}\.?\s\d{{4}})"
    rf"[^\n]{{0,120}}<?{_EMAIL}>?[^\n]{{0,10}}:\s*$",
    re.IGNORECASE,
)
DATED_BARE = re.compile(rf"^\s*\d{{2,4}}[-./]\d{{1,2}}[-./]\d{{1,4}}\s[^\n]{{0,80}}<{_EMAIL}>\s*$")
DIVIDER = re.compile(
    rf"^[\s>*]*[-_=*]{{2,}}\s*(?:[^\n]{{1,100}}\b(?:{_WROTE})|antwort nachricht|original message|"
    rf"original appointment|reply message|reply separator|"
    r"forwarded message|"
    r"begin forwarded message|forwarded by [^-]+|ursprüngliche nachricht|original-?nachricht|"
    r"ursprünglicher termin|weitergeleitete nachricht|mensaje original|mensaje reenviado|message d'origine|"
    r"message d’origine|message original|message transféré|messaggio originale|messaggio inoltrato|"
    r"mensagem original|mensagem encaminhada|oorspronkelijk bericht|doorgestuurd bericht|"
    r"ursprungligt meddelande|"
    r"originalmeddelande|oprindelig meddelelse|opprinnelig melding|wiadomość oryginalna|oryginalna wiadomość|"
    r"původní zpráva|исходное сообщение|пересылаемое сообщение|alkuperäinen viesti|原始邮件|元のメッセージ)"
    r"\s*[-_=*]*\s*$",
    re.IGNORECASE,
)
PLAIN_DIVIDER = re.compile(
    r"^\s*(?:begin forwarded message|anfang der weitergeleiteten nachricht|début du message réexpédié|"
    r"début du message transféré|inicio del mensaje reenviado|inizio messaggio inoltrato)\s*:\s*$",
    re.IGNORECASE,
)
_FROM = "from|von|van|de|da|från|fra|od|от|от кого|lähettäjä|gönderen|发件人|寄件者|差出人|보낸 사람|expéditeur"
_OTHERS = (
    "sent|date|to|cc|subject|reply-to|organization|importance|gesendet|datum|an|betreff|kopie|verzonden|aan|"
    "onderwerp|envoyé|envoyé le|à|objet|date d'envoi|enviado|enviado el|fecha|para|asunto|inviato|data|a|"
    "oggetto|"
    "skickat|till|ämne|sendt|til|emne|wysłano|do|temat|odesláno|komu|předmět|отправлено|дата|кому|тема|"
    "lähetetty|vastaanottaja|aihe|发送时间|收件人|主题|送信日時|宛先|件名|assunto|enviada|enviada em|cc"
)
FROM_LINE = re.compile(rf"^[\s>*_]*(?:{_FROM})\s*[*_]{{0,2}}\s*[:：]\s*[*_]{{0,2}}\s*\S", re.IGNORECASE)
HEADER_LINE = re.compile(rf"^[\s>*_]*(?:{_FROM}|{_OTHERS})\s*[*_]{{0,2}}\s*[:：]", re.IGNORECASE)
# A reply and the attribution on one line, as some phones send them.
SHARED_LINE = re.compile(
    r"^(?P<reply>.*?\S)\s*-{0,4}\s+(?P<attribution>(?:On|Am|Le|El)\s\w{2,10}[.,]{1,2}\s[^\n]{4,160}"
    r"\s(?:wrote|schrieb[^\n]{0,60}|a écrit|escribió)\s?:)\s*$"
)
LEADING = re.compile(rf"^[\s*>_-]*(?:(?:{_LEAD})\b|\d{{1,4}}[-./年 ]\s?\w)", re.IGNORECASE)
RULE = re.compile(r"^\s*[-_=*]{5,}\s*$")
QUOTED_LINE = re.compile(r"^\s{0,3}(?:>|\|(?=\s|$))")
SIGNATURE_DASHES = re.compile(r"^\s?(?:--|——|—|––)\s*$")
SENT_FROM = re.compile(
    r"^\s*[*_]?(?:(?:sent|get|gesendet|envoyé|enviado|inviato|verzonden|skickat|sendt|wysłane|von meine[mr]|"
    r"verstuurd|lähetetty|отправлено|skickat|posted)\s+(?:from|via|with|mit|von|depuis|de|desde|da|dal|"
    r"vanaf|van|"
    r"från|fra|z|à partir de|outlook|с|iphonesta)\s*(?:my|meine[mr]|mon|mi|mijn|il mio|min|o meu|a|an|the|"
    r"mobile)?"
    r"\s*[\w .,'’+()\-/]{0,60}|von meinem [\w .\-]{1,40} gesendet|"
    r"diese nachricht wurde von [^\n]{1,60} gesendet)"
    r"[*_.]?\s*(?:<[^>\n]{1,200}>)?\s*$",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"^\s*(?:kh|(?:with\s+)?(?:best|kind|warm|kindest|warmest)?\s*(?:regards|wishes)|best|cheers|sincerely|"
    r"yours (?:sincerely|faithfully|truly)|sincerely yours|thanks and regards|rgds|many thanks and regards|"
    r"(?:mit )?(?:freundlichen?|besten?|herzlichen?|vielen?|lieben?|schönen?) grü(?:ß|ss)en?|"
    r"mfg|lg|vg|viele grüße|hochachtungsvoll|liebe grüße|beste grüße|"
    r"(?:un )?(?:cordial|atento|afectuoso) saludo|(?:saludos|atentamente|cordialmente)(?: cordiales)?|"
    r"cordialement|bien cordialement|bien à vous|sincères salutations|salutations distinguées|"
    r"cordiali saluti|distinti saluti|met vriendelijke groet(?:en)?|mvg|med vänliga? hälsning(?:ar)?|mvh|"
    r"med venlig hilsen|med vennlig hilsen|pozdrawiam|z powa[żz]aniem|atenciosamente|с уважением)"
    r"\s*[,.!]?\s*$",
    re.IGNORECASE,
)
LIST_FOOTER = re.compile(r"^\s*_{30,}\s*$")
