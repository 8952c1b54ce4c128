"""Which addresses may be called."""

import socket

import pytest

from backstory.recovery.connectors import addresses
from backstory.recovery.connectors.addresses import NotPermitted, permitted, target
from backstory.recovery.connectors.calling import shown
from backstory.recovery.connectors.interface import Misconfigured

pytestmark = pytest.mark.once


def resolving(monkeypatch: pytest.MonkeyPatch, *found: str) -> None:
    def answer(host: str, port: int, **_: object) -> list[tuple]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", answer)


@pytest.mark.parametrize(
    "address",
    ["10.0.0.8", "127.0.0.1", "192.168.1.4", "100.64.0.1", "fd00::1", "::1", "::ffff:10.0.0.8", "64:ff9b::a00:8"],
)
def test_a_private_host_is_called_only_where_it_is_named(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    resolving(monkeypatch, address)
    with pytest.raises(NotPermitted, match="private network"):
        permitted("erp.example.com", 443)
    assert permitted("erp.example.com", 443, ["ERP.example.com"]) == [address]
    assert permitted("erp.example.com", 443, ["erp.example.com:443"]) == [address]
    with pytest.raises(NotPermitted):
        permitted("erp.example.com", 8443, ["erp.example.com:443"])


@pytest.mark.parametrize("address", ["169.254.169.254", "0.0.0.0", "224.0.0.1", "fe80::1", "::ffff:169.254.169.254"])
def test_no_system_lives_at_some_addresses(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    resolving(monkeypatch, address)
    with pytest.raises(NotPermitted, match="never called"):
        permitted("metadata.example.com", 80, ["metadata.example.com"])


def test_one_bad_address_among_good_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "93.184.216.34", "10.0.0.8")
    with pytest.raises(NotPermitted):
        permitted("pay.example.com", 443)
    resolving(monkeypatch, "93.184.216.34")
    assert permitted("pay.example.com", 443) == ["93.184.216.34"]


@pytest.mark.parametrize(
    "url", ["ftp://x.example", "https://", "https://a@b.example/", "nonsense", "http://b.example/"]
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(Misconfigured):
        target(url)


@pytest.mark.parametrize(
    "text",
    [
        '{"client_secret": "abcdef"}',
        "Bearer abcdef.ghijkl_mnop",
        "sk_live_abcdefgh1234",
        "card 4242 4242 4242 4242 declined",
        "DE89 3704 0044 0532 0130 00",
        "eyJhbGciOiJIUzI1.eyJzdWIiOiIx.c2lnbmF0dXJl",
        "my own hidden-word here",
    ],
)
def test_nothing_secret_is_kept_of_an_answer(text: str) -> None:
    kept = shown(text, ["hidden-word"])
    assert "•••" in kept
    for part in ("abcdef", "4242 4242", "3704", "c2lnbmF0dXJl", "hidden-word"):
        assert part not in kept


def test_a_long_answer_is_cut() -> None:
    assert len(shown("x" * 10_000)) < 2100
