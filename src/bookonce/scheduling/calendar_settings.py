"""What may be set on a calendar, from any door: its page or REST."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bookonce.accounts.models import Member, Workspace
from bookonce.accounts.slugs import slug_fault
from bookonce.lib.fields import MISSING, Fields
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.models import Calendar, Schedule

KNOWN = (
    "name",
    "slug",
    "description",
    "durations",
    "duration",
    "interval",
    "buffer_before",
    "buffer_after",
    "notice",
    "horizon_days",
    "location",
    "one_time_only",
    "contact_text",
    "kind",
    "schedule",
    "host",
    "paused",
)
LONGEST_NOTICE = 525_600  # minutes: a year
LONGEST_HORIZON = 3650


def parse_calendar(
    raw: Mapping[str, Any], workspace: Workspace, *, present: Calendar | None
) -> dict[str, Any]:
    """Check settings for a new calendar, or changes of a `present` one.

    Returns columns by name, only those sent.

    Raises:
        Invalid: one sentence per fault, by field.
    """
    fields = Fields(raw)
    fields.only(KNOWN)
    columns: dict[str, Any] = {}
    _texts(fields, columns, new=present is None)
    _numbers(fields, columns, new=present is None)
    _location(fields, columns, present)
    if "one_time_only" in raw:
        columns["one_time_only"] = fields.boolean("one_time_only", default=False)
    fields.choice("kind", [kind.value for kind in Calendar.Kind], default=Calendar.Kind.ONE_ON_ONE)
    _belonging(fields, columns, workspace)
    _check_interval(fields, columns, present)
    if fields.errors:
        raise Invalid(fields.errors)
    return columns


def _texts(fields: Fields, columns: dict[str, Any], *, new: bool) -> None:
    if new or "name" in fields.raw:
        columns["name"] = fields.text("name", most=120, required=True)
    if "slug" in fields.raw and (not new or fields.has("slug")):
        columns["slug"] = fields.text("slug", most=48, required=True)
        fault = slug_fault(columns["slug"])
        if fault and "slug" not in fields.errors:
            fields.fault("slug", fault)
    for name, most in (("description", 2000), ("contact_text", 500)):
        if name in fields.raw:
            columns[name] = fields.text(name, most=most, lines=True)


def _numbers(fields: Fields, columns: dict[str, Any], *, new: bool) -> None:
    if "duration" in fields.raw and "durations" not in fields.raw:
        length = fields.integer("duration", least=1, most=1440)
        columns["durations"] = (length,) if length else ()
        if length is None and "duration" not in fields.errors:
            fields.fault("duration", MISSING)
    elif new or "durations" in fields.raw:
        columns["durations"] = fields.integers("durations", least=1, most=1440, count=8)
        if not columns["durations"] and "durations" not in fields.errors:
            fields.fault("durations", MISSING)
    for name, least, most in (
        ("buffer_before", 0, 720),
        ("buffer_after", 0, 720),
        ("notice", 0, LONGEST_NOTICE),
    ):
        if name in fields.raw:
            columns[name] = fields.integer(name, least=least, most=most, default=0)
    if fields.has("interval"):
        columns["interval"] = fields.integer("interval", least=1, most=1440)
    if "horizon_days" in fields.raw:
        columns["horizon_days"] = fields.integer("horizon_days", least=0, most=LONGEST_HORIZON)


def _location(fields: Fields, columns: dict[str, Any], present: Calendar | None) -> None:
    value = fields.raw.get("location")
    if value is None:
        return
    if not isinstance(value, Mapping):
        fields.fault("location", _("This must be an object with kind and, for place and video, value."))
        return
    inner = Fields(value, prefix="location.")
    inner.only(("kind", "value"))
    kinds = [kind.value for kind in Calendar.Location]
    columns["location_kind"] = inner.choice(
        "kind", kinds, default=present.location_kind if present else "none"
    )
    text = inner.text("value", most=300)
    needs_text = columns["location_kind"] in {"place", "video"}
    if needs_text and not text and not inner.errors:
        inner.fault("value", _("Say where: the address, or the video link."))
    if columns["location_kind"] == "video" and text and not text.startswith(("https://", "http://")):
        inner.fault("value", _("A video link starts with https://."))
    columns["location"] = text if needs_text else ""
    fields.errors |= inner.errors


def _belonging(fields: Fields, columns: dict[str, Any], workspace: Workspace) -> None:
    if fields.has("schedule"):
        wanted = fields.text("schedule", most=24)
        columns["schedule"] = Schedule.objects.filter(workspace=workspace, public_id=wanted).first()
        if columns["schedule"] is None and "schedule" not in fields.errors:
            fields.fault("schedule", _("There is no such schedule in this workspace."))
    if fields.has("host"):
        wanted = fields.text("host", most=254)
        columns["host"] = Member.objects.filter(workspace=workspace, user__email=wanted.lower()).first()
        if columns["host"] is None and "host" not in fields.errors:
            fields.fault("host", _("There is no member with this e-mail address."))


def _check_interval(fields: Fields, columns: dict[str, Any], present: Calendar | None) -> None:
    lengths = columns.get("durations") or (present.durations if present else ())
    before = columns.get("buffer_before", present.buffer_before if present else 0) or 0
    after = columns.get("buffer_after", present.buffer_after if present else 0) or 0
    if lengths and max(lengths) + before + after > 2880:
        fields.fault("durations", _("Length and buffers together may last at most two days."))
