"""Security headers on every reply."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse

NOBODY_FRAMES = "frame-ancestors 'none'"
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    f"manifest-src 'self'; form-action 'self'; base-uri 'none'; {NOBODY_FRAMES}"
)
OWNER_PAGES = "/app/"
CACHEABLE = ("/assets/", "/favicon", "/embed.js")


class SecurityHeaders:
    """Adds what OWASP ASVS 3.4 asks for; a view that set a header itself keeps it.

    `frame_ancestors` of the request, where a view told it, are the sites that may show its reply in a frame,
    whatever that reply became. `is_searchable` says that search engines may list the page, if it is one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the headers."""
        response = self.get_response(request)
        _let_frame(response, getattr(request, "frame_ancestors", ()))
        # A form on a no-referrer page sends `Origin: null`, which Django's CSRF check refuses;
        # owner's pages need theirs.
        referrer = "same-origin" if request.path.startswith(OWNER_PAGES) else "no-referrer"
        for name, value in (
            ("Content-Security-Policy", _policy(request)),
            ("Referrer-Policy", referrer),
            ("X-Content-Type-Options", "nosniff"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
        ):
            response.headers.setdefault(name, value)
        if NOBODY_FRAMES in response.headers["Content-Security-Policy"]:
            response.headers.setdefault("X-Frame-Options", "DENY")
        if settings.BOOKONCE.base_url.startswith("https://"):
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if not request.path.startswith(CACHEABLE):
            response.headers.setdefault("Cache-Control", "no-store")
            if response.status_code != 200 or not getattr(request, "is_searchable", False):
                response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response


def _policy(request: HttpRequest) -> str:
    """Owner's pages show guests' pages as previews."""
    previews = "; frame-src 'self'" if request.path.startswith(OWNER_PAGES) else ""
    return f"{CONTENT_SECURITY_POLICY}{previews}"


def _let_frame(response: HttpResponse, ancestors: Sequence[str]) -> None:
    """By CSP alone: X-Frame-Options knows no list. Isolated pages show only frames that agree to it."""
    if not ancestors:
        return
    policy = response.headers.get("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    allowed = f"frame-ancestors {' '.join(ancestors)}"
    response.headers["Content-Security-Policy"] = policy.replace(NOBODY_FRAMES, allowed)
    response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
