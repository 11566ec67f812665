"""Who asks: the address of the client, seen through the proxies in front of the server that are trusted."""

from __future__ import annotations

import logging
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

logger = logging.getLogger(__name__)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
MOST_HOPS = 20  # entries of X-Forwarded-For that are looked at, from the end
SUBSCRIBER = 64  # bits: whoever has one IPv6 address has at least the /64 around it (RFC 6177)


def client_network(request: HttpRequest) -> str | None:
    """The client's IPv4 address, or the /64 of its IPv6 one; None where clients can't be told apart.

    Only what a trusted proxy (BOOKONCE_TRUSTED_PROXIES) added to X-Forwarded-For counts: the header is read
    from its end, and the first address that is no trusted proxy's is the client; what stands before it may be
    anybody's invention. `Forwarded` (RFC 7239) is never read: a proxy that writes the one header passes the
    other on as the client sent it.
    """
    found = _client(request)
    return None if found is None else _network(found)


def client_address(request: HttpRequest) -> str | None:
    """The same without cutting an IPv6 address down to its network."""
    found = _client(request)
    return None if found is None else str(found)


def _client(request: HttpRequest) -> Address | None:
    peer = _read(request.META.get("REMOTE_ADDR", ""))
    if peer is None:
        return None
    header = request.META.get("HTTP_X_FORWARDED_FOR", "")
    trusted = settings.BOOKONCE.trusted_proxies
    if header and not trusted and not peer.is_global:
        # A proxy of our own that nobody has told us of: all guests would share its address.
        _warn_of_proxy(str(peer))
        return None
    return _behind(peer, header, trusted) if _is_in(peer, trusted) else peer


def _behind(proxy: Address, header: str, trusted: tuple[Network, ...]) -> Address:
    nearest = proxy
    for entry in reversed(header.split(",")[-MOST_HOPS:]):
        found = _read(entry)
        if found is None:  # `unknown`, or a forgery: the proxy that passed it on is the last one we know
            return nearest
        if not _is_in(found, trusted):
            return found
        nearest = found
    return nearest


def _is_in(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _network(address: Address) -> str:
    if address.version == 4:
        return str(address)
    return str(ip_network((address, SUBSCRIBER), strict=False))


def _read(text: str) -> Address | None:
    """An address, also as some proxies write it: with a port, in brackets, with a zone, IPv4 in IPv6."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address


@cache
def _warn_of_proxy(peer: str) -> None:
    """Once for each proxy and process."""
    logger.warning(
        "%s forwards requests (X-Forwarded-For) but is not in BOOKONCE_TRUSTED_PROXIES: "
        "clients can't be told apart, so no rate limits by address apply",
        peer,
    )
