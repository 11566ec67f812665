"""How often the appointments of a calendar come, as someone sends it: `repeats` with `repeat_count`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bookonce.lib.fields import MISSING, Fields
from bookonce.scheduling.local_days import DAY
from bookonce.scheduling.series import MOST_REPEATS, Repeats

NAMES = ("repeats", "repeat_count")


def read_repeats(fields: Fields) -> tuple[Repeats, int | None]:
    """The two together: with `repeats` the count is needed, without it there is none."""
    repeats = Repeats(fields.choice("repeats", list(Repeats), default=Repeats.NOT))
    count = fields.integer("repeat_count", least=2, most=MOST_REPEATS)
    if "repeats" in fields.errors or "repeat_count" in fields.errors:
        return Repeats.NOT, None
    if repeats and count is None:
        fields.fault("repeat_count", MISSING)
        return Repeats.NOT, None
    if count is not None and not repeats:
        fields.fault("repeats", _("Say how often it repeats: daily, weekly or monthly."))
    return repeats, count


def read_series(fields: Fields, columns: dict[str, Any], present: Mapping[str, Any]) -> None:
    """Of a calendar's settings; what is not sent stays as it is at `present`."""
    if not any(name in fields.raw for name in NAMES):
        return
    sent = {name: fields.raw[name] for name in NAMES if name in fields.raw}
    both = {**present, **sent}
    if not both.get("repeats") and "repeat_count" not in sent:
        both.pop("repeat_count", None)
    inner = Fields(both)
    columns["repeats"], columns["repeat_count"] = read_repeats(inner)
    fields.errors |= inner.errors


def check_daily(fields: Fields, repeats: str, longest: int) -> None:
    """Appointments of `longest` minutes, buffers included, may not run into those of the next day."""
    if repeats == Repeats.DAILY and longest > DAY and "repeats" not in fields.errors:
        fields.fault("repeats", _("Daily appointments last at most a day, buffers included."))
