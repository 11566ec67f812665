"""The owner asks why a time is not offered: every start of a day, and the rule that took it out."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookonce.scheduling.calendar_groups import set_group_paused
from bookonce.scheduling.calendar_hosts import CompleteHost, keep_hosts
from bookonce.scheduling.hold_time import hold_time
from bookonce.scheduling.models import (
    Calendar,
    HolidayRegion,
    OneTimeLink,
    OverrideHours,
    TimeOff,
)
from bookonce.scheduling.offer import Door
from bookonce.scheduling.update_link import update_link
from tests.cast import MONDAY_TEN, NOW, Person, book_through, make_link
from tests.groups import make_group, make_group_link
from tests.pages.owner import read, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
MONDAY = "2026-11-30"
TAG = re.compile(r"<svg.*?</svg>|<[^>]+>", re.DOTALL)


def why(person: Person, status: int = 200, /, **query: str) -> str:
    """The page about the person's calendar on the cast's Monday."""
    path = f"/app/calendars/{person.calendar.public_id}/why/"
    return unescape(read(signed_in(person), path, status, **({"day": MONDAY} | query)))


def rows(page: str) -> dict[str, str]:
    """The words of each row after its times, by its title."""
    found = {}
    for row in page.split('<div class="why-row">')[1:]:
        words = " ".join(TAG.sub(" ", row.split("</section>")[0]).split())
        title = re.match(r"[\d:]+( \w*T)?( to [\d:]+)?", words)
        assert title, words
        found[title[0]] = words[title.end() :].strip()
    return found


def change(person: Person, **columns: Any) -> None:
    """Set the calendar's rules."""
    Calendar.objects.filter(pk=person.calendar.pk).update(**columns)


def test_a_free_day_is_offered_by_parts_of_the_day(alice: Person) -> None:
    page = why(alice)
    assert "16 of 16 starts are offered" in page
    assert list(rows(page)) == ["09:00 to 11:30", "12:00 to 16:30"]
    assert "Offered" in rows(page)["09:00 to 11:30"]
    assert "Morning" in page
    assert "Evening" not in page


def test_an_appointment_in_the_way_is_named_and_linked(alice: Person) -> None:
    booked = book_through(make_link(alice), "2026-11-30T10:00:00+01:00")
    page = why(alice)
    assert "Busy Alice is busy 10:00 to 10:30." in rows(page)["10:00"]
    assert "Gina Guest, Alice's meeting" in rows(page)["10:00"]
    appointment = re.search(r'href="/app/appointments/([^"]+)/"', page)
    assert appointment
    assert booked.public_id
    assert signed_in(alice).get(f"/app/appointments/{appointment[1]}/").status_code == 200


def test_buffers_are_told_apart_from_appointments(alice: Person) -> None:
    change(alice, buffer_after=15)
    book_through(make_link(alice), "2026-11-30T10:00:00+01:00")
    change(alice, buffer_before=5)
    found = rows(why(alice))
    late = "Too close to what Alice has 10:00 to 10:30, which takes 10:00 to 10:45 with its buffers."
    assert late in found["10:30"]
    assert "An appointment here needs" not in found["10:30"]
    early = "Too close to what Alice has 10:00 to 10:30. An appointment here needs 15 minutes free after it."
    assert early in found["09:30"]
    assert "Change the buffers" in found["09:30"]


def test_a_kept_time_says_until_when(alice: Person) -> None:
    Calendar.objects.update(hold_minutes=10)
    door = Door.permanent(alice.calendar.permanent_id)
    hold_time(door, {"start": MONDAY_TEN}, visitor="", now=NOW)
    said = rows(why(alice))["10:00"]
    assert "10:00 to 10:30 of Alice is kept for a visitor until Mon 23 Nov, 09:10." in said


def test_a_held_time_names_its_link(alice: Person) -> None:
    link = make_link(alice, label="For Sam").link
    update_link(link.pk, {"slots": [MONDAY_TEN], "hold_slots": True}, now=NOW)
    answer = why(alice)
    assert "10:00 to 10:30 of Alice is held for the link \u201cFor Sam\u201d." in rows(answer)["10:00"]
    assert f"/app/links/{link.public_id}/" in answer
    assert "Not one of the times that were picked" in why(alice, view=link.public_id)


