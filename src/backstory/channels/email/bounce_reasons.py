"""Why mail servers send letters back: one word for each reason, with the phrases that servers use for it.

The words are those of the sisimai project, so that figures can be compared. Each pattern is tried on the
server's own words, without addresses and links, led by the status code (RFC 3463 and the IANA registry of
enhanced status codes). Order matters: what is said plainly outranks what a code implies, and a statement
about the mailbox or the domain outranks one about policy only where it cannot be meant of the sender.
"""

from __future__ import annotations

import re

REASONS: tuple[tuple[str, str], ...] = (
    ("delivered", r"^\S* ?delivered$"),
    ("feedback", r"^\S* ?feedback$"),
    (
        "mailboxfull",
        r"mailbox (?:is )?(?:full|size)|over ?quota|quota (?:exceeded|violation|full)|exceed(?:ed|s).{0,20}(?:storage|"
        r"quota)|storage full|insufficient (?:disk|storage)|too full|full mailbox|out of (?:storage|space)|"
        r"mailbox (?:is )?over|mail ?box.{0,20}exceed|disk quota|(?:inbox|maildir).{0,20}(?:is full|quota)|"
        r"user is over|not enough (?:storage|disk) space|いっぱい|一杯|переполнен|"
        r"voll\b.{0,20}postfach|postfach.{0,20}voll",
    ),
    (
        "networkerror",
        r"malformed or unexpected name server reply|hop count exceeded|mail (?:forwarding )?loop|routing loop",
    ),
    ("mesgtoobig", r"message (?:size|too (?:big|large))|exceeds?.{0,30}(?:maximum|message) size|5\.3\.4\b|too large\b"),
    (
        "hasmoved",
        r"\b[45]\.1\.6\b|has (?:changed|moved)|moved to|has been replaced by|new (?:e-?mail )?address is|"
        r"no longer (?:used|in use).{0,40}(?:use|write|please)",
    ),
    (
        "norelaying",
        r"relay(?:ing)? (?:access )?(?:denied|not|prohibited|operation)|(?:permitted|not allowed|unable|refuse[ds]?|no)"
        r" (?:to )?relay|relaying denied|no relaying|not (?:a|an) (?:open )?relay",
    ),
    (
        "rejected",
        r"\b5\.1\.[78]\b|sender (?:address )?(?:rejected|denied|verify|verification|refused)|(?:mail ?from|"
        r"from address|return path).{0,30}(?:reject|denied|invalid)|permission to post|domain of sender|"
        r"not allowed to post|access denied.{0,30}sender|sender(?:'s)? (?:domain|address).{0,40}(?:not |reject|"
        r"invalid)|"
        r"does not like sender",
    ),
    (
        "authfailure",
        r"dmarc|\bspf\b|\bdkim\b|unauthenticated (?:e-?mail|sender)|\b5\.7\.2[0-6]\b|not pass authentication|"
        r"sender (?:id|policy) ",
    ),
    (
        "notaccept",
        r"does not accept (?:mail|e-?mail|smtp)|null ?mx|\b5\.7\.27\b|\b[45]\.1\.9\b|\b5\.3\.2\b|no (?:mail|smtp|"
        r"e-?mail) "
        r"(?:accepted|service)|no mx (?:record|host)|mx or srv record indicated|find a mail exchanger|"
        r"mail receiving disabled|\b[45]\.1\.10\b.{0,80}null",
    ),
    (
        "suspend",
        r"suspended|(?:account|mailbox|user|recipient|address).{0,40}(?:disabled|inactive|deactivated|locked|on ?hold)|"
        r"not active|temporar(?:il)?y locked|inactive (?:user|account|mailbox)|disabled (?:user|account|mailbox)",
    ),
    (
        "rejected",
        r"google (?:groups?\b|群組|論壇|网上论坛|グループ)|not allowed to send|not authori[sz]ed to send|sender not",
    ),
    ("onhold", r"\bon hold\b"),
    ("contenterror", r"\b5\.6\.\d|media error|malformed|invalid (?:header|content|message)|8-?bit"),
    (
        "mailererror",
        r"mailer error|command (?:failed|died|output)|couldn't create|procmail|pipe to|exit(?:ed with)? (?:status|"
        r"code)",
    ),
    (
        "systemerror",
        r"system error|queue file write|local (?:error|configuration)|duplicated message-id|config(?:uration)? error",
    ),
    (
        "securityerror",
        r"delivery not authorized|authenticat(?:e|ion) (?:required|failed|first)|starttls|\btls\b|certificate|encrypt",
    ),
    (
        "hostunknown",
        r"host (?:unknown|not found|name lookup)|unknown (?:host|domain|mail domain)|domain (?:not found|does(?: not|"
        r"n't) "
        r"exist|unknown|is not reachable|.{0,60}does(?: not|n't) exist|isn't in)|nxdomain|no such (?:domain|host)|"
        r"\b[45]\.1\.2\b|host or domain name not found|unrouteable mail domain|unable to route|illegal host|"
        r"unresolvable|"
        r"couldn't find any host|"
        r"(?:\s|^)[a-z0-9-]+(?:\.[a-z0-9-]+)+ does(?: not|n't) exist|"
        r"account or domain (?:may|does) not exist|bad destination (?:host|domain)|"
        r"name service error.{0,60}not found|invalid (?:host|domain)|cannot resolve (?:the )?domain",
    ),
    ("virusdetected", r"virus|malware|trojan|infected"),
    (
        "userunknown",
        r"not listed in|does(?: not|n't) have (?:a|an) .{0,40}account|no such (?:user|recipient|mailbox|person|local|"
        r"account)|"
        r"user(?:name|id)? (?:is )?(?:unknown|not (?:found|exist|known))|unknown user|invalid final delivery userid",
    ),
    ("spamdetected", r"\bspam\b|junk mail|unsolicited|bulk mail"),
    (
        "requireptr",
        r"reverse dns|\bptr\b|cannot (?:resolve|find) your (?:reverse|host|ip)|reverse (?:hostname|lookup|map)|rdns|"
        r"client host rejected: cannot find|\b5\.7\.25\b",
    ),
    ("badreputation", r"reputation|\bcomplaints\b|ts0[34]"),
    (
        "toomanyconn",
        r"too many (?:connections|sessions|concurrent|recipients|errors|smtp)|connection (?:rate|frequency|limit)",
    ),
    (
        "speeding",
        r"rate (?:limit|that)|too (?:fast|frequent|many (?:messages|e?-?mails))|throttl|at a rate|\b4\.7\.28\b",
    ),
    (
        "blocked",
        r"block(?:ed|list)|black ?list|banned|dnsbl|\brbl\b|listed (?:at|in|by|on)|bad (?:sender )?ip|spamhaus|"
        r"client host|"
        r"your (?:ip|host|server|network|e-?mail is redundant)|refused to talk|connection dropped",
    ),
    ("filtered", r"recipient preferences|message filtered|recipient.{0,20}refused (?:to accept )?your"),
    (
        "userunknown",
        r"does(?: not|n't) exist|recipient (?:unknown|not found|invalid)|invalid (?:recipient|mailbox|address|user)|"
        r"unknown (?:recipient|address|local|mailbox|account|or illegal)|not (?:a|an) (?:valid|known) (?:user|"
        r"mailbox|recipient|"
        r"address)|no mailbox|mailbox (?:not (?:found|here|exist)|does not|invalid|unknown)|unrouteable address|"
        r"\b[45]\.1\.(?:1|3|10|351)\b|no account|account (?:not|has been|does)|user doesn|unable to find|wasn.t found|"
        r"no longer (?:available|valid|exists|on server|active|employed)|bad destination mailbox|not our customer|"
        r"unknown in|no valid recipients|address (?:not|does not|error|unknown)|\brejected$|"
        r"not a registered|несуществ|не существует|не найден|unbekannt|inconnu|desconocid|存在しません|(?<!可能)不存在",
    ),
    ("filtered", r"mailbox unavailable"),
    ("systemfull", r"\b[45]\.3\.1\b|disk (?:is )?full|no space"),
    ("syntaxerror", r"syntax error|command (?:not|un)|bad sequence|need (?:helo|ehlo|mail|rcpt)|\b5\.5\.[1245]\b"),
    (
        "expired",
        r"expired|\b[45]\.4\.[17]\b|timed? ?out|delivery time|could not be delivered (?:for|within)|"
        r"in (?:the )?queue (?:for|"
        r"too)|too long|cannot send message for|retry time|message.{0,20}delayed|still (?:being )?(?:retried|trying)",
    ),
    (
        "networkerror",
        r"connection (?:refused|lost|reset|closed)|network|\b[45]\.4\.[246]\b|too many hops|host (?:not reachable|"
        r"is down)|"
        r"unreachable|loops? back|dns (?:error|lookup)|(?:can't|could ?n.t) (?:connect|establish)|"
        r"unable to (?:connect|contact)",
    ),
    ("policyviolation", r"polic(?:y|ies)|\b5\.7\.9\b|prohibited|attachment|not allowed"),
    ("securityerror", r"authenticat|access denied"),
    ("systemerror", r"system config|\b5\.3\.[05]\b|\b4\.3\.\d|internal|config"),
    ("userunknown", r"\b5\.1\.0\b"),
    ("filtered", r"\b5\.2\.[01]\b|not accepting|refused|reject|\b5\.7\.1\b|filter|denied|transaction failed"),
)
PATTERNS = tuple((reason, re.compile(pattern, re.DOTALL)) for reason, pattern in REASONS)
"""For words in lower case: without a flag for it they are found in half the time."""
# What a subject and detail of a status code say where no words do (RFC 3463, section 3).
BY_STATUS = {
    ".1.": "filtered",
    ".2.": "filtered",
    ".3.": "systemerror",
    ".4.": "networkerror",
    ".5.": "syntaxerror",
    ".6.": "contenterror",
    ".7.": "policyviolation",
}
# Statements about the mailbox that are no filter's disguise, whenever in the dialogue they are made.
PLAIN_UNKNOWN = re.compile(r"(?i)does(?: not|n't) have (?:a|an) .{0,40}account")
# Status codes that by their definition speak of the recipient's address (RFC 3463, section 3.2).
ADDRESS_STATUS = re.compile(r"[45]\.1\.(?:[013]|10|351)")
