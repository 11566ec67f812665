"""On which sites a calendar is shown, and the snippet that shows it there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as now_translated
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from bookonce.accounts.models import Member
from bookonce.dashboard.access import acting, calendar_or_404, member_required
from bookonce.dashboard.embed_code import INLINE, NAMES, THEMES, snippet
from bookonce.dashboard.show import show
from bookonce.dashboard.shown_form import ShownForm
from bookonce.lib import addresses, clock
from bookonce.lib.previews import preview_stamp
from bookonce.scheduling.calendars import update_calendar
from bookonce.scheduling.embed_origins import add_embed_origin, remove_embed_origin
from bookonce.scheduling.embedding import origins_of
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.models import Calendar
from bookonce.scheduling.models.look import MOST_ORIGINS

MOST_WORDS = 60  # characters of a button
SOME_LINK = "…"  # where the token of a one-time link is to be put


class SiteForm(ShownForm):
    """A site to allow."""

    origin = forms.CharField(
        label=_("Site"),
        help_text=_(
            "Its address without a path, like https://example.com. https://*.example.com is any subdomain."
        ),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "autocapitalize": "none"}),
    )


class LinksForm(ShownForm):
    """Whether those sites may show one-time links."""

    embeds_one_time_links = forms.BooleanField(
        label=_("Also show one-time links"),
        help_text=_("Otherwise these open on a page of their own only."),
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        required=False,
    )


class SnippetForm(ShownForm):
    """What the snippet says; read leniently, since nothing is kept."""

    mode = forms.ChoiceField(
        label=_("How it stands in your page"),
        choices=[(mode, name) for mode, (name, _note) in NAMES.items()],
        widget=forms.RadioSelect,
    )
    theme = forms.ChoiceField(
        label=_("Theme"),
        choices=[
            ("", _("As the calendar has it")),
            ("light", _("Light")),
            ("dark", _("Dark")),
            ("auto", _("As the guest’s device asks for")),  # noqa: RUF001 - an apostrophe
        ],
        required=False,
    )
    text = forms.CharField(label=_("Words of the link or button"), required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def embed_calendar(request: HttpRequest, member: Member, public_id: str) -> HttpResponseBase:
    """Show the snippet; on POST allow a site (`add`), no longer allow one (`remove`), or set the switch."""
    calendar = calendar_or_404(member, public_id)
    if request.method != "POST":
        return _page(request, member, calendar, SiteForm())
    if "remove" in request.POST:
        if remove_embed_origin(calendar, request.POST["remove"]):
            messages.success(request, now_translated("Removed."))
    elif "add" in request.POST:
        form = SiteForm(request.POST)
        try:
            site = add_embed_origin(calendar, request.POST.get("origin", ""))
        except Invalid as refused:
            form.refuse(refused.errors)
            return _page(request, member, calendar, form, status=422)
        messages.success(request, now_translated("%(site)s can show this calendar.") % {"site": site})
    else:
        update_calendar(calendar, LinksForm(request.POST).given(), by=acting(member), now=clock.now())
        messages.success(request, now_translated("Saved."))
    return redirect("dashboard:calendar_embed", calendar.public_id)


def _page(
    request: HttpRequest, member: Member, calendar: Calendar, site_form: SiteForm, *, status: int = 200
) -> HttpResponse:
    chosen = _chosen(request.GET)
    origins, public = origins_of(calendar), not calendar.one_time_only
    url = (
        addresses.permanent_link_url(calendar.permanent_id)
        if public
        else addresses.one_time_link_url(SOME_LINK)
    )
    context: dict[str, Any] = {
        "rail_active": "calendars",
        "calendar": calendar,
        "origins": origins,
        "full": len(origins) >= MOST_ORIGINS,
        "site_form": site_form,
        "links_form": LinksForm(initial={"embeds_one_time_links": calendar.embeds_one_time_links}),
        "form": SnippetForm(initial=chosen),
        "snippet": snippet(
            url,
            calendar.name,
            member.workspace.accent,
            mode=chosen["mode"],
            theme=chosen["theme"],
            words=chosen["text"],
        ),
        "theme": chosen["theme"],
        "preview": f"/c/{calendar.permanent_id}" if public else "",
        "stamp": preview_stamp(),
    }
    return show(request, member, "embed.html", context, status=status)


def _chosen(query: QueryDict) -> dict[str, str]:
    mode, theme = query.get("mode", ""), query.get("theme", "")
    return {
        "mode": mode if mode in NAMES else INLINE,
        "theme": theme if theme in THEMES else "",
        "text": " ".join(query.get("text", "").split())[:MOST_WORDS],
    }
