"""The hours with which a member begins."""

from __future__ import annotations

from bookonce.accounts.models import Member
from bookonce.lib.tokens import new_public_id
from bookonce.scheduling.models import Schedule
from bookonce.scheduling.schedules import ScheduleInput, insert_hours


def insert_schedule(member: Member, given: ScheduleInput) -> Schedule:
    """The member's first schedule, within the transaction that makes the member."""
    schedule = Schedule.objects.create(
        public_id=new_public_id("sch"),
        workspace_id=member.workspace_id,
        member=member,
        name=given.name,
        timezone=given.timezone,
    )
    insert_hours(schedule, given)
    return schedule
