"""Whom a letter goes to, and at whom somebody should look twice before it does. Pure decisions, no framework."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from backstory.conversations.letters import Address
from backstory.conversations.lookalikes import looks_like, mixes_scripts
from backstory.kernel.errors import Conflict
from backstory.people.rules import is_email, normalise_email

MOST = 50
"""Recipients of one letter."""
LONGEST_NAME = 200
PROVIDERS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "mail.com",
        "ymail.com",
        "yahoo.com",
        "hotmail.com",
        "outlook.com",
        "live.com",
        "msn.com",
        "aol.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "gmx.de",
        "gmx.net",
        "gmx.com",
        "web.de",
        "t-online.de",
        "proton.me",
        "protonmail.com",
        "mail.ru",
        "yandex.ru",
        "qq.com",
        "163.com",
        "126.com",
        "orange.fr",
        "free.fr",
        "wanadoo.fr",
        "laposte.net",
        "libero.it",
        "naver.com",
    ]
)
"""Domains where everybody may have a mailbox: sharing one tells nothing, and some differ by a letter."""
_SEPARATORS = re.compile(r'[,;\n]+(?=(?:[^"]*"[^"]*")*[^"]*$)')
_NAMED = re.compile(r"(?s)^(?P<name>.*?)<(?P<email>[^<>]*)>$")


class Doubt(StrEnum):
    """Why somebody should look twice at a recipient, the gravest first."""

    UNDELIVERABLE = "undeliverable"
    UNWANTED = "unwanted"
    LOOKALIKE = "lookalike"
    INTERNAL = "internal"
    OTHER_CUSTOMER = "other customer"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class RecipientWarning:
    """One doubt about one address; `detail` is the domain it resembles or why mail came back."""

    address: str
    doubt: Doubt
    detail: str = ""

    @property
    def key(self) -> str:
        """What a form sends to say that this very warning was seen."""
        return f"{self.doubt}:{self.address}:{self.detail}"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of addresses around one conversation; all of them normalised (`people.rules`)."""

    own: frozenset[str] = frozenset()  # of the conversation's customer
    thread: frozenset[str] = frozenset()  # named by letters of the thread, whoever wrote them
    written: frozenset[str] = frozenset()  # our letters in this thread went there: somebody decided so before
    desk: frozenset[str] = frozenset()  # mailboxes and log-ins
    others: frozenset[str] = frozenset()  # of other customers; of whom is nobody's business here
    undeliverable: Mapping[str, str] = field(default_factory=dict)  # address -> why
    unwanted: Mapping[str, str] = field(default_factory=dict)  # address -> how its reader said so


class UnconfirmedRecipients(Conflict):
    """A letter would go to somebody whom its writer has not confirmed; `warnings` are all there are, seen or not."""

    def __init__(self, found: list[RecipientWarning]) -> None:
        super().__init__("Not sent: look at the recipients first, and confirm each warning.")
        self.warnings = found


def warnings(recipients: Iterable[Address], known: Known) -> list[RecipientWarning]:
    """What somebody has to confirm before a letter goes to these, in their order, nobody twice."""
    addresses = dict.fromkeys(normalise_email(one.email) for one in recipients)
    return [warning for address in addresses for warning in _doubts(address, known)]


def _doubts(address: str, known: Known) -> list[RecipientWarning]:
    found = []
    if address in known.undeliverable:
        found.append(RecipientWarning(address, Doubt.UNDELIVERABLE, known.undeliverable[address]))
    if address in known.unwanted:
        found.append(RecipientWarning(address, Doubt.UNWANTED, known.unwanted[address]))
    if address in known.written:
        return found
    resembled = _resembled(address, known)
    if resembled is not None:
        found.append(RecipientWarning(address, Doubt.LOOKALIKE, resembled))
    if _is_internal(address, known):
        found.append(RecipientWarning(address, Doubt.INTERNAL))
    elif address in known.others:
        found.append(RecipientWarning(address, Doubt.OTHER_CUSTOMER))
    if not found and address not in known.own and address not in known.thread:
        found.append(RecipientWarning(address, Doubt.NEW))
    return found


def _is_internal(address: str, known: Known) -> bool:
    domain = domain_of(address)
    return address in known.desk or (domain not in PROVIDERS and domain in domains(known.desk))


def _resembled(address: str, known: Known) -> str | None:
    """The domain that this one could be taken for; "" for one that deceives by itself; None for neither."""
    domain = domain_of(address)
    trusted, seen = domains(known.own | known.desk | known.written), domains(known.thread)
    if domain in trusted or domain in PROVIDERS:
        return None
    near = trusted if domain in seen else trusted | seen
    resembled = next((one for one in sorted(near) if looks_like(domain, one)), None)
    return resembled if resembled is not None else "" if mixes_scripts(domain) else None


def domain_of(address: str) -> str:
    return address.rpartition("@")[2]


def domains(addresses: Iterable[str]) -> frozenset[str]:
    return frozenset(domain_of(address) for address in addresses)


def reply_to_all(
    answer: Address, to: Sequence[Address], cc: Sequence[Address], ours: Iterable[str]
) -> tuple[list[Address], list[Address]]:
    """To and Cc of an answer that loses nobody: the sender in To, everybody else they wrote to in Cc, without `ours`.

    Plus-addresses of our own mailboxes are ours too.
    """
    mine = {_plain(one) for one in ours}
    left_out, others = {normalise_email(answer.email)}, []
    for person in (*to, *cc):
        address = normalise_email(person.email)
        if is_email(address) and address not in left_out and _plain(address) not in mine:
            left_out.add(address)
            others.append(person)
    return [answer], others[: MOST - 1]


def _plain(address: str) -> str:
    local, _, domain = normalise_email(address).rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def written(people: Iterable[Address]) -> str:
    """Recipients as one types them: `Maya Ortiz <maya@customer.example>, tom@customer.example`."""
    return ", ".join(_written(one) for one in people)


def _written(one: Address) -> str:
    name = _name(one.name)
    if not name:
        return one.email
    return f'"{name}" <{one.email}>' if re.search(r"[,;<>@()\[\]:\\]", name) else f"{name} <{one.email}>"


def _name(name: str) -> str:
    """A name on one line, without quotation marks and control characters."""
    plain = "".join(c for c in name.replace('"', "'") if unicodedata.category(c) not in {"Cc", "Cs"} or c in "\t\n\r")
    return " ".join(plain.split())[:LONGEST_NAME].strip()


def parsed(text: str) -> tuple[list[Address], list[str]]:
    """(recipients, what is no address) from what somebody typed, separated by commas, semicolons or lines.

    Nobody stands in it twice. `parsed(written(people))` gives the people back.
    """
    found: dict[str, Address] = {}
    wrong = []
    for piece in (part.strip() for part in _SEPARATORS.split(text)):
        if not piece:
            continue
        match = _NAMED.match(piece)
        name, email = (match["name"], match["email"]) if match else ("", piece)
        address = Address(email.strip(), _name(name.strip().strip('"')))
        if is_email(address.email):
            found.setdefault(normalise_email(address.email), address)
        else:
            wrong.append(" ".join(piece.split())[:100])
    return list(found.values()), wrong
