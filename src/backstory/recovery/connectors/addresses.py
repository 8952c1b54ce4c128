"""Which addresses a connector may call: those an administrator wrote down, and private ones only where named.

The name is resolved once, every address it has is judged, and the connection goes to the address that was judged: a
name that answers differently the second time (DNS rebinding) gains nothing.
"""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from backstory.recovery.connectors.interface import Misconfigured

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: holds an IPv4 address
Address = IPv4Address | IPv6Address


class NotPermitted(Misconfigured):
    """The address must not be called."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads. `host` without brackets; `path` with its query."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def named(self) -> str:
        """Host and port as they stand in a Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


def target(url: str, private_hosts: Sequence[str] = ()) -> Target:
    """The parts of an http(s) URL. Raises Misconfigured for anything else, names and passwords in it, and plain http
    to a host that is not among `private_hosts`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Misconfigured("That is not an address such as https://pay.example.com/refunds.", "url") from None
    host = (parts.hostname or "").rstrip(".").lower()
    if parts.scheme not in {"http", "https"} or not host:
        raise Misconfigured("That is not an address such as https://pay.example.com/refunds.", "url")
    if parts.username is not None or parts.password is not None:
        raise Misconfigured("Leave names and passwords out of the address: the secret has a field of its own.", "url")
    secure = parts.scheme == "https"
    found = Target(secure, host, port or (443 if secure else 80), (parts.path or "/") + _query(parts.query))
    if not secure and not is_named(found.host, found.port, private_hosts):
        raise Misconfigured("Use https: without it anybody on the way can read the secret and change amounts.", "url")
    return found


def _query(query: str) -> str:
    return f"?{query}" if query else ""


def is_named(host: str, port: int, private_hosts: Sequence[str]) -> bool:
    """Whether an administrator allowed this private host, as `host` or `host:port`."""
    named = {each.strip().lower() for each in private_hosts}
    return host in named or f"{host}:{port}" in named


def permitted(host: str, port: int, private_hosts: Sequence[str] = ()) -> list[str]:
    """The addresses of a host, all judged. Raises NotPermitted if one of them must not be called, OSError where the
    name is not known."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    for address in addresses:
        _judge(host, port, ip_address(address.split("%")[0]), private_hosts)
    return addresses


def _judge(host: str, port: int, address: Address, private_hosts: Sequence[str]) -> None:
    inner = _inner(address)
    never = inner.is_link_local or inner.is_multicast or inner.is_unspecified
    if never or (inner.is_reserved and not inner.is_loopback):
        raise NotPermitted(f"{host} leads to {inner}, which is never called: no other system lives there.", "url")
    if not inner.is_global and not is_named(host, port, private_hosts):
        raise NotPermitted(
            f"{host} is inside a private network. If that is meant, name it under “Private hosts that may be called”.",
            "private_hosts",
        )


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
