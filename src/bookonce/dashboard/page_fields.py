"""How the form of a calendar asks for its guest's page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bookonce.dashboard.shown_form import ShownForm
from bookonce.lib.languages import ENGLISH, LANGUAGES

PAGE = (
    "language",
    "layout",
    "next_steps",
    "redirect_url",
    "searchable",
    "proof_of_work",
)  # columns of the same names


class PageFields(ShownForm):
    """What guests are told and where they are led; what others may know of the page."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("English")), *((code, name) for code, name in LANGUAGES.items() if code != ENGLISH)],
        help_text=_(
            "Where the guest\u2019s browser asks for none of ours. Guests can change it on the page."
        ),
        required=False,
        widget=forms.Select,
    )
    layout = forms.ChoiceField(
        label=_("Free times are shown"),
        choices=[("month", _("By month")), ("week", _("By week"))],
        help_text=_("Guests can change it on the page."),
        widget=forms.RadioSelect,
    )
    guests_choose_host = forms.BooleanField(
        label=_("Guests can choose their host"),
        help_text=_("Or anyone who is free. A moved appointment then stays with its host."),
        required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
    )
    next_steps = forms.CharField(
        label=_("What comes next"),
        help_text=_("Told to guests once they are booked. Web addresses in it can be clicked."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    redirect_url = forms.CharField(
        label=_("Lead guests to a page of yours"),
        required=False,
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    searchable = forms.BooleanField(
        label=_("Search engines may list the scheduling link"),
        help_text=_("Permanent links and one-time links are never listed."),
        required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
    )
    proof_of_work = forms.BooleanField(
        label=_("Keep robots away from the public links"),
        help_text=_(
            "A guest\u2019s browser works out a small puzzle while they type; without scripts, a code goes to"
            " their address first. One-time links ask for neither."
        ),
        required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
    )
