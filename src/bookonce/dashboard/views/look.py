"""A calendar's look: the form, the guest's page beside it, and back to the usual."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookonce.accounts.models import Member
from bookonce.dashboard.access import acting, calendar_or_404, member_required
from bookonce.dashboard.look_form import LookForm, present_look, sent_pictures, unsaved_look
from bookonce.dashboard.look_words import look_said
from bookonce.dashboard.show import show
from bookonce.lib import clock
from bookonce.lib.headers import CONTENT_SECURITY_POLICY, NOBODY_FRAMES
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.look import KNOWN, find_look, reset_look, set_look
from bookonce.scheduling.look_rows import get_look
from bookonce.scheduling.models import Calendar

GuestPage = Callable[..., HttpResponse]
THEMES = ("light", "dark")


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def edit_look(request: HttpRequest, member: Member, public_id: str) -> HttpResponseBase:
    """Show the calendar's look; on POST save it, pictures too."""
    calendar = calendar_or_404(member, public_id)
    look, accent = find_look(calendar), member.workspace.accent
    if request.method != "POST":
        return _page(request, member, calendar, LookForm(accent, initial=present_look(look)))
    form = LookForm(accent, request.POST, initial=present_look(look))
    try:
        pictures = sent_pictures(request)
        set_look(calendar, form.look(), pictures=pictures, by=acting(member), now=clock.now())
    except Invalid as refused:
        form.refuse(refused.errors)
        return _page(request, member, calendar, form, status=422)
    messages.success(request, _("Guests see the new look now."))
    return redirect("dashboard:look", public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def preview_look(
    request: HttpRequest, member: Member, public_id: str, *, guest_page: GuestPage
) -> HttpResponseBase:
    """The guest's page with what was sent, which is not kept; for a frame on the page of the look alone."""
    calendar = calendar_or_404(member, public_id)
    sent = request.POST if request.method == "POST" else request.GET
    faults: list[str] = []
    try:
        pictures = sent_pictures(request)
    except Invalid as refused:
        pictures, faults = {}, [str(said) for sentences in refused.errors.values() for said in sentences]
    raw = {name: sent[name] for name in KNOWN if name in sent}
    if request.method == "POST":
        raw = {name: "off" for name in KNOWN if name.startswith("hides_")} | raw
    unsaved = unsaved_look(get_look(calendar.pk), member.workspace.accent, raw, pictures)
    look, seen = unsaved.look, sent.get("seen", "")
    theme = look.theme if look.theme in THEMES else seen if seen in THEMES else "light"
    said = look_said(look, theme, faults + unsaved.faults)
    response = guest_page(request, calendar.pk, replace(look, theme=theme), said, step=sent.get("step", ""))
    policy = CONTENT_SECURITY_POLICY.replace(NOBODY_FRAMES, "frame-ancestors 'self'")
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def reset(request: HttpRequest, member: Member, public_id: str) -> HttpResponseBase:
    """Say what is lost; on POST, the calendar looks like the workspace's others again."""
    calendar = calendar_or_404(member, public_id)
    if request.method == "POST":
        reset_look(calendar, by=acting(member))
        messages.success(request, _("The usual look is back."))
        return redirect("dashboard:look", public_id)
    context = {"rail_active": "calendars", "calendar": calendar, "look_now": find_look(calendar)}
    return show(request, member, "look_reset.html", context)


def _page(
    request: HttpRequest, member: Member, calendar: Calendar, form: LookForm, *, status: int = 200
) -> HttpResponse:
    unsaved: dict[str, Any] = form.look() if form.is_bound else {}
    context = {
        "rail_active": "calendars",
        "calendar": calendar,
        "form": form,
        "kept": get_look(calendar.pk),
        "look_now": find_look(calendar),
        "query": f"?{urlencode(unsaved)}" if unsaved else "",
    }
    response = show(request, member, "look.html", context, status=status)
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return response
