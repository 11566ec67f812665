"""What hangs on a calendar, in numbers."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q, QuerySet

from bookonce.scheduling.link_state import EXISTS
from bookonce.scheduling.models import Appointment, OneTimeLink


def upcoming_appointments(now: datetime) -> QuerySet[Appointment]:
    """Appointments that are still to come and not cancelled."""
    return Appointment.objects.filter(starts__gte=now).exclude(status=Appointment.Status.CANCELLED)


def living_links(now: datetime) -> QuerySet[OneTimeLink]:
    """Links with uses left, those that open later included."""
    live = Q(revoked_at=None, spent__lt=F("max_bookings"))
    return OneTimeLink.objects.filter(EXISTS, live, Q(expires_at=None) | Q(expires_at__gt=now))


def active_links(now: datetime) -> QuerySet[OneTimeLink]:
    """Links that a guest could book through if their calendar takes bookings."""
    return living_links(now).filter(Q(not_before=None) | Q(not_before__lte=now))
