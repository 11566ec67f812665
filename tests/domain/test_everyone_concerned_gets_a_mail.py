# ruff: noqa: RUF001 - spans of time are written with an en dash
"""What happened reaches whom it concerns, once, as text, HTML and an invitation that calendars understand."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import icalendar
import pytest
from django.test import Client

from bookonce.jobs.models import Job
from bookonce.jobs.queue import enqueue
from bookonce.jobs.worker import run_due
from bookonce.lib.addresses import manage_url, one_time_link_url
from bookonce.lib.languages import speaking
from bookonce.messages.appointment_file import appointment_file
from bookonce.messages.models import OutboxMail
from bookonce.messages.when import short, span
from bookonce.scheduling import events
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.models import Booking, Calendar, Event, LinkRequest, MoveReason, OneTimeLink
from bookonce.scheduling.request_link import answer_request, request_link
from bookonce.scheduling.reschedule import reschedule
from bookonce.scheduling.revoke_link import revoke_link
from tests.cast import MONDAY_TEN, NOW, Person, book_through, make_link
from tests.mailbox import html, mails, part, text, to, vevent

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def book_one(person: Person, **options: Any) -> tuple[Booking, str, str]:
    """A booking through a one-time link: the booking, its manage address, the link's address."""
    issued = make_link(person, **options)
    booked = book_through(issued)
    assert issued.token
    booking = Booking.objects.select_related("appointment").get(public_id=booked.public_id)
    return booking, manage_url(booked.manage_token), one_time_link_url(issued.token)


def test_the_guest_gets_a_confirmation_and_the_host_hears_that_the_link_was_used(alice: Person) -> None:
    booking, manage, link = book_one(alice, label="Spring offer", recipient_name="Gina")
    found = mails()
    assert len(found) == 2
    guest, host = to("gina@example.org", found), to("alice@example.com", found)
    assert guest["Subject"] == "Confirmed: Alice's meeting with Alice, Mon 30 Nov 2026, 09:00"
    first = text(guest).splitlines()[0]
    assert (
        first == "You are booked with Alice on Monday, 30 November 2026, 09:00–09:30 (Europe/Berlin, UTC+1)."
    )
    assert manage in text(guest)
    assert manage in html(guest)
    assert guest["Reply-To"] == "Alice <alice@example.com>"
    assert host["Subject"] == "Gina Guest booked Alice's meeting, Mon 30 Nov 2026, 09:00"
    assert "Link used: Spring offer, for Gina" in text(host)
    assert "Spring offer, for Gina" in html(host)
    assert host["Reply-To"] == "Gina Guest <gina@example.org>"
    for mail in found:
        assert link not in mail.as_string()
        assert mail["Auto-Submitted"] == "auto-generated"
        event = vevent(mail)
        assert event["UID"] == f"{booking.public_id}@bookonce"
        assert event["SEQUENCE"] == 0
        assert event["DTSTART"].dt == booking.appointment.starts
        assert str(event["ORGANIZER"]) == "mailto:alice@example.com"
    assert manage in vevent(guest)["DESCRIPTION"]
    assert "/m/" not in host.as_string()
    assert f"/app/appointments/{booking.appointment.public_id}/" in text(host)


def test_times_are_in_each_readers_zone(alice: Person) -> None:
    book_through(make_link(alice), timezone="America/New_York")
    found = mails()
    assert "03:00–03:30 (America/New_York, UTC-5)" in text(to("gina@example.org", found))
    assert "09:00–09:30 (Europe/Berlin, UTC+1)" in text(to("alice@example.com", found))


def test_further_guests_are_invited_without_the_manage_link(alice: Person) -> None:
    book_through(make_link(alice), guests=["Hugo@example.net", "gina@example.org"])
    found = mails()
    assert len(found) == 3
    invited = to("Hugo@example.net", found)
    assert text(invited).startswith("Gina Guest invites you to Alice's meeting with Alice on Monday")
    assert vevent(invited)
    assert "/m/" not in invited.as_string()


