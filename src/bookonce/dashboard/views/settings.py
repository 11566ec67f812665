"""The workspace's settings."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bookonce.accounts.models import Member
from bookonce.accounts.workspace_settings import KNOWN, SettingsRefused
from bookonce.dashboard.hours import WEEKDAYS
from bookonce.dashboard.roles import admin_required
from bookonce.dashboard.show import show
from bookonce.dashboard.shown_form import ShownForm
from bookonce.design import accent
from bookonce.lib import clock
from bookonce.lib.addresses import scheduling_link_url
from bookonce.lib.zones import zone_names
from bookonce.scheduling.redirect_origins import list_redirect_origins
from bookonce.scheduling.week_start import change_workspace


class SettingsForm(ShownForm):
    """Name, address, zone, first day of the week, words for dead links, colour, sites to lead to."""

    name = forms.CharField(
        label=gettext_lazy("Name"), widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    slug = forms.CharField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy(
            "Scheduling links shared before stop working when you change it; all others keep working."
        ),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    timezone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Of the times on these pages. Calendars follow the zone of their schedule."),
    )
    week_start = forms.ChoiceField(
        label=gettext_lazy("Weeks begin on"),
        help_text=gettext_lazy("Limits per week count from this day."),
        choices=list(WEEKDAYS.items()),
    )
    contact_text = forms.CharField(
        label=gettext_lazy("Contact text"),
        help_text=gettext_lazy("Shown to whoever opens a link that no longer works: how to reach you."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
    )
    accent = forms.CharField(
        label=gettext_lazy("Accent colour"),
        help_text=gettext_lazy("Six hexadecimal digits, like 0b6e72. Empty takes the colour of Bookonce."),
        required=False,
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "placeholder": accent.DEFAULT}
        ),
    )
    redirect_origins = forms.CharField(
        label=gettext_lazy("Sites guests may be led to"),
        help_text=gettext_lazy("One on each line, like https://example.com."),
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 3, "autocapitalize": "none", "spellcheck": "false", "inputmode": "url"}
        ),
    )


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def workspace_settings(request: HttpRequest, member: Member) -> HttpResponse:
    """Show and change them."""
    workspace = member.workspace
    form = SettingsForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(workspace, name) for name in KNOWN}
        | {"redirect_origins": "\n".join(list_redirect_origins(workspace.pk))},
    )
    _offer_zones(form, workspace.timezone)
    if request.method == "POST":
        try:
            change_workspace(workspace, form.given(), now=clock.now())
        except SettingsRefused as refused:
            form.refuse(refused.errors)
        else:
            messages.success(request, _("Settings saved"))
            return redirect("dashboard:settings")
    status = 422 if form.errors else 200
    prefix = scheduling_link_url("", "").rstrip("/").partition("://")[2] + "/"
    context = {"rail_active": "settings", "section": "workspace", "form": form, "slug_prefix": prefix}
    return show(request, member, "settings.html", context, status=status)


def _offer_zones(form: SettingsForm, present: str) -> None:
    """All zones, with the present one even when it is an old name."""
    names = zone_names() if present in zone_names() else (present, *zone_names())
    field = form.fields["timezone"]
    if isinstance(field, forms.ChoiceField):
        field.choices = [(name, name.replace("_", " ")) for name in names]