@pytest.mark.parametrize(
    ("columns", "asked", "said", "anchor"),
    [
        ({"notice": 120}, {"day": "2026-11-23"}, "booked at least 2 hours ahead", "#id_notice_number"),
        ({"horizon_days": 3}, {}, "opens 3 days ahead", "#when"),
        ({"horizon_working_days": 2}, {}, "opens 2 working days ahead", "#when"),
        (
            {"last_day": date(2026, 11, 27)},
            {},
            "Outside the dates of this calendar: until Fri 27 Nov 2026",
            "#when",
        ),
        ({"per_day": 1}, {}, "The day's limit of 1 appointment is reached", "#limits"),
        ({"per_week": 1}, {}, "The week's limit of 1 appointment is reached", "#limits"),
        ({"per_month": 1}, {}, "The month's limit of 1 appointment is reached", "#limits"),
        ({"look_busy": 100}, {}, "look busy hides 100% of the times", "#limits"),
    ],
)
def test_each_rule_of_the_calendar_is_told_with_the_way_to_it(
    alice: Person, columns: dict[str, Any], asked: dict[str, str], said: str, anchor: str
) -> None:
    change(alice, **columns)
    if any(name.startswith("per_") for name in columns):
        book_through(make_link(alice), "2026-11-30T16:30:00+01:00")
    page = why(alice, **asked)
    assert said in page
    assert f'href="/app/calendars/{alice.calendar.public_id}/{anchor}"' in page


def test_the_past_is_over(alice: Person) -> None:
    page = why(alice, day="2026-11-20")
    assert "0 of 16 starts are offered" in page
    assert "This time is over." in page


def test_a_length_that_does_not_fit(alice: Person) -> None:
    change(alice, durations=(30, 90))
    page = why(alice, duration="90")
    assert "90 minutes would run past the end of Alice's hours." in rows(page)["16:00 to 16:30"]
    assert f'href="/app/schedules/{alice.schedule.public_id}/"' in page


@pytest.mark.parametrize(
    ("arrange", "said"),
    [
        (
            lambda person: OverrideHours.objects.create(schedule=person.schedule, day=date(2026, 11, 30)),
            "Alice is closed on Mon 30 Nov 2026 (Working hours).",
        ),
        (
            lambda person: TimeOff.objects.create(
                public_id="off_1",
                member=person.member,
                first_day=date(2026, 11, 28),
                last_day=date(2026, 12, 1),
                note="Sailing",
            ),
            "Alice is out of office: Sat 28 Nov 2026 to Tue 1 Dec 2026 (Sailing).",
        ),
        (
            lambda person: HolidayRegion.objects.create(
                member=person.member, country="GB", subdivision="SCT"
            ),
            "Alice keeps a public holiday on Mon 30 Nov 2026: Saint Andrew's Day.",
        ),
    ],
)
def test_a_closed_day_says_what_closed_it(alice: Person, arrange: Any, said: str) -> None:
    arrange(alice)
    page = why(alice)
    assert "Closed all day" in page
    assert said in page
    assert '<div class="why-row">' not in page
    assert "Outside" not in page


def test_time_off_is_opened_by_its_host_and_by_administrators(alice: Person, bob: Person) -> None:
    days = {"first_day": date(2026, 11, 30), "last_day": date(2026, 11, 30)}
    TimeOff.objects.create(public_id="off_1", member=alice.member, **days)
    leads = re.search(r'href="(/app/time-off/[^"]*)"', why(alice))
    assert leads
    assert signed_in(alice).get(leads[1]).status_code == 200
    path = f"/app/calendars/{alice.calendar.public_id}/why/"
    assert "/app/time-off/?" not in read(signed_in(bob), path, day=MONDAY)


def test_other_hours_on_a_date(alice: Person) -> None:
    OverrideHours.objects.create(schedule=alice.schedule, day=date(2026, 11, 30), starts=1080, ends=1140)
    found = rows(why(alice))
    assert "Other hours Alice has other hours on Mon 30 Nov 2026" in found["09:00 to 11:30"]
    assert "Offered" in found["18:00 to 18:30"]


def test_a_day_without_hours(alice: Person) -> None:
    page = why(alice, day="2026-11-29")
    assert "No hours on Sunday" in page
    assert "Alice's weekly hours have none on this day" in page
    assert f'href="/app/schedules/{alice.schedule.public_id}/"' in page


def test_one_time_is_answered(alice: Person) -> None:
    book_through(make_link(alice), "2026-11-30T10:00:00+01:00")
    page = why(alice, time="10:00").split("why-answer")
    assert len(page) == 2
    assert "Alice is busy 10:00 to 10:30." in page[1].split("</section>")[0]