def test_who_made_the_link_hears_of_it_too(alice: Person, bob: Person) -> None:
    from bookonce.scheduling.issue_link import issue_link
    from bookonce.scheduling.link_options import LinkOptions

    issued = issue_link(alice.calendar, LinkOptions(label="For Sam"), by=bob.actor, now=NOW)
    book_through(issued)
    maker = to("bob@example.com", mails())
    assert text(maker).startswith("Gina Guest booked Alice through your link, on Monday")
    assert "For Sam" in text(maker)
    assert "text/calendar" not in maker.as_string()


def test_a_guests_cancelling_reaches_both(alice: Person) -> None:
    booking, _, link = book_one(alice)
    mails()
    cancel(booking.pk, by=events.GUEST, now=LATER, reason="Ill, sorry")
    found = mails(now=LATER)
    assert len(found) == 2
    guest, host = to("gina@example.org", found), to("alice@example.com", found)
    assert text(guest).startswith("You cancelled your appointment with Alice on Monday")
    assert text(host).startswith("Gina Guest cancelled the appointment on Monday")
    assert "Reason: Ill, sorry" in text(host)
    for mail in found:
        assert vevent(mail)["SEQUENCE"] == 1
        assert part(mail, "text/calendar").get_param("method") == "CANCEL"
        assert link not in mail.as_string()


def test_a_hosts_cancelling_brings_the_guest_their_link_again(alice: Person) -> None:
    booking, _, link = book_one(alice)
    mails()
    cancel(booking.pk, by=alice.actor, now=LATER)
    found = mails(now=LATER)
    guest, host = to("gina@example.org", found), to("alice@example.com", found)
    assert text(guest).startswith("Alice cancelled the appointment on Monday")
    assert f"Choose another time: {link}" in text(guest)
    assert f'href="{link}"' in html(guest)
    assert text(host).startswith("You cancelled the appointment with Gina Guest on Monday")
    assert "one-time link works again" in text(host)
    assert link not in host.as_string()


def test_a_link_that_was_kept_spent_is_not_sent(alice: Person) -> None:
    booking, _, _ = book_one(alice)
    mails()
    cancel(booking.pk, by=alice.actor, now=LATER, reopen_link=False)
    for mail in mails(now=LATER):
        assert "/o/" not in mail.as_string()


def test_a_link_revoked_before_the_mail_goes_out_is_not_sent(alice: Person) -> None:
    booking, _, _ = book_one(alice)
    mails()
    cancel(booking.pk, by=alice.actor, now=LATER)
    assert booking.link_id
    revoke_link(booking.link_id, by=alice.actor, now=LATER)
    assert "/o/" not in to("gina@example.org", mails(now=LATER)).as_string()


def test_a_move_tells_both_the_old_and_the_new_time(alice: Person) -> None:
    booking, manage, _ = book_one(alice)
    mails()
    reschedule(booking.pk, datetime.fromisoformat(MONDAY_TEN), by=alice.actor, now=LATER)
    found = mails(now=LATER)
    assert len(found) == 2
    guest, host = to("gina@example.org", found), to("alice@example.com", found)
    assert guest["Subject"] == "New time: Alice's meeting with Alice, Mon 30 Nov 2026, 10:00"
    assert text(guest).startswith("Alice moved the appointment to Monday, 30 November 2026, 10:00–10:30")
    assert text(host).startswith("You moved the appointment with Gina Guest to Monday")
    assert manage in text(guest)
    for mail in found:
        assert "Was: Monday, 30 November 2026, 09:00–09:30" in text(mail)
        event = vevent(mail)
        assert event["SEQUENCE"] == 1
        assert event["DTSTART"].dt == datetime.fromisoformat(MONDAY_TEN)


def test_no_line_of_the_fact_ends_between_from_and_to(alice: Person) -> None:
    book_one(alice)
    for mail in mails():
        html = part(mail, "text/html").get_content()
        assert '<span style="white-space:nowrap">09:00–09:30</span>' in html
        assert "<span" not in text(mail)


