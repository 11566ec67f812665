# ruff: noqa: RUF001 - spans of time are written with an en dash
"""A request, and what became of it, reaches whom it concerns; only what is confirmed is an invitation."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest

from bookonce.lib.addresses import manage_url, one_time_link_url
from bookonce.messages.appointment_file import appointment_file
from bookonce.scheduling import events
from bookonce.scheduling.answer_booking import confirm, decline, expire_request
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.mark import mark
from bookonce.scheduling.models import Booking, Calendar
from bookonce.scheduling.renew_link import renew_link
from bookonce.scheduling.reschedule import reschedule
from bookonce.scheduling.revoke_link import revoke_link
from tests.cast import NOW, Person, book_through, make_link
from tests.kinds import book_into, make_calendar, make_class
from tests.mailbox import html, mails, text, to, vevent

pytestmark = pytest.mark.django_db
OVERDUE = NOW + timedelta(days=1)
GINA, ALICE = "gina@example.org", "alice@example.com"
WHEN = "Monday, 30 November 2026, 09:00–09:30 (Europe/Berlin, UTC+1)"


def ask(person: Person, **changes: Any) -> tuple[Booking, str, str]:
    """A request: the booking, its manage address, the link's address."""
    Calendar.objects.filter(pk=person.calendar.pk).update(needs_approval=True)
    issued = make_link(person)
    booked = book_through(issued, **changes)
    booking = Booking.objects.select_related("appointment").get(public_id=booked.public_id)
    return booking, manage_url(booked.manage_token), one_time_link_url(issued.token or "")


def first_line(mail: EmailMessage) -> str:
    return text(mail).splitlines()[0]


def no_invitation(*found: EmailMessage) -> None:
    for mail in found:
        assert mail.get_content_type() == "multipart/alternative"
        assert "text/calendar" not in [piece.get_content_type() for piece in mail.walk()]


def test_the_guest_hears_until_when_and_the_host_is_asked(alice: Person) -> None:
    booking, manage, link = ask(alice, guests=["friend@example.org"])
    found = mails()
    assert len(found) == 2, "the further guest is asked when it takes place"
    guest, host = to(GINA, found), to(ALICE, found)
    no_invitation(guest, host)
    assert guest["Subject"] == "Request: Alice's meeting with Alice, Mon 30 Nov 2026, 09:00"
    assert first_line(guest) == f"Your request for {WHEN} is with Alice."
    until = "Tuesday, 24 November 2026, 09:00 (Europe/Berlin, UTC+1)"
    assert f"You will hear by {until}." in text(guest)
    assert f"Reschedule or withdraw: {manage}" in text(guest)
    assert manage in html(guest)
    assert host["Subject"] == "Gina Guest asks for Alice's meeting, Mon 30 Nov 2026, 09:00"
    assert first_line(host) == f"Gina Guest asks you for {WHEN}."
    assert f"Answer by: {until}" in text(host)
    assert "Confirm or decline: http" in text(host)
    assert f"/app/appointments/{booking.appointment.public_id}/" in text(host)
    for mail in found:
        assert link not in mail.as_string()


def test_who_made_the_link_is_told_of_the_request(alice: Person, bob: Person) -> None:
    Calendar.objects.update(needs_approval=True)
    issued = make_link(alice)
    issued.link.created_by = bob.member
    issued.link.save()
    book_through(issued)
    assert (
        first_line(to("bob@example.com", mails())) == f"Gina Guest asks Alice for {WHEN}, through your link."
    )


def test_a_host_who_reads_late_sees_what_became_of_it(alice: Person) -> None:
    booking, _, _ = ask(alice)
    confirm(booking.pk, by=alice.actor, now=NOW)
    asked = [mail for mail in mails() if "asks for" in str(mail["Subject"])]
    assert ["It has been confirmed." in text(mail) for mail in asked] == [True]
    other, _, _ = ask(alice, start="2026-11-30T11:00:00+01:00")
    expire_request(other.pk, now=OVERDUE)
    asked = [mail for mail in mails(now=OVERDUE) if "asks for" in str(mail["Subject"])]
    assert ["Since then: It has expired." in text(mail) for mail in asked] == [True]


