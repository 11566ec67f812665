"""Guests' pages travel compressed (docs/decisions/0016-compression.md)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.middleware.gzip import GZipMiddleware

from bookonce.lib.headers import OWNER_PAGES

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase


class CompressedPages(GZipMiddleware):
    """Compresses guests' pages, each with up to 100 random bytes against BREACH (breachattack.com).

    Owner's pages stay as they are: they hold secrets that whoever can make a browser open them does not know.
    So does the page for what isn't there: it is the same to the byte for every wrong address.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Return the page, compressed where its reader takes it."""
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if (
            not is_page
            or request.path.startswith(OWNER_PAGES)
            or response.status_code == HTTPStatus.NOT_FOUND
        ):
            return response
        return super().process_response(request, response)
