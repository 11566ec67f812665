"""Where guests are led: an address that can be read in two ways is none."""

from __future__ import annotations

import pytest

from bookonce.lib.web_addresses import NoAddress, is_web_address, origin_of, with_query

HOSTILE = [
    "javascript:alert(1)",
    "JaVaScRiPt://example.com/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "ftp://example.com/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "https://",
    "https://example.com@evil.example/",
    "https://user:word@example.com/",
    "https://example.com:80@evil.example/",
    "https://example.com\\@evil.example/",
    "https://evil.example\\.example.com/",
    "https://example.com\\evil",
    "https://example.com\t.evil.example/",
    "https://exa\tmple.com/",
    "https://example.com/\r\nSet-Cookie: a=b",
    "https://example.com/%\n",
    " https://example.com/",
    "https://example.com/ ",
    "https://example.com /",
    "https://example.com。evil.example/",
    "https://exämple.com/",
    "https://example.com/\u2028",
    "https://example.com:99999/",
    "https://example.com:-1/",
    "https://example.com:1e3/",
    "https://.example.com/",
    "https://example..com/",
    "https://-example.com/",
    "https://[::1]/",
    'https://example.com/"onclick=alert(1)',
    "https://example.com/<script>",
    "https://example.com/'>`{}|^",
    "https://example.com\x00.evil.example/",
    "",
]


@pytest.mark.parametrize("address", HOSTILE)
def test_hostile_addresses(address: str) -> None:
    with pytest.raises(NoAddress):
        origin_of(address)


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://example.com", "https://example.com"),
        ("https://example.com/thanks?from=a&b=%20c#top", "https://example.com"),
        ("HTTPS://Example.COM:443/", "https://example.com"),
        ("http://localhost:8080/a", "http://localhost:8080"),
        ("http://example.com:80?a", "http://example.com"),
        ("https://example.com:8443/", "https://example.com:8443"),
        ("https://example.com./", None),
        ("https://example.com.evil.example/", "https://example.com.evil.example"),
        ("https://xn--exmple-cua.com/caf%C3%A9", "https://xn--exmple-cua.com"),
    ],
)
def test_the_origin_of_an_address(address: str, origin: str | None) -> None:
    if origin is None:
        with pytest.raises(NoAddress):
            origin_of(address)
    else:
        assert origin_of(address) == origin


def test_a_name_more_in_the_query() -> None:
    assert with_query("https://a.example/b", "booking", "x") == "https://a.example/b?booking=x"
    assert with_query("https://a.example/b?c=d#e", "booking", "x") == "https://a.example/b?c=d&booking=x#e"
    assert with_query("https://a.example", "booking", "x") == "https://a.example?booking=x"


@pytest.mark.parametrize(
    "text", ["https://meet.example/a?b=c&d#e", "http://[2001:db8::1]:8080/", "HTTPS://a.example"]
)
def test_web_addresses_lead_to_a_page(text: str) -> None:
    assert is_web_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "meet.example/a",
        "ftp://a.example",
        "javascript:alert(1)",
        "https://",
        "https://:80/",
        "https://[a/",
    ]
    + [f"https://a.example/{odd}b" for odd in ' \n\x00\x7f"<>\\^`{|}'],
)
def test_what_ends_a_link_or_leads_nowhere_is_no_web_address(text: str) -> None:
    assert not is_web_address(text)
