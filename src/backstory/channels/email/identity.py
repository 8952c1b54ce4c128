"""Whether a letter comes from where it says: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489), ARC (RFC 8617).

The word of a mail server that the settings trust counts (Authentication-Results, RFC 8601); without one the desk can
ask DNS itself. Either way the result is a hint about a domain, never proof of a person.
"""

from __future__ import annotations

import ipaddress
from dataclasses import asdict, dataclass
from email import message_from_bytes
from email.message import Message
from typing import Any, Literal

import authres
import spf
from authheaders import check_arc, check_dkim, check_dmarc
from authheaders.dmarc_lookup import dns_query
from authres import SPFAuthenticationResult
from django.conf import settings

Verdict = Literal["passed", "failed", "unknown"]
METHODS = ("spf", "dkim", "dmarc", "arc")


@dataclass(frozen=True, slots=True)
class Identity:
    """One result a method, as RFC 8601 names them ("pass", "fail", "none" …, "" for not looked at).

    `by` is the server whose word this is, or "" for our own look at DNS; `domain` is the one in From.
    """

    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    arc: str = ""
    by: str = ""
    domain: str = ""

    @property
    def verdict(self) -> Verdict:
        """DMARC decides, because it alone speaks of the address that people see; a trusted chain of forwarders
        (ARC) excuses a failure. Without DMARC only a signature that breaks says something."""
        if self.dmarc == "pass":
            return "passed"
        if self.dmarc == "fail":
            return "unknown" if self.arc == "pass" and self.by else "failed"
        if self.dkim == "fail" and self.spf in ("fail", "softfail"):
            return "failed"
        return "unknown"

    def to_dict(self) -> dict[str, str]:
        """What is stored with the original."""
        return {**{name: value for name, value in asdict(self).items() if value}, "verdict": self.verdict}


def identity_of(data: bytes, envelope: dict[str, Any]) -> Identity | None:
    """What is known of a letter's origin; None when nobody whom we trust said anything and we may not ask."""
    letter = message_from_bytes(data[:200_000])
    domain = _domain(str(letter.get("From", "")))
    return _reported(letter, domain) or (_asked(data, letter, envelope, domain) if settings.MAIL_CHECK_DNS else None)


def _domain(sender: str) -> str:
    return sender.rpartition("@")[2].strip(" >\r\n\t").lower()[:255]


def _reported(letter: Message, domain: str) -> Identity | None:
    """The topmost header of a server that we trust: what stands further down may be the sender's own invention."""
    for value in letter.get_all("Authentication-Results", []):
        try:
            header = authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {value}")
        except (authres.AuthResError, ValueError):
            continue
        if str(header.authserv_id).lower() in settings.MAIL_TRUSTED_SERVERS:
            found = dict.fromkeys(METHODS, "")
            for result in header.results:
                if result.method in found:
                    found[result.method] = _better(found[result.method], str(result.result or "").lower())
            return Identity(**found, by=str(header.authserv_id)[:255], domain=domain)
    return None


def _better(known: str, found: str) -> str:
    """One good signature of several is enough (RFC 6376, section 6.1)."""
    return known if known == "pass" else found


def _asked(data: bytes, letter: Message, envelope: dict[str, Any], domain: str) -> Identity:
    signed = "DKIM-Signature" in letter
    dkim = check_dkim(data) if signed else None
    from_network = _spf(envelope)
    dmarc = check_dmarc(data, from_network, dkim, dnsfunc=_dmarc_record) if domain else None
    return Identity(
        spf=_word(from_network),
        dkim=_word(dkim) if signed else "none",
        dmarc=_word(dmarc),
        arc=_word(check_arc(data)) if "ARC-Seal" in letter else "",
        domain=domain,
    )


def _word(result: Any) -> str:
    return str(result.result or "").lower() if result is not None else ""


def _spf(envelope: dict[str, Any]) -> SPFAuthenticationResult | None:
    """Only where the sender's own machine spoke to us: behind another server its address says nothing."""
    peer, sender, greeting = (str(envelope.get(name) or "") for name in ("peer", "sender", "helo"))
    try:
        outside = ipaddress.ip_address(peer).is_global
    except ValueError:
        return None
    if not outside:
        return None
    result, reason = spf.check2(peer, sender, greeting, timeout=5, querytime=10)
    return SPFAuthenticationResult(result=result, reason=reason, smtp_mailfrom=sender, smtp_helo=greeting)


def _dmarc_record(name: str) -> str | None:
    """The published text at a name, as the DMARC look-up wants it: one string without its quotes."""
    answers = dns_query(name) or ()
    return next((str(one).strip('"').replace('" "', "") for one in answers if "v=DMARC1" in str(one)), None)
