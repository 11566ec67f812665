"""Security headers on every reply."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
OWNER_PAGES = "/app/"
CACHEABLE = ("/assets/", "/favicon")


class SecurityHeaders:
    """Adds what OWASP ASVS 3.4 asks for; a view that set a header itself keeps it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the headers."""
        response = self.get_response(request)
        # A form on a no-referrer page sends `Origin: null`, which Django's CSRF check refuses;
        # owner's pages need theirs.
        referrer = "same-origin" if request.path.startswith(OWNER_PAGES) else "no-referrer"
        for name, value in (
            ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
            ("Referrer-Policy", referrer),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
        ):
            response.headers.setdefault(name, value)
        if settings.BOOKONCE.base_url.startswith("https://"):
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if not request.path.startswith(CACHEABLE):
            response.headers.setdefault("Cache-Control", "no-store")
            response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response
