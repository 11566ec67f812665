"""Forms as guests see them. They check nothing: they show what the domain found wrong beside the fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.utils import ErrorDict, ErrorList
from django.utils.translation import gettext_lazy as _

from bookonce.booking_page.question_fields import question_field
from bookonce.lib.fields import Fields
from bookonce.scheduling.further_guests import DETAILS, asks_how_many, most_named
from bookonce.scheduling.models.calendar import MOST_SEATS
from bookonce.scheduling.offer import Offer
from bookonce.scheduling.slots import Kind

OWN = ("name", "email", "phone", "party", "location")  # before the questions; the rest comes after them
TELLING = {
    "start": _("Time"),
    "duration": _("Length"),
    "timezone": _("Time zone"),
    "party": _("Places"),
    "reason": _("Reason"),
    "code": _("Code"),
    "altcha": _("Protection against robots"),
    "form": "",  # of no field
    "email": _("E-mail"),
}


class ShownForm(forms.Form):
    """A form that holds these values and, when the domain refused them, its errors."""

    def __init__(
        self,
        values: Mapping[str, Any] | None = None,
        errors: Mapping[str, Sequence[str]] | None = None,
        *,
        without: Iterable[str] = (),
        with_fields: Mapping[str, forms.Field] | None = None,
    ) -> None:
        super().__init__(dict(values or {}) if errors else None, initial=dict(values or {}))
        self.fields.update(with_fields or {})
        for name in without:
            del self.fields[name]
        if not errors:
            return
        self._errors = ErrorDict()
        for name, sentences in errors.items():
            if name in self.fields:
                self._errors[name] = ErrorList(sentences)
            else:
                label = TELLING.get(name, name)
                whole = self._errors.setdefault(NON_FIELD_ERRORS, ErrorList())
                whole.extend(f"{label}: {sentence}" if label else sentence for sentence in sentences)


class GuestForm(ShownForm):
    """Who books; how many places were chosen stays out of sight while there are that many."""

    name = forms.CharField(label=_("Your name"), widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.CharField(
        label=_("E-mail"),
        help_text=_("The confirmation goes here."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Phone number"), widget=forms.TextInput({"autocomplete": "tel", "type": "tel"})
    )
    party = forms.CharField(label=_("Places"), widget=forms.HiddenInput)
    location = forms.CharField(label=_("Where shall it take place?"))
    notes = forms.CharField(
        label=_("Anything you would like to say beforehand?"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    guest_count = forms.CharField(
        label=_("How many people do you bring along?"), required=False, widget=forms.NumberInput({"min": 0})
    )
    guests = forms.CharField(label=_("Further guests"), required=False)  # drawn by guests.html
    code = forms.CharField(
        label=_("Code from the mail"),
        help_text=_("Six digits. It works for 10 minutes and one booking."),
        widget=forms.TextInput(
            {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 12, "data-once": ""}
        ),
    )
    consent = forms.BooleanField(label=_("Consent"), widget=forms.CheckboxInput({"data-once": ""}))

    def __init__(
        self,
        offer: Offer,
        values: Mapping[str, Any] | None = None,
        errors: Mapping[str, Sequence[str]] | None = None,
        *,
        with_code: bool = False,
    ) -> None:
        given = dict(values or {})
        if offer.link:
            given.setdefault("name", offer.link.recipient_name)
            given.setdefault("email", offer.link.known_email)
            given.setdefault("phone", offer.link.recipient_phone)
        self.most_people = most_named(offer, _places(given))
        people = given.get("guests") or []
        self.people = people if errors else people[: self.most_people]  # an address may name too many
        needed = {
            "party": offer.rules.kind is Kind.CLASS,
            "phone": offer.location_kind == "phone",
            "location": offer.location_kind == "ask",
            "email": not (offer.link and offer.link.needs_code),  # the code goes to the address that is known
            "code": with_code,
            "notes": offer.asks_notes,
            "guest_count": asks_how_many(offer),
            "guests": offer.further_guests == DETAILS and bool(self.most_people or self.people),
            "consent": offer.consent_id is not None,
        }
        super().__init__(
            given,
            {("notes" if name == "answers" else name): s for name, s in (errors or {}).items()},
            without=[name for name, is_needed in needed.items() if not is_needed],
            with_fields={one.field: question_field(one) for one in offer.asked},
        )
        self.order_fields([*OWN, *(one.field for one in offer.asked)])
        if needed["guest_count"]:
            self.fields["guest_count"].widget.attrs["max"] = offer.most_guests
        if needed["party"] and "party" in (errors or {}):
            self.fields["party"].widget = forms.NumberInput({"min": 1, "max": offer.most_places})

    @property
    def rows_of_people(self) -> list[dict[str, str]]:
        """A row for each further guest, and empty ones for those who may still be named."""
        empty = {"name": "", "email": ""}
        return [*self.people, *[empty] * (self.most_people - len(self.people))]


def _places(given: Mapping[str, Any]) -> int:
    """How many places are wanted; one while that can't be told."""
    return Fields(given).integer("party", least=1, most=MOST_SEATS, default=1) or 1


class AskForm(ShownForm):
    """Who would like a new link."""

    name = forms.CharField(label=_("Your name"), widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.CharField(
        label=_("E-mail"),
        help_text=_("The new link goes here."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    message = forms.CharField(label=_("Message"), required=False, widget=forms.Textarea({"rows": 3}))


class ReasonForm(ShownForm):
    """Why a booking is cancelled or moved."""

    reason = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea({"rows": 3}))
