"""Calendars of several hosts, classes and limits for the race tests, and what must hold for them for ever."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from bookonce.scheduling import slots as engine
from tests.live import LiveBookonce
from tests.races.beside import in_product
from tests.races.storm import BERLIN, Post, check_promises, guest, rows

# Members of the workspace, each at work Monday to Friday, 09:00 to 17:00.
_MEMBERS = """
from bookonce.accounts.models import User
from bookonce.lib.tokens import new_public_id
from bookonce.scheduling.schedules import WORKING_WEEK, insert_hours, parse_schedule
workspace = Member.objects.select_related("workspace").order_by("pk")[0].workspace
there = Member.objects.count()
for number in range(there, there + given["number"]):
    user = User.objects.create(email=f"host{number}@example.org", name=f"Host {number}")
    member = Member.objects.create(workspace=workspace, user=user, role="member", created_at=clock.now())
    schedule = Schedule.objects.create(public_id=new_public_id("sch"), workspace=workspace, member=member,
        name="Working hours", timezone="Europe/Berlin")
    insert_hours(schedule, parse_schedule({"timezone": "Europe/Berlin", "weekly": WORKING_WEEK}))
print(json.dumps([f"host{number}@example.org" for number in range(there, there + given["number"])]))
"""
_CALENDARS = """SELECT c.id, c.per_day, c.per_week, c.per_month, w.week_start, s.timezone
  FROM scheduling_calendar c JOIN accounts_workspace w ON w.id = c.workspace_id
  JOIN scheduling_schedule s ON s.id = c.schedule_id"""
_LIVE = "SELECT calendar_id, starts FROM scheduling_appointment WHERE status <> 'cancelled'"
_COUNTS = "SELECT calendar_id, unit, first_day, taken FROM scheduling_limitcount WHERE taken > 0"
_LIVE_BOOKINGS = "b.appointment_id = a.id AND b.status IN ('new', 'confirmed')"
_NEVER = {
    "a session whose seats are not those of its parties": f"""SELECT COUNT(*) FROM scheduling_appointment a
        WHERE a.seats_taken IS NOT NULL AND a.seats_taken <>
        (SELECT COALESCE(SUM(b.party), 0) FROM scheduling_booking b WHERE {_LIVE_BOOKINGS})""",
    "two live sessions of a class at one time": """SELECT COUNT(*) FROM (SELECT 1 FROM scheduling_appointment
        WHERE seats_taken IS NOT NULL AND status <> 'cancelled' GROUP BY calendar_id, starts
        HAVING COUNT(*) > 1) AS twice""",
    "an appointment that lives without a booking, or has ended with one": f"""SELECT COUNT(*)
        FROM scheduling_appointment a WHERE (a.status <> 'cancelled') <>
        EXISTS (SELECT 1 FROM scheduling_booking b WHERE {_LIVE_BOOKINGS})""",
    "two parties in an appointment without seats": f"""SELECT COUNT(*) FROM scheduling_appointment a
        WHERE a.seats_taken IS NULL AND
        (SELECT COUNT(*) FROM scheduling_booking b WHERE {_LIVE_BOOKINGS}) > 1""",
    "a live appointment that blocks nobody": """SELECT COUNT(*) FROM scheduling_appointment a
        WHERE a.status <> 'cancelled' AND NOT EXISTS
        (SELECT 1 FROM scheduling_blockedtime t WHERE t.appointment_id = a.id AND t.live)""",
    "time still blocked by what was cancelled": """SELECT COUNT(*) FROM scheduling_blockedtime t
        JOIN scheduling_appointment a ON a.id = t.appointment_id WHERE t.live AND a.status = 'cancelled'""",
    "a use given back by a booking that lives": """SELECT COUNT(*) FROM scheduling_linkuse u
        JOIN scheduling_booking b ON b.link_use_id = u.id
        WHERE u.returned_at IS NOT NULL AND b.status <> 'cancelled'""",
    "a cancellation told twice": """SELECT COUNT(*) FROM (SELECT 1 FROM scheduling_event
        WHERE kind = 'booking.cancelled' GROUP BY booking_id HAVING COUNT(*) > 1) AS twice""",
    "a turn less than none": "SELECT COUNT(*) FROM scheduling_calendarhost WHERE turns < 0 OR last_turn < 0",
}


@dataclass(frozen=True)
class TeamCalendar:
    """A calendar made over REST: its id, and the address that anyone may book through."""

    id: str
    slug: str
    url: str

    def posts(self, starts: list[str], **changes: Any) -> list[Post]:
        """A booking for each start, each by another guest."""
        return [Post(self.url, guest(start, number, **changes)) for number, start in enumerate(starts)]


def new_members(live: LiveBookonce, number: int) -> list[str]:
    """The e-mail addresses of so many new members."""
    return [str(email) for email in in_product(live, _MEMBERS, number=number)]


def new_team_calendar(live: LiveBookonce, hosts: list[str], **settings: Any) -> TeamCalendar:
    """Over REST; 30 minutes long unless told."""
    given = {"name": f"Team {settings.get('kind', '')}", "duration": 30, "hosts": hosts} | settings
    status, reply = call(live, "POST", "/api/v1/calendars", given)
    assert status == 201, reply
    return TeamCalendar(reply["id"], reply["slug"], reply["permanent_link"])


def call(live: LiveBookonce, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """One request with the owner's key; status and JSON."""
    connection = HTTPConnection("127.0.0.1", live.port, timeout=60)
    headers = {"Host": f"localhost:{live.port}", "Authorization": f"Bearer {live.owner['api_key']}"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    answer = connection.getresponse()
    reply = json.loads(answer.read())
    connection.close()
    return answer.status, reply


def shown(live: LiveBookonce, calendar: TeamCalendar, start: str) -> bool:
    """Whether the calendar's list offers this start."""
    day = datetime.fromisoformat(start).date()
    query = f"from={day}&to={day}&timezone=Europe/Berlin"
    status, reply = call(live, "GET", f"{urlsplit(calendar.url).path}/slots?{query}")
    assert status == 200, reply
    return start in reply["slots"].get(day.isoformat(), [])


def live_appointments(live: LiveBookonce, calendar: TeamCalendar, start: str = "") -> list[tuple[Any, ...]]:
    """Row, seats taken and number of hosts of each; with `start`, of those that start then."""
    at = f"AND a.starts = {int(datetime.fromisoformat(start).timestamp()) // 60}" if start else ""
    return rows(
        live,
        f"""SELECT a.id, a.seats_taken,
          (SELECT COUNT(*) FROM scheduling_blockedtime t WHERE t.appointment_id = a.id AND t.live)
        FROM scheduling_appointment a JOIN scheduling_calendar c ON c.id = a.calendar_id
        WHERE c.public_id = '{calendar.id}' AND a.status <> 'cancelled' {at} ORDER BY a.id""",
    )


def working_days(number: int, *, weeks_ahead: int) -> list[datetime]:
    """So many of them from a Monday on, at 09:00 in Berlin."""
    today = datetime.now(BERLIN).replace(hour=9, minute=0, second=0, microsecond=0)
    monday = today + timedelta(days=7 * weeks_ahead - today.weekday())
    days = (monday + timedelta(days=ahead) for ahead in range(2 * number + 2))
    return [day for day in days if day.weekday() < 5][:number]


def days_of_a_month(*, months_ahead: int) -> list[datetime]:
    """The working days of one month, at 09:00 in Berlin."""
    day = datetime.now(BERLIN).replace(day=1, hour=9, minute=0, second=0, microsecond=0)
    for _ in range(months_ahead):
        day = (day + timedelta(days=32)).replace(day=1)
    month = (day + timedelta(days=ahead) for ahead in range(28))
    return [each for each in month if each.weekday() < 5]


def check_team_promises(live: LiveBookonce) -> None:
    """Seats are those of the parties, limits count what lives, nobody is booked twice, links are right."""
    check_promises(live)
    for what, statement in _NEVER.items():
        assert rows(live, statement) == [(0,)], what
    assert counted(live) == to_be_counted(live)


def counted(live: LiveBookonce) -> Counter[tuple[int, str, int]]:
    """What the counters of limits say, by calendar, unit and first day."""
    return Counter({(calendar, unit, first): taken for calendar, unit, first, taken in rows(live, _COUNTS)})


def to_be_counted(live: LiveBookonce) -> Counter[tuple[int, str, int]]:
    """The same from the live appointments themselves."""
    starts: dict[int, list[int]] = {}
    for calendar, start in rows(live, _LIVE):
        starts.setdefault(calendar, []).append(start)
    found: Counter[tuple[int, str, int]] = Counter()
    for calendar, per_day, per_week, per_month, week_start, zone in rows(live, _CALENDARS):
        rules = engine.SlotRules(
            durations=(30,),
            interval=30,
            per_day=per_day,
            per_week=per_week,
            per_month=per_month,
            week_start=week_start,
        )
        periods = engine.count_periods(rules, zone, starts.get(calendar, ()))
        found.update({(calendar, *period): taken for period, taken in periods.items()})
    return found


def at(day: datetime, minutes: int) -> str:
    """So many minutes after this time of day, as guests send it."""
    later = day.astimezone(UTC) + timedelta(minutes=minutes)
    return later.astimezone(BERLIN).isoformat()
