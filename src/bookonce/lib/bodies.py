"""What bodies of requests may be."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from bookonce.lib.nesting import DEEPEST, is_too_deep

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
MOST_BYTES = 256 * 1024  # as large as a form may be (settings.py)


class NoObject(ValueError):
    """What was sent is no JSON object; its text says what to send instead."""


def parse_object(raw: bytes) -> dict[str, Any]:
    """The object that these bytes say.

    Raises:
        NoObject: they are no JSON (RFC 8259: no NaN, no infinity), no object, or nested too deeply.
    """
    try:
        body = json.loads(raw.decode(), parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError):
        raise NoObject(_("This is not JSON.")) from None
    if not isinstance(body, dict):
        raise NoObject(_("Send a JSON object."))
    if is_too_deep(body):
        raise NoObject(_("This is nested too deeply; at most %(most)s levels.") % {"most": DEEPEST})
    return body


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _no_number(digits)


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
