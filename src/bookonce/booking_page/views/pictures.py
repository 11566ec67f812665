"""The logos and covers of looks, each at an address that never changes its meaning."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bookonce.scheduling.images import find_image

TYPES = {"png": "image/png", "webp": "image/webp"}
FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def show_picture(_request: HttpRequest, digest: str, ending: str) -> HttpResponse:
    """Answer the picture with this digest; whoever has the address may see it, and nobody can guess it."""
    body = find_image(digest, TYPES[ending])
    if body is None:
        raise Http404("no such picture")
    headers = {"Cache-Control": FOR_EVER, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(body, content_type=TYPES[ending], headers=headers)
