r"""Web addresses that others typed, and to which site each belongs.

What a browser is sent on to matches one strict pattern instead of a lenient parser: browsers take `\` for `/`
and drop tabs and line breaks, so whatever could be read in two ways is no address there.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bookonce.lib.origins import parse_origin

# RFC 3986's characters, without those that are read as quotes, brackets or slashes somewhere.
_ADDRESS = re.compile(
    r"(?P<site>https?://[a-z0-9.-]{1,253}(?::[0-9]{1,5})?)(?:[/?#][a-z0-9._~!$&'()*+,;=:@/?#%\[\]-]*)?",
    re.IGNORECASE | re.ASCII,
)


class NoAddress(ValueError):
    """The text is no complete http(s) address, or might be read in two ways."""


def origin_of(address: str) -> str:
    """The origin of a complete http(s) address, as `parse_origin` writes it.

    Raises:
        NoAddress: it is none, or might be read in two ways.
    """
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise NoAddress
    try:
        return parse_origin(found["site"])
    except ValueError as refused:
        raise NoAddress from refused


def is_web_address(text: str) -> bool:
    """Whether it leads to a page on the web: http or https, a host, nothing that ends a link or a line."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    plain = not re.search(r"[\s\x00-\x1f\x7f\"<>\\^`{|}]", text)
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname)


def with_query(address: str, name: str, value: str) -> str:
    """The address with this in its query as well; both are plain words."""
    before, mark, fragment = address.partition("#")
    return f"{before}{'&' if '?' in before else '?'}{name}={value}{mark}{fragment}"