@pytest.mark.parametrize(
    ("time", "said", "near"),
    [
        ("10:10", "No start lies at 10:10: one comes every 30 minutes", ["10:00", "10:30"]),
        ("16:45", "No start lies at 16:45", ["16:30"]),
        ("07:00", "07:00 lies outside the hours.", ["09:00"]),
        ("22:00", "22:00 lies outside the hours.", ["16:30"]),
    ],
)
def test_a_time_off_the_grid_says_so_and_names_the_nearest(
    alice: Person, time: str, said: str, near: list[str]
) -> None:
    page = why(alice, time=time)
    answer = page.split("why-answer")[1].split("</section>")[0]
    assert said in answer
    assert re.findall(r'<span class="strong">([\d:]+)</span> <span class="pill', answer) == near


def test_a_time_that_the_clock_skips_or_shows_twice(alice: Person) -> None:
    change(alice, horizon_days=None)
    OverrideHours.objects.create(schedule=alice.schedule, day=date(2027, 10, 31), starts=60, ends=240)
    assert "The clock skips this time" in why(alice, day="2027-03-28", time="02:30")
    twice = why(alice, day="2027-10-31", time="02:30")
    assert twice.count('class="card card-flush why-answer"') == 2
    assert "02:30 CEST" in twice
    assert "02:30 CET" in twice


def test_refusals_come_before_all_starts(alice: Person) -> None:
    link = make_link(alice)
    for columns, query, said in (
        ({"paused_at": NOW}, {}, "this calendar is paused"),
        ({"deleted_at": NOW}, {}, "this calendar is deleted"),
        ({"one_time_only": True}, {"view": "public"}, "booked by one-time links only"),
    ):
        change(alice, **({"paused_at": None, "deleted_at": None, "one_time_only": False} | columns))
        page = why(alice, **query)
        assert said in page
        assert '<div class="why-row">' not in page
    change(alice, one_time_only=True)
    assert "16 of 16" in why(alice)  # asked as a one-time link
    book_through(link)
    assert "it has been used" in why(alice, view=link.link.public_id)
    assert link.link.public_id not in why(alice).split("</select>")[0]


def test_a_link_is_asked_by_its_own_window_and_lengths(alice: Person) -> None:
    change(alice, durations=(30, 60), last_day=date(2026, 12, 31))
    link = make_link(alice, last_day=date(2026, 11, 27), durations=(60,), label="For Mara").link
    page = why(alice, view=link.public_id)
    assert "Outside the days of this link: until Fri 27 Nov 2026." in page
    assert f'href="/app/links/{link.public_id}/"' in page
    page = why(alice, view=link.public_id, duration="30", day="2026-11-27")
    assert "This link is for appointments of 1 hour." in page
    assert "For Mara" in page


def test_the_days_of_the_calendar_and_those_of_the_link_are_told_apart(alice: Person) -> None:
    link = make_link(alice, last_day=date(2026, 12, 24)).link
    change(alice, first_day=date(2027, 1, 4))
    told = why(alice, view=link.public_id)
    assert "Outside the dates of this calendar: from Mon 4 Jan 2027" in told
    assert "24 Dec" not in told


def test_a_one_time_link_sees_what_look_busy_hides(alice: Person) -> None:
    change(alice, look_busy=100)
    assert "0 of 16" in why(alice)
    assert "16 of 16" in why(alice, view="one-time")
    assert "16 of 16" in why(alice, view=make_link(alice).link.public_id)


def team(alice: Person, bob: Person, kind: str, **columns: Any) -> None:
    """Alice and Bob host her calendar together."""
    hosts = [CompleteHost(each.member, (each.schedule,)) for each in (alice, bob)]
    keep_hosts(alice.calendar, hosts)
    change(alice, kind=kind, **columns)


def test_a_team_is_explained_host_by_host(alice: Person, bob: Person) -> None:
    book_through(make_link(alice), "2026-11-30T10:00:00+01:00")
    book_through(make_link(bob), "2026-11-30T10:00:00+01:00", email="x@example.org")
    book_through(make_link(bob), "2026-11-30T14:00:00+01:00", email="y@example.org")
    team(alice, bob, "round_robin")
    found = rows(why(alice))
    assert "No host can: busy (2)." in found["10:00"]
    assert "Alice Alice is busy 10:00 to 10:30." in found["10:00"]
    assert "Bob Bob is busy 10:00 to 10:30." in found["10:00"]
    assert "Alice can host." in found["14:00"]
    assert "Alice, Bob can host." in found["14:30 to 16:30"]
    change(alice, kind="collective")
    found = rows(why(alice))
    assert "Bob is busy 14:00 to 14:30." in found["14:00"]
    assert "Alice Free" in found["14:00"]
    assert "Alice is busy 10:00 to 10:30. 1 more host can't." in found["10:00"]


