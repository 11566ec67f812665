"""Read untrusted input field by field, collecting one plain sentence per fault.

Pages, JSON and the command line hand in mappings; the domain's `parse_*` functions say what is allowed.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookonce.lib.zones import UnknownZone, get_zone

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

PHONE = re.compile(r"^[+]?[0-9 ()./-]{5,32}$")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
MOST_UNKNOWN = 20  # told of one object
MISSING = gettext_lazy("Fill this in.")


class Fields:
    """One submitted form or JSON object; `errors` maps a field's name to its faults."""

    def __init__(self, raw: Mapping[str, Any], *, prefix: str = "") -> None:
        self.raw = raw
        self.prefix = prefix
        self.errors: dict[str, list[str]] = {}

    def fault(self, name: str, sentence: str | StrPromise) -> None:
        """Note a fault of the field."""
        self.errors.setdefault(self.prefix + name, []).append(str(sentence))

    def only(self, known: Sequence[str]) -> None:
        """Refuse fields that mean nothing here: a typo must not be lost in silence."""
        unknown = [name for name in self.raw if name not in known]
        for name in unknown[:MOST_UNKNOWN]:
            self.fault(str(name)[:64], _("This field is not known here."))

    def has(self, name: str) -> bool:
        """Whether the field was sent with a value."""
        return self.raw.get(name) not in (None, "", [])

    def text(self, name: str, *, most: int, required: bool = False, lines: bool = False) -> str:
        """Text without control characters, trimmed, in normal form C; at most `most` characters."""
        value = self.raw.get(name)
        if value is None:
            value = ""
        if not isinstance(value, str):
            self.fault(name, _("This must be text."))
            return ""
        value = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
        if not _encodable(value) or CONTROL.search(value) or (not lines and re.search(r"[\r\n]", value)):
            self.fault(
                name,
                _("This holds characters that can't be kept, such as line breaks or control characters."),
            )
        elif len(value) > most:
            self.fault(
                name,
                _("At most %(most)s characters; this has %(count)s.") % {"most": most, "count": len(value)},
            )
        elif required and not value:
            self.fault(name, MISSING)
        else:
            return value
        return ""

    def email(self, name: str, *, required: bool = False) -> str:
        """An e-mail address, its domain in lower case."""
        value = self.text(name, most=254, required=required)
        if not value:
            return ""
        try:
            EmailValidator()(value)
        except ValidationError:
            self.fault(name, _("Enter an e-mail address like name@example.com."))
            return ""
        local, _at, domain = value.rpartition("@")
        return f"{local}@{domain.lower()}"

    def phone(self, name: str, *, required: bool = False) -> str:
        """A phone number as people write them."""
        value = self.text(name, most=32, required=required)
        if value and not PHONE.match(value):
            self.fault(name, _("Enter a phone number with digits, like +49 30 123456."))
            return ""
        return value

    def integer(self, name: str, *, least: int, most: int, default: int | None = None) -> int | None:
        """A whole number in the range, `default` when absent; a form's digits count too."""
        if not self.has(name):
            return default
        value = self.raw[name]
        if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,12}", value.strip()):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            self.fault(name, _("Enter a whole number."))
        elif not least <= value <= most:
            self.fault(name, _("Enter a number from %(least)s to %(most)s.") % {"least": least, "most": most})
        else:
            return value
        return default

    def boolean(self, name: str, *, default: bool) -> bool:
        """True or false; a form's `on` counts as true."""
        value = self.raw.get(name)
        if value is None or value == "":
            return default
        if value in (True, False):
            return bool(value)
        if value in ("on", "true", "yes", "1"):
            return True
        if value in ("off", "false", "no", "0"):
            return False
        self.fault(name, _("This must be true or false."))
        return default

    def choice(self, name: str, choices: Sequence[str], *, default: str) -> str:
        """One of the choices."""
        if not self.has(name):
            return default
        if self.raw[name] not in choices:
            self.fault(name, _("Choose one of: %(choices)s.") % {"choices": ", ".join(choices)})
            return default
        return str(self.raw[name])

    def zone(self, name: str, *, default: str = "", required: bool = False) -> str:
        """The name of a time zone."""
        value = self.text(name, most=64, required=required and not default)
        if not value:
            return default
        try:
            get_zone(value)
        except UnknownZone:
            self.fault(name, _("This is not a time zone; use a name like Europe/Berlin."))
            return default or "UTC"
        return value

    def day(self, name: str) -> date | None:
        """A date: 2026-12-01."""
        value = self.text(name, most=10)
        if not value:
            return None
        try:
            return (
                date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII) else _no_date()
            )
        except ValueError:
            self.fault(name, _("Enter a date like 2026-12-01."))
            return None

    def instant(self, name: str, *, required: bool = False) -> datetime | None:
        """An instant, in UTC, of text with its offset: 2026-12-01T09:00:00+01:00.

        Whole seconds, years 2000 to 2199.
        """
        value = self.text(name, most=40, required=required)
        if not value:
            return None
        try:
            instant = datetime.fromisoformat(value)
            if instant.tzinfo is None or not 2000 <= instant.year < 2200 or len(value) < 16:
                _no_date()
            return instant.astimezone(UTC).replace(microsecond=0)
        except (ValueError, OverflowError):
            self.fault(name, _("Enter a time with its offset, like 2026-12-01T09:00:00+01:00."))
            return None

    def integers(self, name: str, *, least: int, most: int, count: int) -> tuple[int, ...]:
        """Different whole numbers, from a list or from text like `30, 60`; () when absent."""
        if not self.has(name):
            return ()
        value = self.raw[name]
        parts = value.split(",") if isinstance(value, str) else value
        if not isinstance(parts, list | tuple) or len(parts) > count:
            self.fault(name, _("Give at most %(count)s whole numbers.") % {"count": count})
            return ()
        inner = Fields({str(i): part for i, part in enumerate(parts)})
        numbers = [inner.integer(key, least=least, most=most) for key in inner.raw]
        if inner.errors or None in numbers:
            self.fault(
                name, _("Give whole numbers from %(least)s to %(most)s.") % {"least": least, "most": most}
            )
            return ()
        return tuple(dict.fromkeys(n for n in numbers if n is not None))

    def mapping(self, name: str, *, most_bytes: int) -> dict[str, Any]:
        """A JSON object of a limited size; {} when absent."""
        value = self.raw.get(name)
        if value in (None, ""):
            return {}
        if not isinstance(value, dict):
            self.fault(name, _("This must be an object."))
        elif len(json.dumps(value)) > most_bytes:
            self.fault(name, _("At most %(most)s bytes of JSON.") % {"most": most_bytes})
        elif not _encodable(json.dumps(value, ensure_ascii=False)) or "\\u0000" in json.dumps(value):
            self.fault(name, _("This holds characters that can't be kept."))
        else:
            return value
        return {}


def _encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:  # a lone surrogate from JSON's \ud800
        return False
    return True


def _no_date() -> date:
    raise ValueError
