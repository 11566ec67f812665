"""Out of office: local days on which a host takes no bookings, on any calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from bookonce.accounts.models import Member
from bookonce.lib.fields import Fields
from bookonce.lib.tokens import new_public_id
from bookonce.scheduling import host_time, idempotency
from bookonce.scheduling.errors import Conflict, Invalid, NotFound
from bookonce.scheduling.host_access import check_may_change, read_host
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.local_range import read_range
from bookonce.scheduling.models import TimeOff
from bookonce.scheduling.transaction import one_transaction

KNOWN = ("member", "from", "to", "note")
LONGEST_NOTE = 120
MOST_OF_A_MEMBER = 500


@dataclass(frozen=True, slots=True)
class TimeOffInput:
    """Checked days, both inclusive, in the zone of each of the host's schedules."""

    host: Member
    first_day: date
    last_day: date
    note: str


def parse_time_off(raw: Mapping[str, Any], *, by: Member, new: bool = True) -> TimeOffInput:
    """Check `{"member", "from", "to", "note"}`; without a member it is for `by`, without `to` for one day.

    What is not new stays with its member.

    Raises:
        Invalid: one sentence per fault, by field.
    """
    fields = Fields(raw)
    fields.only(KNOWN if new else KNOWN[1:])
    checked = TimeOffInput(read_host(fields, by), *read_range(fields), fields.text("note", most=LONGEST_NOTE))
    if fields.errors:
        raise Invalid(fields.errors)
    return checked


@one_transaction
def add_time_off(
    raw: Mapping[str, Any], *, by: Member, now: datetime, retry: Idempotency | None = None
) -> TimeOff:
    """Take the member out of office; appointments already made on these days stay.

    Raises:
        Invalid: by field. NotAllowed: it is someone else. Conflict: they have too many.
        NotFound: it was added by an earlier request with the same key, and removed since.
    """
    fresh = {"time_off": new_public_id("off")}
    earlier = idempotency.claim(retry, fresh, now=now)
    if earlier is not None:
        return _made_before(earlier["time_off"])
    given = parse_time_off(raw, by=by)
    check_may_change(by, given.host)
    host_time.lock_hosts([given.host.pk], now=now)  # which makes the count hold
    if TimeOff.objects.filter(member=given.host).count() >= MOST_OF_A_MEMBER:
        raise Conflict(_("A member is out of office at most %(most)s times.") % {"most": MOST_OF_A_MEMBER})
    time_off = TimeOff.objects.create(
        public_id=fresh["time_off"],
        member=given.host,
        first_day=given.first_day,
        last_day=given.last_day,
        note=given.note,
    )
    host_time.raise_versions([given.host.pk])
    return time_off


@one_transaction
def change_time_off(time_off: TimeOff, raw: Mapping[str, Any], *, by: Member, now: datetime) -> None:
    """Give it other days or another note; what is not sent stays.

    Raises:
        Invalid: by field. NotAllowed: it is someone else's. NotFound: it was removed meanwhile.
    """
    check_may_change(by, time_off.member)
    host_time.lock_hosts([time_off.member_id], now=now)
    # Merged once it is locked: two changes at once must not combine into days that nobody checked together.
    present = TimeOff.objects.filter(pk=time_off.pk).first()
    if present is None:
        raise NotFound
    kept = {"from": str(present.first_day), "to": str(present.last_day), "note": present.note}
    given = parse_time_off(kept | dict(raw), by=by, new=False)
    TimeOff.objects.filter(pk=present.pk).update(
        first_day=given.first_day, last_day=given.last_day, note=given.note
    )
    host_time.raise_versions([time_off.member_id])


@one_transaction
def remove_time_off(time_off: TimeOff, *, by: Member, now: datetime) -> bool:
    """Put the host back to work; False when that was done before.

    Raises:
        NotAllowed: it is someone else's.
    """
    check_may_change(by, time_off.member)
    host_time.lock_hosts([time_off.member_id], now=now)
    removed, _rows = TimeOff.objects.filter(pk=time_off.pk).delete()
    host_time.raise_versions([time_off.member_id])
    return bool(removed)


def _made_before(public_id: str) -> TimeOff:
    found = TimeOff.objects.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found
