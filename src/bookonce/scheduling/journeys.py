"""Journeys: local days on which a host's hours are those of another zone's clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from bookonce.accounts.models import Member
from bookonce.lib.fields import Fields
from bookonce.lib.tokens import new_public_id
from bookonce.scheduling import host_time
from bookonce.scheduling.errors import Conflict, Invalid, NotFound
from bookonce.scheduling.host_access import check_may_change, read_host
from bookonce.scheduling.local_range import read_range
from bookonce.scheduling.models import Journey
from bookonce.scheduling.transaction import one_transaction

KNOWN = ("member", "from", "to", "timezone")
MOST_OF_A_MEMBER = 200
_FREE = """NOT EXISTS (SELECT 1 FROM scheduling_journey j
  WHERE j.member_id = %s AND j.id <> %s AND j.last_day >= %s AND j.first_day <= %s)"""


@dataclass(frozen=True, slots=True)
class JourneyInput:
    """Checked days, both inclusive, and the zone in which the host is then."""

    host: Member
    first_day: date
    last_day: date
    timezone: str


def parse_journey(raw: Mapping[str, Any], *, by: Member, new: bool = True) -> JourneyInput:
    """Check `{"member", "from", "to", "timezone"}`; without a member it is for `by`.

    What is not new stays with its member.

    Raises:
        Invalid: one sentence per fault, by field.
    """
    fields = Fields(raw)
    fields.only(KNOWN if new else KNOWN[1:])
    checked = JourneyInput(read_host(fields, by), *read_range(fields), fields.zone("timezone", required=True))
    if fields.errors:
        raise Invalid(fields.errors)
    return checked


@one_transaction
def add_journey(raw: Mapping[str, Any], *, by: Member, now: datetime) -> Journey:
    """Let the member's hours be those of another zone on these days; appointments already made stay.

    Raises:
        Invalid: by field, among them days of another journey. NotAllowed: it is someone else.
        Conflict: they have too many.
    """
    given = parse_journey(raw, by=by)
    check_may_change(by, given.host)
    host_time.lock_hosts([given.host.pk], now=now)  # which makes the count hold
    if Journey.objects.filter(member=given.host).count() >= MOST_OF_A_MEMBER:
        raise Conflict(_("A member has at most %(most)s journeys.") % {"most": MOST_OF_A_MEMBER})
    public_id = new_public_id("jny")
    first, last = _columns(given)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scheduling_journey (public_id, member_id, first_day, last_day, timezone) "
            f"SELECT %s, %s, %s, %s, %s WHERE {_FREE}",
            [public_id, given.host.pk, first, last, given.timezone, given.host.pk, 0, first, last],
        )
        if cursor.rowcount != 1:
            raise _elsewhere(given, besides=0)
    host_time.raise_versions([given.host.pk])
    return Journey.objects.get(public_id=public_id)


@one_transaction
def change_journey(journey: Journey, raw: Mapping[str, Any], *, by: Member, now: datetime) -> None:
    """Give it other days or another zone.

    Raises:
        Invalid: by field, among them days of another journey. NotAllowed: it is someone else's.
        NotFound: it was removed meanwhile.
    """
    check_may_change(by, journey.member)
    given = parse_journey(raw, by=by, new=False)
    host_time.lock_hosts([journey.member_id], now=now)
    first, last = _columns(given)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE scheduling_journey SET first_day = %s, last_day = %s, timezone = %s "
            f"WHERE id = %s AND {_FREE}",
            [first, last, given.timezone, journey.pk, journey.member_id, journey.pk, first, last],
        )
        changed = cursor.rowcount == 1
    if not changed:
        if Journey.objects.filter(pk=journey.pk).exists():
            raise _elsewhere(given, besides=journey.pk, host=journey.member)
        raise NotFound
    host_time.raise_versions([journey.member_id])


@one_transaction
def remove_journey(journey: Journey, *, by: Member, now: datetime) -> bool:
    """Let the hours be those of the schedules again; False when that was done before.

    Raises:
        NotAllowed: it is someone else's.
    """
    check_may_change(by, journey.member)
    host_time.lock_hosts([journey.member_id], now=now)
    removed, _rows = Journey.objects.filter(pk=journey.pk).delete()
    host_time.raise_versions([journey.member_id])
    return bool(removed)


def _columns(given: JourneyInput) -> tuple[Any, Any]:
    adapt = connection.ops.adapt_datefield_value
    return adapt(given.first_day), adapt(given.last_day)


def _elsewhere(given: JourneyInput, *, besides: int, host: Member | None = None) -> Invalid:
    others = Journey.objects.filter(
        member=host or given.host, last_day__gte=given.first_day, first_day__lte=given.last_day
    )
    other = others.exclude(pk=besides).first()
    where = other.timezone.replace("_", " ") if other else ""
    return Invalid({"from": [_("On these days there is a journey already: %(zone)s.") % {"zone": where}]})
