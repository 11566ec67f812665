"""Journeys never overlap, a member keeps a schedule, hours in use are never deleted: whoever comes first."""

from __future__ import annotations

from tests.live import LiveBookonce
from tests.races.beside import in_product
from tests.races.storm import rows

_AT_ONCE = """
from threading import Barrier, Thread
from django.db import connection
from bookonce.scheduling.errors import SchedulingError
from bookonce.scheduling.journeys import add_journey
from bookonce.scheduling.schedules import create_schedule, delete_schedule
owner = Member.objects.select_related("workspace", "user").order_by("pk")[0]
HOURS = {"timezone": "Europe/Berlin", "weekly": [{"days": [1], "start": "18:00", "end": "21:00"}]}

def at_once(acts):
    said, start = [], Barrier(len(acts))
    def run(act):
        start.wait()
        try:
            act()
            said.append("done")
        except SchedulingError as refusal:
            said.append(refusal.code)
        except Exception as error:
            said.append(repr(error))
        finally:
            connection.close()
    threads = [Thread(target=run, args=[act]) for act in acts]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return said
"""
_JOURNEYS = (
    _AT_ONCE
    + """
def journey(number):
    days = {"from": f"2027-01-{10 - number:02}", "to": f"2027-01-{10 + number:02}", "timezone": "Asia/Tokyo"}
    return lambda: add_journey(days, by=owner, now=clock.now())
print(json.dumps(at_once([journey(number) for number in range(8)])))
"""
)
_LAST = (
    _AT_ONCE
    + """
from bookonce.accounts.models import User
said = []
for number in range(given["rounds"]):
    user = User.objects.create(email=f"last{number}@example.org", name="Last")
    columns = {"workspace": owner.workspace, "user": user, "role": "member", "created_at": clock.now()}
    member = Member.objects.create(**columns)
    made = [create_schedule(member, HOURS, now=clock.now()) for _ in range(2)]
    acts = [lambda each=each: delete_schedule(each, by=member, now=clock.now()) for each in made]
    said.append(at_once(acts))
print(json.dumps(said))
"""
)
_IN_USE = (
    _AT_ONCE
    + """
calendar = Calendar.objects.select_related("workspace", "schedule").get(slug="30min")
first, said = calendar.schedule.public_id, []
def use(*names):
    host = {"member": owner.user.email, "schedules": list(names)}
    update_calendar(calendar, {"hosts": [host]}, by=Actor("cli"), now=clock.now())
for _ in range(given["rounds"]):
    made = create_schedule(owner, HOURS, now=clock.now())
    name = made.public_id
    said += at_once([lambda: use(name), lambda: delete_schedule(made, by=owner, now=clock.now())])
    use(first)
print(json.dumps(said))
"""
)


def test_eight_overlapping_journeys_at_once_leave_one(live_bookonce: LiveBookonce) -> None:
    said = in_product(live_bookonce, _JOURNEYS)
    assert sorted(said) == ["done"] + ["invalid"] * 7
    assert rows(live_bookonce, "SELECT COUNT(*) FROM scheduling_journey") == [(1,)]


def test_two_last_schedules_deleted_at_once_leave_one(live_bookonce: LiveBookonce) -> None:
    for said in in_product(live_bookonce, _LAST, rounds=10):
        assert sorted(said) == ["conflict", "done"]


def test_hours_are_never_deleted_under_a_calendar(live_bookonce: LiveBookonce) -> None:
    said = in_product(live_bookonce, _IN_USE, rounds=25)
    assert set(said) <= {"done", "conflict", "invalid", "not_found"}, said
    assert said.count("done") >= 25
    without = """SELECT COUNT(*) FROM scheduling_calendar c WHERE NOT EXISTS
        (SELECT 1 FROM scheduling_schedule s WHERE s.id = c.schedule_id)"""
    assert rows(live_bookonce, without) == [(0,)]
