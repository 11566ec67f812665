# ruff: noqa: RUF001 - spans of time are written with an en dash
"""One mail to each reader for a whole series: its dates, the guest's links, and a file for calendars."""

from __future__ import annotations

import re
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest

from bookonce.lib.addresses import manage_url, one_time_link_url
from bookonce.lib.instants import from_minutes
from bookonce.scheduling.book import Booked
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.cancel_series import cancel_series
from bookonce.scheduling.events import GUEST
from bookonce.scheduling.models import Booking, Calendar
from tests.cast import NOW, Person, book_through, make_link
from tests.kinds import book_into, make_calendar
from tests.mailbox import html, mails, part, text, to


@pytest.fixture
def weekly(alice: Person) -> Person:
    Calendar.objects.filter(pk=alice.calendar.pk).update(repeats="weekly", repeat_count=3)
    return alice


def row(booked: Booked, number: int = 1) -> int:
    return Booking.objects.get(public_id=booked.series[number - 1].public_id).pk


def events_of(mail: EmailMessage) -> list[Any]:
    """Those of the attached file; no part of the mail claims to be an invitation."""
    assert not [piece for piece in mail.walk() if piece.get_content_type() == "text/calendar"]
    calendar = icalendar.Calendar.from_ical(part(mail, "application/ics").get_payload(decode=True))
    assert calendar["METHOD"] == "PUBLISH"
    found = list(calendar.walk("VEVENT"))
    assert not any("ATTENDEE" in event for event in found)  # RFC 5546 3.2.1
    return found


def test_guest_and_host_get_one_mail_with_all_dates(weekly: Person) -> None:
    booked = book_through(make_link(weekly), guests=["ina@example.org"])
    found = mails()
    assert len(found) == 3
    guest, host = to("gina@example.org", found), to("alice@example.com", found)
    assert guest["Subject"] == (
        "Confirmed: Alice's meeting with Alice, 3 appointments from Mon 30 Nov 2026, 09:00"
    )
    assert text(guest).splitlines()[0] == (
        "You are booked with Alice for 3 appointments, the first on "
        "Monday, 30 November 2026, 09:00–09:30 (Europe/Berlin, UTC+1)."
    )
    for mail in found:
        for day in ("30 November", "7 December", "14 December"):
            assert f"Monday, {day} 2026, 09:00–09:30" in text(mail)
            assert f"Monday, {day} 2026, 09:00–09:30" in html(mail)
    assert text(guest).count("(Europe/Berlin, UTC+1)") == 2  # the sentence, and once in the list
    for one in booked.series:
        assert manage_url(one.manage_token) in text(guest)
        assert manage_url(one.manage_token) in html(guest)
    assert "/m/" not in host.as_string()
    assert "/m/" not in to("ina@example.org", found).as_string()
    assert host["Subject"].strip() == (
        "Gina Guest booked Alice's meeting, 3 appointments from Mon 30 Nov 2026, 09:00"
    )


def test_the_file_holds_all_of_them_under_the_names_that_later_mails_use(weekly: Person) -> None:
    booked = book_through(make_link(weekly))
    guest = to("gina@example.org", mails())
    entries = events_of(guest)
    assert [entry["UID"] for entry in entries] == [f"{one.public_id}@bookonce" for one in booked.series]
    assert [entry["DTSTART"].dt for entry in entries] == [from_minutes(one.start) for one in booked.series]
    cancel(row(booked, 2), by=GUEST, now=NOW)
    [later] = [one for one in mails() if one["To"].addresses[0].addr_spec == "gina@example.org"]
    assert f"UID:{booked.series[1].public_id}@bookonce" in part(later, "text/calendar").get_content()
    assert "Series: 2 of 3" in text(later)


def test_cancelling_the_rest_is_one_mail_with_the_link_that_works_again(weekly: Person) -> None:
    issued = make_link(weekly)
    booked = book_through(issued)
    mails()
    cancel_series(row(booked), by=weekly.actor, now=NOW, reason="I am ill.")
    guest = to("gina@example.org", found := mails())
    assert len(found) == 2
    assert issued.token
    assert one_time_link_url(issued.token) in text(guest)
    assert "I am ill." in text(guest)
    assert text(guest).startswith("Alice cancelled 3 appointments, the first on Monday, 30 November 2026")
    assert {(str(entry["STATUS"]), entry["SEQUENCE"]) for entry in events_of(guest)} == {("CANCELLED", 1)}
    host = to("alice@example.com", found)
    assert text(host).startswith("You cancelled 3 appointments with Gina Guest")
    assert "one-time link works again" in text(host)


def test_what_was_cancelled_before_it_was_sent_is_left_out(weekly: Person) -> None:
    booked = book_through(make_link(weekly))
    cancel(row(booked), by=GUEST, now=NOW)
    [confirmed] = [m for m in mails() if m["Subject"].startswith("Confirmed")]
    assert "2 appointments from Mon 7 Dec 2026" in confirmed["Subject"]
    assert "30 November" not in text(confirmed)


def test_times_follow_the_readers_clock_over_a_change(alice: Person) -> None:
    calendar = make_calendar("one_on_one", alice, repeats="weekly", repeat_count=19)
    book_into(calendar, "2026-11-30T16:00:00+01:00", timezone="Asia/Kolkata")
    told = re.findall(r"\d\d:\d\d–\d\d:\d\d", text(to("gina@example.org", mails())))
    assert told[1:] == ["20:30–21:30"] * 17 + ["19:30–20:30"] * 2  # from 29 March on


def test_a_class_takes_its_sessions_off_the_hosts_calendar_when_nobody_is_left(alice: Person) -> None:
    calendar = make_calendar("class", alice, seats=5, repeats="weekly", repeat_count=2)
    first, second = book_into(calendar, party=2), book_into(calendar, name="Hans Host")
    mails()
    cancel_series(row(first), by=GUEST, now=NOW)
    host = to("alice@example.com", mails())
    assert not [piece for piece in host.walk() if piece.get_content_type() == "application/ics"]
    cancel_series(row(second), by=GUEST, now=NOW)
    host = to("alice@example.com", mails())
    assert {str(entry["STATUS"]) for entry in events_of(host)} == {"CANCELLED"}
