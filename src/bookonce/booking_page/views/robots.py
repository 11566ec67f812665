"""Which addresses programs that gather pages may open (RFC 9309)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

# Links for one booking and bookings are nobody else's; that pages are not listed is said by each page itself.
_RULES = """User-agent: *
Disallow: /o/
Disallow: /m/
Disallow: /c/
Disallow: /app/
Disallow: /api/

# These draw the card of a link that somebody sends: it says what the link is for and whose it is, no more.
User-agent: facebookexternalhit
User-agent: LinkedInBot
User-agent: Twitterbot
Disallow: /m/
Disallow: /app/
Disallow: /api/
"""


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """The same for every host name."""
    headers = {"Cache-Control": "public, max-age=3600"}
    return HttpResponse(_RULES, content_type="text/plain; charset=utf-8", headers=headers)
