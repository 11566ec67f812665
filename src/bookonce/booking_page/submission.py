"""What a guest's POST may look like before the domain sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import UnreadablePostError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookonce.booking_page.doors import Visit
from bookonce.booking_page.languages import wanted_language
from bookonce.booking_page.limits import count_try, few_wrong
from bookonce.lib.bodies import JSON, MOST_BYTES, NoObject, parse_object
from bookonce.lib.client_address import client_address
from bookonce.scheduling.book import Booked, book
from bookonce.scheduling.booking_codes import try_code_unless_booked
from bookonce.scheduling.consent import Origin
from bookonce.scheduling.errors import Invalid, SchedulingError
from bookonce.scheduling.idempotency import Idempotency, check_key, fingerprint

# As robots know it from other sites; autofill has nothing for it, and no question's key has a dot.
UNSEEN = "your.subject"


class CrossSite(SchedulingError):
    """A page of someone else's sent the form."""

    code = "forbidden"
    message = _("This was sent by another site. Open the link itself and try again.")


def check_origin(request: HttpRequest) -> None:
    """Guests' forms carry no CSRF token; the browser itself says which site sent them (Fetch Metadata).

    Raises:
        CrossSite: it was not ours.
    """
    if request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
        raise CrossSite


class FilledUnseen(Invalid):
    """A field was filled in that people don't see, and that no browser fills in for them."""

    message = _(
        "A field that people do not see was filled in, as robots do, so nothing was changed. Send the form"
        " again: that field is empty now."
    )

    def __init__(self) -> None:
        super().__init__({"form": [str(self.message)]})


def check_form(request: HttpRequest) -> None:
    """Make sure of what comes with every form of a guest's page (booking_page/unseen.html).

    Raises:
        CrossSite: another site sent it. FilledUnseen: a robot did.
    """
    check_origin(request)
    check_unseen(request)


def check_unseen(request: HttpRequest) -> None:
    """Make sure that nothing stands where people see no field.

    Raises:
        FilledUnseen: something does.
    """
    if request.POST.get(UNSEEN):
        raise FilledUnseen


def read_json(request: HttpRequest) -> dict[str, Any]:
    """The object in the body.

    Raises:
        Invalid: it is too large, no JSON, no object, or nested too deeply.
    """
    try:
        return parse_object(request.body)
    except (RequestDataTooBig, UnreadablePostError):
        sentence = gettext("At most %(kib)s KiB.") % {"kib": MOST_BYTES // 1024}
    except NoObject as error:
        sentence = str(error)
    raise Invalid({"body": [sentence]})


def read_key(visit: Visit, key: str | None, body: dict[str, Any]) -> Idempotency | None:
    """The idempotency key within this door; the form's stamp, hold or proof do not make it another request.

    Forms and programs have keys apart: a form's is made by us and so secret, that of a program may be
    guessed, and whoever sends a form's key again is led to its booking.

    Raises:
        Invalid: over 255 characters, or not visible ASCII.
    """
    if key is None:
        return None
    check_key(key)
    asked = {name: value for name, value in body.items() if name not in ("form", "hold", "altcha")}
    scope = visit.door.scope if visit.request.content_type == JSON else f"form {visit.door.scope}"
    return Idempotency(scope=scope, key=key, fingerprint=fingerprint(asked))


def book_here(
    visit: Visit, raw: Mapping[str, Any], *, stamp: int | None, retry: Idempotency | None
) -> Booked:
    """Book, unless this client has tried too often.

    Raises:
        RateLimited; and what `book` raises.
    """
    if visit.door.kind != "link":
        count_try("bookings", visit.request, now=visit.now)
    with few_wrong(visit.door.scope, visit.request, now=visit.now):
        code_id = None
        if raw.get("code"):
            code_id = try_code_unless_booked(visit.door, raw, retry, now=visit.now, stamp=stamp)
        return book(
            visit.door,
            raw,
            now=visit.now,
            stamp=stamp,
            retry=retry,
            code_id=code_id,
            origin=_origin(visit),
            language=wanted_language(visit.request),
        )


def _origin(visit: Visit) -> Origin:
    """Where the guest is; the token of a one-time link is kept nowhere else."""
    page = "/o/" if visit.door.kind == "link" else visit.path
    return Origin(page=page, address=client_address(visit.request) or "")