def test_confirming_sends_the_invitations(alice: Person) -> None:
    booking, manage, _ = ask(alice, guests=["friend@example.org"])
    mails()
    confirm(booking.pk, by=alice.actor, now=NOW)
    found = mails()
    assert len(found) == 3
    guest, host, friend = to(GINA, found), to(ALICE, found), to("friend@example.org", found)
    assert first_line(guest) == f"You are booked with Alice on {WHEN}."
    assert manage in text(guest)
    assert first_line(host) == f"You confirmed Gina Guest’s request for {WHEN}."
    for mail in (guest, host, friend):
        event = vevent(mail)
        assert (event["UID"], event["SEQUENCE"]) == (f"{booking.public_id}@bookonce", 1)
    assert manage not in friend.as_string()


def test_declining_tells_the_guest_why_with_the_link_that_works_again(alice: Person) -> None:
    booking, _, link = ask(alice)
    mails()
    decline(booking.pk, by=alice.actor, now=NOW, reason="On holiday")
    found = mails()
    guest, host = to(GINA, found), to(ALICE, found)
    no_invitation(guest, host)
    assert guest["Subject"] == "Declined: Alice's meeting with Alice, Mon 30 Nov 2026, 09:00"
    assert first_line(guest) == f"Alice can’t take your request for {WHEN}."
    assert "Reason: On holiday" in text(guest)
    assert "Your link works again, for one booking." in text(guest)
    assert f"Choose another time: {link}" in text(guest)
    assert first_line(host) == f"You declined Gina Guest’s request for {WHEN}."
    assert "one-time link works again" in text(host)
    assert link not in host.as_string()


def test_declining_without_the_link_says_nothing_of_it(alice: Person) -> None:
    booking, _, link = ask(alice)
    mails()
    decline(booking.pk, by=alice.actor, now=NOW, reopen_link=False)
    guest = to(GINA, mails())
    assert link not in guest.as_string()
    assert "works again" not in text(guest)


def test_an_expired_request_is_told_kindly_with_the_link(alice: Person) -> None:
    booking, _, link = ask(alice)
    mails()
    found = mails(now=OVERDUE)  # the job
    booking.refresh_from_db()
    assert booking.cancel_cause == "expired"
    guest, host = to(GINA, found), to(ALICE, found)
    no_invitation(guest, host)
    assert guest["Subject"] == "Expired: Alice's meeting with Alice, Mon 30 Nov 2026, 09:00"
    assert first_line(guest) == f"Alice could not answer your request for {WHEN} in time, so it has expired."
    assert f"Choose another time: {link}" in text(guest)
    assert first_line(host) == f"Gina Guest’s request for {WHEN} has expired: nobody answered it in time."


def test_an_expired_request_of_a_revoked_link_carries_none(alice: Person) -> None:
    Calendar.objects.update(needs_approval=True)
    issued = make_link(alice, max_bookings=2)
    book_through(issued)
    mails()
    revoke_link(issued.link.pk, by=alice.actor, now=NOW)
    guest = to(GINA, mails(now=OVERDUE))
    assert "/o/" not in guest.as_string()
    assert "Nothing is booked. Answer this mail to ask for another time." in text(guest)


def test_withdrawing_is_told(alice: Person) -> None:
    booking, _, link = ask(alice)
    mails()
    cancel(booking.pk, by=events.GUEST, now=NOW)
    found = mails()
    guest, host = to(GINA, found), to(ALICE, found)
    no_invitation(guest, host)
    assert first_line(guest) == f"You withdrew your request to Alice for {WHEN}."
    assert first_line(host) == f"Gina Guest withdrew the request for {WHEN}."
    assert link not in guest.as_string()


def test_a_moved_request_comes_without_an_invitation(alice: Person) -> None:
    booking, _, _ = ask(alice, guests=["friend@example.org"])
    mails()
    reschedule(booking.pk, datetime.fromisoformat("2026-11-30T11:00:00+01:00"), by=events.GUEST, now=NOW)
    found = mails()
    assert len(found) == 2
    guest, host = to(GINA, found), to(ALICE, found)
    no_invitation(guest, host)
    for mail in found:
        assert "Answer by: Tuesday, 24 November 2026, 09:00" in text(mail)
    assert "Reschedule or withdraw: " in text(guest)


