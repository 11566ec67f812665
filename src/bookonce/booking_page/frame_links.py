"""Put a query into every address of ours that a page or a redirect leads to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse

# Templates escape what they are given: a bare <a, <form or <button is a tag of ours, its values in quotes.
_TAG = re.compile(r"<(?:a|form|button)\s[^>]*>")
_ADDRESS = re.compile(r'(\s(?:href|action|formaction|data-keep)=")([^"]*)(")')
_ASSETS = "/assets/"
OUTSIDE = ('target="_blank"', 'target="_top"')  # what opens there stands in no frame


def with_query(response: HttpResponse, query: Mapping[str, str]) -> HttpResponse:
    """The response whose links, forms and redirect to pages of ours carry the query."""
    if "Location" in response.headers:
        response.headers["Location"] = _further(response.headers["Location"], query)
    elif response.headers.get("Content-Type", "").startswith("text/html"):
        page = response.content.decode(response.charset)
        response.content = _TAG.sub(lambda tag: _rewritten(tag[0], query), page).encode(response.charset)
    return response


def _rewritten(tag: str, query: Mapping[str, str]) -> str:
    if any(target in tag for target in OUTSIDE):
        return tag
    if tag.startswith("<form") and 'method="post"' not in tag:
        # A browser drops the query of the address to which a form is sent with GET.
        return tag + "".join(
            f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in query.items()
        )
    return _ADDRESS.sub(lambda found: found[1] + escape(_further(unescape(found[2]), query)) + found[3], tag)


def _further(address: str, query: Mapping[str, str]) -> str:
    """The address with the query when it is one of our pages."""
    path = address.removeprefix(settings.BOOKONCE.base_url)
    if not path.startswith("/") or path.startswith(("//", _ASSETS)):
        return address
    before, hash_mark, fragment = address.partition("#")
    joined = "&" if "?" in before else "?"
    return f"{before}{joined}{urlencode(query)}{hash_mark}{fragment}"