def test_why_it_was_moved_is_told_with_that_move_alone(alice: Person) -> None:
    booking, _, _ = book_one(alice)
    mails()
    for start, reason in ((MONDAY_TEN, "The train is late"), ("2026-11-30T11:00:00+01:00", "")):
        reschedule(booking.pk, datetime.fromisoformat(start), by=events.GUEST, now=LATER, reason=reason)
        found = mails(now=LATER)
        assert len(found) == 2
        for mail in found:
            assert ("Reason: The train is late" in text(mail)) == bool(reason)
    assert [one.text for one in MoveReason.objects.all()] == ["The train is late"]
    told = Event.objects.filter(kind=Event.Kind.BOOKING_RESCHEDULED)
    assert "train" not in str([one.details for one in told])


def test_a_confirmation_of_what_was_cancelled_meanwhile_is_not_sent(alice: Person) -> None:
    booking, _, _ = book_one(alice)
    reschedule(booking.pk, datetime.fromisoformat(MONDAY_TEN), by=events.GUEST, now=NOW)
    cancel(booking.pk, by=events.GUEST, now=NOW)
    subjects = [str(mail["Subject"]).split(":")[0] for mail in mails()]
    assert subjects == ["Gina Guest booked Alice's meeting, Mon 30 Nov 2026, 10", "Cancelled", "Cancelled"]


def test_a_late_confirmation_shows_the_state_it_is_sent_in(alice: Person) -> None:
    booking, _, _ = book_one(alice)
    reschedule(booking.pk, datetime.fromisoformat(MONDAY_TEN), by=events.GUEST, now=NOW)
    confirmed = mails()[0]
    assert "10:00–10:30" in text(confirmed)
    assert vevent(confirmed)["SEQUENCE"] == 1


def test_asking_for_a_new_link_reaches_its_maker_and_the_answer_reaches_the_guest(alice: Person) -> None:
    booking, _, _ = book_one(alice, label="Spring offer")
    mails()
    assert booking.link_id
    request_link(booking.link_id, {"name": "Sam", "email": "sam@example.net", "message": "Again?"}, now=LATER)
    [asked] = mails(now=LATER)
    assert asked["To"] == "Alice <alice@example.com>"
    assert asked["Subject"] == "Sam asks for a new link to Alice's meeting"
    assert "Message: Again?" in text(asked)
    assert asked["Reply-To"] == "Sam <sam@example.net>"
    assert f"/app/requests/{LinkRequest.objects.get().public_id}/" in text(asked)
    issued = answer_request(LinkRequest.objects.get().pk, by=alice.actor, now=LATER)
    [answered] = mails(now=LATER)
    assert answered["To"] == "Sam <sam@example.net>"
    assert issued.token
    assert one_time_link_url(issued.token) in text(answered)
    assert one_time_link_url(issued.token) in html(answered)


def test_a_calendar_for_one_time_links_only_is_not_given_away(alice: Person) -> None:
    Calendar.objects.filter(pk=alice.calendar.pk).update(one_time_only=True)
    booking, _, _ = book_one(alice)
    cancel(booking.pk, by=alice.actor, now=LATER)
    calendar = alice.calendar
    for mail in (m for m in mails(now=LATER) if m["To"].addresses[0].addr_spec == "gina@example.org"):
        for secret in (calendar.slug, calendar.permanent_id, calendar.public_id):
            assert secret not in mail.as_string()
            assert secret not in str(vevent(mail))


def test_what_is_dispatched_twice_is_sent_once(alice: Person) -> None:
    book_one(alice)
    assert len(mails()) == 2
    event = Event.objects.get(kind="booking.created")
    OutboxMail.objects.all().delete()
    # The worker that had dispatched it comes back late: its job is no longer there to take.
    from bookonce.messages.dispatch import dispatch

    dispatch({"event": event.pk}, NOW)
    assert mails() == []


