"""What a role may do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from django.http import HttpRequest, HttpResponseBase

from bookonce.accounts.models import Member
from bookonce.accounts.roles import is_administrator
from bookonce.dashboard.access import MemberView, member_required
from bookonce.dashboard.show import show

P = ParamSpec("P")


def admin_required(view: MemberView[P]) -> Callable[..., HttpResponseBase]:
    """Call the view with a member who may change the workspace; a plain member is told who may (403)."""

    @wraps(view)
    def with_admin(
        request: HttpRequest, member: Member, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if not is_administrator(member):
            return show(request, member, "not_allowed.html", {"rail_active": "settings"}, status=403)
        return view(request, member, *args, **kwargs)

    return member_required(with_admin)
