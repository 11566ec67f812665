"""Change what a member may do, and remove one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookonce.accounts.models import ApiKey, Invitation, Member
from bookonce.scheduling import events
from bookonce.scheduling.errors import Conflict, Invalid, RoleRefused
from bookonce.scheduling.models import Appointment, Booking, Calendar
from bookonce.scheduling.team import lock_team, withdraw_invitations
from bookonce.scheduling.transaction import one_transaction

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Ties:
    """What keeps a member here: calendars they host, bookings still ahead (the first few, and how many)."""

    calendars: Sequence[Calendar]
    bookings: Sequence[Booking]
    booking_count: int

    def __bool__(self) -> bool:
        return bool(self.calendars or self.booking_count)


@one_transaction
def change_role(member: Member, role: str, *, by: events.Actor, now: datetime) -> bool:
    """Give the member another role; False when they have it. What they may no longer invite to is revoked.

    Raises:
        Invalid: no such role. RoleRefused: by anybody but an owner. Conflict: the only owner, or removed.
    """
    acting = lock_team(member.workspace_id, by=by)
    if acting.role != Member.Role.OWNER:
        raise RoleRefused(_("Only an owner can change roles."))
    if role not in Member.Role.values:
        raise Invalid({"role": [_("Choose a role.")]})
    team = Member.objects.filter(workspace_id=member.workspace_id, removed_at=None)
    present = team.filter(pk=member.pk).first()
    if present is None:
        raise Conflict(_("%(name)s is no longer a member.") % {"name": member.user.name})
    # Safe to look first: the team is locked.
    if role != Member.Role.OWNER and not team.filter(role=Member.Role.OWNER).exclude(pk=member.pk).exists():
        raise Conflict(
            _("%(name)s is the only owner. Make somebody else an owner first.") % {"name": member.user.name}
        )
    if team.filter(pk=member.pk).exclude(role=role).update(role=role) == 0:
        return False
    if role != Member.Role.OWNER:
        lost = [Invitation.Role.ADMIN.value] if role == Member.Role.ADMIN else Invitation.Role.values
        withdraw_invitations(member.pk, lost, now=now)
    return True


@one_transaction
def remove_member(member: Member, *, by: events.Actor, now: datetime) -> bool:
    """End the membership; False when it was ended before. Keys and invitations of the member end with it.

    What they did stays, and is told by their name.

    Raises:
        Conflict: an owner, oneself, or somebody who hosts a calendar or has bookings ahead.
        RoleRefused: by neither owner nor admin; an admin, by anybody but an owner.
    """
    acting = lock_team(member.workspace_id, by=by)
    # Stronger than what a booking takes: a calendar being given to this host right now waits, or is seen.
    locked = Member.objects.select_for_update().filter(pk=member.pk, removed_at=None).first()
    if locked is None:
        return False
    _check_removable(locked, acting)
    if ties := find_ties(member, now=now):
        raise Conflict(_told(member, ties))
    Member.objects.filter(pk=member.pk, removed_at=None).update(removed_at=now)
    ApiKey.objects.filter(member=member, revoked_at=None).update(revoked_at=now)
    withdraw_invitations(member.pk, Invitation.Role.values, now=now)
    return True


def find_ties(member: Member, *, now: datetime) -> Ties:
    """What stands in the way of removing the member: live calendars (paused ones too), bookings ahead."""
    calendars = Calendar.objects.filter(calendar_hosts__member=member, deleted_at=None).distinct()
    ahead = Appointment.objects.filter(blocked_times__host=member, blocked_times__live=True, ends__gt=now)
    bookings = Booking.objects.filter(appointment__in=ahead.values("pk")).exclude(status="cancelled")
    first = bookings.select_related("appointment__calendar").order_by("appointment__starts", "pk")
    return Ties(list(calendars.order_by("name", "pk")), list(first[:MOST_NAMED]), bookings.count())


def _check_removable(member: Member, acting: Member) -> None:
    if member.role == Member.Role.OWNER:
        raise Conflict(_("An owner can't be removed. Give them another role first."))
    if member.pk == acting.pk:
        raise Conflict(_("You can't remove yourself. Ask an owner."))
    if member.role == Member.Role.ADMIN and acting.role != Member.Role.OWNER:
        raise RoleRefused(_("Only an owner can remove admins."))


def _told(member: Member, ties: Ties) -> str:
    sentences = []
    if ties.calendars:
        names = [calendar.name for calendar in ties.calendars]
        sentences.append(
            _("%(name)s hosts %(calendars)s. Give that to another host, or delete it, first.")
            % {"name": member.user.name, "calendars": _listed(names, len(names))}
        )
    if ties.booking_count:
        names = [f"{booking.name} ({booking.appointment.calendar.name})" for booking in ties.bookings]
        sentences.append(
            ngettext(
                "%(name)s has %(count)s upcoming appointment: %(guests)s. Cancel it first, or wait for it.",
                "%(name)s has %(count)s upcoming appointments: %(guests)s. Cancel them first, "
                "or wait for them.",
                ties.booking_count,
            )
            % {
                "name": member.user.name,
                "count": ties.booking_count,
                "guests": _listed(names, ties.booking_count),
            }
        )
    return " ".join(sentences)


def _listed(names: Sequence[str], count: int) -> str:
    shown = ", ".join(names[:MOST_NAMED])
    more = count - min(len(names), MOST_NAMED)
    return shown + (_(" and %(more)s more") % {"more": more} if more else "")