def test_a_mail_that_is_sent_twice_is_kept_once(alice: Person) -> None:
    book_one(alice)
    mails()
    event = Event.objects.get(kind="booking.created")
    again = {"event": event.pk, "message": "booking_confirmed", "role": "guest", "number": 0}
    enqueue("mail.send", again, now=NOW)
    assert mails() == []


def test_jobs_hold_ids_only_and_the_outbox_holds_nothing_readable(alice: Person) -> None:
    book_one(alice)
    run_due(NOW)
    for payload in Job.objects.values_list("payload", flat=True):
        assert "gina" not in str(payload).lower()
    while run_due(NOW):
        pass
    readable = {"@", "Gina ", "example.org"}  # no text in base64 holds these by chance
    assert all(not any(word in mail.sealed for word in readable) for mail in OutboxMail.objects.all())


def test_an_event_that_concerns_nobody_sends_nothing(alice: Person) -> None:
    issued = make_link(alice)
    revoke_link(issued.link.pk, by=alice.actor, now=NOW)
    assert mails() == []


def test_the_appointment_file_is_the_same_appointment(alice: Person) -> None:
    booking, manage, _ = book_one(alice)
    calendar = icalendar.Calendar.from_ical(appointment_file(booking))
    [event] = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "PUBLISH"
    assert "ATTENDEE" not in event
    assert event["URL"] == manage
    assert event["UID"] == vevent(mails()[0])["UID"]


def test_no_state_of_things_makes_a_link_leak_into_the_log(
    alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    _, manage, link = book_one(alice)
    mails()
    assert manage.rpartition("/")[2] not in caplog.text
    assert link.rpartition("/")[2] not in caplog.text


def test_times_read_as_people_write_them() -> None:
    start = datetime.fromisoformat("2026-10-25T02:30:00+01:00")
    assert span(start, start + timedelta(minutes=30), "Europe/Berlin") == (
        "Sunday, 25 October 2026, 02:30–03:00 (Europe/Berlin, UTC+1)"
    )
    hour_before = start - timedelta(hours=1)
    assert "02:30" in span(hour_before, start, "Europe/Berlin")
    assert "UTC+2" in span(hour_before, start, "Europe/Berlin")
    late = datetime.fromisoformat("2026-12-01T23:45:00+05:45")
    assert span(late, late + timedelta(minutes=30), "Asia/Kathmandu") == (
        "Tuesday, 1 December 2026, 23:45–Wednesday, 2 December 2026, 00:15 (Asia/Kathmandu, UTC+5:45)"
    )
    assert short(late, "UTC") == "Tue 1 Dec 2026, 18:00"


def test_a_zone_is_read_from_left_to_right_within_a_sentence_from_right_to_left() -> None:
    start = datetime.fromisoformat("2026-12-01T09:00:00+01:00")
    with speaking("he"):
        told = span(start, start + timedelta(minutes=30), "Europe/Berlin")
    assert told.endswith("9:30 (\u2066Europe/Berlin,\u00a0UTC+1\u2069)")


def test_every_link_is_asked_for_by_whoever_holds_it(alice: Person) -> None:
    issued = make_link(alice)
    OneTimeLink.objects.filter(pk=issued.link.pk).update(created_by=None)
    request_link(issued.link.pk, {"name": "Sam", "email": "sam@example.net"}, now=NOW)
    [asked] = mails()
    assert asked["To"] == "Alice <alice@example.com>"


def test_the_buttons_of_the_owners_mails_lead_to_pages(alice: Person, client: Client) -> None:
    booking, _, _ = book_one(alice)
    assert booking.link_id
    request_link(booking.link_id, {"name": "Sam", "email": "sam@example.net"}, now=NOW)
    client.force_login(alice.user)
    found = [mail for mail in mails() if mail["To"].addresses[0].addr_spec == "alice@example.com"]
    assert len(found) == 2
    for mail in found:
        [address] = re.findall(r"http://localhost:8000(/app/\S+)", text(mail))
        assert client.get(address).status_code == 200
