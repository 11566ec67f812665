"""The asset server, and the style guide of a development server."""

import re

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from bookonce.design import accent, bundles, palette, styleguide

FOR_EVER = "public, max-age=31536000, immutable"
FOR_AN_HOUR = "public, max-age=3600"
FOR_A_DAY = "public, max-age=86400"
_REFUSES_GZIP = re.compile(r"gzip\s*;\s*q=0(\.0*)?\s*(,|$)")


@require_safe
def serve_asset(request: HttpRequest, file: str) -> HttpResponse:
    """Answer a hashed file for ever, compressed where the browser takes it; 404 for any other name."""
    found = bundles.find_asset(file)
    if found is None:
        raise Http404("no such asset")
    answer = _answer(request, found, FOR_EVER)
    # Within a frame, whose pages are isolated (lib/headers.py), a worker starts only if its script is, too.
    answer.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    return answer


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Answer the icon browsers ask for by a fixed name."""
    return _answer(request, bundles.asset("favicon.ico"), FOR_A_DAY)


@require_safe
def embed_script(request: HttpRequest) -> HttpResponseBase:
    """Answer the script by which other sites show a calendar; 304 where they have this version."""
    found = bundles.asset(bundles.EMBED)
    version = quote_etag(found.file.split(".")[1])
    answer = _answer(request, found, FOR_AN_HOUR)
    answer.headers["ETag"] = version
    # Pages that are isolated from others (COEP) load nothing that does not agree to it.
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return get_conditional_response(request, etag=version, response=answer) or answer


@require_safe
def accent_sheet(_request: HttpRequest, colour: str) -> HttpResponse:
    """Answer the style sheet of a workspace's accent, a pure function of its colour."""
    try:
        body = accent.accent_css(colour)
    except ValueError as error:
        raise Http404("no such colour") from error
    return HttpResponse(body, content_type=bundles.TYPES["css"], headers={"Cache-Control": FOR_EVER})


@require_safe
def look_sheet(_request: HttpRequest, name: str) -> HttpResponse:
    """Answer the style sheet of a calendar's look, a pure function of the values in its name."""
    try:
        body = palette.sheet_css(name)
    except ValueError as error:
        raise Http404("no such look") from error
    return HttpResponse(body, content_type=bundles.TYPES["css"], headers={"Cache-Control": FOR_EVER})


@require_safe
def show_styleguide(request: HttpRequest, page: str = "components") -> HttpResponse:
    """Show every component and the mock compositions; 404 outside of development."""
    if not settings.DEBUG or page not in styleguide.PAGES:
        raise Http404("no style guide here")
    return render(request, f"design/styleguide/{page}.html", styleguide.context(page))


def _answer(request: HttpRequest, found: bundles.Asset, cache_control: str) -> HttpResponse:
    headers = {"Cache-Control": cache_control, "X-Content-Type-Options": "nosniff"}
    body = found.body
    if found.gzipped is not None:
        headers["Vary"] = "Accept-Encoding"
        accepted = request.headers.get("Accept-Encoding", "")
        if "gzip" in accepted and not _REFUSES_GZIP.search(accepted):
            headers["Content-Encoding"] = "gzip"
            body = found.gzipped
    return HttpResponse(body, content_type=found.content_type, headers=headers)
