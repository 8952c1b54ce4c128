"""Why mail servers send letters back: one word for each reason, with the phrases that servers use for it."""

from __future__ import annotations

import re

# Reason words with the phrases of mail servers behind them; the first that fits counts.
REASONS: tuple[tuple[str, str], ...] = (
    (
        "mailboxfull",
        r"mailbox (?:is )?(?:full|size)|over ?quota|quota exceeded|exceeded (?:storage|quota)|"
        r"[45]\.2\.2\b|storage full|insufficient (?:disk|storage)|too full|full mailbox|out of (?:storage|"
        r"space)|"
        r"mailbox is over|mail ?box.{0,20}exceed|disk quota",
    ),
    (
        "hostunknown",
        r"host (?:unknown|not found)|unknown host|domain (?:not found|does(?: not|n't) exist|unknown)|"
        r"nxdomain|no such domain|[45]\.1\.2\b|"
        r"host or domain name not found|unrouteable mail domain|unable to route|domain .{0,60}does(?: not|"
        r"n't) exist|"
        r"illegal host|unresolvable|name service error",
    ),
    (
        "notaccept",
        r"does not accept (?:mail|e-?mail)|null ?mx|[45]\.1\.10\b.{0,80}null|5\.7\.27\b|[45]\.1\.9\b|"
        r"5\.3\.2\b|no mail accepted",
    ),
    (
        "hasmoved",
        r"has moved|5\.1\.6\b|moved to|has been replaced by",
    ),
    (
        "rejected",
        r"5\.1\.[78]\b|sender (?:address )?(?:rejected|denied|verify|verification)|(?:mail ?from|"
        r"from address).{0,30}(?:reject|denied|invalid)|"
        r"permission to post|domain of sender|not allowed to post|access denied.{0,30}sender|sender domain",
    ),
    (
        "authfailure",
        r"dmarc|\bspf\b|\bdkim\b|unauthenticated (?:e-?mail|sender)|5\.7\.2[0-6]\b|not pass authentication",
    ),
    (
        "mesgtoobig",
        r"message (?:size|too (?:big|large))|exceeds.{0,30}(?:size|limit)|5\.[23]\.4\b|too large",
    ),
    (
        "virusdetected",
        r"virus|malware|trojan",
    ),
    (
        "spamdetected",
        r"\bspam\b|junk mail|unsolicited|bulk mail|spam(?: content| message)",
    ),
    (
        "requireptr",
        r"reverse dns|\bptr\b|cannot (?:resolve|find) your (?:reverse|host|ip)|reverse (?:hostname|lookup|"
        r"map)|rdns",
    ),
    (
        "norelaying",
        r"relay(?:ing)? (?:access )?(?:denied|not|prohibited)|(?:permitted|not allowed) to relay|"
        r"relaying denied",
    ),
    (
        "badreputation",
        r"reputation|\bcomplaints\b|ts0[34]",
    ),
    (
        "toomanyconn",
        r"too many (?:connections|sessions|concurrent|recipients)|connection (?:rate|frequency)|"
        r"too many errors",
    ),
    (
        "speeding",
        r"rate (?:limit|that)|too (?:fast|many (?:messages|e?-?mails))|throttl|receiving (?:e?mail|"
        r"mail) at a rate|frequen",
    ),
    (
        "blocked",
        r"block(?:ed|list)|black ?list|banned|dnsbl|\brbl\b|listed (?:at|in|by)|bad (?:sender )?ip|"
        r"spamhaus|client host|"
        r"your (?:ip|host|server|network)",
    ),
    (
        "suspend",
        r"suspended|disabled|inactive|deactivated|account.{0,20}locked|not active|temporarily locked",
    ),
    (
        "userunknown",
        r"user(?:name)? (?:is )?(?:unknown|not found)|unknown user|no such (?:user|recipient|address|"
        r"mailbox|person|local)|"
        r"does(?: not|n't) exist|recipient (?:unknown|not found)|invalid (?:recipient|mailbox|address|user)|"
        r"unknown (?:recipient|address|local|mailbox|or illegal)|not a (?:valid|known) (?:user|mailbox|"
        r"recipient)|no mailbox|"
        r"mailbox (?:not found|unavailable|does not)|unrouteable address|5\.1\.(?:1|10)\b|not listed in|"
        r"no account|"
        r"recipient address rejected|user doesn|unable to find|no longer (?:available|valid|exists|"
        r"on server)|"
        r"bad destination mailbox|account (?:not|has been)|not our customer|unknown in|no valid recipients",
    ),
    (
        "systemfull",
        r"[45]\.3\.1\b|disk (?:is )?full|no space",
    ),
    (
        "syntaxerror",
        r"syntax error|command (?:not|un)|bad sequence|need (?:helo|ehlo|mail|rcpt)",
    ),
    (
        "contenterror",
        r"5\.6\.\d|malformed|invalid (?:header|content)|8-?bit",
    ),
    (
        "expired",
        r"expired|4\.4\.7\b|timed? ?out|delivery time|could not be delivered (?:for|within)|"
        r"in (?:the )?queue (?:for|too)|too long",
    ),
    (
        "networkerror",
        r"connection (?:refused|lost|reset)|network|[45]\.4\.[124]\b|routing loop|[45]\.4\.6\b|"
        r"too many hops|host not reachable|"
        r"unreachable|loops? back|dns (?:error|lookup)|can't connect",
    ),
    (
        "policyviolation",
        r"polic(?:y|ies)|5\.7\.9\b|prohibited|attachment|not allowed",
    ),
    (
        "securityerror",
        r"authenticat|starttls|\btls\b|certificate|encrypt",
    ),
    (
        "systemerror",
        r"system (?:error|config)|5\.3\.[05]\b|local (?:error|configuration)|4\.3\.\d|internal|config",
    ),
    (
        "userunknown",
        r"5\.1\.0\b|address rejected",
    ),
    (
        "filtered",
        r"5\.2\.[01]\b|not accepting|refused|reject|5\.7\.1\b|filter|denied|transaction failed",
    ),
)
PATTERNS = tuple((reason, re.compile(pattern, re.IGNORECASE | re.DOTALL)) for reason, pattern in REASONS)
