"""Many links at once: a calendar, a name for the batch, and the list of people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookonce.dashboard.shown_form import ShownForm
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.models import Target
from bookonce.scheduling.recipients_text import MOST_BYTES

LONGEST_PASTE = 100_000


class ManyForm(ShownForm):
    """Pasted lines or a file; the file counts when both are there."""

    calendar = forms.ChoiceField(label=gettext_lazy("Calendar or group"))
    name = forms.CharField(
        label=gettext_lazy("Name of the batch"),
        help_text=gettext_lazy("For your own list, such as Autumn fair."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    pasted = forms.CharField(
        label=gettext_lazy("Paste a list"),
        help_text=gettext_lazy(
            "One person a line: Sam Okafor <sam@example.org>, or only the address. "
            "Or rows from a spreadsheet, with the names of the columns on top."
        ),
        widget=forms.Textarea(
            attrs={"rows": 8, "maxlength": LONGEST_PASTE, "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Or choose a CSV file"),
        help_text=gettext_lazy("Up to 100,000 rows and 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
    )

    def __init__(self, calendars: Sequence[Target], *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        choices = [(calendar.public_id, calendar.name) for calendar in calendars]
        cast("forms.ChoiceField", self.fields["calendar"]).choices = choices

    def people(self, request: HttpRequest) -> bytes | str:
        """The file's bytes, else the pasted text.

        Raises:
            Invalid: neither is there, or the file is too large.
        """
        file = request.FILES.get("file")
        if file is not None and (file.size or 0) <= MOST_BYTES:
            content: bytes = file.read()
            return content
        if file is not None or int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            raise Invalid({"file": [_("At most %(most)s MB.") % {"most": MOST_BYTES // 1024**2}]})
        pasted = self.given()["pasted"]
        if not pasted.strip():
            raise Invalid({"pasted": [_("Paste a list, or choose a file.")]})
        return pasted
