"""A calendar's settings as its page shows them; its hosts stand beside it (host_rows.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as now_translated
from django.utils.translation import gettext_lazy as _

from bookonce.dashboard import calendar_words, change_fields
from bookonce.dashboard.calendar_spans import given_horizon, given_notice, shown_horizon, shown_notice
from bookonce.dashboard.page_fields import PAGE, PageFields
from bookonce.scheduling.calendar_kind import FIRST_SEATS
from bookonce.scheduling.models import Calendar

LIMITS = ("per_day", "per_week", "per_month", "look_busy", "one_per_email", "hold_minutes")
SERIES = ("repeats", "repeat_count")
PLAIN = (
    *("name", "slug", "description", "durations", "interval", "buffer_before", "buffer_after"),
    *("contact_text", "one_time_only", "kind", *LIMITS, "most_reschedules", "reopens_on_cancel"),
    "needs_approval",
    *SERIES,
    *PAGE,
)
OF_KIND = {
    "class": ("seats", "shows_seats_left"),
    "round_robin": ("distribution", "keeps_host", "guests_choose_host"),
}
KIND_FIELDS = ("kind", *OF_KIND["class"], *OF_KIND["round_robin"])
WINDOW = ("window_from", "window_to")
FIELD_OF = {
    "location.kind": "location_kind",
    "location": "location_kind",
    "location.value": "location_value",
    "notice": "notice_number",
    "answer_within": "answer_number",
    "horizon_days": "horizon_number",
    "horizon_working_days": "horizon_number",
    "window": "window_from",
    "window.from": "window_from",
    "window.to": "window_to",
    **change_fields.FIELD_OF,
}
NEW: dict[str, object] = {
    "kind": "one_on_one",
    "seats": FIRST_SEATS,
    "distribution": "availability",
    "keeps_host": True,
    "layout": "month",
    "durations": "30",
    "notice_number": 0,
    "notice_unit": "hours",
    "answer_number": 1,
    "answer_unit": "days",
    "horizon_number": 365,
    "horizon_count": "days",
    "buffer_before": 0,
    "buffer_after": 0,
    "look_busy": 0,
    "repeats": "",
    "location_kind": "none",
    "cancel_until": "0",
    "reschedule_until": "0",
}


def _text(
    label: Any, *, required: bool = False, css: str = "", described_by: str = "", **attrs: str
) -> forms.CharField:
    attrs = {"autocomplete": "off"} | attrs
    if css:
        attrs |= {"class": css, "aria-describedby": described_by}
    return forms.CharField(label=label, required=required, widget=forms.TextInput(attrs=attrs))


def _number(label: Any, *, required: bool = False) -> forms.CharField:
    return _text(label, required=required, inputmode="numeric")


def _unit(label: Any, choices: Sequence[tuple[str, Any]]) -> forms.ChoiceField:
    widget = forms.Select(attrs={"class": "input"})
    return forms.ChoiceField(label=label, choices=choices, required=True, widget=widget)


def _switch(label: Any, help_text: Any) -> forms.BooleanField:
    widget = forms.CheckboxInput(attrs={"role": "switch"})
    return forms.BooleanField(label=label, help_text=help_text, widget=widget, required=False)


class CalendarForm(PageFields):
    """All settings of a calendar but its hosts, of which it keeps what is wrong with them as a whole."""

    name = _text(_("Name"), required=True)
    slug = _text(_("Last part of the address"), required=True, autocapitalize="none", spellcheck="false")
    description = forms.CharField(
        label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    durations = _number(_("Length"), required=True)
    location_kind = forms.ChoiceField(
        label=_("Where it happens"), choices=calendar_words.PLACES, required=True
    )
    location_value = _text(_("Address or video link"), required=True)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(kind, name) for kind, name, _sentence in calendar_words.KINDS],
        widget=forms.RadioSelect,
    )
    seats = _number(_("Seats"), required=True)
    shows_seats_left = forms.BooleanField(label=_("Show guests how many seats are left"), required=False)
    distribution = forms.ChoiceField(
        label=_("Whose turn it is"), choices=calendar_words.DISTRIBUTIONS, widget=forms.RadioSelect
    )
    keeps_host = forms.BooleanField(
        label=_("Keep the host when an appointment is moved"),
        help_text=_("Where that host is free at the new time."),
        required=False,
    )
    interval = _number(_("Starts every"), required=True)
    buffer_before = _number(_("Free time before"), required=True)
    buffer_after = _number(_("Free time after"), required=True)
    notice_number = _text(_("Minimum notice"), inputmode="numeric", css="input", described_by="notice_help")
    notice_unit = _unit(_("Unit"), calendar_words.NOTICE_UNITS)
    horizon_number = _text(_("How far ahead"), inputmode="numeric", css="input", described_by="horizon_help")
    horizon_count = _unit(_("Unit"), calendar_words.HORIZONS)
    window_from = _text(_("First day"), type="date")
    window_to = _text(_("Last day"), type="date")
    repeats = forms.ChoiceField(label=_("How often"), choices=calendar_words.REPEATS, required=False)
    repeat_count = _number(_("Appointments in all"), required=True)
    per_day = _number(_("Most a day"))
    per_week = _number(_("Most a week"))
    per_month = _number(_("Most a month"))
    look_busy = _number(_("Look busy"), required=True)
    one_per_email = _switch(
        _("One appointment for each e-mail address"),
        _("Whoever has one coming up cancels or moves it before they can book another."),
    )
    hold_minutes = _number(_("Keep a chosen time"), required=True)
    cancel_until = change_fields.until_field(_("Guests can cancel"), inherits=False)
    reschedule_until = change_fields.until_field(_("Guests can reschedule"), inherits=False)
    most_reschedules = _number(_("Most reschedules"))
    reopens_on_cancel = _switch(
        _("Reopen the one-time link when a guest cancels"),
        _("They can then book again through it, until it expires. Otherwise it stays used."),
    )
    needs_approval = _switch(
        _("A host confirms each booking"),
        _("Guests ask for a time. It is kept for them until a host confirms or declines."),
    )
    answer_number = _text(_("Time to answer"), inputmode="numeric", css="input", described_by="answer_help")
    answer_unit = _unit(_("Unit"), calendar_words.NOTICE_UNITS)
    one_time_only = _switch(
        _("Bookable by one-time link only"),
        _(
            "Turns off the scheduling link, the permanent link and the embed code. Only people you send a"
            " one-time link to can book. Appointments already made stay."
        ),
    )
    contact_text = forms.CharField(
        label=_("Words for links that have expired"),
        help_text=_("Shown to whoever opens a spent link: how to reach you for a new one."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    host_faults: Sequence[str] = ()

    def settings(self) -> dict[str, Any]:
        """What was sent, in the words of `parse_calendar`; what belongs to another kind is left out."""
        given = self.given()
        settings: dict[str, Any] = {name: given[name] for name in (*PLAIN, *OF_KIND.get(given["kind"], ()))}
        if not settings["slug"]:
            del settings["slug"]  # a new calendar's is made from its name
        settings["interval"] = settings["interval"].strip() or _shortest(given["durations"])
        if not settings["repeats"]:
            settings["repeat_count"] = ""
        settings["notice"] = given_notice(given["notice_number"], given["notice_unit"])
        if given["answer_number"].strip():  # else it stays as it is
            settings["answer_within"] = given_notice(given["answer_number"], given["answer_unit"])
        settings |= change_fields.given_rules(given)
        settings |= given_horizon(given["horizon_number"], given["horizon_count"])
        settings["window"] = {"from": given["window_from"], "to": given["window_to"]}
        settings["location"] = {"kind": given["location_kind"], "value": given["location_value"]}
        return settings

    def refuse(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Show what the domain found beside the field it came from."""
        placed: dict[str, list[str]] = {}
        for name, sentences in errors.items():
            placed.setdefault(FIELD_OF.get(name, name), []).extend(sentences)
        for name in ("notice_number", "answer_number"):
            if name in placed:
                placed[name] = [now_translated("Enter a whole number, at most a year.")]
        self.host_faults = placed.pop("hosts", ())
        super().refuse(placed)

    @property
    def turns(self) -> tuple[str, ...]:
        """What the hosts' rows show besides their hours."""
        if self["kind"].value() != "round_robin":
            return ()
        return ("priority", "weight") if self["distribution"].value() == "equal" else ("priority",)

    @property
    def kinds(self) -> list[tuple[Any, Any, Any]]:
        """Each kind's button with its name and what it means."""
        return [
            (button, name, sentence)
            for button, (_kind, name, sentence) in zip(self["kind"], calendar_words.KINDS, strict=True)
        ]

    @property
    def limits(self) -> str:
        """What limits the calendar, in one short line."""
        return calendar_words.limits_in_words({name: self[name].value() for name in LIMITS})

    @property
    def days(self) -> str:
        """The date range, in one short line."""
        return calendar_words.days_in_words(*(str(self[name].value() or "") for name in WINDOW))

    @property
    def opens_kind(self) -> bool:
        """Whether to show the kind at once: another one was just chosen, or something is wrong there."""
        chosen = self.is_bound and self["kind"].value() != self.get_initial_for_field(
            self.fields["kind"], "kind"
        )
        return chosen or self._refused(KIND_FIELDS)

    @property
    def opens_window(self) -> bool:
        """Whether something is wrong with the date range."""
        return self._refused(WINDOW)

    @property
    def series(self) -> str:
        """What is repeated, in one short line."""
        return calendar_words.series_in_words(*(self[name].value() for name in SERIES))

    @property
    def opens_series(self) -> bool:
        """Whether something is wrong with what repeats."""
        return self._refused(SERIES)

    @property
    def opens_limits(self) -> bool:
        """Whether something is wrong with a limit."""
        return self._refused(LIMITS)

    def _refused(self, names: Sequence[str]) -> bool:
        return any(name in self.errors for name in names)


def present_settings(calendar: Calendar) -> dict[str, object]:
    """The form's values for a kept calendar."""
    number, unit = shown_notice(calendar.notice)
    answer_number, answer_unit = shown_notice(calendar.answer_within)
    ahead, count = shown_horizon(calendar)
    return {name: getattr(calendar, name) for name in (*PLAIN, *KIND_FIELDS)} | {
        "durations": ", ".join(map(str, calendar.durations)),
        "seats": calendar.seats or FIRST_SEATS,
        "location_kind": calendar.location_kind,
        "location_value": calendar.location,
        "notice_number": number,
        "notice_unit": unit,
        "answer_number": answer_number,
        "answer_unit": answer_unit,
        "horizon_number": ahead,
        "horizon_count": count,
        "window_from": calendar.first_day and calendar.first_day.isoformat(),
        "window_to": calendar.last_day and calendar.last_day.isoformat(),
        **change_fields.present_rules(calendar),
    }


def _shortest(lengths: str) -> str:
    """The shortest of `30, 60`; "" where the domain has something to say about them."""
    parts = [part.strip() for part in lengths.split(",")]
    return min(parts, key=int) if all(part.isascii() and part.isdigit() for part in parts) else ""
