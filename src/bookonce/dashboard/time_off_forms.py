"""Time off, journeys and holidays as their page asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from bookonce.dashboard.shown_form import ShownForm
from bookonce.lib.zones import zone_names
from bookonce.scheduling.models import HolidayRegion, Journey, TimeOff
from bookonce.scheduling.public_holidays import countries, subdivisions
from bookonce.scheduling.time_off import LONGEST_NOTE

FIELD_OF = {"from": "first_day", "to": "last_day"}


class RangeForm(ShownForm):
    """A first and a last day, both included."""

    first_day = forms.CharField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.CharField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, data: Any = None, *, kept: TimeOff | Journey | None = None) -> None:
        super().__init__(data, initial=self.shown(kept) if kept else None)

    def shown(self, kept: Any) -> dict[str, str]:
        """What the fields say of kept days."""
        return {"first_day": kept.first_day.isoformat(), "last_day": kept.last_day.isoformat()}

    def rules(self) -> dict[str, str]:
        """What the domain takes."""
        given = self.given()
        return {"from": given.pop("first_day"), "to": given.pop("last_day"), **given}

    def refuse(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Show the domain's faults beside the fields of this form."""
        super().refuse({FIELD_OF.get(name, name): sentences for name, sentences in errors.items()})


class TimeOffForm(RangeForm):
    """Out of office."""

    prefix = "off"
    note = forms.CharField(
        label=_("Note"),
        help_text=_("For your team. Guests never see it."),
        required=False,
        widget=forms.TextInput(attrs={"maxlength": LONGEST_NOTE, "autocomplete": "off"}),
    )

    def shown(self, kept: TimeOff) -> dict[str, str]:
        """What the fields say of kept days."""
        return super().shown(kept) | {"note": kept.note}


class JourneyForm(RangeForm):
    """On a journey."""

    prefix = "journey"
    timezone = forms.ChoiceField(label=_("Time zone there"))

    def __init__(self, data: Any = None, *, kept: Journey | None = None) -> None:
        super().__init__(data, kept=kept)
        zones = cast("forms.ChoiceField", self.fields["timezone"])
        names = dict.fromkeys((kept.timezone, *zone_names()) if kept else zone_names())
        zones.choices = [("", _("Choose")), *((name, name.replace("_", " ")) for name in names)]

    def shown(self, kept: Journey) -> dict[str, str]:
        """What the fields say of kept days."""
        return super().shown(kept) | {"timezone": kept.timezone}


class HolidayForm(ShownForm):
    """Whose public holidays; the parts are those of the country that is kept."""

    country = forms.ChoiceField(label=_("Country"))
    subdivision = forms.ChoiceField(label=_("Region"), required=False)

    def __init__(self, data: Any = None, *, region: HolidayRegion | None) -> None:
        kept = region.country if region else ""
        part = region.subdivision if region else ""
        super().__init__(data, initial={"country": kept, "subdivision": part})
        self.kept = kept
        choices = cast("Mapping[str, forms.ChoiceField]", self.fields)
        choices["country"].choices = [("", _("No public holidays")), *countries()]
        parts = subdivisions(kept)
        if parts:
            choices["subdivision"].choices = [("", _("The whole country")), *parts]
        else:
            del self.fields["subdivision"]

    def rules(self) -> dict[str, str]:
        """What the domain takes; with another country the region chosen for the old one means nothing."""
        given = self.given()
        return given if given["country"] == self.kept else {"country": given["country"]}
