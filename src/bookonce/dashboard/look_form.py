"""The form of a calendar's look, and what it holds that is not kept yet."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookonce.dashboard.shown_form import ShownForm
from bookonce.design.accent import DEFAULT
from bookonce.design.bundles import SURFACES
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.images import MOST_BYTES, Made, make_picture
from bookonce.scheduling.look import KNOWN, LONGEST_BUTTON, PICTURES, parse_look
from bookonce.scheduling.look_rows import Look, Picture
from bookonce.scheduling.models import CalendarLook
from bookonce.scheduling.models.look import LARGEST_RADIUS

ACCEPTED = "image/png,image/jpeg,image/webp"
_HEX = {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}


def _picture_input() -> forms.FileInput:
    return forms.FileInput(attrs={"accept": ACCEPTED})


class LookForm(ShownForm):
    """All of it may be left empty, for the workspace's or the usual; so nothing is marked as optional."""

    primary = forms.CharField(
        label=gettext_lazy("Primary colour"),
        help_text=gettext_lazy("Buttons, links and the chosen day. Any colour will do."),
        widget=forms.TextInput(attrs=_HEX),
    )
    background = forms.CharField(
        label=gettext_lazy("Background"),
        help_text=gettext_lazy("Of the page. Texts, lines and cards follow from it."),
        widget=forms.TextInput(attrs=_HEX),
    )
    theme = forms.ChoiceField(
        label=gettext_lazy("Theme"),
        help_text=gettext_lazy("Auto follows the guest's device; the other theme gets the background's hue."),
        choices=[
            ("auto", gettext_lazy("Auto")),
            ("light", gettext_lazy("Light")),
            ("dark", gettext_lazy("Dark")),
        ],
        widget=forms.RadioSelect,
    )
    radius = forms.CharField(
        label=gettext_lazy("Corner radius"),
        help_text=gettext_lazy("From 0 (square) to 24. Empty: 6."),
        widget=forms.NumberInput(attrs={"min": 0, "max": LARGEST_RADIUS, "placeholder": 6}),
    )
    button_text = forms.CharField(
        label=gettext_lazy("Text of the button that books"),
        help_text=gettext_lazy("Empty: the usual words, in the guest's language. Yours stay as they are."),
        widget=forms.TextInput(
            attrs={"maxlength": LONGEST_BUTTON, "placeholder": gettext_lazy("Book this time")}
        ),
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        help_text=gettext_lazy("PNG, JPEG or WebP up to 5 MB. Shown at most 160 by 64 pixels large."),
        widget=_picture_input(),
    )
    drop_logo = forms.BooleanField(label=gettext_lazy("Remove the logo"), required=False)
    cover = forms.FileField(
        label=gettext_lazy("Cover picture"),
        help_text=gettext_lazy("PNG, JPEG or WebP up to 5 MB, best 1600 by 500 pixels. Runs across the top."),
        widget=_picture_input(),
    )
    drop_cover = forms.BooleanField(label=gettext_lazy("Remove the cover picture"), required=False)
    hides_name = forms.BooleanField(
        label=gettext_lazy("Hide the calendar's name"),
        help_text=gettext_lazy("Screen readers still say it, and confirmations and mails still name it."),
        required=False,
    )
    hides_description = forms.BooleanField(label=gettext_lazy("Hide the description"), required=False)
    hides_details = forms.BooleanField(
        label=gettext_lazy("Hide the details"),
        help_text=gettext_lazy("Length, place and number of places."),
        required=False,
    )

    def __init__(self, accent: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["primary"].widget.attrs["placeholder"] = accent or DEFAULT
        self.fields["background"].widget.attrs["placeholder"] = SURFACES["light"].removeprefix("#")

    def look(self) -> dict[str, str]:
        """What was sent for `parse_look`."""
        given = self.given()
        return {name: given[name] for name in KNOWN}


def present_look(look: CalendarLook | None) -> dict[str, Any]:
    """The form's first values."""
    if look is None:
        return {"theme": "auto"}
    return {name: getattr(look, name) for name in KNOWN}


def sent_pictures(request: HttpRequest) -> dict[str, Made | None]:
    """The pictures that were uploaded, made anew, and None for those to be removed.

    Raises:
        Invalid: by field.
    """
    found: dict[str, Made | None] = {}
    errors: dict[str, Sequence[str]] = {}
    for kind in PICTURES:
        file = request.FILES.get(kind)
        if file is not None:
            try:
                found[kind] = make_picture(file.read(MOST_BYTES + 1), kind)
            except Invalid as refused:
                errors |= refused.errors
        elif request.POST.get(f"drop_{kind}"):
            found[kind] = None
    if not request.FILES and int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        errors["logo"] = [_("At most 5 MB for each picture.")]  # so much that nothing of it was read
    if errors:
        raise Invalid(errors)
    return found


@dataclass
class Unsaved:
    """A look as the form would leave it; what is wrong with it is left out and told in `faults`."""

    look: Look
    faults: list[str] = field(default_factory=list)


def unsaved_look(
    saved: Look, accent: str, raw: Mapping[str, Any], pictures: Mapping[str, Made | None]
) -> Unsaved:
    """The saved look with what was typed since; `accent` is the workspace's, where no primary is given."""
    faults: list[str] = []
    columns: dict[str, Any] | None = None
    while columns is None:
        try:
            columns = parse_look(raw, None)
        except Invalid as refused:
            faults += [str(sentence) for sentences in refused.errors.values() for sentence in sentences]
            raw = {name: raw[name] for name in raw if name not in refused.errors}
    if "primary" in columns:
        columns["primary"] = columns["primary"] or accent
    columns |= {kind: made and _shown(made) for kind, made in pictures.items()}
    return Unsaved(replace(saved, **columns), faults)


def _shown(made: Made) -> Picture:
    inline = f"data:{made.content_type};base64,{base64.b64encode(made.body).decode()}"
    return Picture(made.digest, made.content_type, made.width, made.height, inline)