def test_seats_of_a_class(alice: Person) -> None:
    change(alice, kind="class", seats=4)
    book_through(make_link(alice), "2026-11-30T10:00:00+01:00", party=3)
    page = why(alice)
    assert "1 of 4 seats is left." in rows(page)["10:00"]
    assert "4 of 4 seats are left." in rows(page)["09:00 to 09:30"]
    page = why(alice, party="2")
    assert "Only 1 of 4 seats is left." in rows(page)["10:00"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"day": "soon"}, "id_day"),
        ({"day": "1815-06-18"}, "id_day"),
        ({"day": "9999-12-31"}, "id_day"),
        ({"time": "25:00"}, "id_time"),
        ({"time": "\x00"}, "id_time"),
        ({"duration": "45"}, "id_duration"),
        ({"duration": "x"}, "id_duration"),
        ({"party": "2"}, ""),
        ({"day": "2026-11-30\x00"}, "id_day"),
    ],
)
def test_a_bad_question_is_told_by_field(alice: Person, query: dict[str, str], field: str) -> None:
    change(alice, durations=(30, 60))
    page = why(alice, 422, **query)
    assert 'role="alert"' in page
    assert not field or f'id="{field}_error"' in page


def test_edges_of_the_calendar_and_odd_views(alice: Person, bob: Person) -> None:
    for day in ("2000-01-01", "2199-12-31"):
        assert "starts are offered" in why(alice, day=day) or "No hours" in why(alice, day=day)
    link = make_link(bob).link
    for view in ("nonsense", "lnk_\x00", link.public_id, "lnk_aaaaaaaaaaaaaaaa"):
        path = f"/app/calendars/{alice.calendar.public_id}/why/"
        assert signed_in(alice).get(path, {"view": view}).status_code == 404


def test_members_may_ask_and_charlie_may_not(alice: Person, bob: Person, charlie: Person) -> None:
    path = f"/app/calendars/{alice.calendar.public_id}/why/"
    assert "16 of 16" in unescape(read(signed_in(bob), path, day=MONDAY))
    assert signed_in(charlie).get(path).status_code == 404
    link = make_link(alice).link
    own = f"/app/calendars/{charlie.calendar.public_id}/why/"
    assert signed_in(charlie).get(own, {"view": link.public_id}).status_code == 404
    assert Client().get(path).status_code == 302
    assert signed_in(alice).post(path).status_code == 405


def test_reading_takes_a_fixed_number_of_statements(alice: Person, bob: Person) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            read(client, f"/app/calendars/{alice.calendar.public_id}/why/", day=MONDAY)
        return len(captured)

    client = signed_in(alice)
    count()
    before = count()
    for hour in (10, 11, 12):
        book_through(make_link(alice), f"2026-11-30T{hour}:00:00+01:00", email=f"g{hour}@example.org")
        make_link(alice)
    team(alice, bob, "round_robin")
    assert count() == before <= 16


def test_nothing_is_written_and_no_link_is_opened(alice: Person) -> None:
    link = make_link(alice).link
    why(alice, view=link.public_id, time="10:00")
    link.refresh_from_db()
    assert (link.opened, link.spent, OneTimeLink.objects.count()) == (0, 0, 1)


def test_the_open_calendar_and_each_link_lead_here(alice: Person) -> None:
    link = make_link(alice).link
    page = read(signed_in(alice), f"/app/links/{link.public_id}/")
    assert f'href="/app/calendars/{alice.calendar.public_id}/why/?view={link.public_id}"' in page
    page = read(signed_in(alice), f"/app/calendars/{alice.calendar.public_id}/")
    assert f'href="/app/calendars/{alice.calendar.public_id}/why/"' in page


def test_a_link_to_a_group_is_asked_for_each_calendar(alice: Person, bob: Person) -> None:
    group = make_group(alice, alice.calendar, bob.calendar)
    link = make_group_link(alice, group, label="Sam", first_day=date(2026, 12, 1)).link
    page = read(signed_in(alice), f"/app/links/{link.public_id}/")
    for person in (alice, bob):
        path = f"/app/calendars/{person.calendar.public_id}/why/"
        assert f'href="{path}?view={link.public_id}"' in page
        shown = unescape(read(signed_in(alice), path, day=MONDAY, view=link.public_id))
        assert "0 of 16" in shown
        assert "Outside the days of this link" in shown
    set_group_paused(group, paused=True, now=NOW)
    assert "this calendar group is paused" in why(alice, view=link.public_id)
    other = make_group_link(alice, make_group(alice, bob.calendar, slug="others")).link
    why(alice, 404, view=other.public_id)
