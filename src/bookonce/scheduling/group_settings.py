"""What may be set on a calendar group, from any door: its page or REST."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from bookonce.accounts.slugs import slug_fault
from bookonce.lib.fields import Fields
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.models import Calendar

KNOWN = ("name", "slug", "description", "calendars", "one_time_only", "contact_text", "paused")
MOST_CALENDARS = 100


@dataclass(frozen=True, slots=True)
class GroupSettings:
    """Checked settings: columns by name, only those sent, and the rows of the calendars in their order.

    `calendars` and `paused` are None where nothing was said of them.
    """

    columns: dict[str, Any] = field(default_factory=dict)
    calendars: tuple[int, ...] | None = None
    paused: bool | None = None


def parse_group(raw: Mapping[str, Any], workspace_id: int, *, new: bool) -> GroupSettings:
    """Check settings for a new group, or changes of one.

    Raises:
        Invalid: one sentence per fault, by field.
    """
    fields = Fields(raw)
    fields.only(KNOWN)
    columns: dict[str, Any] = {}
    if new or "name" in raw:
        columns["name"] = fields.text("name", most=120, required=True)
    if "slug" in raw and (not new or fields.has("slug")):
        columns["slug"] = fields.text("slug", most=48, required=True)
        fault = slug_fault(columns["slug"])
        if fault and "slug" not in fields.errors:
            fields.fault("slug", fault)
    for name, most in (("description", 2000), ("contact_text", 500)):
        if name in raw:
            columns[name] = fields.text(name, most=most, lines=True)
    if "one_time_only" in raw:
        columns["one_time_only"] = fields.boolean("one_time_only", default=False)
    paused = fields.boolean("paused", default=False) if "paused" in raw else None
    if "paused" in raw and raw["paused"] is None:
        fields.fault("paused", _("This must be true or false."))
    calendars = _calendars(fields, workspace_id) if "calendars" in raw else None
    if fields.errors:
        raise Invalid(fields.errors)
    return GroupSettings(columns, calendars, paused)


def _calendars(fields: Fields, workspace_id: int) -> tuple[int, ...]:
    """The rows of the calendars that are named by id, in that order; none may come twice."""
    wanted = fields.raw["calendars"] or []
    if not isinstance(wanted, list) or not all(isinstance(name, str) for name in wanted):
        fields.fault("calendars", _("This must be a list of calendar ids."))
        return ()
    if len(wanted) > MOST_CALENDARS:
        fields.fault("calendars", _("At most %(most)s calendars.") % {"most": MOST_CALENDARS})
        return ()
    if len(set(wanted)) < len(wanted):
        fields.fault("calendars", _("Each calendar can be on the menu once."))
        return ()
    plain = [name for name in wanted if name.isascii() and name.isprintable()]
    kept = Calendar.objects.filter(workspace_id=workspace_id, deleted_at=None, public_id__in=plain)
    found = dict(kept.values_list("public_id", "pk"))
    if len(found) < len(wanted):
        fields.fault("calendars", _("There is no such calendar in this workspace."))
        return ()
    return tuple(found[name] for name in wanted)
