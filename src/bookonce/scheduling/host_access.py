"""Whose hours and time off someone may see and change."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bookonce.accounts.models import Member
from bookonce.accounts.roles import is_administrator
from bookonce.lib.fields import Fields
from bookonce.scheduling.errors import NotAllowed, NotFound


def check_may_change(by: Member, host: Member) -> None:
    """Let owners and admins change everybody's, a plain member their own.

    Raises:
        NotFound: the host is in another workspace. NotAllowed: they are someone else.
    """
    if by.workspace_id != host.workspace_id:
        raise NotFound
    if by.pk != host.pk and not is_administrator(by):
        raise NotAllowed


def find_host(workspace_id: int, email: str) -> Member | None:
    """The member of the workspace with this e-mail address."""
    members = Member.objects.select_related("user", "workspace").filter(removed_at=None)
    return members.filter(workspace_id=workspace_id, user__email=email.lower()).first()


def read_host(fields: Fields, by: Member) -> Member:
    """The member that `member` names by e-mail address, `by` when it names none or has a fault."""
    email = fields.text("member", most=254)
    if not email:
        return by
    host = find_host(by.workspace_id, email)
    if host is None:
        fields.fault("member", _("There is no member with this e-mail address."))
    return host or by
