"""Which client asks: only trusted proxies are believed, and only what they added themselves."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

import pytest
from django.conf import settings
from django.test import RequestFactory

from bookonce.lib import client_address
from bookonce.lib.client_address import client_network

PROXY, SECOND, GUEST, OTHER = "10.0.0.1", "10.0.0.2", "203.0.113.7", "198.51.100.9"


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> None:
    networks = (ip_network("10.0.0.0/24"), ip_network("fd00::/8"))
    monkeypatch.setattr(settings, "BOOKONCE", replace(settings.BOOKONCE, trusted_proxies=networks))


def asked(peer: str, forwarded: str = "", **headers: str) -> str | None:
    given = {"X-Forwarded-For": forwarded} if forwarded else {}
    return client_network(RequestFactory(headers=given | headers).get("/", REMOTE_ADDR=peer))


def test_without_proxies_the_peer_is_the_client() -> None:
    assert asked(GUEST) == GUEST
    assert asked("127.0.0.1") == "127.0.0.1"


@pytest.mark.parametrize("forwarded", [OTHER, f"{OTHER}, {PROXY}", "127.0.0.1", "nonsense"])
def test_a_guest_who_forwards_itself_stays_who_it_is(trusting: None, forwarded: str) -> None:
    assert asked(GUEST, forwarded) == GUEST


def test_nobody_is_believed_while_no_proxy_is_trusted() -> None:
    assert asked("8.8.8.8", OTHER) == "8.8.8.8"


def test_a_proxy_that_was_not_told_of_makes_clients_one(caplog: pytest.LogCaptureFixture) -> None:
    client_address._warn_of_proxy.cache_clear()
    assert asked("127.0.0.1", OTHER) is None
    assert asked("127.0.0.1", GUEST) is None
    assert asked("172.17.0.1", GUEST) is None
    assert [record.message[:10] for record in caplog.records] == ["127.0.0.1 ", "172.17.0.1"]
    assert "BOOKONCE_TRUSTED_PROXIES" in caplog.text


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        (GUEST, GUEST),
        (f"{OTHER}, {GUEST}", GUEST),  # the guest wrote the first
        (f"127.0.0.1, {PROXY}, {GUEST}", GUEST),
        (f"{GUEST}, {SECOND}", GUEST),  # a chain of two trusted ones
        (f"{OTHER}, {GUEST}, {SECOND}, {PROXY}", GUEST),
        (f"{OTHER}, unknown", PROXY),  # nothing behind what can't be read counts
        (f"{OTHER}, unknown, {SECOND}", SECOND),
        (f"{SECOND}, {SECOND}", SECOND),  # trusted ones only: the farthest
        (f"{GUEST}:4711", GUEST),
        (f'"{GUEST}"', GUEST),
        (f"::ffff:{GUEST}", GUEST),
        ("[2001:db8:1:2:3:4:5:6]:4711", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:3:4:5:6%eth0", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("0x7f.1", PROXY),
        ("203.0.113.007", PROXY),  # an octet that is read in two ways is no address
        (", ,", PROXY),
    ],
)
def test_the_last_address_that_is_no_trusted_proxys_is_the_client(
    trusting: None, forwarded: str, client: str
) -> None:
    assert asked(PROXY, forwarded) == client


def test_a_trusted_proxy_that_forwards_nobody_is_the_client(trusting: None) -> None:
    assert asked(PROXY) == PROXY


def test_the_header_of_another_standard_is_not_read(trusting: None) -> None:
    assert asked(PROXY, GUEST, Forwarded=f"for={OTHER}") == GUEST
    assert asked(PROXY, Forwarded=f"for={OTHER}") == PROXY


def test_a_chain_without_end_is_read_from_its_end_alone(trusting: None) -> None:
    assert asked(PROXY, ", ".join([OTHER] * 5000 + [PROXY] * 30)) == PROXY


def test_proxies_and_clients_may_speak_ipv6(trusting: None) -> None:
    assert asked("fd00::1", "2001:db8::7") == "2001:db8::/64"
    assert asked("::ffff:10.0.0.1", GUEST) == GUEST


def test_no_peer_is_nobody() -> None:
    assert asked("") is None
