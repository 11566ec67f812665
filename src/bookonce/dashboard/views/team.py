"""The team: who is in it, who is invited; invite, revoke, change a role, remove."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bookonce.accounts.invitations import open_invitations, shown_url
from bookonce.accounts.models import Invitation, Member
from bookonce.dashboard.access import acting, id_asked_for, invitation_or_404, member_or_404
from bookonce.dashboard.roles import admin_required
from bookonce.dashboard.show import show
from bookonce.dashboard.shown_form import ShownForm
from bookonce.lib import clock
from bookonce.scheduling.errors import Conflict, Invalid, RoleRefused
from bookonce.scheduling.invite import invite, revoke_invitation
from bookonce.scheduling.members import change_role, find_ties, remove_member

ROLES: Mapping[str, str | Promise] = {
    Member.Role.OWNER: gettext_lazy("Owner"),
    Member.Role.ADMIN: gettext_lazy("Admin"),
    Member.Role.MEMBER: gettext_lazy("Member"),
}
REACH: Mapping[str, str | Promise] = {
    Member.Role.OWNER: gettext_lazy("Owner: everything, and who may do what"),
    Member.Role.ADMIN: gettext_lazy("Admin: also settings, API keys, inviting and removing members"),
    Member.Role.MEMBER: gettext_lazy("Member: calendars, links and appointments"),
}


class InviteForm(ShownForm):
    """Whom, as what."""

    email = forms.CharField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy("They get a mail with a link that lets them join, once, within 7 days."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "maxlength": 254}),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), initial=Invitation.Role.MEMBER, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, by: Member, **options: Any) -> None:
        super().__init__(*args, **options)
        role = self.fields["role"]
        if by.role != Member.Role.OWNER:
            del self.fields["role"]  # admins invite members, so there is nothing to choose
        elif isinstance(role, forms.ChoiceField):
            role.choices = [(name, REACH[name]) for name in (Member.Role.MEMBER, Member.Role.ADMIN)]


class RoleForm(ShownForm):
    """What a member may do."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=[(name, REACH[name]) for name in Member.Role.values],
        widget=forms.RadioSelect,
    )


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, member: Member) -> HttpResponse:
    """List members and open invitations; a POST invites somebody."""
    form = InviteForm(request.POST if request.method == "POST" else None, by=member)
    if request.method == "POST":
        try:
            invitation = invite(member.workspace_id, form.given(), by=acting(member), now=clock.now())
        except Invalid as refused:
            form.refuse(refused.errors)
        else:
            return redirect(f"{reverse('dashboard:team')}?invited={invitation.public_id}")
    asked = id_asked_for(request, "invited")
    invited = [
        {"invitation": one, "url": shown_url(one), "role": ROLES[one.role], "fresh": one.public_id == asked}
        for one in open_invitations(member.workspace_id, now=clock.now())
    ]
    present = Member.objects.filter(workspace_id=member.workspace_id, removed_at=None)
    context = {
        "rail_active": "settings",
        "section": "team",
        "form": form,
        "invited": invited,
        "just_invited": next((row for row in invited if row["fresh"]), None),
        "mail_server": settings.BOOKONCE.mail,
        "members": [_row(one, member) for one in present.select_related("user").order_by("pk")],
    }
    return show(request, member, "team.html", context, status=422 if form.errors else 200)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """Ask first, then withdraw the invitation."""
    invitation = invitation_or_404(member, public_id)
    if request.method != "POST":
        context = {"rail_active": "settings", "invitation": invitation}
        return show(request, member, "invitation_revoke.html", context)
    if revoke_invitation(invitation, by=acting(member), now=clock.now()):
        messages.success(request, _("%(email)s can no longer join") % {"email": invitation.email})
    else:
        messages.info(request, _("This invitation was revoked before"))
    return redirect("dashboard:team")


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def role(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Choose another role for a member: owners do."""
    other = member_or_404(member, number)
    form = RoleForm(request.POST if request.method == "POST" else None, initial={"role": other.role})
    status = 200 if member.role == Member.Role.OWNER else 403
    if request.method == "POST":
        try:
            change_role(other, form.given()["role"], by=acting(member), now=clock.now())
        except Invalid as refused:
            form.refuse(refused.errors)
            status = 422
        except (Conflict, RoleRefused) as refused:
            form.refuse({"role": [str(refused)]})
            status = 403 if isinstance(refused, RoleRefused) else 409
        else:
            messages.success(request, _("The role of %(name)s is saved") % {"name": other.user.name})
            return redirect("dashboard:team")
    context = {"rail_active": "settings", "other": other, "form": form, "may": status != 403}
    return show(request, member, "member_role.html", context, status=status)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Say what ends, or what stands in the way; then end the membership."""
    other = member_or_404(member, number)
    now, refusal, status = clock.now(), "", 200
    if request.method == "POST":
        try:
            remove_member(other, by=acting(member), now=now)
        except (Conflict, RoleRefused) as refused:
            refusal, status = str(refused), 403 if isinstance(refused, RoleRefused) else 409
        else:
            messages.success(request, _("%(name)s is no longer a member") % {"name": other.user.name})
            return redirect("dashboard:team")
    ties = find_ties(other, now=now)
    context = {"rail_active": "settings", "other": other, "ties": ties, "refusal": refusal}
    return show(request, member, "member_remove.html", context, status=status)


def _row(one: Member, me: Member) -> dict[str, Any]:
    """A member as the list shows them; what may be done is offered, the domain decides."""
    owner, myself = me.role == Member.Role.OWNER, one.pk == me.pk
    return {
        "member": one,
        "role": ROLES[one.role],
        "myself": myself,
        "may_change": owner,
        "may_remove": not myself
        and (one.role == Member.Role.MEMBER or (owner and one.role == Member.Role.ADMIN)),
    }
