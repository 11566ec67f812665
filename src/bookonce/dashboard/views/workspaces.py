"""Go to another workspace that one is a member of."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookonce.accounts.invitations import memberships
from bookonce.accounts.models import Member
from bookonce.dashboard.access import choose_workspace, member_required


@member_required
@require_POST
def open_workspace(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Be in that workspace from now on, in this session."""
    mine = get_object_or_404(memberships(member.user_id), workspace_id=min(number, 2**63 - 1))
    choose_workspace(request, mine.workspace_id)
    messages.success(request, _("You are now in %(name)s") % {"name": mine.workspace.name})
    return redirect("dashboard:home")
