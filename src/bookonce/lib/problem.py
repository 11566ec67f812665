"""problem+json (RFC 9457) with a stable `code`, and the one table of codes and statuses."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from django.http import HttpResponse

STATUS = {
    "not_found": 404,
    "link_used": 410,
    "link_expired": 410,
    "link_revoked": 410,
    "calendar_deleted": 410,
    "link_not_open": 403,
    "forbidden": 403,
    "unauthorized": 401,
    "method_not_allowed": 405,
    "slot_taken": 409,
    "link_held": 409,
    "in_progress": 409,
    "conflict": 409,
    "too_late": 409,
    "cancel_closed": 409,
    "reschedule_closed": 409,
    "invalid": 422,
    "idempotency_mismatch": 422,
    "rate_limited": 429,
    "calendar_paused": 503,
    "busy": 503,
}
RETRY_AFTER = {"busy": 2, "in_progress": 2, "link_held": 60, "calendar_paused": 3600, "rate_limited": 60}


def problem(code: str, message: str, errors: Mapping[str, Sequence[str]] | None = None) -> HttpResponse:
    """The reply for a refusal: RFC 9457 members plus `code` and, for `invalid`, `errors` by field."""
    body: dict[str, object] = {"type": "about:blank", "title": message, "status": STATUS[code], "code": code}
    if errors:
        body["errors"] = {field: list(reasons) for field, reasons in errors.items()}
    response = HttpResponse(json.dumps(body), status=STATUS[code], content_type="application/problem+json")
    return as_refusal(response, code)


def as_refusal(response: HttpResponse, code: str) -> HttpResponse:
    """The response, which says when to try again, and is no fault of the server's in its log."""
    if code in RETRY_AFTER:
        response.headers["Retry-After"] = str(RETRY_AFTER[code])
    if code == "calendar_paused":
        vars(response)["_has_been_logged"] = True  # else Django logs every 503 as an error
    return response
