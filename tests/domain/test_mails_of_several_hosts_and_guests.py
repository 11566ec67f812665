"""Mails where one appointment has several hosts or several guests: to each what concerns them, no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest

from bookonce.lib.instants import to_minutes
from bookonce.scheduling import events
from bookonce.scheduling.calendar_hosts import CompleteHost, keep_hosts
from bookonce.scheduling.cancel import cancel, cancel_appointment
from bookonce.scheduling.issue_link import issue_link
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.models import Appointment, Booking, CalendarHost, LinkRequest
from bookonce.scheduling.request_link import answer_request, request_link
from bookonce.scheduling.reschedule import reschedule
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, book_through, make_person
from tests.kinds import book_into, make_calendar, make_class
from tests.mailbox import html, mails, text, to, vevent

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
NINE, TEN = datetime.fromisoformat(MONDAY_NINE), datetime.fromisoformat(MONDAY_TEN)


def booking_of(name: str) -> Booking:
    return Booking.objects.select_related("appointment").get(name=name)


def method(mail: EmailMessage) -> str:
    """REQUEST or CANCEL; '' without an invitation."""
    pieces = [piece for piece in mail.walk() if piece.get_content_type() == "text/calendar"]
    return str(pieces[0].get_param("method")) if pieces else ""


def recipients(found: Sequence[EmailMessage]) -> list[str]:
    return sorted(mail["To"].addresses[0].addr_spec for mail in found)


def attendees(mail: EmailMessage) -> dict[str, str]:
    """Who is said to come, and whether they have agreed."""
    listed = vevent(mail)["ATTENDEE"]
    listed = listed if isinstance(listed, list) else [listed]
    return {str(one).removeprefix("mailto:"): one.params["PARTSTAT"] for one in listed}


# Several hosts


def test_a_collective_names_and_invites_all_its_hosts(alice: Person, bob: Person) -> None:
    book_into(make_calendar("collective", alice, bob))
    found = mails()
    assert recipients(found) == ["alice@example.com", "bob@example.com", "gina@example.org"]
    guest = to("gina@example.org", found)
    assert "You are booked with Alice and Bob on Monday" in text(guest)
    assert "With: Alice and Bob" in text(guest)
    assert "Alice and Bob" in html(guest)
    for mail in found:
        assert str(vevent(mail)["ORGANIZER"]) == "mailto:alice@example.com"
        assert attendees(mail) == {
            "alice@example.com": "ACCEPTED",
            "bob@example.com": "ACCEPTED",
            "gina@example.org": "NEEDS-ACTION",
        }


def test_each_host_reads_times_in_the_zone_of_their_own_hours(alice: Person) -> None:
    dora = make_person("Dora", alice.workspace, zone="America/New_York")
    book_into(make_calendar("collective", alice, dora), "2026-11-30T15:00:00+01:00")
    found = mails()
    assert "15:00" in text(to("alice@example.com", found))
    assert "(Europe/Berlin, UTC+1)" in text(to("alice@example.com", found))
    assert "09:00" in text(to("dora@example.com", found))
    assert "(America/New_York, UTC-5)" in text(to("dora@example.com", found))


def test_a_round_robin_tells_the_chosen_host_alone(alice: Person, bob: Person) -> None:
    book_into(make_calendar("round_robin", alice, bob))
    chosen = Appointment.objects.get().blocked_times.get().host.user
    found = mails()
    assert recipients(found) == sorted(["gina@example.org", chosen.email])
    assert f"With: {chosen.name}" in text(to("gina@example.org", found))
    assert str(vevent(to("gina@example.org", found))["ORGANIZER"]) == f"mailto:{chosen.email}"


def test_a_move_to_another_host_takes_it_from_one_and_gives_it_to_the_other(
    alice: Person, bob: Person
) -> None:
    calendar = make_calendar("round_robin", alice, bob, keeps_host=False)
    CalendarHost.objects.filter(calendar=calendar, member=bob.member).update(priority=1)
    book_into(calendar)
    booking = booking_of("Gina Guest")
    asked = to("bob@example.com", mails())
    book_into(alice.calendar, "2026-11-30T12:00:00+01:00", name="Zoe")
    book_into(bob.calendar, MONDAY_TEN, name="Tom")  # Bob is busy then
    mails()
    reschedule(booking.pk, TEN, by=events.GUEST, now=LATER)
    found = mails(now=LATER)
    assert recipients(found) == ["alice@example.com", "bob@example.com", "gina@example.org"]
    old, new, guest = (to(who, found) for who in ("bob@example.com", "alice@example.com", "gina@example.org"))
    assert method(old) == "CANCEL"
    assert (vevent(old)["UID"], vevent(old)["DTSTART"].dt) == (vevent(asked)["UID"], NINE)
    assert vevent(old)["SEQUENCE"] > vevent(asked)["SEQUENCE"]
    assert vevent(old)["ORGANIZER"] == vevent(asked)["ORGANIZER"]
    assert old["Subject"] == ("No longer with you: Yoga with Gina Guest, Mon 30 Nov 2026, 09:00")
    assert "It is with Alice now." in text(old)
    assert method(new) == "REQUEST"
    assert vevent(new)["DTSTART"].dt == TEN
    assert new["Subject"] == "Now with you: Yoga with Gina Guest, Mon 30 Nov 2026, 10:00"
    assert str(vevent(guest)["ORGANIZER"]) == "mailto:alice@example.com"
    assert "With: Alice" in text(guest)


def test_a_collective_that_changed_its_hosts_tells_each_what_became_of_theirs(
    alice: Person, bob: Person
) -> None:
    calendar = make_calendar("collective", alice, bob)
    book_into(calendar)
    mails()
    dora = make_person("Dora", alice.workspace)
    keep_hosts(calendar, [CompleteHost(one.member, (one.schedule,)) for one in (alice, dora)])
    reschedule(booking_of("Gina Guest").pk, TEN, by=alice.actor, now=LATER)
    found = mails(now=LATER)
    told = {mail["To"].addresses[0].addr_spec: (method(mail), str(mail["Subject"])[:8]) for mail in found}
    assert told == {
        "gina@example.org": ("REQUEST", "New time"),
        "alice@example.com": ("REQUEST", "New time"),
        "dora@example.com": ("REQUEST", "Now with"),
        "bob@example.com": ("CANCEL", "No longe"),
    }
    assert str(vevent(to("bob@example.com", found))["ORGANIZER"]) == "mailto:alice@example.com"
    assert "Alice moved it." in text(to("bob@example.com", found))


def test_a_host_who_lost_it_hears_so_even_when_it_is_cancelled_since(alice: Person, bob: Person) -> None:
    calendar = make_calendar("round_robin", alice, bob, keeps_host=False)
    CalendarHost.objects.filter(calendar=calendar, member=bob.member).update(priority=1)
    book_into(calendar)
    mails()
    book_into(bob.calendar, MONDAY_TEN, name="Tom")
    mails()
    reschedule(booking_of("Gina Guest").pk, TEN, by=events.GUEST, now=LATER)
    cancel(booking_of("Gina Guest").pk, by=events.GUEST, now=LATER)
    assert method(to("bob@example.com", mails(now=LATER))) == "CANCEL"


def test_a_new_link_to_a_round_robin_names_the_workspace(alice: Person, bob: Person) -> None:
    calendar = make_calendar("round_robin", alice, bob)
    issued = issue_link(calendar, LinkOptions(), by=bob.actor, now=NOW)
    request_link(issued.link.pk, {"name": "Sam", "email": "sam@example.net"}, now=NOW)
    assert recipients(mails()) == ["bob@example.com"]
    answer_request(LinkRequest.objects.get().pk, by=bob.actor, now=LATER)
    [answered] = mails(now=LATER)
    assert answered["Subject"] == "Your new link to Yoga with Atelier"


# Several guests


def test_the_host_of_a_class_reads_who_came_and_how_full_it_is(alice: Person) -> None:
    calendar = make_class(alice)
    book_into(calendar, party=2)
    first = mails()
    book_into(calendar, name="Tom", party=3)
    second = mails()
    host = to("alice@example.com", second)
    assert text(host).startswith("Tom booked 3 places for Yoga on Monday, 30 November 2026, 09:00")
    assert "Places: 3" in text(host)
    assert "Seats: 5 of 10 taken" in text(host)
    earlier, later = vevent(to("alice@example.com", first)), vevent(host)
    assert earlier["UID"] == later["UID"] == f"{calendar.public_id}-{to_minutes(NINE)}@bookonce"
    assert earlier["SEQUENCE"] < later["SEQUENCE"]
    assert later["SUMMARY"] == "Yoga"
    assert attendees(host) == {"alice@example.com": "ACCEPTED"}


def test_guests_of_a_class_never_read_of_one_another(alice: Person) -> None:
    calendar = make_class(alice)
    book_into(calendar, name="Gina", party=2)
    book_into(calendar, name="Tom")
    reschedule(booking_of("Gina").pk, TEN, by=events.GUEST, now=NOW)
    book_into(calendar, MONDAY_TEN, name="Vera")
    cancel_appointment(booking_of("Tom").appointment.pk, by=alice.actor, now=NOW)
    names = {"Gina", "Tom", "Vera"}
    found = [mail for mail in mails() if mail["To"].addresses[0].domain == "example.org"]
    assert len(found) >= 4
    for mail in found:
        own = mail["To"].addresses[0].display_name
        source = text(mail) + html(mail) + str(vevent(mail))
        for other in names - {own}:
            assert other not in source
            assert other.lower() not in source
    assert "Places: 2" in text(to("gina@example.org", [m for m in found if "New time" in m["Subject"]]))


def test_one_cancelled_booking_reaches_that_guest_and_leaves_the_session_in_the_hosts_calendar(
    alice: Person,
) -> None:
    calendar = make_class(alice)
    book_into(calendar, name="Gina", party=2)
    book_into(calendar, name="Tom")
    mails()
    cancel(booking_of("Gina").pk, by=events.GUEST, now=LATER, reason="ill")
    found = mails(now=LATER)
    assert recipients(found) == ["alice@example.com", "gina@example.org"]
    host = to("alice@example.com", found)
    assert text(host).startswith("Gina cancelled 2 places for Yoga on Monday")
    assert "Seats: 1 of 10 taken" in text(host)
    assert "Reason: ill" in text(host)
    assert method(host) == ""
    assert method(to("gina@example.org", found)) == "CANCEL"


def test_a_guest_who_is_cancelled_alone_does_not_read_that_the_session_is(alice: Person) -> None:
    calendar = make_class(alice)
    book_into(calendar, name="Gina")
    book_into(calendar, name="Tom")
    mails()
    cancel(booking_of("Gina").pk, by=alice.actor, now=LATER)
    guest = to("gina@example.org", mails(now=LATER))
    assert text(guest).startswith("Alice cancelled the booking for Yoga on Monday, 30 November 2026")
    assert "Alice cancelled the booking for Yoga" in html(guest)


def test_the_last_to_cancel_takes_the_session_out_of_the_hosts_calendar(alice: Person) -> None:
    book_into(make_class(alice))
    asked = vevent(to("alice@example.com", mails()))
    cancel(booking_of("Gina Guest").pk, by=alice.actor, now=LATER)
    host = to("alice@example.com", mails(now=LATER))
    assert text(host).startswith("You cancelled Gina Guest’s 1 place for Yoga")  # noqa: RUF001
    assert method(host) == "CANCEL"
    assert vevent(host)["UID"] == asked["UID"]
    assert vevent(host)["SEQUENCE"] > asked["SEQUENCE"]
    assert "Nobody is booked any more" in text(host)


def test_a_session_cancelled_for_all_is_one_mail_to_each(alice: Person, bob: Person) -> None:
    calendar = make_class(alice, bob)
    for name in ("Gina", "Tom", "Vera"):
        book_into(calendar, name=name)
    mails()
    cancel_appointment(Appointment.objects.get().pk, by=alice.actor, now=LATER, reason="Burst pipe")
    found = mails(now=LATER)
    assert recipients(found) == [
        "alice@example.com",
        "bob@example.com",
        "gina@example.org",
        "tom@example.org",
        "vera@example.org",
    ]
    host, other = to("alice@example.com", found), to("bob@example.com", found)
    assert host["Subject"] == "Cancelled: Yoga, Mon 30 Nov 2026, 09:00"
    assert text(host).startswith("You cancelled Yoga on Monday")
    assert text(other).startswith("Alice cancelled Yoga on Monday")
    assert "3 guests are told by mail." in text(host)
    assert "Burst pipe" in text(host)
    assert method(host) == method(other) == "CANCEL"
    assert "Alice cancelled the appointment" in text(to("tom@example.org", found))


def test_a_party_that_moves_to_another_session(alice: Person) -> None:
    calendar = make_class(alice)
    book_into(calendar, name="Gina", party=2)
    book_into(calendar, name="Tom")
    mails()
    reschedule(booking_of("Gina").pk, TEN, by=events.GUEST, now=LATER)
    found = mails(now=LATER)
    assert recipients(found) == ["alice@example.com", "gina@example.org"]
    host = to("alice@example.com", found)
    assert text(host).startswith("Gina moved 2 places for Yoga to Monday, 30 November 2026, 10:00")
    assert vevent(host)["UID"] == f"{calendar.public_id}-{to_minutes(TEN)}@bookonce"
    assert vevent(to("gina@example.org", found))["DTSTART"].dt == TEN
    # Tom follows: nobody is left at nine, which leaves the host's calendar.
    reschedule(booking_of("Tom").pk, TEN, by=events.GUEST, now=LATER)
    found = mails(now=LATER)
    assert recipients(found) == ["alice@example.com", "alice@example.com", "tom@example.org"]
    [ended] = [mail for mail in found if str(mail["Subject"]).startswith("Nobody left")]
    assert method(ended) == "CANCEL"
    assert vevent(ended)["UID"] == f"{calendar.public_id}-{to_minutes(NINE)}@bookonce"
    assert vevent(ended)["DTSTART"].dt == NINE
    assert text(ended).startswith("Nobody is booked any more for Yoga on Monday, 30 November 2026, 09:00")


def test_who_made_the_link_to_a_class_hears_of_it_and_gets_no_invitation(alice: Person, bob: Person) -> None:
    issued = issue_link(make_class(alice), LinkOptions(), by=bob.actor, now=NOW)
    book_through(issued, party=2)
    maker = to("bob@example.com", mails())
    assert text(maker).startswith("Gina Guest booked 2 places for Yoga")
    assert method(maker) == ""
