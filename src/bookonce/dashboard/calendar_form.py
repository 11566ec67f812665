"""A calendar's settings as its page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookonce.dashboard.shown_form import ShownForm
from bookonce.scheduling.models import Calendar, Schedule

UNITS = {"minutes": 1, "hours": 60, "days": 1440}
UNIT_WORDS = [("minutes", _("minutes")), ("hours", _("hours")), ("days", _("days"))]
PLACES: Sequence[tuple[str, str | Promise]] = [
    ("none", _("No place")),
    ("place", _("In person, at an address")),
    ("phone", _("By phone: you call the guest")),
    ("video", _("By video: one fixed link")),
    ("ask", _("The guest says where")),
]
PLAIN = (
    *("name", "slug", "description", "durations", "interval", "buffer_before", "buffer_after"),
    *("horizon_days", "contact_text", "schedule"),
)
FIELD_OF = {"location.kind": "location_kind", "location": "location_kind", "location.value": "location_value"}


def _text(
    label: Any, *, required: bool = False, css: str = "", described_by: str = "", **attrs: str
) -> forms.CharField:
    attrs = {"autocomplete": "off"} | attrs
    if css:
        attrs |= {"class": css, "aria-describedby": described_by}
    return forms.CharField(label=label, required=required, widget=forms.TextInput(attrs=attrs))


def _number(label: Any, *, required: bool = False) -> forms.CharField:
    return _text(label, required=required, inputmode="numeric")


class CalendarForm(ShownForm):
    """All settings of a calendar; `schedules` are those the member may choose from."""

    name = _text(_("Name"), required=True)
    slug = _text(_("Last part of the address"), required=True, autocapitalize="none", spellcheck="false")
    description = forms.CharField(
        label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    durations = _number(_("Length"), required=True)
    interval = _number(_("Starts every"), required=True)
    location_kind = forms.ChoiceField(label=_("Where it happens"), choices=PLACES, required=True)
    location_value = _text(_("Address or video link"), required=True)
    schedule = forms.ChoiceField(label=_("Hours"), required=True)
    notice_number = _text(_("Minimum notice"), inputmode="numeric", css="input", described_by="notice_help")
    notice_unit = forms.ChoiceField(
        label=_("Unit"), choices=UNIT_WORDS, required=True, widget=forms.Select(attrs={"class": "input"})
    )
    horizon_days = _number(_("How far ahead"), required=True)
    buffer_before = _number(_("Free time before"), required=True)
    buffer_after = _number(_("Free time after"), required=True)
    one_time_only = forms.BooleanField(
        label=_("Bookable by one-time link only"),
        help_text=_(
            "Turns off the scheduling link, the permanent link and the embed code. Only people you send a"
            " one-time link to can book. Appointments already made stay."
        ),
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        required=False,
    )
    contact_text = forms.CharField(
        label=_("Words for links that have expired"),
        help_text=_("Shown to whoever opens a spent link: how to reach you for a new one."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, schedules: Sequence[Schedule], **options: Any) -> None:
        super().__init__(data, **options)
        choices = [(schedule.public_id, f"{schedule.name} ({schedule.timezone})") for schedule in schedules]
        cast("forms.ChoiceField", self.fields["schedule"]).choices = choices

    def settings(self) -> dict[str, Any]:
        """What was sent, in the words of `parse_calendar`."""
        given = self.given()
        settings: dict[str, Any] = {name: given[name] for name in PLAIN}
        if not settings["slug"]:
            del settings["slug"]  # a new calendar's is made from its name
        settings["interval"] = settings["interval"].strip() or _shortest(given["durations"])
        settings["notice"] = _minutes(given["notice_number"], given["notice_unit"])
        settings["location"] = {"kind": given["location_kind"], "value": given["location_value"]}
        settings["one_time_only"] = given["one_time_only"]
        return settings

    def refuse(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Show what the domain found beside the field it came from."""
        placed = {FIELD_OF.get(name, name): sentences for name, sentences in errors.items()}
        if "notice" in placed:
            del placed["notice"]
            placed["notice_number"] = [str(_("Enter a whole number, at most a year."))]
        super().refuse(placed)


def present_settings(calendar: Calendar) -> dict[str, object]:
    """The form's values for a kept calendar."""
    number, unit = _largest_unit(calendar.notice)
    return {name: getattr(calendar, name) for name in PLAIN} | {
        "durations": ", ".join(map(str, calendar.durations)),
        "schedule": calendar.schedule.public_id,
        "location_kind": calendar.location_kind,
        "location_value": calendar.location,
        "notice_number": number,
        "notice_unit": unit,
        "one_time_only": calendar.one_time_only,
    }


def _largest_unit(minutes: int) -> tuple[int, str]:
    fitting = [unit for unit, size in UNITS.items() if minutes and minutes % size == 0]
    unit = fitting[-1] if fitting else "hours"
    return minutes // UNITS[unit], unit


def _shortest(lengths: str) -> str:
    """The shortest of `30, 60`; "" where the domain has something to say about them."""
    parts = [part.strip() for part in lengths.split(",")]
    return min(parts, key=int) if all(part.isascii() and part.isdigit() for part in parts) else ""


def _minutes(number: str, unit: str) -> str | int:
    """Minutes for a whole number of a known unit; else what was sent, for the domain to refuse."""
    text = number.strip()
    if not text:
        return 0
    if unit in UNITS and text.isascii() and text.isdigit() and len(text) < 9:
        return int(text) * UNITS[unit]
    return text if unit in UNITS else "unknown"
