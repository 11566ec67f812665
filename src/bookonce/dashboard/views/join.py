"""Where an invitation leads: who was invited says who they are, and is in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bookonce.accounts.invitations import InvitationState, find_invitation, memberships, state_of
from bookonce.accounts.models import Invitation, Member, User
from bookonce.dashboard.access import choose_workspace
from bookonce.dashboard.shown_form import ShownForm
from bookonce.dashboard.views.setup import SIGN_IN_BY
from bookonce.lib import clock
from bookonce.lib.zones import zone_names
from bookonce.scheduling.errors import Conflict, Invalid, InvitationOver
from bookonce.scheduling.join import join
from bookonce.scheduling.models import Schedule


class JoinForm(ShownForm):
    """Who joins; of a person who has an account only the zone is asked, of who had hours here nothing."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        help_text=gettext_lazy("As guests see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        help_text=gettext_lazy("At least 10 characters. A few words in a row do well."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    timezone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Your working hours start as Monday to Friday, 09:00 to 17:00 there."),
        choices=lambda: [(name, name.replace("_", " ")) for name in zone_names()],
    )

    def __init__(self, *args: Any, user: User | None, has_hours: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if user is not None:
            del self.fields["name"], self.fields["password"]
        if has_hours:
            del self.fields["timezone"]


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def join_workspace(request: HttpRequest, token: str) -> HttpResponseBase:
    """Ask for name, password and zone; with an account, sign in first. Each invitation works once."""
    invitation = find_invitation(token)
    if invitation is None:
        raise Http404
    user = request.user if isinstance(request.user, User) else None
    state = state_of(invitation, now=clock.now())
    if state is not InvitationState.OPEN:
        return _over(request, invitation, state, user)
    if user is not None and user.email != invitation.email:
        context = {"invitation": invitation, "token": token}
        return render(request, "dashboard/join_other.html", context, status=403)
    if user is None and User.objects.filter(email=invitation.email).exists():
        if request.method == "POST" or "sign-in" in request.GET:
            return redirect_to_login(request.path)
        return render(request, "dashboard/join_sign_in.html", {"invitation": invitation})
    return _form(request, invitation, user)


def _form(request: HttpRequest, invitation: Invitation, user: User | None) -> HttpResponseBase:
    form = JoinForm(
        request.POST if request.method == "POST" else None,
        user=user,
        has_hours=_has_hours(user, invitation),
        initial={"timezone": invitation.workspace.timezone},
    )
    status = 200
    if request.method == "POST":
        try:
            member = join(invitation, form.given(), user=user, now=clock.now())
        except Invalid as refused:
            form.refuse(refused.errors)
            status = 422
        except Conflict as refused:
            form.refuse({"": [str(refused)]})
            status = 409
        except InvitationOver:
            invitation.refresh_from_db()
            return _over(request, invitation, state_of(invitation, now=clock.now()), user)
        else:
            return _welcome(request, member, user)
    context = {"form": form, "invitation": invitation, "accent": invitation.workspace.accent}
    return render(request, "dashboard/join.html", context, status=status)


def _welcome(request: HttpRequest, member: Member, user: User | None) -> HttpResponse:
    """Signed in, in the new workspace, at one's own hours: those the others book by."""
    if user is None:
        login(request, member.user, backend=SIGN_IN_BY)
    choose_workspace(request, member.workspace_id)
    words = _("Welcome to %(name)s. These are your working hours: change what does not fit.")
    messages.success(request, words % {"name": member.workspace.name})
    schedule = Schedule.objects.filter(member=member).order_by("pk")[0]
    return redirect("dashboard:schedule", schedule.public_id)


def _over(
    request: HttpRequest, invitation: Invitation, state: InvitationState, user: User | None
) -> HttpResponse:
    """The end of the way, told kindly (410); who joined by it goes on to the workspace."""
    mine = (
        memberships(user.pk).filter(workspace_id=invitation.workspace_id) if user else Member.objects.none()
    )
    if user and user.email == invitation.email and mine.exists():
        return redirect("dashboard:home")
    names = {"name": invitation.created_by.user.name, "workspace": invitation.workspace.name}
    ask = _("Ask %(name)s for a new one.") % names
    words = {
        InvitationState.ACCEPTED: (
            _("This invitation has been used"),
            _("Whoever was invited has joined %(workspace)s. If that was you, sign in.") % names,
        ),
        InvitationState.EXPIRED: (_("This invitation has expired"), ask),
        InvitationState.REVOKED: (_("This invitation has been withdrawn"), ask),
    }
    title, advice = words[state]
    context = {"title": title, "advice": advice, "used": state is InvitationState.ACCEPTED}
    return render(request, "dashboard/join_over.html", context, status=410)


def _has_hours(user: User | None, invitation: Invitation) -> bool:
    """Who was removed finds the hours they had."""
    mine = Schedule.objects.filter(workspace_id=invitation.workspace_id, member__user=user)
    return user is not None and mine.exists()


def _is_member(user: User, invitation: Invitation) -> bool:
    return memberships(user.pk).filter(workspace_id=invitation.workspace_id).exists()
