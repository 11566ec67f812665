"""The first run: the owner, the workspace, working hours and a calendar that can be booked at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from bookonce.accounts.models import Installation, Member, User, Workspace
from bookonce.accounts.passwords import read_password
from bookonce.accounts.slugs import RESERVED, slug_from
from bookonce.lib.fields import Fields
from bookonce.lib.tokens import new_public_id
from bookonce.scheduling.calendar_hosts import CompleteHost
from bookonce.scheduling.calendars import DEFAULT_HORIZON, insert_calendar
from bookonce.scheduling.errors import AlreadySetUp, Invalid
from bookonce.scheduling.models import Calendar
from bookonce.scheduling.schedules import WORKING_WEEK, ScheduleInput, insert_schedule, parse_schedule
from bookonce.scheduling.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class SetUp:
    """What the first run made."""

    member: Member
    workspace: Workspace
    calendar: Calendar


def is_set_up() -> bool:
    """Whether the first run has been done."""
    return Installation.objects.exists()


@one_transaction
def set_up(raw: Mapping[str, Any], *, now: datetime) -> SetUp:
    """Make owner, workspace, schedule and a calendar: one-on-one, 30 minutes, no notice, no buffers.

    `raw` holds name, email, password, workspace, timezone and, optionally, `weekly` hours (else Monday to
    Friday, 09:00 to 17:00).

    Raises:
        Invalid: by field. AlreadySetUp: it was done before; nothing is changed.
    """
    try:
        with transaction.atomic():
            Installation.objects.create(pk=1, created_at=now)
    except IntegrityError:
        raise AlreadySetUp from None
    user, workspace, hours = _parse(raw, now)
    user.save()
    workspace.save()
    member = Member.objects.create(workspace=workspace, user=user, role=Member.Role.OWNER, created_at=now)
    schedule = insert_schedule(member, hours)
    columns: dict[str, Any] = {
        "name": "30 minute meeting",
        "slug": "30min",
        "durations": (30,),
        "interval": 30,
        "horizon_days": DEFAULT_HORIZON,
    }
    calendar = insert_calendar(
        [CompleteHost(member, (schedule,))], columns, public_id=new_public_id("cal"), now=now
    )
    return SetUp(member, workspace, calendar)


def _parse(raw: Mapping[str, Any], now: datetime) -> tuple[User, Workspace, ScheduleInput]:
    fields = Fields(raw)
    fields.only(("name", "email", "password", "workspace", "timezone", "weekly"))
    name = fields.text("name", most=120, required=True)
    email = fields.email("email", required=True).lower()
    title = fields.text("workspace", most=120) or name
    timezone = fields.zone("timezone", required=True)
    user = User(name=name, email=email)
    password = read_password(fields, user)
    hours = None
    try:
        hours = parse_schedule({"timezone": timezone or "UTC", "weekly": raw.get("weekly") or WORKING_WEEK})
    except Invalid as error:
        fields.errors |= {key: list(reasons) for key, reasons in error.errors.items()}
    if fields.errors or hours is None:
        raise Invalid(fields.errors)
    user.set_password(password)
    slug = slug_from(title, "me")
    workspace = Workspace(
        slug=f"{slug}-1" if slug in RESERVED else slug, name=title, timezone=timezone, created_at=now
    )
    return user, workspace, hours
