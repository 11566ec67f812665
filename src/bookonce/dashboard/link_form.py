"""The options of the next one-time link, folded away in the share dialog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookonce.dashboard import change_fields
from bookonce.dashboard.shown_form import ShownForm

FIELD_OF = {
    "recipient.name": "recipient_name",
    "recipient.email": "recipient_email",
    "expires_at": "expires",
    **change_fields.FIELD_OF,
}
CHANGES = ("cancel_until", "reschedule_until", "most_reschedules", "reopens_on_cancel")


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
    expires = forms.CharField(
        label=_("Last day"),
        help_text=_("Expires at the end of this day, booked or not."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    max_bookings = forms.CharField(
        label=_("Bookings"),
        required=False,
        initial="1",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    cancel_until = change_fields.until_field(_("Guest can cancel"), inherits=True)
    reschedule_until = change_fields.until_field(_("Guest can reschedule"), inherits=True)
    most_reschedules = forms.CharField(
        label=_("Most reschedules"), required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    reopens_on_cancel = forms.ChoiceField(
        label=_("Reopens when the guest cancels"),
        choices=[change_fields.INHERITED, *change_fields.YES_OR_NO],
        required=False,
    )

    def options(self) -> dict[str, Any]:
        """What was sent, in the words of `parse_link_options`."""
        given = self.given()
        return {
            "label": given["label"],
            "recipient": {"name": given["recipient_name"], "email": given["recipient_email"]},
            "expires_at": given["expires"],
            "max_bookings": given["max_bookings"],
            "most_reschedules": given["most_reschedules"],
            "reopens_on_cancel": given["reopens_on_cancel"],
            **change_fields.given_rules(given),
        }

    @property
    def opens_changes(self) -> bool:
        """Whether something was said about changes by the guest, or is wrong there."""
        return any(self[name].value() or name in self.errors for name in CHANGES)

    def refuse(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Show what the domain found beside the field it came from."""
        super().refuse({FIELD_OF.get(name, name): sentences for name, sentences in errors.items()})
