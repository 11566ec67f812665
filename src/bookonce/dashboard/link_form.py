"""The options of the next one-time link, folded away in the share dialog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bookonce.dashboard import calendar_words, change_fields, link_when
from bookonce.dashboard.shown_form import ShownForm
from bookonce.scheduling.models import Calendar, CalendarGroup, CalendarHost, Target

FIELD_OF = {
    "recipient.name": "recipient_name",
    "recipient.email": "recipient_email",
    "recipient.phone": "recipient_phone",
    "window.from": "first_day",
    "window.to": "last_day",
    "durations": "lengths",
    "location": "location_kind",
    "location.kind": "location_kind",
    "location.value": "location_value",
    **change_fields.FIELD_OF,
}
LOCKS = [
    ("off", _("Whoever has the link")),
    ("match", _("Only this e-mail address: the guest types it")),
    ("code", _("Only this e-mail address: a code by mail")),
]
SHAPE = ("host", "location_kind", "location_value", "most_places")
WHEN = ("opens", "opens_time", "first_day", "last_day", "lengths")
MORE = ("recipient_phone", "external_ref", "contact_text")
CHANGES = ("cancel_until", "reschedule_until", "most_reschedules", "reopens_on_cancel")


def _date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"})


def _time_input() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"})


class LinkForm(ShownForm):
    """All optional."""

    label = forms.CharField(
        label=_("Label"), help_text=_("For your own list; guests never see it."), required=False
    )
    recipient_name = forms.CharField(
        label=_("Recipient"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    recipient_email = forms.CharField(
        label=_("Recipient's e-mail"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    email_lock = forms.ChoiceField(
        label=_("Who can book"),
        choices=LOCKS,
        help_text=_("A link that is kept to one address never shows which."),
    )
    expires = forms.CharField(
        label=_("Expires on"),
        help_text=_("Booked or not; with no time, at the end of this day."),
        required=False,
        widget=_date_input(),
    )
    expires_time = forms.CharField(label=_("Expires at"), required=False, widget=_time_input())
    max_bookings = forms.CharField(
        label=_("Bookings"),
        required=False,
        initial="1",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    opens = forms.CharField(
        label=_("Opens on"),
        help_text=_("Before this nobody can book; with no time, from the start of the day."),
        required=False,
        widget=_date_input(),
    )
    opens_time = forms.CharField(label=_("Opens at"), required=False, widget=_time_input())
    first_day = forms.CharField(label=_("First day to book"), required=False, widget=_date_input())
    last_day = forms.CharField(label=_("Last day to book"), required=False, widget=_date_input())
    lengths = forms.MultipleChoiceField(
        label=_("Lengths"),
        help_text=_("None ticked offers all of the calendar's."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    recipient_phone = forms.CharField(
        label=_("Recipient's phone"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    external_ref = forms.CharField(
        label=_("Reference"),
        help_text=_("Your own, such as a customer number. One link has it."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact_text = forms.CharField(
        label=_("Contact text"),
        help_text=_("Read by who opens the link once it no longer works."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    host = forms.ChoiceField(
        label=_("Host"), help_text=_("Only their time is offered, and they host it."), required=False
    )
    location_kind = forms.ChoiceField(
        label=_("Where it happens"),
        choices=[change_fields.INHERITED, *calendar_words.PLACES],
        required=False,
    )
    location_value = forms.CharField(
        label=_("Address or video link"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    most_places = forms.CharField(
        label=_("Most places"),
        help_text=_("How many places of the class the guest can book."),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    cancel_until = change_fields.until_field(_("Guest can cancel"), inherits=True)
    reschedule_until = change_fields.until_field(_("Guest can reschedule"), inherits=True)
    most_reschedules = forms.CharField(
        label=_("Most reschedules"), required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    reopens_on_cancel = forms.ChoiceField(
        label=_("When the guest cancels"),
        choices=[change_fields.INHERITED, *change_fields.REOPENS],
        required=False,
    )

    def __init__(self, *args: Any, target: Target, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = target.timezone
        hosts, left_out = _hosts(target), _left_out(target)
        lengths = self.fields["lengths"]
        if isinstance(lengths, forms.MultipleChoiceField):
            lengths.choices = _lengths(target)
        if len(hosts) > 1:
            field = self.fields["host"]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", _("Whose turn it is")), *hosts]
        else:
            left_out.add("host")
        for name in left_out:
            del self.fields[name]

    def options(self) -> dict[str, Any]:
        """What was sent, in the words of `parse_link_options`."""
        given = self.given()
        return {
            "label": given["label"],
            "recipient": {name: given[f"recipient_{name}"] for name in ("name", "email", "phone")},
            "email_lock": given["email_lock"],
            **self._when(given),
            "max_bookings": given["max_bookings"],
            "most_reschedules": given["most_reschedules"],
            "reopens_on_cancel": given["reopens_on_cancel"],
            **{name: given[name] for name in ("contact_text", "external_ref")},
            **change_fields.given_rules(given),
            **{name: given[name] for name in ("host", "most_places") if given.get(name)},
            **self._location(given),
            **({"slots": self.slots, "hold_slots": self.holds} if self.slots else {}),
        }

    def _when(self, given: Mapping[str, str]) -> dict[str, Any]:
        """When the link opens and ends, and which days and lengths it offers."""
        expires, opens = given["expires"], given["opens"]
        ticked = self.data.getlist("lengths") if isinstance(self.data, QueryDict) else []
        at_end = not given["expires_time"].strip()
        starts = given["opens_time"] or ("00:00" if opens.strip() else "")
        return {
            "expires_at": expires if at_end else link_when.moment(expires, given["expires_time"], self.zone),
            "not_before": link_when.moment(opens, starts, self.zone),
            "window": {"from": given["first_day"], "to": given["last_day"]},
            **({"durations": ticked} if ticked and "lengths" in self.fields else {}),
        }

    @property
    def slots(self) -> list[str]:
        """The times that were picked, as they were sent."""
        return list(self.data.getlist("slots")) if isinstance(self.data, QueryDict) else []

    @property
    def holds(self) -> bool:
        """Whether they are to be held."""
        return self.data.get("hold_slots") == "on"

    @property
    def shape(self) -> list[Any]:
        """The fields for host, place and places, as far as the kind of calendar has them."""
        return [self[name] for name in SHAPE if name in self.fields]

    @property
    def opens_shape(self) -> bool:
        """Whether something was said there, or is wrong."""
        return any(field.value() or field.errors for field in self.shape)

    @property
    def opens_when(self) -> bool:
        """Whether something was said about when it can be booked, or is wrong there."""
        return self._says(WHEN)

    @property
    def opens_more(self) -> bool:
        """Whether something was said in the last fold, or is wrong there."""
        return self._says(MORE)

    def _says(self, names: Sequence[str]) -> bool:
        return any(self[name].value() or name in self.errors for name in names if name in self.fields)

    @staticmethod
    def _location(given: Mapping[str, str]) -> dict[str, Any]:
        if not (given.get("location_kind") or given.get("location_value")):
            return {}
        return {"location": {"kind": given["location_kind"], "value": given["location_value"]}}

    @property
    def opens_changes(self) -> bool:
        """Whether something was said about changes by the guest, or is wrong there."""
        return self._says(CHANGES)

    def refuse(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Show what the domain found beside the field it came from."""
        placed = link_when.beside(errors, self.given())
        super().refuse({FIELD_OF.get(name, name): sentences for name, sentences in placed.items()})


def _left_out(target: Target) -> set[str]:
    """What a link to it can't say; each calendar of a group has its own host and place."""
    if isinstance(target, CalendarGroup):
        return {*SHAPE, "lengths"} - {"host"}
    of_class = target.kind == Calendar.Kind.CLASS
    left_out = {"location_kind", "location_value"} if of_class else {"most_places"}
    return left_out | (set() if len(target.durations) > 1 else {"lengths"})


def _lengths(target: Target) -> list[tuple[str, str]]:
    minutes = [] if isinstance(target, CalendarGroup) else target.durations
    return [(str(each), ngettext("%(n)d minute", "%(n)d minutes", each) % {"n": each}) for each in minutes]


def _hosts(target: Target) -> list[tuple[str, str]]:
    if isinstance(target, CalendarGroup) or target.kind != Calendar.Kind.ROUND_ROBIN:
        return []
    hosts = CalendarHost.objects.filter(calendar=target)
    return list(hosts.values_list("member__user__email", "member__user__name"))
