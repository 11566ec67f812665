"""Origins of websites (RFC 6454): a scheme, a host and, where it is not the usual one, a port."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

LONGEST = 255  # characters
USUAL_PORTS = {"http": 80, "https": 443}
ANY_BELOW = "*."  # before a host: all of its subdomains, as a host-source of CSP 3 has it
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_ADDRESS = re.compile(r"\[[0-9a-f:.]+\]")


class NoOrigin(ValueError):
    """Text that names no origin; str() is a sentence for people that says why."""


def parse_origin(text: str, *, wildcard: bool = False) -> str:
    """The origin of `https://Example.com/` as it is serialized (RFC 6454 6.1): `https://example.com`.

    The host in ASCII (IDNA) and lower case, without the scheme's usual port. With `wildcard`, a host may
    begin with `*.`, which stands for any subdomain.

    Raises:
        NoOrigin: there is a path, a user, no host, or another scheme.
    """
    try:
        parts = urlsplit(text.strip())
        port, host = parts.port, parts.hostname or ""
    except ValueError as odd:
        raise NoOrigin(_("Enter an address like https://example.com.")) from odd
    if parts.scheme not in USUAL_PORTS or not parts.netloc:
        raise NoOrigin(_("Enter an address that begins with https:// or http://, like https://example.com."))
    if parts.path not in ("", "/") or parts.query or parts.fragment or text.strip()[-1] in "?#":
        raise NoOrigin(_("Leave out what follows the name of the site, like https://example.com."))
    if "@" in parts.netloc:
        raise NoOrigin(_("Leave out user names and passwords."))
    if "[" in parts.netloc[1:]:
        raise NoOrigin(_("Enter an address like https://example.com."))
    stars = ANY_BELOW if wildcard and host.startswith(ANY_BELOW) else ""
    origin = f"{parts.scheme}://{stars}{_ascii_host(host.removeprefix(stars), named=bool(stars))}"
    if port is not None and port != USUAL_PORTS[parts.scheme]:
        origin += f":{port}"
    if len(origin) > LONGEST:
        raise NoOrigin(_("This address is too long."))
    return origin


def is_among(origin: str, allowed: Iterable[str]) -> bool:
    """Whether a serialized origin is one of these, or below one that begins with `*.`."""
    for each in allowed:
        if origin == each:
            return True
        scheme, found, host = each.partition(f"://{ANY_BELOW}")
        if found and origin.startswith(f"{scheme}://") and origin.endswith(f".{host}"):
            return True
    return False


def _ascii_host(host: str, *, named: bool) -> str:
    """In lower case; `named`: it must have two labels at least, since `*.com` is nobody's site."""
    if ":" in host and _ADDRESS.fullmatch(f"[{host}]") and not named:
        return f"[{host}]"
    try:
        ascii_host = host.encode("idna").decode().lower()
    except UnicodeError as odd:
        raise NoOrigin(_("Enter an address like https://example.com.")) from odd
    labels = ascii_host.split(".")
    if not all(map(_LABEL.fullmatch, labels)) or (named and len(labels) < 2):
        raise NoOrigin(_("Enter an address like https://example.com."))
    return ascii_host
