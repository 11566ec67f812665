"""What a request may look like before the domain sees it: body, query and Idempotency-Key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _

from bookonce.api.v1.access import caller
from bookonce.lib.bodies import JSON, MOST_BYTES, NoObject, parse_object
from bookonce.lib.fields import Fields
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.idempotency import Idempotency, check_key, fingerprint


def read_body(request: HttpRequest, *, most_bytes: int = MOST_BYTES) -> dict[str, Any]:
    """The JSON object in the body; {} when there is none.

    Raises:
        Invalid: it is too large, not JSON, or no object.
    """
    try:
        # Django's own limit on `body` is for all requests; a route that takes more reads the stream.
        raw = request.body if most_bytes == MOST_BYTES else request.read(most_bytes + 1)
    except (RequestDataTooBig, UnreadablePostError):
        _refuse(_("Send at most %(kib)s KiB, in full.") % {"kib": most_bytes // 1024})
    if len(raw) > most_bytes:
        _refuse(_("Send at most %(kib)s KiB, in full.") % {"kib": most_bytes // 1024})
    if not raw:
        return {}
    if request.content_type != JSON:
        raise Invalid({"Content-Type": [_("Send JSON, as %(kind)s.") % {"kind": JSON}]})
    try:
        return parse_object(raw)
    except NoObject as error:
        _refuse(str(error))


def read_query(request: HttpRequest, known: tuple[str, ...]) -> Fields:
    """The query's fields; a name that means nothing here is a fault. Check `errors` when all are read."""
    fields = Fields(request.GET.dict())
    fields.only(known)
    return fields


def read_retry(request: HttpRequest, body: Mapping[str, Any]) -> Idempotency | None:
    """The Idempotency-Key, within this API key and route; without the header None.

    The path is part of what was asked: a key sent again for another link is a mismatch, not a replay.

    Raises:
        Invalid: it is empty, over 255 characters, or not visible ASCII.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    check_key(key)
    route = request.resolver_match.url_name if request.resolver_match else ""
    asked = fingerprint({"path": request.path, "body": body})
    return Idempotency(scope=f"key:{caller(request).public_id}:{route}", key=key, fingerprint=asked)


def mark_replay(response: HttpResponse, retry: Idempotency | None) -> None:
    """Say in a header that this is the answer of an earlier request."""
    if retry is not None and retry.kept is not None:
        response.headers["Idempotent-Replayed"] = "true"


def refuse_fields(body: Mapping[str, Any]) -> None:
    """Refuse a body that says something where nothing is asked.

    Raises:
        Invalid: by field.
    """
    fields = Fields(body)
    fields.only(())
    if fields.errors:
        raise Invalid(fields.errors)


def _refuse(sentence: str) -> NoReturn:
    raise Invalid({"body": [sentence]})
