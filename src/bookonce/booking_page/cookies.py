"""The cookie by which the browser that booked is shown its booking again (docs/decisions/0010)."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpResponse

from bookonce.booking_page.doors import Visit

NAME = "booking"
LIFE_SECONDS = 400 * 24 * 3600  # the most a browser grants (RFC 6265bis)


def remember(response: HttpResponse, visit: Visit, booking_id: str) -> None:
    """Let this browser see the booking when it opens the address again; sent to no other address."""
    response.set_cookie(
        NAME,
        _signer(visit).sign(booking_id),
        max_age=LIFE_SECONDS,
        path=quote(visit.path),
        httponly=True,
        samesite="Lax",
        secure=settings.BOOKONCE.base_url.startswith("https://"),
    )


def find_booking_id(visit: Visit) -> str | None:
    """The public id of the booking that this browser made here; None when it made none."""
    try:
        return _signer(visit).unsign(visit.request.COOKIES.get(NAME, ""))
    except BadSignature:
        return None


def _signer(visit: Visit) -> Signer:
    return Signer(salt=f"booking {visit.door.scope}")
