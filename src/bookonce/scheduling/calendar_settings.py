"""What may be set on a calendar, from any door: its page or REST."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bookonce.accounts.models import Workspace
from bookonce.accounts.slugs import slug_fault
from bookonce.lib.fields import MISSING, Fields
from bookonce.lib.languages import LANGUAGES
from bookonce.scheduling.calendar_hosts import read_hosts
from bookonce.scheduling.calendar_kind import read_horizon, read_kind
from bookonce.scheduling.change_rules import RULES
from bookonce.scheduling.embed_origins import NAME as EMBED_ORIGINS
from bookonce.scheduling.embed_origins import read_embed_origins
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.form_settings import NAMES as FORM
from bookonce.scheduling.form_settings import read_form
from bookonce.scheduling.look import read_look
from bookonce.scheduling.models import Calendar
from bookonce.scheduling.models.calendar import LONGEST_HOLD
from bookonce.scheduling.redirect_origins import read_redirect
from bookonce.scheduling.series_input import NAMES as SERIES
from bookonce.scheduling.series_input import check_daily, read_series

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
    "horizon_working_days",
    "window",
    "per_day",
    "per_week",
    "per_month",
    "look_busy",
    "one_per_email",
    "hold_minutes",
    "location",
    "one_time_only",
    EMBED_ORIGINS,
    "embeds_one_time_links",
    *RULES,
    "needs_approval",
    "proof_of_work",
    "answer_within",
    "contact_text",
    "next_steps",
    "redirect_url",
    "searchable",
    *SERIES,
    "kind",
    "seats",
    "shows_seats_left",
    "distribution",
    "keeps_host",
    "guests_choose_host",
    "layout",
    "language",
    "hosts",
    "host",
    "schedule",
    "paused",
    "look",
    *FORM,
)
LIMITS = ("per_day", "per_week", "per_month")
MOST_APPOINTMENTS = 10_000  # of a limit
LONGEST_NOTICE = 525_600  # minutes: a year; of a cut-off and the time to answer, too
USUAL_ANSWER = 1440  # minutes to answer a request
MOST_RESCHEDULES = 100
SWITCHES = {
    "one_time_only": False,
    "embeds_one_time_links": False,
    "one_per_email": False,
    "shows_seats_left": False,
    "keeps_host": True,
    "guests_choose_host": False,
    "guests_may_cancel": True,
    "guests_may_reschedule": True,
    "reopens_on_cancel": False,
    "needs_approval": False,
    "searchable": False,
    "proof_of_work": False,
}


def parse_calendar(
    raw: Mapping[str, Any], workspace: Workspace, *, present: Calendar | None
) -> dict[str, Any]:
    """Check settings for a new calendar, or changes of a `present` one.

    Returns columns by name, only those sent; beside them `hosts`, `embed_origins` and what `take_form` takes.

    Raises:
        Invalid: one sentence per fault, by field.
    """
    fields = Fields(raw)
    fields.only(KNOWN)
    columns: dict[str, Any] = {}
    _texts(fields, columns, new=present is None)
    _numbers(fields, columns, new=present is None)
    _location(fields, columns, present)
    for name, default in SWITCHES.items():
        if name in raw:
            columns[name] = fields.boolean(name, default=default)
    if "redirect_url" in raw:
        columns["redirect_url"] = read_redirect(fields, workspace, present)
    if "layout" in raw:
        columns["layout"] = fields.choice("layout", Calendar.Layout.values, default=Calendar.Layout.MONTH)
    if "language" in raw:
        columns["language"] = fields.choice("language", tuple(LANGUAGES), default="")
    read_look(fields, columns, present)
    read_form(fields, columns, workspace)
    read_horizon(fields, columns)
    hosts = read_hosts(fields, workspace, present)
    if hosts is not None:
        columns["hosts"] = hosts
    origins = read_embed_origins(fields)
    if origins is not None:
        columns[EMBED_ORIGINS] = origins
    read_kind(fields, columns, present)
    read_series(fields, columns, {name: getattr(present, name) for name in SERIES} if present else {})
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
    for name, most in (("description", 2000), ("contact_text", 500), ("next_steps", 1000)):
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
    for name in LIMITS:
        if name in fields.raw:
            columns[name] = fields.integer(name, least=0, most=MOST_APPOINTMENTS)
    if "most_reschedules" in fields.raw:
        columns["most_reschedules"] = fields.integer("most_reschedules", least=0, most=MOST_RESCHEDULES)
    for name, least, most in (
        ("look_busy", 0, 100),
        ("hold_minutes", 0, LONGEST_HOLD),
        ("buffer_before", 0, 720),
        ("buffer_after", 0, 720),
        ("notice", 0, LONGEST_NOTICE),
        ("cancel_cutoff", 0, LONGEST_NOTICE),
        ("reschedule_cutoff", 0, LONGEST_NOTICE),
    ):
        if name in fields.raw:
            columns[name] = fields.integer(name, least=least, most=most, default=0)
    if "answer_within" in fields.raw:
        columns["answer_within"] = fields.integer(
            "answer_within", least=1, most=LONGEST_NOTICE, default=USUAL_ANSWER
        )
    if fields.has("interval"):
        columns["interval"] = fields.integer("interval", least=1, most=1440)


def _location(fields: Fields, columns: dict[str, Any], present: Calendar | None) -> None:
    found = read_location(fields, default=present.location_kind if present else "none")
    if found is not None:
        columns["location_kind"], columns["location"] = found


def read_location(fields: Fields, *, default: str) -> tuple[str, str] | None:
    """The kind and the value of `location`; None when it was not sent. Without a `default` it has a kind."""
    value = fields.raw.get("location")
    if value is None:
        return None
    if not isinstance(value, Mapping):
        fields.fault("location", _("This must be an object with kind and, for place and video, value."))
        return None
    inner = Fields(value, prefix="location.")
    inner.only(("kind", "value"))
    kind = inner.choice("kind", [kind.value for kind in Calendar.Location], default=default)
    text = inner.text("value", most=300)
    if not kind and not inner.errors:
        inner.fault("kind", MISSING)
    needs_text = kind in {"place", "video"}
    if needs_text and not text and not inner.errors:
        inner.fault("value", _("Say where: the address, or the video link."))
    if kind == "video" and text and not text.startswith(("https://", "http://")):
        inner.fault("value", _("A video link starts with https://."))
    fields.errors |= inner.errors
    return kind, text if needs_text else ""


def _check_interval(fields: Fields, columns: dict[str, Any], present: Calendar | None) -> None:
    lengths = columns.get("durations") or (present.durations if present else ())
    before = columns.get("buffer_before", present.buffer_before if present else 0) or 0
    after = columns.get("buffer_after", present.buffer_after if present else 0) or 0
    if lengths and max(lengths) + before + after > 2880:
        fields.fault("durations", _("Length and buffers together may last at most two days."))
    repeats = columns.get("repeats", present.repeats if present else "")
    check_daily(fields, repeats, max(lengths, default=0) + before + after)
