"""What a page is made of, apart from its words: text that became markup shows up as a new pair."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from bookonce.lib.bidi import closed

# Of these the text begins and ends a line: a direction that it leaves open ends with it.
ALONE = {"dd", "textarea", "quote"}
ADDRESSES = ("href", "src", "action", "formaction", "srcdoc", "data", "poster")
SCHEMES = {"", "http", "https", "mailto", "tel", "data", "webcal"}  # data: our own pictures of the QR code


@dataclass
class Skeleton(HTMLParser):
    """The tags and attributes of a page, its words as a reader sees them, and the values of its fields."""

    html: str
    pairs: set[tuple[str, str]] = field(default_factory=set)
    addresses: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    words: str = ""
    leaks: list[str] = field(default_factory=list)
    _area: str = ""
    _parent: str = ""

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)
        self.feed(self.html)
        self.close()
        self.words = squeezed(self.words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._parent = "quote" if "quote" in str(given.get("class")).split() else tag
        self.pairs |= {(tag, name) for name in given} | {(tag, "")}
        self.addresses += [str(given[name]) for name in ADDRESSES if given.get(name)]
        if tag == "textarea":
            self._area = str(given.get("name"))
            self.values[self._area] = ""
        if tag == "input" and given.get("name"):
            self.values[str(given["name"])] = given.get("value") or ""
        if tag == "br":
            self.words += "\n"
            self._parent = "quote"

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if closed(data) != data and self._parent not in ALONE:
            self.leaks.append(f"<{self._parent}> lets a direction out")
        if self._area:
            self.values[self._area] += data
        self.words += data

    def unknown_to(self, known: set[tuple[str, str]]) -> list[str]:
        """Tags, attributes and schemes of addresses that the text must have brought along."""
        new = [f"<{tag} {name}>" for tag, name in sorted(self.pairs - known)]
        odd = [url for url in self.addresses if not _is_usual(url)]
        return new + odd + self.leaks


def squeezed(text: str) -> str:
    """With every run of white space as one space: HTML shows no more of it."""
    return re.sub(r"\s+", " ", text)


def _is_usual(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme.lower() in SCHEMES and not (parts.scheme == "data" and "image/" not in url)
