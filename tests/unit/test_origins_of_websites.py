"""RFC 6454 6.1: how an origin is written; CSP 3: hosts with a wildcard."""

import pytest

from bookonce.lib.origins import NoOrigin, is_among, parse_origin


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://example.com", "https://example.com"),
        (" HTTPS://Example.COM/ ", "https://example.com"),
        ("https://example.com:443", "https://example.com"),
        ("http://example.com:443", "http://example.com:443"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://[::1]:8443", "https://[::1]:8443"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("https://*.example.com", "https://*.example.com"),
        ("https://*.example.com:8443/", "https://*.example.com:8443"),
    ],
)
def test_an_origin_is_written_in_one_way(typed: str, origin: str) -> None:
    assert parse_origin(typed, wildcard=True) == origin
    assert parse_origin(origin, wildcard=True) == origin


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            "example.com",
            "ftp://example.com",
            "https://",
            "https:///path",
            "javascript:alert(1)",
            "null",
            "*",
        ),
        *(
            "https://example.com/contact",
            "https://example.com?x",
            "https://example.com?",
            "https://example.com#",
        ),
        *(
            "https://sam@example.com",
            "https://exa mple.com",
            "https://a;b.example",
            "https://example.com:99999",
        ),
        *(
            "https://'self'",
            "https://-a.example",
            "https://a..example",
            "https://*.com",
            "https://*",
            "//example.com",
        ),
        *(
            "https://a.*.example",
            "https://exam\nple.com ; x",
            "https://" + "a." * 130 + "com",
            "https://*.[::1]",
        ),
    ],
)
def test_what_is_no_origin_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(NoOrigin, match=r"\.$"):
        parse_origin(typed, wildcard=True)


def test_a_wildcard_has_to_be_allowed() -> None:
    with pytest.raises(NoOrigin):
        parse_origin("https://*.example.com")


@pytest.mark.parametrize(
    ("origin", "among"),
    [
        ("https://example.com", True),
        ("https://www.shop.example", True),
        ("https://a.b.shop.example", True),
        ("https://shop.example", False),
        ("http://www.shop.example", False),
        ("https://evilshop.example", False),
        ("https://www.shop.example:8443", False),
        ("https://example.com.evil.example", False),
        ("null", False),
        ("", False),
    ],
)
def test_an_origin_is_among_those_allowed_or_below_one(origin: str, *, among: bool) -> None:
    assert is_among(origin, ["https://example.com", "https://*.shop.example"]) is among
