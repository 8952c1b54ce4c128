"""Mail that no person wrote just now: bounces, automatic answers, lists and our own letters coming back.

Nothing but "none" may ever be answered automatically (RFC 3834, section 2); a bounce and a loop are not
shown as new work either. The envelope is not needed: everything is judged by the header.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

from backstory.channels.email.addresses import parse_addresses
from backstory.channels.email.bounce import Report
from backstory.channels.email.bounce_notices import notice_in
from backstory.channels.email.headers import raw_value, raw_values, text_value
from backstory.conversations.letters import AutoKind

LOOP_HEADER = "X-Backstory-Loop"
_MAX_HOPS = 50  # Received fields; RFC 5321, 6.3 asks for a generous limit, ordinary mail has under 20
_DAEMON = re.compile(
    r"^(?:mailer-?daemon|post_?master|poostmaster|mail[-. _]?(?:delivery|system)|mdaemon|bounces?|no-?reply-?bounce)\b",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"^(?:no-?reply|do-?not-?reply|staff|admin|system|\w+-admin|sysadmin|abuse|complaints?)@", re.IGNORECASE
)
_BOUNCE_SUBJECT = re.compile(
    r"(?i)^\W*(?:undeliver|un?zustellbar|returned (?:mail|to sender)|mail (?:delivery|system|status|error|could)|"
    r"delivery (?:status|fail|report|notif|error|problem|has)|failure (?:notice|delivery)|failed mail|mail failed|"
    r"message (?:delivery|delayed|could not|not delivered|status)|mail not delivered|"
    r"could not (?:send|deliver)|warning: (?:could not|message)|nondeliver|non-?deliver|non remis|no entregad|"
    r"mancato recapito|rejected mail|postfix smtp server: errors|loop alert|postmaster notify|"
    r"there was an error sending your mail|sorry, your message could not|unzustellbare? (?:nachricht|mail)|"
    r"[^\n]{0,20}配信|[^\n]{0,10}メールエラー|не удалось|недоставлен|ваше сообщение не доставлено|"
    r"не доставлено|échec de la remise|niet-bezorgd|onbestelbaar|não entregue|okänd mottagare|olevererat)"
)
# What a mail system says first, and no customer in a web site's form: enough with any machine's address.
_BOUNCE_TEXT = re.compile(
    r"(?i)could not be delivered to: ?<|error message below:\s+[45]\d\d|transcript of session follows|"
    r"following recipients? (?:failed|returned) permanent"
)
_PLAIN_SUBJECT = re.compile(
    r"(?i)^\s*(?:undeliver|un?zustellbar|returned mail|loop alert|メールエラー|mail delivery failed)"
)
_COMPLAINT_SUBJECT = re.compile(
    r"(?i)^\s*complaint about message from \d|^\s*(?:email )?(?:feedback|abuse) report (?:for|from)"
)
_BEGINNING = 1_500  # characters in which a mail system has said what it is
# Only phrases that nobody puts at the start of a complaint: "Urlaub" or "Auto:" alone would hide real
# letters.
_AUTO_SUBJECT = re.compile(
    r"(?i)^\s*\[?(?:auto(?:matic(?:ally generated)?|mated|matische|matisch)?[ \-:]{0,3}(?:reply|response|"
    r"answer|antwort)|"
    r"out of (?:the )?office(?: reply| auto|:)|abwesenheit(?:snotiz|smeldung|sassistent|sbenachrichtigung|:)|"
    r"réponse automatique|absence du bureau|respuesta automática|fuera de (?:la )?oficina:|"
    r"risposta automatica|"
    r"automatisch antwoord|resposta autom[áà]tica|autosvar|automatiskt? svar|automaattinen vastaus|"
    r"vacation (?:reply|response)|automatyczna odpowiedź|odpowiedź automatyczna|automatická odpově[dď]|"
    r"automatická odpoveď|automatikus válasz|răspuns automat|автоматический ответ|автоответ|автоматична відповідь|"
    r"автоматичен отговор|αυτόματη απάντηση|otomatik yanıt|automatski odgovor|samodejni odgovor|automaatvastus|"
    r"automātiskā? atbilde|automatinis atsakymas|balasan otomatis|trả lời tự động|ตอบกลับอัตโนมัติ|"
    r"תגובה אוטומטית|מענה אוטומטי|رد تلقائي|自動返信|自動応答|自动回复|自动答复|自動回覆|자동 ?(?:회신|응답))"
)
_AUTO_HEADERS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-mail-autoreply")


@dataclass(frozen=True, slots=True)
class Ourselves:
    """How this installation knows its own letters, and what the envelope said of this one.

    `null_sender`: it came from the empty path "<>", as bounces must (RFC 5321, section 4.5.5).
    """

    loop_token: str = ""
    null_sender: bool = False


def classify(message: Message, report: Report, ours: Ourselves) -> AutoKind:
    """What kind of automatic mail this is, by its header and by what it holds as a `report`."""
    if report.blocks or report.feedback is not None or _is_bounce(message, report, ours):
        return "bounce"
    if _is_loop(message, ours):
        return "loop"
    if _is_auto_reply(message):
        return "auto-reply"
    return "list" if _is_list(message) else "none"


def _is_bounce(message: Message, report: Report, ours: Ourselves) -> bool:
    sender = next(iter(parse_addresses(raw_values(message, "from"))), None)
    names = (sender.email, sender.name) if sender else ()
    from_daemon = any(_DAEMON.match(one) for one in names)
    from_machine = from_daemon or any(_MACHINE.match(one) for one in names)
    empty_path = ours.null_sender or raw_value(message, "return-path").replace(" ", "") == "<>"
    if raw_value(message, "x-failed-recipients"):
        return True
    if from_machine and notice_in(report.text) is not None:
        return True
    subject = text_value(message, "subject")
    told = bool(_BOUNCE_TEXT.search(report.text[:_BEGINNING]))
    if from_daemon and (empty_path or told or _BOUNCE_SUBJECT.match(subject)):
        return True
    if empty_path and _BOUNCE_SUBJECT.match(subject):
        return True
    complained = bool(_COMPLAINT_SUBJECT.match(subject)) and bool(report.returned_to)
    return (from_machine or empty_path) and (told or complained or bool(_PLAIN_SUBJECT.match(subject)))


def _is_loop(message: Message, ours: Ourselves) -> bool:
    tokens = [value.strip() for value in raw_values(message, LOOP_HEADER)]
    if tokens and (not ours.loop_token or ours.loop_token in tokens):
        return True
    return len(raw_values(message, "received")) > _MAX_HOPS or _came_here_before(message)


def _came_here_before(message: Message) -> bool:
    """X-Loop or a repeated Delivered-To names the very address the letter is for."""
    targets = {one.email.lower() for one in parse_addresses(raw_values(message, "to")) if one.email}
    marked = " ".join(raw_values(message, "x-loop")).lower()
    delivered = [value.strip("<> ").lower() for value in raw_values(message, "delivered-to")]
    return any(target in marked for target in targets) or any(delivered.count(one) >= 3 for one in delivered)


def _is_auto_reply(message: Message) -> bool:
    submitted = raw_value(message, "auto-submitted").partition(";")[0].strip().lower()
    if submitted and submitted != "no":
        return not (submitted == "auto-generated" and _is_list(message))
    if any(raw_value(message, name) for name in _AUTO_HEADERS):
        return True
    if raw_value(message, "precedence").strip().lower() in {"auto_reply", "auto-reply"}:
        return True
    if "vacation" in raw_value(message, "x-apple-action").lower():
        return True
    return bool(_AUTO_SUBJECT.match(text_value(message, "subject")))


def _is_list(message: Message) -> bool:
    if any(raw_value(message, name) for name in ("list-id", "list-post", "list-unsubscribe", "mailing-list")):
        return True
    return raw_value(message, "precedence").strip().lower() in {"list", "bulk", "junk"}
