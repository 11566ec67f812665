"""Keys for programs: list, make, revoke."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bookonce.accounts.api_keys import make_api_key, revoke_api_key
from bookonce.accounts.models import ApiKey, Member
from bookonce.dashboard.roles import admin_required
from bookonce.dashboard.show import show
from bookonce.dashboard.shown_form import ShownForm
from bookonce.lib import clock
from bookonce.lib.fields import Fields

LONGEST_LABEL = 80


class KeyForm(ShownForm):
    """What tells the key apart."""

    label = forms.CharField(
        label=gettext_lazy("Label"),
        help_text=gettext_lazy("What will use the key, to tell it apart later."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": LONGEST_LABEL}),
    )


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest, member: Member) -> HttpResponse:
    """List the workspace's keys; a POST makes one and shows its secret in the reply, once."""
    form = KeyForm(request.POST if request.method == "POST" else None)
    made: dict[str, Any] = {}
    if request.method == "POST":
        fields = Fields(form.given())
        label = fields.text("label", most=LONGEST_LABEL, required=True)
        if fields.errors:
            form.refuse(fields.errors)
        else:
            key, secret = make_api_key(member, label, now=clock.now())
            made, form = {"made": key, "secret": secret}, KeyForm()
    live = ApiKey.objects.filter(workspace_id=member.workspace_id, revoked_at=None)
    context = {
        "rail_active": "settings",
        "section": "keys",
        "form": form,
        "keys": live.select_related("member__user").order_by("-pk"),
        **made,
    }
    return show(request, member, "keys.html", context, status=422 if form.errors else 200)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """Ask first, then take the key out of use."""
    key = get_object_or_404(ApiKey, workspace_id=member.workspace_id, public_id=public_id)
    if request.method != "POST":
        return show(request, member, "key_revoke.html", {"rail_active": "settings", "key": key})
    if revoke_api_key(key, now=clock.now()):
        messages.success(request, _("%(label)s can no longer sign in") % {"label": key.label})
    else:
        messages.info(request, _("This key was revoked before"))
    return redirect("dashboard:keys")