def test_a_moved_request_that_changes_its_host_leaves_no_calendar_entry(alice: Person, bob: Person) -> None:
    calendar = make_calendar("round_robin", alice, bob, needs_approval=True, keeps_host=False)
    booked = book_into(calendar)
    booking = Booking.objects.select_related("appointment").get(public_id=booked.public_id)
    holder = booking.appointment.blocked_times.get().host_id
    own = {alice.member.pk: alice, bob.member.pk: bob}[holder].calendar
    book_into(own, "2026-11-30T11:00:00+01:00", name="Other")
    mails()
    reschedule(booking.pk, datetime.fromisoformat("2026-11-30T11:00:00+01:00"), by=events.GUEST, now=NOW)
    found = mails()
    assert len(found) == 3
    no_invitation(*found)


def test_a_party_of_a_class_is_answered_on_its_own_page(alice: Person) -> None:
    calendar = make_class(alice, needs_approval=True)
    booking = Booking.objects.get(public_id=book_into(calendar).public_id)
    assert f"/app/bookings/{booking.public_id}/" in text(to(ALICE, mails()))
    confirm(booking.pk, by=alice.actor, now=NOW)
    assert vevent(to(ALICE, mails()))["UID"].startswith(calendar.public_id)


def test_a_series_is_asked_for_and_confirmed_in_one_mail_each(alice: Person) -> None:
    Calendar.objects.update(repeats="weekly", repeat_count=3)
    booking, _, link = ask(alice)
    found = mails()
    assert len(found) == 2
    for mail in found:
        assert "1. Monday, 30 November 2026" in text(mail)
        assert "3. Monday, 14 December 2026" in text(mail)
        assert html(mail).count("<li") == 3
    confirm(booking.pk, by=alice.actor, now=NOW)
    found = mails()
    assert len(found) == 2
    assert "3 appointments" in first_line(to(GINA, found))
    cancel_all = Booking.objects.filter(series=booking.series)
    assert set(cancel_all.values_list("status", flat=True)) == {"confirmed"}
    assert link not in to(GINA, found).as_string()


def test_a_series_that_is_declined_is_told_of_in_one_mail(alice: Person) -> None:
    Calendar.objects.update(repeats="weekly", repeat_count=3)
    booking, _, link = ask(alice)
    mails()
    decline(booking.pk, by=alice.actor, now=NOW)
    found = mails()
    assert len(found) == 2
    assert link in text(to(GINA, found))
    assert "3. Monday, 14 December 2026" in text(to(GINA, found))


def test_the_file_of_a_request_is_tentative(alice: Person) -> None:
    booking, _, _ = ask(alice)
    [event] = icalendar.Calendar.from_ical(appointment_file(booking)).walk("VEVENT")
    assert event["STATUS"] == "TENTATIVE"
    confirm(booking.pk, by=alice.actor, now=NOW)
    booking = Booking.objects.get(pk=booking.pk)
    [event] = icalendar.Calendar.from_ical(appointment_file(booking)).walk("VEVENT")
    assert event["STATUS"] == "CONFIRMED"


def test_a_new_link_after_a_no_show_reaches_who_booked(alice: Person) -> None:
    issued = make_link(alice, recipient_name="Gina", recipient_email=GINA)
    booking = Booking.objects.get(public_id=book_through(issued).public_id)
    mails()
    later = NOW + timedelta(days=7)
    mark(booking.pk, Booking.Status.NO_SHOW, by=alice.actor, now=later)
    assert mails(now=later) == []
    child = renew_link(booking.pk, by=alice.actor, now=later)
    [mail] = mails(now=later)
    assert mail["To"].addresses[0].addr_spec == GINA
    assert mail["Subject"] == "A new link to Alice's meeting with Alice"
    assert first_line(mail) == "Alice sends you a new link to Alice's meeting with Alice."
    assert one_time_link_url(child.token or "") in text(mail)
    assert mail["Reply-To"] == "Alice <alice@example.com>"
